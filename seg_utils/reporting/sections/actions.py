"""What to do with each segment, and how to find out whether it works."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.reporting import markdown
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.templates import fill
from seg_utils.strategy.testplan import ENOUGH_TOGETHER, TOO_SMALL

WORDS = {
    "objective": "Objective",
    "action_now": "Action now",
    "action_later": "Action later",
    "offer": "Offer",
    "channel": "Channel",
    "kpi": "KPI to watch",
    "guardrail": "Guardrail",
    "owner": "Who acts",
}
TEST_PLAN = (
    "Segment",
    "Compared",
    "Effect that matters",
    "Contacted",
    "Held out",
    "Needed in each of two equal groups",
    "Chance to see it",
    "First reading",
    "Verdict",
)
"""Headings of the table of tests; groups that are not equal need other numbers."""

MEASURES = {
    "purchases": "Purchases a customer",
    "instalment_purchases": "Instalment purchases a customer",
    "cash_advances": "Cash advances a customer",
    "closures": "Share who close the account",
    "defaults": "Share who default",
}
"""What a test of a move compares."""

AUDIENCES = {"marketing": "Marketing", "product": "Product", "risk": "Risk", "customer_success": "Customer success"}


def strategy(run: Run) -> str:
    """The strategy table, one row a segment; empty where no persona says what to do."""
    if not run.has_plans:
        return ""
    table = markdown.pipe_table(
        _rows(run, run.planned, WORDS),
        ["Segment", *WORDS.values()],
        label="tbl-strategy",
        caption="What to do with each segment",
        widths=[12, 15, 15, 15, 12, 10, 10, 15, 9],
        classes=["stack"],
    )
    return f"## Strategy\n\n{run.caution()}{table}"


def audiences(run: Run) -> str:
    """What each segment means for each department; segments without a persona have no entry."""
    told = pd.DataFrame([{"segment": one["segment"], **one["audiences"]} for one in run.people if one["audiences"]])
    if told.empty:
        return ""
    table = markdown.pipe_table(
        _rows(run, told, AUDIENCES),
        ["Segment", *AUDIENCES.values()],
        label="tbl-audiences",
        caption="What each department does with each segment",
        widths=[18, 21, 21, 21, 21],
        classes=["stack"],
    )
    return f"### By department\n\n{table}"


def tested(run: Run) -> pd.DataFrame:
    """The rows of the test plan whose segments have anyone worth contacting."""
    return run.test_plan[run.test_plan["worth_contacting"] > 0]


def what_to_test(run: Run) -> Markdown:
    """Whom to keep from every campaign, for how long, and which moves that can tell of; empty without money."""
    if not run.has_money:
        return Markdown("")
    plan = tested(run)
    aimed_at = plan["segment"].map(run.may_be_aimed_at) if run.has_segments else plan["segment"].notna()
    too_few = plan["verdict"] == TOO_SMALL
    names = {
        hopeless: [words.name(run.names[segment]) for segment in plan.loc[aimed_at & (too_few == hopeless), "segment"]]
        for hopeless in (False, True)
    }
    return fill(
        "what-to-test",
        held_out=int(plan["control"].sum()),
        months=int(plan["months"].max()) if len(plan) else 0,
        testable=names[False],
        hopeless=names[True],
    )


def test_plan(run: Run) -> str:
    """What a test of each move compares, how many customers it takes, and what cannot be told here; empty without
    money."""
    if not run.has_money:
        return ""
    plan = run.test_plan
    rows = [
        [
            run.flagged(row["segment"]),
            words.shown(MEASURES[row["measure"]] if row["worth_contacting"] else None, str),
            words.shown(row["effect_that_matters"], words.percent),
            words.count(row["treated"]),
            words.count(row["control"]),
            words.shown(row["needed_per_group"], words.count),
            words.shown(row["power_here"], words.percent),
            words.shown(row["first_reading"], _points),
            _verdict(row),
        ]
        for row in plan.to_dict("records")
    ]
    table = markdown.pipe_table(
        rows,
        list(TEST_PLAN),
        label="tbl-test-plan",
        caption="A test for each move, among those worth contacting; held out are those flagged in segments.csv. The "
        "effect that matters is the published one for care, else what pays or what we guess, whichever is larger",
        align="llrrrrrrl",
        widths=[15, 14, 8, 9, 8, 11, 9, 9, 17],
        classes=["stack"],
    )
    first = plan.iloc[0]
    return f"""## Test plan

{run.caution()}[assumption]{{.badge .assumption}} Those held out of the campaign "{run.campaign}" were drawn by its name
and their customer ids alone: they stay the same people next month, with other segments or in a larger file. Another
campaign takes another name (`CAMPAIGN=`). Keep them from every move and compare them with the contacted
by the measure that the move is about, after {words.plural(int(first["months"]), "month")}. A test is to see
the effect that matters with a chance of {words.percent(first["power_wanted"])}, and to see one where there is none in
{words.percent(first["significance"])} of cases at most, over {words.plural(int(first["moves_tested"]), "move")} in all.
{_cannot(plan)}

A first reading, of how many do what the move asks, needs fewer customers: the column says how many more of
the contacted must do so than of those held out, of whom {words.percent(first["natural_response"])} are assumed to.

{table}
"""


test_plan.__test__ = False  # the name is the field's; pytest need not collect it


def _points(share: float) -> str:
    return f"{100 * share:.0f} points"


def _verdict(row: dict[str, Any]) -> str:
    """The verdict, with whom to read the segment together."""
    verdict = words.capitalised(row["verdict"])
    if row["verdict"] != ENOUGH_TOGETHER:
        return verdict
    return f"{verdict}: {row['pooled_with']}"


def _cannot(plan: pd.DataFrame) -> str:
    """What to do with moves that these customers cannot test."""
    hopeless = int((plan["verdict"] == TOO_SMALL).sum())
    if hopeless == 0:
        return ""
    return (
        f"{words.plural(hopeless, 'move')} cannot be tested on these customers, not even pooled with others of the "
        "same measure: test on a larger portfolio, over several campaigns, or decide without a test and say so."
    )


def _rows(run: Run, frame: pd.DataFrame, columns: Iterable[str]) -> list[list[str]]:
    return [
        [run.flagged(row["segment"]), *(words.shown(row.get(name), words.capitalised) for name in columns)]
        for _, row in frame.iterrows()
    ]
