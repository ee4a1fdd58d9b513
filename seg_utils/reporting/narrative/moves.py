"""What to do first, as it is decided, and what is at risk: the moves with what would have to be true for each to pay,
and how much they are beside the whole."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.strategy.decisions import (
    BUDGET,
    FOR_CARE,
    GO_FIRST,
    MOVES,
    People,
    against,
    at_stake,
    first_moves,
)
from seg_utils.strategy.definitions import GUESS, KEEP, PROFIT, basis
from seg_utils.strategy.testplan import ENOUGH, ENOUGH_BY_HALF, ENOUGH_TOGETHER, TOO_SMALL

CAMPAIGNS = 5  # campaigns that may be added up to tell what a move does; more would take as many years

# What stands in place of moves where there are no segments
WITHOUT_SEGMENTS = (
    "The evidence finds no segments, so no move aims at one. Treat these customers as one group, or choose them by the "
    "one measure that an offer is about."
)

# What stands in place of moves where none pays
NONE_PAYS = (
    "At our best guess of what it changes, no campaign brings more than it costs. The page on economics says what each "
    "would have to change to pay."
)

NO_OTHER = "At our assumptions no other move pays."

# What the value of a campaign is counted over, and that of one that keeps customers
PERIOD, KEPT = "over the year after one campaign", "over the years that those kept stay"

# What a move does with its lever, by how much
CHANGES = {
    "spend": "raises their purchases by {}",
    "average_spend": "makes them buy {} of an average customer's purchases more",
    "plan": "raises their instalment purchases by {}",
    "keep": "keeps {} of those who would leave",
    "losses": "avoids {} of their losses",
}


# Who is worth contacting: groups of like customers who have on average more than so much of what the lever is about;
# and what it is mostly that they bring more by
WORTH = {
    "spend": "customers like them buy for more than {} a year",
    "plan": "customers like them buy for more than {} a year in instalments",
    "keep": "customers like them bring more than {} a year",
    "losses": "we expect to lose more than {} a year on customers like them",
}
MOSTLY_BY = {"purchases": "their purchases", "interest": "interest on what they owe", "cash_fees": "fees for cash"}

# Whom a move of care is about, by what it measures
CONCERNED = {
    "purchases": "all who buy",
    "instalment_purchases": "all who buy in instalments",
    "cash_advances": "all who draw cash",
}

# What those contacted are to show by the measure of the test
TARGETS = {
    "purchases": "more purchases",
    "instalment_purchases": "more instalment purchases",
    "cash_advances": "less cash drawn",
    "closures": "fewer who leave of their own accord",
    "defaults": "fewer defaults",
}


@dataclass(frozen=True)
class ListedMove:
    """What to do first: ``title`` says for whom and what.

    ``kind`` is one to ``make``, one to ``try``, since it about breaks even or brings little, or one of ``care``.
    ``facts`` are what a decision needs, by name: whom, what it costs and brings, who acts, guardrail, when to decide by
    what target, test.
    """

    title: str
    segment: int
    kind: str
    facts: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.title}. {'; '.join(f'{name}: {text}' for name, text in self.facts.items())}"


def moves(strategy: pd.DataFrame) -> list[ListedMove]:
    """The moves that are decided to go first, in their order."""
    kinds = strategy["decision"].where(strategy["decision"].isin(GO_FIRST), None)
    return [_move(row) for row in first_moves(kinds, strategy).to_dict("records")] if kinds.notna().any() else []


def note(listed_moves: list[ListedMove], people: People, strategy: pd.DataFrame, metrics: dict[str, Any]) -> str:
    """What is to be said beside the moves told, or in their place: how much they are, and why there are no more."""
    listed = [move.segment for move in listed_moves]
    profit = strategy[strategy["purpose"] == PROFIT]
    others = profit[(profit["campaign_value_base"] > 0) & ~profit["segment"].isin(listed)]
    of_profit = [move for move in listed_moves if move.kind != FOR_CARE]
    sentences = [_scale(of_profit, strategy)]
    if len(listed_moves) < min(MOVES, len(strategy)):
        nothing_else = NO_OTHER if of_profit else NONE_PAYS
        reasons = against(strategy, people, metrics["stability"]["grades"]).loc[others.index]
        sentences.append(_left_out(reasons, others["persona"], alone=not of_profit) if len(others) else nothing_else)
    sentences.append(_seen_of_the_untold(strategy[strategy["segment"].isin(listed)]))
    return " ".join(filter(None, sentences))


def _move(row: dict[str, Any]) -> ListedMove:
    return ListedMove(f"{row['persona']}: {row['action_now']}", int(row["segment"]), row["kind"], _facts(row))


def _facts(row: dict[str, Any]) -> dict[str, str]:
    """What a decision on a move needs, in the order to read it, two beside one another."""
    contacted, customers, control = (words.count(row[name]) for name in ("contacted", "customers", "control"))
    whom = {"Whom": f"{contacted} of {customers}, {_who(row)}; {control} more held out"}
    cost = f"{words.money(row['campaign_cost'])}{_given_up(row)}"
    end = {"Decide": f"{words.plural(int(row['months']), 'month')} after the start{_target(row)}", "Test": _test(row)}
    guess = "{} ({} to {})".format(*(words.percent(row[f"effect_{case}"]) for case in ("base", "low", "high")))
    needed = row["break_even_effect"]
    pays = (
        CHANGES[row["lever"]].format(words.percent(needed)) if pd.notna(needed) else "does more than we think possible"
    )
    pays_if = {"Pays if it": f"{pays}; {_basis(row)} {guess}"}
    if row["kind"] == FOR_CARE:
        remains = "{} ({} to {})".format(
            *(_net_cost(row[f"campaign_value_{case}"]) for case in ("base", "low", "high"))
        )
        net = {"Net cost": f"{remains} after the losses it avoids"}
        return {**whom, "Owner": row["owner"], "Cost": cost, **net, **pays_if, "Guardrail": row["guardrail"], **end}
    brings = "{} ({} to {})".format(*(words.money(row[f"campaign_value_{case}"]) for case in ("base", "low", "high")))
    over = f" {KEPT}" if row["lever"] == KEEP else ""
    money = {"Cost": cost, "Brings": f"{brings} after its cost{over and ','}{over}", **pays_if}
    return {**whom, **money, "Owner": row["owner"], "Guardrail": row["guardrail"], **end}


def _who(row: dict[str, Any]) -> str:
    """By what rule those contacted are chosen."""
    if row["kind"] == FOR_CARE:
        return CONCERNED.get(row["measure"], "all of them")
    if row["contacted"] + row["control"] >= row["customers"]:
        return "all of them worth the cost"
    if row["given_up"] > 0:
        return "those worth the cost: keeping them brings more than a lower rate on what they owe gives up"
    if row["lever"] not in WORTH or pd.isna(row["worth_from"]):
        return "those worth the cost"
    rule = WORTH[row["lever"]].format(words.money(row["worth_from"]))
    by = MOSTLY_BY.get(row["marked_by"]) if row["lever"] == KEEP else None
    mostly = f", mostly by {by}" if by else ""
    return f"those worth the cost: {rule}{mostly}"


def _net_cost(value: float) -> str:
    """What a campaign of care costs in the end; what it brings where it brings anything."""
    return f"a gain of {words.money(value)}" if value > 0 else words.money(-value)


def _basis(row: dict[str, Any]) -> str:
    """Before an effect: what it rests on."""
    return {"guessed": "our guess is"}.get(word := basis([row["move_source"]]), f"{word} is")


def _target(row: dict[str, Any]) -> str:
    """What those contacted have to show by then; empty where the plan names no effect."""
    effect = row["effect_that_matters"]
    if pd.isna(effect):
        return ""
    aim = f"{words.percent(effect)} {TARGETS[row['measure']]}"
    return f", by its owner's judgement; the aim is {aim}" if _never_told(row) else f", at {aim} than those held out"


def _given_up(row: dict[str, Any]) -> str:
    """How much of a campaign's cost is income that is given up, such as fees, in brackets."""
    given_up = row["contacted"] * row["given_up"]
    return f" ({words.money(given_up)} of it income given up)" if given_up > 0 else ""


