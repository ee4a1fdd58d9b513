"""The page of a campaign's results: what each move did, who took part, how it was measured."""

from pathlib import Path
from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.reporting import markdown
from seg_utils.reporting.figures import money, style
from seg_utils.reporting.markdown import Markdown, persona
from seg_utils.reporting.rendering import cell_outputs, report
from seg_utils.reporting.rendering.document import Cell, Document
from seg_utils.strategy.definitions import PROFIT
from seg_utils.strategy.results.analysis import BROKEN_SPLIT, CANNOT_TELL, ROLL_OUT, STOP, TEST_ON, WHOLE
from seg_utils.strategy.results.estimation import FEW_EVENTS
from seg_utils.strategy.results.plan import LESS_IS_BETTER, Plan
from seg_utils.strategy.results.responses import COST, INCOME, OUTCOME, Responses

BADGES = {ROLL_OUT: "firm", TEST_ON: "usable", STOP: "weak", CANNOT_TELL: "info"}

# What outcomes are called where their own name will not do
OUTCOMES = {OUTCOME: "Outcome", INCOME: "Income", "closures": "Closed accounts"}

# From this share of the control group on that was contacted all the same, the lift is noticeably too small
FEW_CROSSOVERS = 0.01


def write(plan: Plan, responses: Responses, table: pd.DataFrame, about: dict[str, Any], target: Path) -> Path:
    """Write the page as one HTML file that opens without a network.

    Args:
        plan: the campaign.
        responses: what came of it.
        table: ``analysis.analyse``'s.
        about: ``source`` (name of the responses file) and ``period`` (may be empty).
    """
    figures: dict[str, bytes] = {}
    outcomes = {name: OUTCOMES.get(name, words.capitalised(name.replace("_", " "))) for name in table["outcome"]}
    text = markdown.fill(
        "results",
        **about,
        headline=headline(plan.campaign, table),
        campaign=plan.campaign,
        customers=len(responses.frame),
        lead=lead(table),
        warnings=warnings(table, len(responses.frame)),
        figure=_figure(plan, table, figures),
        moves=table.to_dict("records"),
        name=lambda row: persona(row["persona"], plan.people[row["segment"]]["colour"]),
        outcomes=outcomes,
        less_is_better=sorted({label.lower() for name, label in outcomes.items() if name in LESS_IS_BETTER}),
        badges=BADGES,
        amount=_amount,
        p=_p,
        broken=BROKEN_SPLIT,
        narrower=_narrower(table),
        confidence=1 - plan.assumptions.test.significance,
        few=FEW_EVENTS,
        tested=int(table["p"].notna().sum()),
        costs="as the file has them" if COST in responses.frame else "as the plan assumed them",
        worth=_worth(table),
    )
    return report.page(Document((Cell("markdown", (text,)),), figures), target)


def headline(campaign: str, table: pd.DataFrame) -> str:
    """``Campaign first: 2 moves to roll out, 1 to stop, 4 to test on``."""
    ends = {ROLL_OUT: "to roll out", STOP: "to stop", TEST_ON: "to test on", CANNOT_TELL: "that cannot be told"}
    counts = {end: int((table["verdict"] == verdict).sum()) for verdict, end in ends.items()}
    (end, first), *others = [(end, count) for end, count in counts.items() if count]
    parts = [f"{words.plural(first, 'move')} {end}", *(f"{words.count(count)} {end}" for end, count in others)]
    return f"Campaign {campaign}: {', '.join(parts)}"


def lead(table: pd.DataFrame) -> list[str]:
    """What to do, in a sentence each, and what the campaign brought."""
    sentences = []
    for verdict, says in ((ROLL_OUT, "Roll out"), (STOP, "Stop"), (TEST_ON, "Test on")):
        rows = table[table["verdict"] == verdict]
        if len(rows):
            moves = "the move for" if len(rows) == 1 else "the moves for"
            sentences.append(f"{says} {moves} {words.names(rows['persona'])}.")
    priced = table[table["money"].notna()]
    if len(priced):
        treated = priced["customers"] - priced["control"]
        total = float((priced["money"] * treated).sum())
        spread = float(((priced["money_high"] - priced["money_low"]) / 2 * treated).pow(2).sum() ** 0.5)
        did, not_did = ("brought", "cost") if total > 0 else ("cost", "brought")
        sentences.append(
            f"As it was run, the campaign {did} {words.money(abs(total))} more than it {not_did}, give or take "
            f"{words.money(spread)}, with the {words.plural(int(treated.sum()), 'customer')} drawn to be contacted."
        )
        care = priced.loc[priced["purpose"] != PROFIT, "persona"]
        if len(care):
            sentences.append(
                f"What is done for {words.names(care)} is care: judged by what it is to change, not by what it earns."
            )
    return sentences


def warnings(table: pd.DataFrame, customers: int) -> list[str]:
    """What weakens the results; none where everything went as drawn. ``customers`` are so many in the file."""
    sentences = []
    left_out = customers - int((table["customers"] + table["lost"]).sum())
    if left_out:
        who = "1 customer of the file is" if left_out == 1 else f"{words.count(left_out)} customers of the file are"
        sentences.append(
            f"{who} neither to be contacted by the plan nor held out of it (campaign_part none): in neither group."
        )
    whole = table[table["compared"] == WHOLE]["persona"]
    if len(whole):
        sentences.append(
            f"The plan contacts none of {words.names(whole)}, but the file says that "
            "they were contacted: all of them are compared."
        )
    broken = table[table["split_p"] < BROKEN_SPLIT]["persona"]
    if len(broken):
        sentences.append(
            f"The groups of {words.names(broken)} are not those that were drawn: "
            "customers are missing from one more than from the other, more than chance explains. List everybody whom "
            "the campaign was aimed at, of both groups, with their outcomes."
        )
    held_out = int((table["control"] + table["lost_control"]).sum())  # both groups as the file has them
    treated = int((table["customers"] + table["lost"]).sum()) - held_out
    if table["control_contacted"].any():
        share = table["control_contacted"].sum() / held_out
        weight = "the lift is smaller than it would be" if share >= FEW_CROSSOVERS else "too few to matter"
        sentences.append(
            f"{words.plural(int(table['control_contacted'].sum()), 'customer')} held out, yet contacted "
            f"({words.percent(share)} of those held out): {weight}."
        )
    if table["not_reached"].any():
        share = table["not_reached"].sum() / treated
        sentences.append(
            f"{words.plural(int(table['not_reached'].sum()), 'customer')} drawn to be contacted, but not reached "
            f"({words.percent(share)} of those drawn): they count with those who were."
        )
    if table["lost"].any():
        sentences.append(
            f"{words.plural(int(table['lost'].sum()), 'customer')} of the file without an outcome, "
            f"{words.count(table['lost_control'].sum())} of them held out: left out."
        )
    return sentences


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
    cell = cell_outputs.CodeCell("1", "the figure", about, [output])
    return Markdown("\n\n".join(cell_outputs.markdown(cell, figures, {})))


def _amount(value: float, row: dict[str, Any], *, sign: bool = False) -> str:
    """Money, or a share of customers in percent or, of a difference, points."""
    if pd.isna(value):
        return words.DASH
    plus = "+" if sign and value > 0 else ""
    if not row["yes_no"]:
        return plus + words.money(value)
    return plus + f"{100 * value:.1f}{' points' if sign else ' %'}".replace("-", "−")


def _p(value: float) -> str:
    return words.shown(value, lambda chance: "under 0.001" if chance < 0.001 else f"{chance:.3f}")


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
