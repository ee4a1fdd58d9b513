"""Do these numbers make sense as customers? Every rule looks at all columns, the likeliest cause first."""

from functools import partial
from itertools import chain

import numpy as np
import pandas as pd

from seg_utils.core.errors import DataError
from seg_utils.core.threads import parallel
from seg_utils.data.checks import decimals, lone_values, magnitudes, relations, scale, unit_changes, value_ranges
from seg_utils.data.checks.severity import Columns, Rule
from seg_utils.data.findings import Finding
from seg_utils.data.wording import joined

RULES: tuple[Rule, ...] = (  # the likeliest cause first: the first error leads the message
    scale.transformed,
    scale.informative,
    decimals.decimals,
    unit_changes.units_change,
    lone_values.lone,
    magnitudes.cut,
    magnitudes.mixed_units,
    scale.missing,
    scale.negative,
    value_ranges.frequencies,
    value_ranges.limits,
    scale.impossible,
    value_ranges.tenure,
    value_ranges.months_on_book,
    value_ranges.counts,
    relations.purchases_sum,
    relations.units,
    relations.credit_limit,
    relations.swapped,
    relations.zeros_together,
    value_ranges.months,
    relations.unrelated,
    lone_values.unexpected,
)

MAX_ERRORS_SHOWN = 3


def check(frame: pd.DataFrame, features: list[str]) -> list[Finding]:
    """What the sense checks find in customers (customer_id and features in original units); a DataError names the
    likely causes where at least one of them found damage."""
    columns = Columns(frame, features)
    tasks = [*(partial(columns.extremes, name) for name in features)]  # most rules ask for them
    tasks += [partial(findings_of, rule, columns) for rule in RULES]
    findings = list(chain(*parallel(lambda task: task(), tasks)[len(features) :]))
    if errors := [finding for finding in findings if finding.severity == "error"]:
        raise DataError(summary(errors))
    return findings


def findings_of(rule: Rule, columns: Columns) -> list[Finding]:
    with np.errstate(over="ignore", invalid="ignore"):  # numbers no card has are named by a rule of their own
        return list(rule(columns))


def summary(errors: list[Finding]) -> str:
    """The first few errors in a sentence, and how many there are beside them."""
    shown = joined([finding.message for finding in errors[:MAX_ERRORS_SHOWN]])
    more = len(errors) - MAX_ERRORS_SHOWN
    return shown + (f"; and {more} more of this kind" if more > 0 else "")
