"""What segments are worth, what each move would have to change to pay, and what all of it is assumed to rest on."""

from collections.abc import Callable
from typing import Any

from seg_utils.core import words
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.figures import money as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.run_artefacts import Run
from seg_utils.strategy.definitions import CARE, PROFIT, basis

RATE = "a year"
"""The unit of assumptions that are a share each year."""

LEVERS = {
    "spend": "purchases",
    "average_spend": "an average customer's purchases",
    "plan": "instalment purchases",
    "keep": "customers who leave of their own accord",
    "losses": "credit losses, avoided",
}
"""What of a customer a move changes."""

EXAMPLES = 3
"""Of more assumptions that change the best move, so many are named."""

PURPOSES = {PROFIT: "Profit", CARE: "Care"}


def page(run: Run) -> str:
    """What segments are worth and what moves may bring, every amount marked as resting on assumptions; empty without
    money."""
    if not run.has_money:
        return ""
    return f"""## Economics

{run.caution()}[assumption]{{.badge .assumption}} Every amount here is computed from the customers' behaviour and the
assumptions of @tbl-moves and @tbl-assumptions (market: {markdown.escape_markdown(run.portfolio["market_label"])}). None
of it is a forecast. {_plausible(run)}

{_values(run)}

A customer's yearly value is purchases × (interchange − rewards) + balance not paid in full × interest + cash advances ×
fee − balance × (funding + other running costs) − losses − servicing. All together lose the rate assumed on balances not
paid in full; who uses more of the limit, and the card for cash, bears more of it. A balance is not paid in full in the
share of months in which it is not; amounts are brought to a year.

A campaign contacts those of a segment whom it is worth contacting, less those held out for the test: everyone by a
message first, and by call only those who answer. Like customers, of one tenure and about as much of what the move is
about, are contacted or left alone together, by what the average of them brings. The effect is the average over all
contacted, as trials state it; what takers are given and what income is given up are taken off, those who would have
come anyway included. What it brings is counted {narrative.PERIOD}; a customer who is kept counts for the years that
customers stay.

{_campaigns(run)}

{" ".join(hangs_on(run))}

{_move_assumptions(run)}

{_assumptions(run)}
"""


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


def _plausible(run: Run) -> str:
    """The return on balances beside published ones."""
    found, published = run.portfolio["return_on_balances"], run.portfolio["published_return"]
    if found is None:
        return "Nobody owes anything, so there is no return on balances to hold against published ones."
    return (
        f"All customers together bring {words.money(run.portfolio['value'])} a year, {words.tenths(found)} of what "
        f"they owe; published returns are {words.tenths(published['low'])} to {words.tenths(published['high'])}: "
        f"{markdown.escape_markdown(published['source'])}."
    )


def _values(run: Run) -> str:
    """What each segment is worth."""
    rows = [
        [
            run.flagged(row["segment"]),
            words.money(row["value_per_customer"]),
            words.money(row["lifetime_value"]),
            f"{words.money(row['lifetime_value_low'])} to {words.money(row['lifetime_value_high'])}",
            words.money(row["segment_value"]),
            words.shown(row["value_share"], words.percent),
        ]
        for row in run.economics.to_dict("records")
    ]
    return markdown.pipe_table(
        rows,
        ["Segment", "A customer and year", "Lifetime value", "Its range", "The segment, a year", "Of all"],
        label="tbl-values",
        caption="What segments are worth. Lifetime value is of an average customer over the years customers stay, "
        f"discounted, {words.decimal(run.portfolio['years_kept'])} times the first; its range is over one assumption "
        "at a time",
        align="lrrrrr",
        classes=["sortable"],
    )


def _campaigns(run: Run) -> str:
    """What each move would have to change to pay, and what it may bring."""
    ranked = run.economics.sort_values("rank_base", kind="stable")
    rows = [
        [
            run.flagged(row["segment"]),
            PURPOSES[row["purpose"]],
            words.shown(row["break_even_effect"], words.percent),
            f"{_effects(row)} of {LEVERS[row['lever']]}",
            words.count(row["contacted"]),
            words.money(row["campaign_cost"]),
            words.money(row["campaign_value_base"]),
            f"{words.money(row['campaign_value_low'])} to {words.money(row['campaign_value_high'])}",
        ]
        for row in ranked.to_dict("records")
    ]
    known = basis(ranked.loc[ranked["effect_high"] > 0, "move_source"])
    header = ["Segment", "For", "Breaks even at", f"Effect {known}: low / base / high", "Contacted", "Costs", "Brings"]
    hopeless = "; a dash where no effect covers the cost" if ranked["break_even_effect"].isna().any() else ""
    return markdown.pipe_table(
        rows,
        [*header, "Its range"],
        label="tbl-economics",
        caption="What each move would have to change to pay, beside what we guess, and what it then brings, less what "
        f"it costs; best first, care last{hopeless}",
        align="llrlrrrr",
        widths=[17, 7, 9, 24, 10, 10, 10, 15],
        classes=["stack"],
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
    which = "the one campaign" if len(profit) == 1 else number
    return [
        f"At our best guess of the effects {which} for profit {'pays' if pay == 1 else 'pay'}.",
        f"{'It brings' if pay == 1 else 'They bring'} {words.money(least)} to {words.money(most)} in all "
        f"{narrative.PERIOD}, with one assumption at a time at either end of its range; it hangs most on "
        f"{_called(first['label'])}.",
        verdict,
    ]


def _called(assumption: str) -> str:
    """An assumption's label within a sentence, in quotes, since it may hold a colon or a comma."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{assumption.lower()}\N{RIGHT DOUBLE QUOTATION MARK}"


def _move_assumptions(run: Run) -> str:
    """What each segment's move is assumed to cost and to change."""
    rows = [
        [
            run.name(row["segment"]),
            row["first_channels"] + (f"; then {row['then_channels'].lower()}" if _has(row["then_channels"]) else ""),
            words.money(row["contact_cost"]),
            words.money(row["offer_cost"]),
            words.money(row["given_up"]),
            f"{_effects(row)} of {LEVERS[row['lever']]} ({words.money(row['lever_value'])})",
            words.capitalised(row["move_source"]),
        ]
        for row in run.economics.to_dict("records")
    ]
    return markdown.pipe_table(
        rows,
        ["Segment", "Channels", "A contact", "Benefits", "Income given up", "Effect: low / base / high", "Rests on"],
        label="tbl-moves",
        caption="What the move of each segment is assumed to cost for each customer contacted, and what it changes; in "
        "brackets what all of that is worth",
        widths=[15, 15, 8, 8, 9, 20, 25],
        classes=["stack"],
    )


def _has(text: Any) -> bool:
    return isinstance(text, str) and bool(text)


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