def _test(row: dict[str, Any]) -> str:
    """What the test plan has to say to a move."""
    if row["test_verdict"] == ENOUGH:
        return "A test on them can tell."
    if row["test_verdict"] == ENOUGH_BY_HALF:
        return "A test on them can tell if half are held out."
    if row["test_verdict"] == ENOUGH_TOGETHER:
        return f"Too few for a test, but together with {row['pooled_with']} it can tell."
    needed = row["needed_per_group"]
    takes = f" (it takes {words.count(needed)} a group)" if pd.notna(needed) else ""
    if _never_told(row):
        return f"Too few customers to tell, even over years{takes}{_shown_all_the_same(row)}."
    return f"One campaign is too few to tell{takes}: add up several."


def _shown_all_the_same(row: dict[str, Any]) -> str:
    """Why a move of care holds customers out though they are too few: what these would show of it."""
    if row["kind"] != FOR_CARE or not row["detectable_effect"] < 1:
        return ""
    return f"; held out to see a change of {words.percent(row['detectable_effect'])} or more, good or bad"


def _never_told(row: dict[str, Any]) -> bool:
    return never_told(row["test_verdict"], row["needed_per_group"], row["control"])


def never_told(verdict: str, needed: float, control: int) -> bool:
    """Whether it takes more campaigns than anyone runs to tell what a move does."""
    return verdict == TOO_SMALL and pd.notna(needed) and needed > CAMPAIGNS * control


