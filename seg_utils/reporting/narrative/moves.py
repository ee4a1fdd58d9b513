"""What to do first: the moves that make sense at our assumptions, what would have to be true for each to pay, and how
much they are beside the whole.

A move for profit makes sense when its segment comes back and has a persona, and when what it brings at our best guess
of its effect is not next to nothing. A move of care makes sense when its segment comes back; it is told with its cost.
"""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.personas.catalogue import UNNAMED
from seg_utils.strategy.definitions import CARE, PROFIT, basis
from seg_utils.strategy.testplan import ENOUGH, ENOUGH_BY_HALF, ENOUGH_TOGETHER, TOO_SMALL

People = list[dict[str, Any]]
"""``personas.json``."""

MOVES = 3

SAFE = 2.0
"""A move whose effect is guessed at so many times its break-even or more is one to make; nearer to it, one to try."""

NEXT_TO_NOTHING = 0.0005
"""A campaign that brings no more than this share of what the customers bring in a year is no move to tell of."""

BUDGET = 0.01
"""Moves worth less than this share of what the customers bring in a year are no matter of budgets."""

CAMPAIGNS = 5
"""Campaigns that may be added up to tell what a move does; more would take as many years."""

MAKE, TRY, FOR_CARE = "make", "try", "care"
"""Kinds of move."""

NO_MOVE = (
    "The evidence finds no segments, so no move aims at one. Treat these customers as one group, or choose them by the "
    "one measure that an offer is about."
)
"""What stands in place of moves where there are no segments."""

NONE_PAYS = (
    "At our best guess of what it changes, no campaign brings more than it costs. The page on economics says what each "
    "would have to change to pay."
)
"""What stands in place of moves where none pays."""

NO_EFFECT = "no effect that we think possible covers the cost"
"""Why to leave customers alone."""

NO_OTHER = "At our assumptions no other move pays."

PERIOD = "over the year after one campaign"
"""What every value of a campaign is counted over; who is kept by it counts for longer."""

CHANGES = {
    "spend": "raises their purchases by {}",
    "average_spend": "makes them buy {} of an average customer's purchases more",
    "plan": "raises their instalment purchases by {}",
    "keep": "keeps {} of those who would leave",
    "losses": "avoids {} of their losses",
}
"""What a move does with its lever, by how much."""


TARGETS = {
    "purchases": "more purchases",
    "instalment_purchases": "more instalment purchases",
    "cash_advances": "less cash drawn",
    "closures": "fewer closed accounts",
    "defaults": "fewer defaults",
}
"""What those contacted are to show by the measure of the test."""


@dataclass(frozen=True)
class Move:
    """What to do first: ``title`` says for whom and what.

    ``kind`` is one to ``make``, one to ``try``, since it about breaks even, or one of ``care``. ``facts`` are what a
    decision needs, by name: whom, what it costs and is worth, who acts, guardrail, when to decide by what target, test.
    """

    title: str
    segment: int
    kind: str
    facts: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.title}. {'; '.join(f'{name}: {text}' for name, text in self.facts.items())}"


def moves(people: People, strategy: pd.DataFrame, metrics: dict[str, Any]) -> list[Move]:
    """The moves to make first, at most three of those that make sense: what pays before what about breaks even, by
    campaign value; care comes last, one move of it or as many as there is room for, those with the most customers
    first."""
    kinds = _kinds(people, strategy, metrics)
    told = strategy.assign(kind=kinds)[kinds.notna()].sort_values("rank_base", kind="stable")
    care = told[told["kind"] == FOR_CARE].sort_values("contacted", ascending=False, kind="stable")
    profit = pd.concat([told[told["kind"] == kind] for kind in (MAKE, TRY)]).head(MOVES - min(len(care), 1))
    care = care.head(MOVES - len(profit))
    return [_move(row) for row in [*profit.to_dict("records"), *care.to_dict("records")]]


def note(told: list[Move], people: People, strategy: pd.DataFrame, metrics: dict[str, Any]) -> str:
    """What is to be said beside the moves told, or in their place: how much they are, why there are no more, and whom
    not to contact."""
    listed = [move.segment for move in told]
    profit = strategy[strategy["purpose"] == PROFIT]
    others = profit[(profit["campaign_value_base"] > 0) & ~profit["segment"].isin(listed)]
    of_profit = [move for move in told if move.kind != FOR_CARE]
    said = [_scale(of_profit, strategy)]
    if len(told) < min(MOVES, len(strategy)):
        nothing_else = NO_OTHER if of_profit else NONE_PAYS
        reasons = _against(people, strategy, metrics).loc[others.index]
        said.append(_left_out(reasons, first=not of_profit) if len(others) else nothing_else)
    said.append(_beyond(strategy))
    return " ".join(filter(None, said))


def _kinds(people: People, strategy: pd.DataFrame, metrics: dict[str, Any]) -> pd.Series:
    """What kind of move each is; None for one that makes no sense."""
    against = _against(people, strategy, metrics)
    safe = strategy["effect_base"] >= SAFE * strategy["break_even_effect"]
    kinds = pd.Series(None, index=strategy.index, dtype=object)
    profit = (strategy["purpose"] == PROFIT) & (strategy["campaign_value_base"] > 0) & ~against.any(axis=1)
    kinds[profit] = safe[profit].map({True: MAKE, False: TRY})
    cared_for = (strategy["purpose"] == CARE) & (strategy["contacted"] > 0)
    kinds[cared_for & ~against.iloc[:, :2].any(axis=1)] = FOR_CARE
    return kinds


