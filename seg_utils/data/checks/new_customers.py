"""Do new customers make sense? The checks of a customers file, but for what only a population can be blamed for."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from seg_utils.core.errors import DataError
from seg_utils.data.checks.sense_checks import RULES, findings_of, summary
from seg_utils.data.checks.severity import Columns
from seg_utils.data.checks.value_ranges import YEARS_MOST
from seg_utils.data.findings import SET_ASIDE, Finding
from seg_utils.data.wording import plural

# Fewer customers are not judged as a population: what would stop a file is a warning, but for impossible values
JUDGED_FROM = 100

ROW_RULES = ("negative", "impossible", "tenure_years")  # what a single customer cannot have
ODD_MONTHS = ("tenure_fraction", "tenure_range")  # months that are years, if none of them is more than years may be

# New customers may all be alike or lack values; how much is missing is compared with training instead
LEFT_OUT = ("no_value", "no_variation", "identical", "missing")

# What concerns single customers: no other one's segment hangs on them here, so each is named and placed
NAMED = ("lone",)

# From so many customers on, a column without any value is a column that is missing: it would be made up for all
EMPTY_FROM = 20


def check(columns: Columns) -> list[Finding]:
    """What the sense checks find in some new customers.

    Raises:
        DataError: a value is impossible, or enough customers are judged and are damaged.
    """
    findings = [
        _of_new(finding, columns)
        for rule in RULES
        for finding in findings_of(rule, columns)
        if finding.rule not in LEFT_OUT
    ]
    few = len(columns) < JUDGED_FROM
    errors = [finding for finding in findings if finding.severity == "error"]
    if stopping := [finding for finding in errors if finding.rule in ROW_RULES or not (few or finding.rule in NAMED)]:
        raise DataError(summary(stopping))
    return [
        replace(finding, severity="warning", action="kept") if finding.severity == "error" else finding
        for finding in findings
    ]


def _of_new(finding: Finding, columns: Columns) -> Finding:
    """What a finding means where customers are placed: gaps are filled by the model, and odd months that are all so few
    can only be years."""
    if finding.rule in ODD_MONTHS and (highest := columns.extremes(finding.column)[1]) <= YEARS_MOST:
        years = {"case": "new", "parameters": {"highest": highest}}
        return replace(finding, severity="error", rule="tenure_years", **years)
    if finding.action == SET_ASIDE:
        return replace(finding, severity="error", case="needed", action="stopped")
    return replace(finding, parameters={**finding.parameters, "as_in_training": True})


def check_filled(features: Sequence[str], known: np.ndarray, n_customers: int) -> list[Finding]:
    """Features without any value among all new customers; ``known`` (features,) counts the values of each.

    Raises:
        DataError: there are enough customers to say that a column is missing.
    """
    empty = [name for name, count in zip(features, known, strict=True) if not count]
    if not empty:
        return []
    held = f"{plural(len(empty), 'column holds', 'columns hold')} no value at all: {', '.join(empty)}"
    if n_customers >= EMPTY_FROM:
        raise DataError(
            f"{held}; the model needs them, and typical values for all {n_customers:,} customers would be made up: "
            "fill them, or make a model without them by FEATURES="
        )
    return [Finding("warning", "no_value", empty[0], len(empty), case="new", parameters={"names": empty})]
