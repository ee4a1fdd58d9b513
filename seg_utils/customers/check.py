"""Do these numbers make sense as customers? All checks run through one pandera schema."""

from collections.abc import Iterable
from functools import partial
from itertools import chain

import numpy as np
import pandas as pd

from seg_utils.customers import (
    check_change,
    check_decimals,
    check_lone,
    check_magnitudes,
    check_months,
    check_relations,
    check_scale,
    check_values,
)
from seg_utils.customers.findings import Finding, joined
from seg_utils.customers.judge import Columns, Rule
from seg_utils.errors import DataError
from seg_utils.threads import parallel

RULES: tuple[Rule, ...] = (  # the likeliest cause first: the first error leads the message
    check_scale.transformed,
    check_scale.informative,
    check_decimals.decimals,
    check_change.units_change,
    check_lone.lone,
    check_magnitudes.cut,
    check_magnitudes.mixed_units,
    check_scale.missing,
    check_scale.negative,
    check_values.frequencies,
    check_scale.impossible,
    check_values.tenure,
    check_values.months_on_book,
    check_values.counts,
    check_relations.purchases_sum,
    check_relations.units,
    check_relations.credit_limit,
    check_relations.swapped,
    check_relations.zeros_together,
    check_months.months,
    check_relations.unrelated,
    check_lone.unexpected,
)

MAX_ERRORS_SHOWN = 3


def check(frame: pd.DataFrame, features: list[str]) -> list[Finding]:
    """What the sense checks find.

    Args:
        frame: customer_id and features in original units, n rows.

    Raises:
        DataError: at least one check found damage; the message names the likely causes.
    """
    import pandera.pandas as pandera  # a fifth of a second that only a file that could be read needs

    columns = Columns(frame, features)
    tasks = [*(partial(columns.extremes, name) for name in features)]  # most rules ask for them
    tasks += [partial(findings_of, rule, columns) for rule in RULES]
    findings = parallel(lambda task: task(), tasks)[len(features) :]
    schema = pandera.DataFrameSchema(
        checks=[
            pandera.Check(lambda _, found=found: not _errors(found), name=rule.__name__)
            for rule, found in zip(RULES, findings, strict=True)
        ]
    )
    try:
        schema.validate(frame.copy(deep=False), lazy=True, inplace=True)  # pandera ties itself to the frame it is given
    except pandera.errors.SchemaErrors:
        raise DataError(summary(_errors(chain(*findings)))) from None
    return list(chain(*findings))


def findings_of(rule: Rule, columns: Columns) -> list[Finding]:
    """What one rule finds."""
    with np.errstate(over="ignore", invalid="ignore"):  # numbers no card has are named by a rule of their own
        return list(rule(columns))


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def summary(errors: list[Finding]) -> str:
    """The first few errors in a sentence, and how many there are beside them."""
    shown = joined([finding.message for finding in errors[:MAX_ERRORS_SHOWN]])
    more = len(errors) - MAX_ERRORS_SHOWN
    return shown + (f"; and {more} more of this kind" if more > 0 else "")
