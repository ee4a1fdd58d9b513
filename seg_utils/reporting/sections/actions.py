"""What to do with each segment, what it may bring, and how to find out."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.run_artefacts import Run

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
RATE = "a year"
"""The unit of assumptions that are a share each year."""

NEEDED = "Needed in each of two equal groups"
"""Heading of the column; groups that are not equal need other numbers."""

AUDIENCES = {"marketing": "Marketing", "product": "Product", "risk": "Risk", "customer_success": "Customer success"}


def strategy(run: Run) -> str:
    """The strategy table, one row a segment."""
    table = markdown.pipe_table(
        _rows(run, run.planned, WORDS),
        ["Segment", *WORDS.values()],
        label="tbl-strategy",
        caption="What to do with each segment",
        widths=[12, 15, 15, 15, 12, 10, 10, 15, 9],
        classes=["stack"],
    )
    return f"::: {{.landscape}}\n## Strategy\n\n{run.caution()}{table}\n:::\n"


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


def economics(run: Run) -> str:
    """Annual value and campaign value of each segment, every amount marked as resting on assumptions."""
    columns: dict[str, tuple[str, Callable[[Any], str]]] = {
        "value_per_customer": ("Value a customer and year", words.money),
        "segment_value": ("Value a year", words.money),
        "campaign_cost": ("Contacts cost", words.money),
        "campaign_value_low": ("Brings, low", words.money),
        "campaign_value_base": ("Brings, base", words.money),
        "campaign_value_high": ("Brings, high", words.money),
        "break_even_response": ("Break-even response", words.percent),
        "rank_base": ("Rank", words.count),
    }
    ranked = run.economics.sort_values("rank_base", kind="stable")
    rows = [
        [run.flagged(row["segment"]), *(shown(row[column], write) for column, (_, write) in columns.items())]
        for _, row in ranked.iterrows()
    ]
    table = markdown.pipe_table(
        rows,
        ["Segment", *(heading for heading, _ in columns.values())],
        label="tbl-economics",
        caption="What segments are worth a year, what contacts cost, and what one campaign brings over the year after "
        "it, less contacts and what responders are given; best first, all resting on assumptions" + _hopeless(ranked),
        align="l" + "r" * len(columns),
        classes=["sortable"],
    )
    return f"""## Economics

{run.caution()}[assumption]{{.badge .assumption}} Every amount here is computed from the customers' behaviour and the
assumptions of @tbl-moves and @tbl-assumptions. None of it is a forecast. A campaign is one contact, by every
channel of the move, with everyone in the segment. Only those count whom the move brings to respond, not those who
would have anyway; what they bring is counted {narrative.PERIOD}, less what contacts cost and what responders are given.

{table}

{_hangs_on(run)}

{_move_assumptions(run)}

{_assumptions(run)}
"""


def _hopeless(ranked: pd.DataFrame) -> str:
    """What a dash for the break-even response means, where there is one."""
    return "; a dash where no response would cover the cost" if ranked["break_even_response"].isna().any() else ""


def test_plan(run: Run) -> str:
    """How large a test each segment takes, and which are too small to learn anything."""
    plan = run.test_plan
    rows = [
        [
            run.flagged(row["segment"]),
            words.count(row["customers"]),
            words.count(row["control"]),
            words.count(row["treated"]),
            words.count(row["needed_per_group"]),
            shown(row["detectable_effect"], _points),
            words.capitalised(row["verdict"]),
        ]
        for _, row in plan.iterrows()
    ]
    table = markdown.pipe_table(
        rows,
        ["Segment", "Customers", "Control", "Contacted", NEEDED, "Smallest effect found", "Verdict"],
        label="tbl-test-plan",
        caption="A test for each segment, its groups as flagged in segments.csv, the verdict on the share planned. A "
        "smaller control group than equal groups need can suffice, beside many contacted",
        align="lrrrrrl",
    )
    first = plan.iloc[0]
    return f"""## Test plan

{run.caution()}[assumption]{{.badge .assumption}} Keep the control group out of the campaign and compare how many
respond. Assumed: {words.percent(first["natural_response"])} respond without the move, as the control group does, and
those whom the move brings to respond come on top of them; {_points(first["minimum_effect"])} more are worth finding,
with a power of {words.percent(first["power"])} at a significance of {words.percent(first["significance"])}.

