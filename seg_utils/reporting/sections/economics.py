"""What segments are worth, what each move would have to change to pay, and what all of it is assumed to rest on."""

from collections.abc import Callable
from typing import Any

from seg_utils.core import words
from seg_utils.reporting import narrative
from seg_utils.reporting.figures import money as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown, fill
from seg_utils.reporting.run_artefacts import Run
from seg_utils.strategy.definitions import CARE, PROFIT, basis

RATE = "a year"  # the unit of assumptions that are a share each year

# What of a customer a move changes
LEVERS = {
    "spend": "purchases",
    "average_spend": "an average customer's purchases",
    "plan": "instalment purchases",
    "keep": "customers who leave of their own accord",
    "losses": "credit losses, avoided",
}

EXAMPLES = 3  # of more assumptions that change the best move, so many are named
PURPOSES = {PROFIT: "Profit", CARE: "Care"}


def page(run: Run) -> Markdown:
    """What segments are worth and what moves may bring, every amount marked as resting on assumptions; empty without
    money."""
    if not run.has_money:
        return Markdown("")
    ranked = run.economics.sort_values("rank_base", kind="stable")
    return fill(
        "economics",
        run=run,
        returned=run.portfolio["return_on_balances"],
        published=run.portfolio["published_return"],
        ranked=ranked.to_dict("records"),
        known=basis(ranked.loc[ranked["effect_high"] > 0, "move_source"]),
        purposes=PURPOSES,
        effects=_effects,
        levers=LEVERS,
        hopeless=ranked["break_even_effect"].isna().any(),
        hangs_on=hangs_on(run),
        assumptions=[_in_its_unit(row) for row in run.assumptions.to_dict("records")],
    )


def show_effects(run: Run) -> None:
    """Show from which effect on each move pays, beside what is guessed; nothing where no move is planned."""
    if not run.has_money:
        return
    planned = run.economics[run.economics["effect_high"] > 0].sort_values("rank_base", kind="stable")
    if planned.empty:
        return
    known = basis(planned["move_source"])
    style.show(
        figures.effects(planned, run.names, [run.colour(segment) for segment in run.segments]),
        label="fig-effects",
        caption=f"From which effect on each move pays, beside the effect {known}",
        alt=f"One row a move: the range of its {known} effect, and a mark where it begins to pay; the "
        "table of campaigns has the numbers.",
    )


def _effects(row: dict[str, Any]) -> str:
    return " / ".join(words.percent(row[f"effect_{case}"]) for case in ("low", "base", "high"))


def hangs_on(run: Run) -> list[str]:
    """How many moves for profit pay; where any does, what they bring, on which assumption that hangs most, and whether
    any of them changes what to do first. One sentence each."""
    profit = run.economics[run.economics["purpose"] == PROFIT]
    pay = int((profit["campaign_value_base"] > 0).sum())
    if pay == 0:
        return ["At our best guess no campaign for profit pays."]
    first = run.sensitivity.iloc[0]
    totals = run.sensitivity[["total_low", "total_high"]]
    least, most = totals.min(axis=None), totals.max(axis=None)
    changing = run.sensitivity.loc[run.sensitivity["changes_best"], "label"].tolist()
    few = changing[:EXAMPLES]
    how_many = f"{len(changing)} of {len(run.sensitivity)} assumptions, among them " if len(changing) > EXAMPLES else ""
    verdict = (
        f"The best move changes with {how_many}{words.listing([_called(label) for label in few])}."
        if changing
        else "No single assumption, at either end of its range, changes which move is best."
    )
    number = f"{pay} of {len(profit)} campaigns" if pay < len(profit) else f"all {pay} campaigns"
    campaigns = "the one campaign" if len(profit) == 1 else number
    over = narrative.period(profit.loc[profit["campaign_value_base"] > 0, "lever"])
    return [
        f"At our best guess of the effects {campaigns} for profit {'pays' if pay == 1 else 'pay'}.",
        f"{'It brings' if pay == 1 else 'They bring'} {words.money(least)} to {words.money(most)} in all "
        f"{over}, with one price at a time at either end of its range and effects as they are guessed; it "
        f"hangs most on {_called(first['label'])}.",
        verdict,
    ]


def _called(assumption: str) -> str:
    """An assumption's label within a sentence, in quotes, since it may hold a colon or a comma."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{assumption.lower()}\N{RIGHT DOUBLE QUOTATION MARK}"


def _in_its_unit(row: dict[str, Any]) -> dict[str, str]:
    """An assumption with its value and range as people read them, and what of its unit is left to say."""
    write, unit = _unit(row["unit"])
    return row | {name: write(row[name]) for name in ("value", "low", "high")} | {"unit": unit}


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
