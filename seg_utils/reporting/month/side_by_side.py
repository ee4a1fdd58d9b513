"""All periods as tables: what was decided, who stays, and who may leave."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.periods.decision import KEEP, REFIT, WATCH
from seg_utils.periods.history import FIRST_PERIOD
from seg_utils.periods.leaving import TOP
from seg_utils.periods.membership import START
from seg_utils.reporting.markdown import Markdown, fill
from seg_utils.reporting.sections.descriptors import shortened

STEPS = (1, 2, 3, 6, 12)  # numbers of periods between two looks that are told
OWN = "The run's own"  # what the customers that the run was made from are called as a cohort
BADGES = {KEEP: "firm", WATCH: "warning", REFIT: "weak"}


def periods(table: pd.DataFrame) -> Markdown:
    """One row a period: who is here, came and left, moves, and the decision."""
    return fill("history-periods", periods=table.to_dict("records"), badges=BADGES)


def retention(table: pd.DataFrame) -> Markdown:
    """One table a kind of cohort, one row a cohort: how many there were, and the share of them here in the last period;
    attrition with its risk."""
    last = table[table["period"] == table["period"].iloc[-1]].drop(columns=["at_risk", "lost"])
    risks = table.groupby(["by", "cohort"])[["at_risk", "lost"]].sum()
    cohorts = last.join(risks, on=["by", "cohort"])
    kinds = [
        (_label(by), "" if by == FIRST_PERIOD else ", as it was when they came", rows.to_dict("records"))
        for by, rows in cohorts.groupby("by", sort=False)
    ]
    return fill("history-retention", kinds=kinds, name=lambda cohort: OWN if cohort == START else shortened(cohort))


def _label(by: str) -> str:
    """What people call what cohorts are formed by."""
    known = dictionary.load()
    labels = {column.name: column.label for column in (*known.features, *known.descriptors)}
    return shortened(labels.get(by, by))


def rates(table: pd.DataFrame, names: Mapping[int, Markdown]) -> Markdown:
    """Where each segment's customers are some periods later, by ``periods.history.rates``: still there, elsewhere,
    gone."""
    steps = [step for step in STEPS if step in set(table["steps"])]
    return fill("history-rates", steps=steps, names=names, later=lambda key, step: _later(table, key, step))


def _later(table: pd.DataFrame, key: int, steps: int) -> str:
    own = table[(table["steps"] == steps) & (table["from_segment"] == key)]
    if own.empty:
        return words.DASH
    stayed = own.loc[own["to_segment"].eq(key).fillna(False), "rate"].sum()
    gone = own.loc[own["to_segment"].isna(), "rate"].sum()
    return f"{words.percent(stayed)}, gone {words.percent(gone)} of {words.count(own['at_risk'].iloc[0])}"


def leaving(about: Mapping[str, Any], table: pd.DataFrame, names: Mapping[int, Markdown]) -> Markdown:
    """Who is likely to leave next, by ``periods.leaving.likely`` and its table of customers, and how good that is; why
    not, where nobody can tell."""
    likeliest = table.head(round(TOP * len(table)))["segment"].value_counts()
    segments = [
        {
            "name": names.get(key, "Outliers"),
            "customers": len(own),
            "expected": own["probability"].sum(),
            "likeliest": likeliest.get(key, 0),
        }
        for key, own in table.groupby("segment")
    ]
    return fill("history-leaving", about=about, segments=segments)
