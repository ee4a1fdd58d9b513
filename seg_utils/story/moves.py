"""What to do first: the moves that pay at our assumptions, best first."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from seg_utils import words
from seg_utils.selection.trust import WEAK
from seg_utils.strategy.testplan import ENOUGH

MOVES = 3

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

EVEN = 0.2
"""A campaign whose value is within this multiple of its cost about breaks even."""

PERIOD = "over the year after one campaign"
"""What every value of a campaign is counted over."""


@dataclass(frozen=True)
class Move:
    """What to do first: ``title`` says for whom, what and who acts, ``worth`` what it may bring at our assumptions."""

    title: str
    worth: str
    segment: int

    def __str__(self) -> str:
        return f"{self.title}. {self.worth}"


def moves(strategy: pd.DataFrame, metrics: dict[str, Any]) -> list[Move]:
    """The moves to make first, at most three, of those that pay in the base case: by campaign value, segments not to
    build on last."""
    weak = strategy["segment"].map(lambda segment: metrics["stability"]["grades"][segment] == WEAK)
    paying = strategy.assign(weak=weak)[strategy["campaign_value_base"] > 0]
    order = paying.sort_values(["weak", "rank_base"], kind="stable")
    return [_move(row) for row in order.head(MOVES).to_dict("records")]


def note(told: list[Move], segments: int) -> str:
    """What is to be said beside the moves told: that none, or no other, pays; empty where there is nothing to say."""
    if not told:
        return NONE_PAYS
    return NO_OTHER if len(told) < min(MOVES, segments) else ""


def _move(row: dict[str, Any]) -> Move:
    return Move(f"{row['persona']}: {row['action_now']} ({row['owner']})", _worth(row), int(row["segment"]))


def _worth(row: dict[str, Any]) -> str:
    low, base, high = (row[f"campaign_value_{case}"] for case in ("low", "base", "high"))
    span = f"{words.money(low)} to {words.money(high)}"
    if low > 0:
        return f"Pays over the whole range of uplifts we assume: {span} {PERIOD}."
    if base <= EVEN * row["campaign_cost"]:
        return f"About breaks even at our assumptions, {span} {PERIOD} over the range of uplifts; {_trial(row)}."
    return f"Worth about {words.money(base)} {PERIOD} at our assumptions, {span} over the range of uplifts."


def _trial(row: dict[str, Any]) -> str:
    """What the test plan has to say to a move that may or may not pay."""
    if row["test_verdict"] == ENOUGH:
        return "test it on a part of them first"
    return "they are too few for a test to tell"
