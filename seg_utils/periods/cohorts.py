"""How long customers stay: cohorts with their numbers at risk, and where customers are some steps later."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from seg_utils.data.columns.descriptors import MOST_LEVELS
from seg_utils.data.columns.matching import ID

FIRST_PERIOD = "first period"
MISSING = "missing"

Here = Sequence[tuple[str, pd.DataFrame]]
"""Who is here: the name and the membership of each period in order, that of the run's own customers first."""


def retention(here: Here, groups: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Who stays, by cohorts of any kind.

    Args:
        here: at least two.
        groups: by what cohorts are formed; the cohort of each customer, indexed by id.

    Returns:
        One row a kind of cohort, cohort and period: ``by, cohort, period, of`` (customers of the cohort seen so far),
        ``here, retention`` (here as a share of them), ``at_risk`` (here in the period before), ``lost`` (of those, not
        here now), ``attrition``.
    """
    ids = [pd.Index(membership[ID]) for _, membership in here]
    seen, rows = ids[0], []
    for (name, _), (before, now) in zip(here[1:], pairwise(ids), strict=True):
        seen = seen.union(now, sort=False)
        for by, cohort in groups.items():
            counted = [cohort.reindex(who).value_counts() for who in (seen, now, before, before.difference(now))]
            for label in _in_order(cohort):
                of, present, risk, lost = (int(count.get(label, 0)) for count in counted)
                if of:
                    attrition = lost / risk if risk else float("nan")
                    rows.append((by, label, name, of, present, present / of, risk, lost, attrition))
    columns = ["by", "cohort", "period", "of", "here", "retention", "at_risk", "lost", "attrition"]
    return pd.DataFrame(rows, columns=columns)


def first_periods(here: Here) -> pd.Series:
    """The period in which each customer came first, indexed by id; categories in the order of the periods."""
    first = _first_known([membership.set_index(ID)["first_period"] for _, membership in here])
    return first.astype(pd.CategoricalDtype([name for name, _ in here], ordered=True))


def by_first_value(values: Sequence[pd.Series]) -> pd.Series:
    """Cohorts by the first value known of each customer, indexed by id; categories in order.

    Numbers of many values are cut at their quartiles, texts of many keep the commonest.

    Args:
        values: of some periods in order, indexed by id; NaN or null where missing.
    """
    numbers = all(one.dtype.kind == "f" for one in values)
    first = _first_known(values if numbers else [one.astype("str").where(one.notna()) for one in values])
    everyone = first.index.union(values[-1].index)
    first = first.reindex(everyone)
    if numbers and first.nunique() > MOST_LEVELS:
        edges = first.quantile([0, 0.25, 0.5, 0.75, 1]).unique()
        names = [f"{low:,.6g} to {high:,.6g}" for low, high in pairwise(edges)]
        labels = pd.cut(first, edges, labels=names, include_lowest=True).astype("object")
    else:
        kept = first.value_counts().head(MOST_LEVELS - 1 if first.nunique() > MOST_LEVELS else MOST_LEVELS).index
        names = [f"{value:g}" if numbers else value for value in sorted(kept)]
        spelt = first.map(lambda value: f"{value:g}") if numbers else first
        labels = spelt.where(spelt.isin(names) | first.isna(), "other")
    labels = labels.where(first.notna(), MISSING)
    return labels.astype(pd.CategoricalDtype([*dict.fromkeys([*names, "other", MISSING])], ordered=True))


def _first_known(values: Sequence[pd.Series]) -> pd.Series:
    known = pd.concat([one.dropna() for one in values])
    return known[~known.index.duplicated()]


def _in_order(cohort: pd.Series) -> list[str]:
    return [label for label in cohort.cat.categories if (cohort == label).any()]


def rates(here: Here) -> pd.DataFrame:
    """Where customers of a segment are one, two and more periods later, over all periods that are so far apart.

    Returns:
        One row a number of steps and pair of segments: ``steps, from_segment, to_segment`` (null for gone),
        ``customers, at_risk`` (customers of the segment of whom it is known), ``rate``.
    """
    segments = [membership.set_index(ID)["segment"] for _, membership in here]
    tables = []
    for steps in range(1, len(segments)):
        pairs = pd.concat(
            [
                pd.DataFrame({"from_segment": before, "to_segment": later.reindex(before.index).astype("Int64")})
                for before, later in zip(segments, segments[steps:], strict=False)
            ]
        )
        counted = pairs.value_counts(dropna=False).rename("customers").reset_index()
        tables.append(counted.assign(steps=steps))
    table = pd.concat(tables, ignore_index=True).sort_values(["steps", "from_segment", "to_segment"])
    at_risk = table.groupby(["steps", "from_segment"])["customers"].transform("sum")
    table = table.assign(at_risk=at_risk, rate=table["customers"] / at_risk)
    order = ["steps", "from_segment", "to_segment", "customers", "at_risk", "rate"]
    return table[order].astype({"from_segment": np.int64}).reset_index(drop=True)