{table}
"""


test_plan.__test__ = False  # the name is the field's; pytest need not collect it


def _rows(run: Run, frame: pd.DataFrame, columns: Iterable[str]) -> list[list[str]]:
    return [
        [run.flagged(row["segment"]), *(shown(row.get(name), words.capitalised) for name in columns)]
        for _, row in frame.iterrows()
    ]


def shown(value: Any, write: Callable[[Any], str]) -> str:
    """A value as ``write`` has it, or a dash where there is none."""
    return words.DASH if value is None or pd.isna(value) else write(value)


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"


def _hangs_on(run: Run) -> str:
    """Which assumption matters most, and whether any of them changes what to do first."""
    pay = int((run.economics["campaign_value_base"] > 0).sum())
    if pay == 0:
        return "In the base case no campaign pays."
    first = run.sensitivity.iloc[0]
    totals = run.sensitivity[["total_low", "total_high"]]
    least, most = totals.min(axis=None), totals.max(axis=None)
    changing = run.sensitivity.loc[run.sensitivity["changes_best"], "label"].tolist()
    verdict = (
        f"The best move changes with {words.listing([_called(label) for label in changing])}."
        if changing
        else "No single assumption, at either end of its range, changes which move is best."
    )
    number = f"{pay} of {run.k}" if pay < run.k else f"all {run.k}"
    return (
        f"In the base case {number} campaigns {'pays' if pay == 1 else 'pay'}. One campaign in "
        f"each segment where it pays brings {words.money(least)} to {words.money(most)} in all {narrative.PERIOD}, "
        f"with one assumption at a time at either end of its range; it hangs most on {_called(first['label'])}. "
        f"{verdict}"
    )


def _called(assumption: str) -> str:
    """An assumption's label within a sentence, in quotes, since it may hold a colon or a comma."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{assumption.lower()}\N{RIGHT DOUBLE QUOTATION MARK}"


LEVERS = {
    "interchange": "interchange income",
    "interest": "interest income",
    "cash_fees": "cash-advance fees",
    "losses": "credit losses, avoided",
    "value": "what a customer brings, net",
    "average_interchange": "interchange income of the average customer",
}
"""What of a customer's annual value a move changes."""


def _move_assumptions(run: Run) -> str:
    """What each segment's move is assumed to cost and to change."""
    rows = [
        [
            run.name(row["segment"]),
            row["channels"],
            words.money(row["contact_cost"]),
            words.money(row["benefit"]),
            f"{words.percent(row['uplift_low'])} / {words.percent(row['uplift_base'])} / "
            f"{words.percent(row['uplift_high'])} of {LEVERS[row['lever']]}",
            words.capitalised(row["move_source"]),
        ]
        for row in run.economics.to_dict("records")
    ]
    return markdown.pipe_table(
        rows,
        ["Segment", "Channels", "A contact", "A responder is given", "Low / base / high, a year", "Source"],
        label="tbl-moves",
        caption="What the move of each segment is assumed to cost, and what a responder changes by it",
        widths=[20, 16, 10, 11, 23, 20],
        classes=["stack"],
    )


def _assumptions(run: Run) -> str:
    rows = []
    for row in run.assumptions.to_dict("records"):
        write, unit = _unit(row["unit"])
        span = f"{write(row['low'])} – {write(row['high'])}"
        rows.append([row["label"], write(row["value"]), span, unit, words.capitalised(row["source"])])
    return markdown.pipe_table(
        rows,
        ["Assumption", "Value", "Range", "Of what", "Source"],
        label="tbl-assumptions",
        caption="Assumptions behind every amount of money that is not in the customers file",
        widths=[34, 9, 16, 17, 34],
        classes=["stack", "roomy"],
    )


def _points_of(share: float) -> str:
    return f"{100 * share:g} %"


def _unit(unit: str) -> tuple[Callable[[float], str], str]:
    """How a value with a unit of the assumptions is written, and what of the unit is left to say."""
    first, _, rest = unit.partition(" ")
    if first == "currency":
        return words.money, rest
    if first == "share":
        return _points_of, rest
    if unit == RATE:
        return _points_of, unit
    return lambda number: f"{number:g}", unit