def _left_out(objections: pd.DataFrame, personas: pd.Series, *, alone: bool) -> str:
    """Why campaigns that pay at our best guess are no moves to make: of each (one row at least) the first of the
    ``objections``, with the segments that it holds for. ``alone``: there is no move beside which they are others."""
    decisive = objections.idxmax(axis=1)
    names = {why: [words.name(name) for name in personas[decisive == why]] for why in objections}
    reasons = [f"{why} ({words.listing(them)})" for why, them in names.items() if them]
    return f"What {'' if alone else 'else '}pays at our best guess {words.either(reasons)}."


def _scale(listed: list[ListedMove], strategy: pd.DataFrame) -> str:
    """What the moves told are worth together, beside what all segments' customers bring in a year."""
    if not listed:
        return ""
    rows = strategy[strategy["segment"].isin([move.segment for move in listed])]
    low, together, high = (float(rows[f"campaign_value_{case}"].sum()) for case in ("low", "base", "high"))
    whole = strategy["segment_value"].sum()
    several = len(listed) > 1
    counted = period(rows["lever"]).replace("one campaign", f"one campaign{' each' if several else ''}")
    worth = f"{words.money(together)} ({words.money(low)} to {words.money(high)}) {counted}"
    sentence = f"{'Together the moves for profit bring' if several else 'The move for profit brings'} {worth}"
    beside = f": {words.percent(together / whole)} of what all customers bring in a year" if whole > 0 else ""
    small = ", too little to plan a budget on" if together < BUDGET * at_stake(strategy) else ""
    return f"{sentence}{beside}{small}."


def period(levers: Iterable[str]) -> str:
    """What campaigns with these levers are counted over."""
    keep = [lever == KEEP for lever in levers]
    if all(keep):
        return KEPT
    return f"{PERIOD} (of those kept, over the years they stay)" if any(keep) else PERIOD


def _seen_of_the_untold(listed: pd.DataFrame) -> str:
    """What the held out do show of moves whose effect no few campaigns can tell."""
    if not any(_never_told(row) for row in listed.to_dict("records")):
        return ""
    return "Where a test has too few customers to tell, it shows only whether more of those contacted respond."


def at_risk(strategy: pd.DataFrame) -> list[str]:
    """Expected losses of a year and who is to make most of them; empty where nothing is to be lost."""
    if "losses" not in strategy:
        return []
    losses = -strategy["losses"] * strategy["customers"]
    if not losses.sum() > 0:
        return []
    most = losses.idxmax()
    return [
        f"Losses of {words.money(losses.sum())} a year, {words.percent(losses[most] / losses.sum())} of them with "
        f"{words.name(strategy.at[most, 'persona'])}, are taken off what all bring."
    ]


def money_trust(portfolio: dict[str, Any], strategy: pd.DataFrame) -> str:
    """How far to trust the money: how much of it is a guess, and whether its sum is as published ones are.

    Args:
        strategy: ``strategy.csv``.
    """
    sources = strategy.loc[strategy["effect_high"] > 0, "move_source"]
    guessed = int(sources.str.startswith(GUESS).sum())
    effects = f"{words.count(guessed)} of {words.count(len(sources))} effects of moves"
    guesses = f"{words.count(portfolio['guesses'])} of {words.count(portfolio['assumptions'])} prices"
    all_guessed = guessed == len(sources)
    sentence = f"{words.capitalised(guesses)} and {'every effect of a move' if all_guessed else effects} are our guess"
    returned, published = portfolio["return_on_balances"], portfolio["published_return"]
    if returned is None:
        return f"{sentence}."
    low, high = published["low"], published["high"]
    place = "within" if low <= returned <= high else ("below" if returned < low else "above")
    span = f"{words.tenths(low)} to {words.tenths(high)}"
    chosen = portfolio["chosen_for_return"]
    met = f", as our guess of {words.listing(chosen)} was chosen for" if chosen else ""
    gives = f"all customers give {words.tenths(returned)} a year on balances"
    return f"{sentence}; {gives}, {place} the {span} published{met}."


# Up to this share of prices that are our guess, and a return within the published range, the money earns ``medium``.
# ``high`` it earns by measured effects alone, of which there are none in a first report.
FEW_GUESSES = 0.25


def money_level(portfolio: dict[str, Any]) -> str:
    """How far to trust the money: ``medium`` or ``low``."""
    returned, published = portfolio["return_on_balances"], portfolio["published_return"]
    as_published = returned is not None and published["low"] <= returned <= published["high"]
    return "medium" if as_published and portfolio["guesses"] <= FEW_GUESSES * portfolio["assumptions"] else "low"
