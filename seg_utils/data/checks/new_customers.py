"""Do new customers make sense? The checks of a customers file, but for what only a population can be blamed for."""

from dataclasses import replace

from seg_utils.core.errors import DataError
from seg_utils.data.checks.scale import FILLED
from seg_utils.data.checks.sense_checks import RULES, findings_of, summary
from seg_utils.data.checks.severity import Columns
from seg_utils.data.checks.value_ranges import YEARS_MOST
from seg_utils.data.findings import SET_ASIDE, Finding, plural
from seg_utils.data.streaming.running_findings import Noting

JUDGED_FROM = 100
"""Fewer customers are not judged as a population: what would stop a file is a warning, but for impossible values."""

ROW_RULES = ("negative", "impossible", "tenure_years")
"""What a single customer cannot have."""

ODD_MONTHS = ("tenure_fraction", "tenure_range")
"""Months that are years, if none of them is more than years may be."""

LEFT_OUT = ("no_value", "no_variation", "identical", "missing")
"""New customers may all be alike or lack values; how much is missing is compared with training instead."""

NAMED = ("lone",)
"""What concerns single customers: no other one's segment hangs on them here, so each is named and placed."""

YEARS = "it looks like years; multiply by 12"
FILLED_AS_IN_TRAINING = "; the gaps are filled as in training."

EMPTY_FROM = 20
"""From so many customers on, a column without any value is a column that is missing: it would be made up for all."""


def check(columns: Columns) -> list[Finding]:
    """What the sense checks find in some new customers; examples of rows are ``Concerned``.

    Raises:
        DataError: a value is impossible, or enough customers are judged and are damaged.
    """
    noting = Noting(columns)
    found = [one for rule in RULES for one in findings_of(rule, noting) if one.rule not in LEFT_OUT]
    found = [_of_new(one, columns) for one in found]
    few = len(columns) < JUDGED_FROM
    errors = [one for one in found if one.severity == "error" and _stops(one, few)]
    if errors:
        raise DataError(summary(errors))
    return [
        Finding("warning", one.rule, one.message, one.column, one.count, one.examples)
        if one.severity == "error"
        else one
        for one in found
    ]


def _stops(one: Finding, few: bool) -> bool:
    """Whether an error among few or many new customers stops the file."""
    return one.rule in ROW_RULES or not (few or one.rule in NAMED)


def _of_new(one: Finding, columns: Columns) -> Finding:
    """What a finding means where customers are placed: gaps are filled by the model, and odd months that are all so few
    can only be years."""
    if one.rule in ODD_MONTHS and columns.extremes(one.column)[1] <= YEARS_MOST:
        message = f"{one.column} is {columns.extremes(one.column)[1]:g} at most: {YEARS}"
        return replace(one, severity="error", rule="tenure_years", message=message)
    if one.action == SET_ASIDE:
        message = one.message.removesuffix("it was set aside.") + "the model needs the months covered"
        return replace(one, severity="error", message=message, action="stopped")
    return replace(one, message=one.message.replace(FILLED, FILLED_AS_IN_TRAINING))


def check_filled(known: dict[str, int], n_customers: int) -> list[Finding]:
    """Features without any value among all new customers; ``known`` counts the values of each.

    Raises:
        DataError: there are enough customers to say that a column is missing.
    """
    empty = [name for name, count in known.items() if not count]
    if not empty:
        return []
    held = f"{plural(len(empty), 'column holds', 'columns hold')} no value at all: {', '.join(empty)}"
    if n_customers >= EMPTY_FROM:
        raise DataError(
            f"{held}; the model needs them, and typical values for all {n_customers:,} customers would be made up: "
            "fill them, or make a model without them by FEATURES="
        )
    return [Finding("warning", "no_value", f"{held}; typical values stand for them.", empty[0], len(empty))]
