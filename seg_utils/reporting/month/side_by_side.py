"""All periods as tables: what was decided, and who stays."""

import pandas as pd

from seg_utils.core import words
from seg_utils.periods.decision import KEEP, REFIT, WATCH
from seg_utils.periods.membership import START
from seg_utils.reporting import markdown
from seg_utils.reporting.markdown import Markdown

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
    """One row a cohort: how many there were, and the share of them here in the last period; attrition with its risk."""
    last = table[table["period"] == table["period"].iloc[-1]]
    everywhere = table.groupby("cohort", sort=False)[["at_risk", "lost"]].sum()
    rows = [
        [
            "The run's own" if row["cohort"] == START else row["cohort"],
            words.count(row["of"]),
            words.count(row["here"]),
            words.percent(row["retention"]),
            words.count(everywhere.at[row["cohort"], "at_risk"]),
            words.percent(lost / risk) if risk else words.DASH,
        ]
        for row in last.to_dict("records")
        for risk, lost in [everywhere.loc[row["cohort"]]]
    ]
    return markdown.pipe_table(
        rows,
        ["First period", "Customers", "Here now", "Share", "At risk", "Lost a period"],
        label="tbl-retention",
        caption="Customers by the period they came in: how many are here now, periods at risk, the share lost in one",
        align="lrrrrr",
    )
