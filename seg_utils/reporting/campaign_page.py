"""The page of a campaign's results: what each move did, who took part, how it was measured."""

from pathlib import Path
from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.reporting import templates
from seg_utils.reporting.figures import money, style
from seg_utils.reporting.markdown import Markdown, persona, pipe_table
from seg_utils.reporting.rendering import cell_outputs, report
from seg_utils.reporting.rendering.document import Cell, Document
from seg_utils.strategy.results.analysis import BROKEN_SPLIT, CANNOT_TELL, ROLL_OUT, STOP, TEST_ON
from seg_utils.strategy.results.estimation import FEW_EVENTS
from seg_utils.strategy.results.plan import LESS_IS_BETTER, Plan
from seg_utils.strategy.results.responses import COST, INCOME, OUTCOME, Responses

BADGES = {ROLL_OUT: "firm", TEST_ON: "usable", STOP: "weak", CANNOT_TELL: "info"}
OUTCOMES = {OUTCOME: "Outcome", INCOME: "Income", "closures": "Closed accounts"}
"""What outcomes are called where their own name will not do."""

FEW_CROSSOVERS = 0.01
"""From this share of the control group on that was contacted all the same, the lift is noticeably too small."""


def write(plan: Plan, responses: Responses, table: pd.DataFrame, about: dict[str, Any], target: Path) -> Path:
    """Write the page as one HTML file that opens without a network.

    Args:
        plan: the campaign.
        responses: what came of it.
        table: ``analysis.analyse``'s.
        about: ``source`` (name of the responses file) and ``period`` (may be empty).
    """
    figures: dict[str, bytes] = {}
    values = {
        **about,
        "headline": headline(plan.campaign, table),
        "campaign": plan.campaign,
        "customers": len(responses.frame),
        "lead": lead(table),
        "warnings": warnings(table),
        "figure": _figure(plan, table, figures),
        "results": _results(plan, table),
        "verdicts": _verdicts(plan, table),
        "groups": _groups(plan, table),
        "narrower": _narrower(table),
        "confidence": 1 - plan.assumptions.test.significance,
        "few": FEW_EVENTS,
        "tested": int(table["p"].notna().sum()),
        "costs": "as the file has them" if COST in responses.frame else "as the plan assumed them",
        "worth": _worth(table),
    }
    text = templates.fill("results", **values)
    return report.page(Document((Cell("markdown", (text,)),), figures), target)


def headline(campaign: str, table: pd.DataFrame) -> str:
    """``Campaign first: 2 moves to roll out, 1 to stop, 4 to test on``."""
    ends = {ROLL_OUT: "to roll out", STOP: "to stop", TEST_ON: "to test on", CANNOT_TELL: "that cannot be told"}
    counts = {end: int((table["verdict"] == verdict).sum()) for verdict, end in ends.items()}
    (end, first), *others = [(end, count) for end, count in counts.items() if count]
    said = [f"{words.plural(first, 'move')} {end}", *(f"{words.count(count)} {end}" for end, count in others)]
    return f"Campaign {campaign}: {', '.join(said)}"


def lead(table: pd.DataFrame) -> list[str]:
    """What to do, in a sentence each, and what the campaign brought."""
    told = []
    for verdict, says in ((ROLL_OUT, "Roll out"), (STOP, "Stop"), (TEST_ON, "Test on")):
        rows = table[table["verdict"] == verdict]
        if len(rows):
            moves = "the move for" if len(rows) == 1 else "the moves for"
            told.append(f"{says} {moves} {words.listing([words.name(name) for name in rows['persona']])}.")
    priced = table[table["money"].notna()]
    if len(priced):
        treated = priced["customers"] - priced["control"]
        total = float((priced["money"] * treated).sum())
        spread = float(((priced["money_high"] - priced["money_low"]) / 2 * treated).pow(2).sum() ** 0.5)
        did, not_did = ("brought", "cost") if total > 0 else ("cost", "brought")
        told.append(
            f"As it was run, the campaign {did} {words.money(abs(total))} more than it {not_did}, give or take "
            f"{words.money(spread)}, with the {words.plural(int(treated.sum()), 'customer')} drawn to be contacted."
        )
    return told


def warnings(table: pd.DataFrame) -> list[str]:
    """What weakens the results; none where everything went as drawn."""
    found = []
    broken = table[table["split_p"] < BROKEN_SPLIT]["persona"]
    if len(broken):
        found.append(
            f"The groups of {words.listing([words.name(name) for name in broken])} are not those that were drawn: "
            "customers are missing from one more than from the other, more than chance explains. List everybody whom "
            "the campaign was aimed at, of both groups, with their outcomes."
        )
    held_out = int((table["control"] + table["lost_control"]).sum())  # both groups as the file has them
    treated = int((table["customers"] + table["lost"]).sum()) - held_out
    if table["control_contacted"].any():
        share = table["control_contacted"].sum() / held_out
        weight = "the lift is smaller than it would be" if share >= FEW_CROSSOVERS else "too few to matter"
        found.append(
            f"{words.plural(int(table['control_contacted'].sum()), 'customer')} held out, yet contacted "
            f"({words.percent(share)} of those held out): {weight}."
        )
    if table["not_reached"].any():
        share = table["not_reached"].sum() / treated
        found.append(
            f"{words.plural(int(table['not_reached'].sum()), 'customer')} drawn to be contacted, but not reached "
            f"({words.percent(share)} of those drawn): they count with those who were."
        )
    if table["lost"].any():
        found.append(
            f"{words.plural(int(table['lost'].sum()), 'customer')} of the file without an outcome, "
            f"{words.count(table['lost_control'].sum())} of them held out: left out."
        )
    return found


