"""What to do first: the moves that make sense at our assumptions, best first, and how much they are beside the whole.

A move makes sense when its segment comes back and has a persona, when it pays in the base case, and when what it may
gain at the high end of the uplifts outweighs what it may lose at the low end and is not next to nothing.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.personas.catalogue import UNNAMED
from seg_utils.strategy.testplan import ENOUGH, ENOUGH_FOR_LARGE

People = list[dict[str, Any]]
"""``personas.json``."""

MOVES = 3

ODDS = 2.0
"""A campaign that may lose is worth a try where it may gain at least so many times as much."""

SLIGHT_LOSS = 0.1
"""A campaign that may lose no more than this share of what it may gain pays; one that may lose more about breaks
even."""

NEXT_TO_NOTHING = 0.00005
"""A campaign that may gain no more than this share of what the customers bring in a year is no move to tell of."""

BUDGET = 0.01
"""Moves worth less than this share of what the customers bring in a year are no matter of budgets."""

NO_MOVE = (
    "The evidence finds no segments, so no move aims at one. Treat these customers as one group, or choose them by the "
    "one measure that an offer is about."
)
"""What stands in place of moves where there are no segments."""

NONE_PAYS = (
    "Each campaign costs more than it brings in the base case. The page on economics says how many of those contacted "
    "would have to respond for each to pay."
)
"""What stands in place of moves where none pays."""

NO_OTHER = "At our assumptions no other move pays."

PERIOD = "over the year after one campaign"
"""What every value of a campaign is counted over."""


@dataclass(frozen=True)
class Move:
    """What to do first: ``title`` says for whom, what and who acts, ``worth`` what it may bring at our assumptions.

    ``pays`` is False for a move that about breaks even: one to try rather than to make.
    """

    title: str
    worth: str
    segment: int
    pays: bool

    def __str__(self) -> str:
        return f"{self.title}. {self.worth}"


def moves(people: People, strategy: pd.DataFrame, metrics: dict[str, Any]) -> list[Move]:
    """The moves to make first, at most three of those that make sense: what pays before what about breaks even, then by
    campaign value."""
    sensible = strategy.assign(pays=_pays(strategy))[_sensible(people, strategy, metrics)]
    order = sensible.sort_values(["pays", "rank_base"], ascending=[False, True], kind="stable")
    return [_move(row) for row in order.head(MOVES).to_dict("records")]


def note(told: list[Move], people: People, strategy: pd.DataFrame, metrics: dict[str, Any]) -> str:
    """What is to be said beside the moves told, or in their place: why there are no more, and how much they are."""
    paying = strategy[strategy["campaign_value_base"] > 0]
    others = paying[~paying["segment"].isin([move.segment for move in told])]
    said = [_scale(told, strategy)] if told else []
    if len(told) < min(MOVES, len(strategy)):
        nothing_else = NO_OTHER if told else NONE_PAYS
        said.append(
            _left_out(_against(people, strategy, metrics), others, first=not told) if len(others) else nothing_else
        )
    return " ".join(filter(None, said))


def _sensible(people: People, strategy: pd.DataFrame, metrics: dict[str, Any]) -> pd.Series:
    """Whether each move makes sense."""
    return (strategy["campaign_value_base"] > 0) & ~_against(people, strategy, metrics).any(axis=1)


def _against(people: People, strategy: pd.DataFrame, metrics: dict[str, Any]) -> pd.DataFrame:
    """What speaks against each move that pays in the base case: one column a reason, in words."""
    weak = {segment for segment, grade in enumerate(metrics["stability"]["grades"]) if grade == WEAK}
    unnamed = {one["segment"] for one in people if one["persona_id"] == UNNAMED}
    low, high = strategy["campaign_value_low"], strategy["campaign_value_high"]
    return pd.DataFrame(
        {
            "aims at a segment not to build on": strategy["segment"].isin(weak),
            "aims at customers whom no persona describes yet": strategy["segment"].isin(unnamed),
            "may lose too much for what it may gain": (low <= 0) & (high < -ODDS * low),
            "may gain next to nothing": high <= NEXT_TO_NOTHING * strategy["segment_value"].sum(),
        }
    )


def _pays(strategy: pd.DataFrame) -> pd.Series:
    """Whether each campaign pays over the whole range of uplifts, or all but its lowest end."""
    return strategy["campaign_value_low"] >= -SLIGHT_LOSS * strategy["campaign_value_high"]


def _move(row: dict[str, Any]) -> Move:
    title = f"{row['persona']}: {row['action_now']} ({row['owner']})"
    return Move(title, _worth(row), int(row["segment"]), row["pays"])


def _worth(row: dict[str, Any]) -> str:
    low, high = row["campaign_value_low"], row["campaign_value_high"]
    span = f"{words.money(low)} to {words.money(high)}"
    if low > 0:
        return f"Pays over the whole range of uplifts we assume: {span} {PERIOD}."
    if row["pays"]:
        return f"Pays at our assumptions but for the low end of the uplifts ({span} a campaign)."
    return f"About breaks even at our assumptions ({span} a campaign); {_trial(row)}."


def _trial(row: dict[str, Any]) -> str:
    """What the test plan has to say to a move that may or may not pay."""
    if row["test_verdict"] in (ENOUGH, ENOUGH_FOR_LARGE):
        return "test it on a part of them first"
    return "they are too few for a test to tell"


def _left_out(against: pd.DataFrame, others: pd.DataFrame, *, first: bool) -> str:
    """Why campaigns that pay in the base case are no moves to make: of each the first reason.

    Args:
        against: what speaks against each move.
        others: their rows of the strategy table, at least one.
        first: whether there is no move beside which they are others.
    """
    decisive = set(against.loc[others.index].idxmax(axis=1))
    reasons = [reason for reason in against if reason in decisive]
    return f"What {'' if first else 'else '}pays in the base case {_either(reasons)}."


def _scale(told: list[Move], strategy: pd.DataFrame) -> str:
    """What the moves told are worth together, beside what all segments' customers bring in a year."""
    together = strategy.loc[strategy["segment"].isin([move.segment for move in told]), "campaign_value_base"].sum()
    whole = strategy["segment_value"].sum()
    several = len(told) > 1
    worth = f"{words.money(together)} {PERIOD}{' each' if several else ''}"
    said = f"{'Together these moves are' if several else 'This move is'} worth about {worth} at our assumptions"
    if whole <= 0:
        return f"{said}."
    small = ", too little to plan a budget on" if together < BUDGET * whole else ""
    return f"{said}: {words.percent(together / whole)} of what all customers bring in a year{small}."


def _either(reasons: list[str]) -> str:
    """``a, b or c``."""
    return " or ".join(filter(None, [", ".join(reasons[:-1]), reasons[-1]]))