def _against(people: People, strategy: pd.DataFrame, metrics: dict[str, Any]) -> pd.DataFrame:
    """What speaks against each move that pays at our best guess: one column a reason, in words."""
    weak = {segment for segment, grade in enumerate(metrics["stability"]["grades"]) if grade == WEAK}
    unnamed = {one["segment"] for one in people if one["persona_id"] == UNNAMED}
    least = NEXT_TO_NOTHING * strategy["segment_value"].sum()
    return pd.DataFrame(
        {
            "aims at a segment not to build on": strategy["segment"].isin(weak),
            "aims at customers whom no persona describes yet": strategy["segment"].isin(unnamed),
            "brings next to nothing": strategy["campaign_value_base"] <= least,
        }
    )


def _move(row: dict[str, Any]) -> Move:
    return Move(f"{row['persona']}: {row['action_now']}", int(row["segment"]), row["kind"], _facts(row))


def _facts(row: dict[str, Any]) -> dict[str, str]:
    """What a decision on a move needs, in the order to read it, two beside one another."""
    contacted, customers, control = (words.count(row[name]) for name in ("contacted", "customers", "control"))
    whom = {"Whom": f"{contacted} of {customers}, those worth the cost; {control} more held out"}
    cost = f"{words.money(row['campaign_cost'])}{_given_up(row)}"
    end = {"Decide": f"after {words.plural(int(row['months']), 'month')}{_target(row)}", "Test": _test(row)}
    if row["kind"] == FOR_CARE:
        remains = "{} ({} to {})".format(
            *(words.money(-row[f"campaign_value_{case}"]) for case in ("base", "high", "low"))
        )
        net = {"Net cost": f"{remains} after the losses it avoids"}
        return {**whom, "Owner": row["owner"], "Cost": cost, **net, "Guardrail": row["guardrail"], **end}
    worth = "{} ({} to {})".format(*(words.money(row[f"campaign_value_{case}"]) for case in ("base", "low", "high")))
    guess = "{} ({} to {})".format(*(words.percent(row[f"effect_{case}"]) for case in ("base", "low", "high")))
    needed = row["break_even_effect"]
    pays = (
        CHANGES[row["lever"]].format(words.percent(needed)) if pd.notna(needed) else "does more than we think possible"
    )
    money = {"Cost": cost, "Worth": worth, "Pays if it": f"{pays}; {_basis(row)} {guess}"}
    return {**whom, **money, "Owner": row["owner"], "Guardrail": row["guardrail"], **end}


def _basis(row: dict[str, Any]) -> str:
    """Before an effect: what it rests on."""
    return {"guessed": "our guess is"}.get(word := basis([row["move_source"]]), f"{word} is")


def _target(row: dict[str, Any]) -> str:
    """What those contacted have to show by then; empty where the plan names no effect."""
    effect = row["effect_that_matters"]
    if pd.isna(effect):
        return ""
    aim = f"{words.percent(effect)} {TARGETS[row['measure']]}"
    return f" by judgement; the aim is {aim}" if _never_told(row) else f", at {aim} than those held out"


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
        return (
            f"Too few customers to tell, even over years{takes}: those held out show only whether more do what it asks."
        )
    return f"One campaign is too few to tell{takes}: add up several."


def _never_told(row: dict[str, Any]) -> bool:
    """Whether it takes more campaigns than anyone runs to tell what a move does."""
    if row["test_verdict"] != TOO_SMALL or pd.isna(row["needed_per_group"]):
        return False
    return row["needed_per_group"] > CAMPAIGNS * row["control"]


def _left_out(against: pd.DataFrame, *, first: bool) -> str:
    """Why campaigns that pay at our best guess are no moves to make: of each the first reason.

    Args:
        against: what speaks against each of them, at least one row.
        first: whether there is no move beside which they are others.
    """
    decisive = set(against.idxmax(axis=1))
    reasons = [reason for reason in against if reason in decisive]
    return f"What {'' if first else 'else '}pays at our best guess {_either(reasons)}."


def _scale(told: list[Move], strategy: pd.DataFrame) -> str:
    """What the moves told are worth together, beside what all segments' customers bring in a year."""
    if not told:
        return ""
    rows = strategy[strategy["segment"].isin([move.segment for move in told])]
    low, together, high = (float(rows[f"campaign_value_{case}"].sum()) for case in ("low", "base", "high"))
    whole = strategy["segment_value"].sum()
    several = len(told) > 1
    worth = f"{words.money(together)} ({words.money(low)} to {words.money(high)}) {PERIOD}{' each' if several else ''}"
    said = f"{'Together the moves for profit bring' if several else 'The move for profit brings'} {worth}"
    if whole <= 0:
        return f"{said}."
    small = ", too little to plan a budget on" if together < BUDGET * whole else ""
    return f"{said}: {words.percent(together / whole)} of what all customers bring in a year{small}."


def out_of_reach(strategy: pd.DataFrame) -> pd.Series:
    """Which moves for profit no effect that we think possible makes pay, one truth value a row."""
    planned = (strategy["purpose"] == PROFIT) & (strategy["effect_high"] > 0)
    return planned & ~(strategy["break_even_effect"] <= strategy["effect_high"])


def _beyond(strategy: pd.DataFrame) -> str:
    """Whom not to contact."""
    beyond = strategy.loc[out_of_reach(strategy), "persona"]
    if beyond.empty:
        return ""
    return f"Leave {words.listing([words.name(name) for name in beyond])} alone: {NO_EFFECT}."


def _either(reasons: list[str]) -> str:
    """``a, b or c``."""
    return " or ".join(filter(None, [", ".join(reasons[:-1]), reasons[-1]]))