def _figure(plan: Plan, table: pd.DataFrame, figures: dict[str, bytes]) -> Markdown:
    """Each lift as a share with its interval; nothing where no move has one."""
    shown = table[table["lift_share_error"].notna()]
    if shown.empty:
        return Markdown("")
    colours = [plan.people[segment]["colour"] for segment in shown["segment"]]
    drawn = money.lifts(shown, shown["persona"].tolist(), colours, 1 - plan.assumptions.test.significance)
    about = {
        "label": "fig-lifts",
        "fig-cap": "What each move changed, as a share of what those held out did",
        "fig-alt": "One row a move: the measured lift with its interval, and the partially pooled one; the tables have "
        "the numbers.",
    }
    output = {"output_type": "display_data", "data": {cell_outputs.SVG: style.svg(drawn)}, "metadata": {}}
    return Markdown("\n\n".join(cell_outputs.markdown(cell_outputs.Cell(1, "the figure", about, [output]), figures)))


def _results(plan: Plan, table: pd.DataFrame) -> Markdown:
    rows = [
        [
            _name(plan, row),
            _called(row["outcome"]),
            _amount(row["control_mean"], row),
            _amount(row["lift"], row, sign=True),
            _span(row, "lift"),
            _share(row["lift_share"]),
            f"{_share(row['pooled_share'])} ({_share(row['pooled_low'])} to {_share(row['pooled_high'])})",
        ]
        for row in table.to_dict("records")
    ]
    less = sorted({_called(name).lower() for name in table["outcome"] if name in LESS_IS_BETTER})
    note = f"; of {words.listing(less)} less is better" if less else ""
    header = ["Segment", "Outcome", "Held out", "Lift", "Its interval", "As a share", "Partially pooled"]
    return pipe_table(
        rows, header, label="tbl-lifts", caption=f"Lift of a customer drawn to be contacted, by move{note}",
        align="llrrrrr", classes=["stack"],
    )  # fmt: skip


def _verdicts(plan: Plan, table: pd.DataFrame) -> Markdown:
    rows = []
    for row in table.to_dict("records"):
        badge = Markdown(f"[{row['verdict']}]{{.badge .{BADGES[row['verdict']]}}}")
        priced = pd.notna(row["money"])
        rows.append(
            [
                _name(plan, row),
                badge,
                words.capitalised(row["reason"]),
                *(words.shown(row[name], words.money) for name in ("cost", "money")),
                f"{words.money(row['money_low'])} to {words.money(row['money_high'])}" if priced else words.DASH,
                words.shown(row["p_adjusted"], _p),
                words.shown(row["more_customers"], words.count),
            ]
        )
    header = ["Segment", "Verdict", "Why", "Cost", "Net, a customer", "Its interval", "p, adjusted", "More customers"]
    return pipe_table(
        rows, header, label="tbl-verdicts",
        caption="Verdicts, what a customer drawn to be contacted brought net of cost, and how many more customers a "
        "test takes to tell; a dash where an outcome has no price",
        align="lllrrrrr", classes=["stack"],
    )  # fmt: skip


def _groups(plan: Plan, table: pd.DataFrame) -> Markdown:
    counts = ("customers", "control", "not_reached", "control_contacted", "lost")
    rows = [
        [_name(plan, row), *(words.count(row[name]) for name in counts), words.shown(row["split_p"], _p)]
        for row in table.to_dict("records")
    ]
    header = ["Segment", "With an outcome", "Held out of these", "Not reached", "Held out, yet contacted", "Without an "
              "outcome", "Split, p"]  # fmt: skip
    return pipe_table(
        rows, header, label="tbl-groups", align="lrrrrrr", classes=["stack"],
        caption="Who took part. The last column says how likely groups are to lose customers as unequally by chance; "
        f"below {BROKEN_SPLIT:g} nothing is told of a move",
    )  # fmt: skip


def _name(plan: Plan, row: dict[str, Any]) -> Markdown:
    return persona(row["persona"], plan.people[row["segment"]]["colour"])


def _called(outcome: str) -> str:
    return OUTCOMES.get(outcome, words.capitalised(outcome.replace("_", " ")))


def _amount(value: float, row: dict[str, Any], *, sign: bool = False) -> str:
    """Money, or a share of customers in percent or, of a difference, points."""
    if pd.isna(value):
        return words.DASH
    plus = "+" if sign and value > 0 else ""
    if not row["yes_no"]:
        return plus + words.money(value)
    return plus + f"{100 * value:.1f}{' points' if sign else ' %'}".replace("-", "−")


def _span(row: dict[str, Any], name: str) -> str:
    ends = (row[f"{name}_low"], row[f"{name}_high"])
    return words.DASH if pd.isna(ends[0]) else " to ".join(_amount(end, row, sign=True) for end in ends)


def _p(value: float) -> str:
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def _share(value: float) -> str:
    return words.shown(value, lambda share: words.signed(share, words.tenths))


def _narrower(table: pd.DataFrame) -> float:
    widths = (table["lift_high"] - table["lift_low"]) / (table["plain_high"] - table["plain_low"])
    return float(widths.median()) if widths.notna().any() else 1.0


def _worth(table: pd.DataFrame) -> str:
    """What amounts are taken for, where the file does not say, and what has no price."""
    amounts = table[(table["outcome"] == OUTCOME) & ~table["yes_no"]]
    answers = table[(table["outcome"] == OUTCOME) & table["yes_no"]]
    if len(amounts):
        return "The outcome is taken as money earned; call its column purchases where it is what customers bought."
    return "A response has no price, so these verdicts do not weigh its cost." if len(answers) else ""
