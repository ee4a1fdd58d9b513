"""All periods as tables: what was decided, who stays, and who may leave."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.periods.cohorts import FIRST_PERIOD
from seg_utils.periods.decision import KEEP, REFIT, WATCH
from seg_utils.periods.leaving import TOP
from seg_utils.periods.membership import START
from seg_utils.reporting import markdown
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.sections.descriptors import shortened

STEPS = (1, 2, 3, 6, 12)
"""Numbers of periods between two looks that are told."""

BADGES = {KEEP: "firm", WATCH: "warning", REFIT: "weak"}


def periods(table: pd.DataFrame) -> Markdown:
    """One row a period: who is here, came and left, moves, and the decision."""
    rows = [
        [
            row["period"],
            *(words.count(row[name]) for name in ("customers", "new", "returned", "gone", "real", "flicker")),
            Markdown(f"[{row['decision']}]{{.badge .{BADGES[row['decision']]}}}"),
        ]
        for row in table.to_dict("records")
    ]
    return markdown.pipe_table(
        rows,
        ["Period", "Customers", "New", "Returned", "Gone", "Moved", "Flicker", "Decision"],
        label="tbl-periods",
        caption="Every period: its customers, who came and left, real moves and flicker, and what was decided",
        align="lrrrrrrl",
    )


def retention(table: pd.DataFrame) -> Markdown:
    """One table a kind of cohort, one row a cohort: how many there were, and the share of them here in the last period;
    attrition with its risk."""
    last = table[table["period"] == table["period"].iloc[-1]]
    risks = table.groupby(["by", "cohort"])[["at_risk", "lost"]].sum()
    kinds = last.groupby("by", sort=False)
    return Markdown("\n\n".join(_cohorts(by, rows, risks.loc[by], place) for place, (by, rows) in enumerate(kinds)))


def _cohorts(by: str, table: pd.DataFrame, risks: pd.DataFrame, place: int) -> Markdown:
    rows = [
        [
            "The run's own" if row["cohort"] == START else shortened(row["cohort"]),
            words.count(row["of"]),
            words.count(row["here"]),
            words.percent(row["retention"]),
            words.count(risk),
            words.percent(lost / risk) if risk else words.DASH,
        ]
        for row in table.to_dict("records")
        for risk, lost in [risks.loc[row["cohort"]]]
    ]
    when = "" if by == FIRST_PERIOD else ", as it was when they came"
    return markdown.pipe_table(
        rows,
        [words.capitalised(_label(by)), "Customers", "Here now", "Share", "At risk", "Lost a period"],
        label=f"tbl-retention-{place}",
        caption=f"Customers by {markdown.escape_markdown(_label(by))}{when}: how many are here now, periods at risk, "
        "the share lost in one",
        align="lrrrrr",
    )


def _label(by: str) -> str:
    """What people call what cohorts are formed by."""
    known = dictionary.load()
    labels = {one.name: one.label for one in (*known.features, *known.descriptors)}
    return shortened(labels.get(by, by))


def rates(table: pd.DataFrame, names: Mapping[int, Markdown]) -> Markdown:
    """Where each segment's customers are some periods later: still there, elsewhere, gone.

    Args:
        table: ``periods.cohorts.rates``'s.
        names: what each segment is called, by key.
    """
    steps = [step for step in STEPS if step in set(table["steps"])]
    rows = [[name, *(_later(table[table["steps"] == step], key) for step in steps)] for key, name in names.items()]
    return markdown.pipe_table(
        rows,
        ["Segment", *(words.plural(step, "period") + " later" for step in steps)],
        label="tbl-rates",
        caption="Share of each segment's customers still in it, and gone, some periods later, of how many at risk; the "
        "others are in another segment, flicker included",
        align="l" + "r" * len(steps),
    )


def _later(table: pd.DataFrame, key: int) -> str:
    own = table[table["from_segment"] == key]
    if own.empty:
        return words.DASH
    stayed = own.loc[own["to_segment"].eq(key).fillna(False), "rate"].sum()
    gone = own.loc[own["to_segment"].isna(), "rate"].sum()
    return f"{words.percent(stayed)}, gone {words.percent(gone)} of {words.count(own['at_risk'].iloc[0])}"


def leaving(about: Mapping[str, Any], table: pd.DataFrame, names: Mapping[int, Markdown]) -> str:
    """Who is likely to leave next, and how good that is; why not, where nobody can tell.

    Args:
        about: ``periods.leaving.likely``'s.
        table: its customers.
        names: what each segment is called, by key.
    """
    held = (
        f"Learnt from the periods before and held against {about['checked_on']}, of the tenth that it called likeliest "
        f"{words.percent(about['top_rate'])} left, of all {words.percent(about['rate'])} "
        f"(area under the curve {words.measure(about['auc'])})."
        if "auc" in about
        else ""
    )
    if not about["shown"]:
        return f"It is not told who is likely to leave: {about['why']}. {held}"
    likeliest = table.head(round(TOP * len(table)))["segment"].value_counts()
    rows = [
        [
            names.get(key, "Outliers"),
            words.count(len(own)),
            words.count(own["probability"].sum()),
            words.count(likeliest.get(key, 0)),
        ]
        for key, own in table.groupby("segment")
    ]
    shown = markdown.pipe_table(
        rows,
        ["Segment", "Customers", "Expected to leave", "Among the likeliest tenth"],
        label="tbl-leaving",
        caption="Customers of the last period by segment, and how many of them are likely to leave it in the next",
        align="lrrr",
    )
    return f"{held} leaving.csv names each customer's chance.\n\n{shown}"
