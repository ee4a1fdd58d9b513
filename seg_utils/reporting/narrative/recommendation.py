"""What page one recommends, in a few words: what to approve, what to try out first and for how much, whom to leave
alone, who decides and by when."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.reporting.narrative.moves import ListedMove, never_told
from seg_utils.reporting.narrative.trust import no_segments
from seg_utils.strategy.decisions import FOR_CARE, LEAVE_ALONE, MAKE, NO_EFFECT, TRY

# By then the next month's file is due, and who is in which segment changes
IN_TIME = "within a month of the data"

NAMED = 3  # more segments for whom nothing is done are counted

NO_SEGMENTS = "Approve no campaign that aims at a segment: there are none to aim at."
NOT_YET = "Approve no campaign yet: this division into segments is not to be relied on."
DIVIDE = "Have the report made for {} segments first, and decide on that."
NOTHING_PAYS = "Approve no campaign: none is worth its cost at our best guess."

# What to do with moves of each kind; a try that a test can tell of, and one that none can
APPROVE = "Approve {} now, for {}."
TEST = "Test {} first, for {}."
TRY_ONCE = "Try {} once, for {} and no more: too few customers to show what comes of it."
CARE = "Approve {} as care, not for profit, at a net cost of {}."
CARE_THAT_PAYS = "Approve {} as care: the losses avoided exceed the cost by {}."


def recommendation(moves: Sequence[ListedMove], strategy: pd.DataFrame, level: str, verdict: dict[str, Any]) -> str:
    """What is recommended, in sentences that follow from the decisions on ``moves``, those that go first.

    Args:
        strategy: ``strategy.csv``, with its decisions.
        level: how far to trust the grouping.
        verdict: ``k_verdict.json``.
    """
    if no_segments(verdict):
        return NO_SEGMENTS
    if level == "low":
        better = verdict["recommended_k"]
        return NOT_YET if better == len(strategy) else f"{NOT_YET} {DIVIDE.format(better)}"
    rows = strategy.set_index("segment").loc[[move.segment for move in moves]]
    rows = rows.assign(kind=[move.kind for move in moves])
    return " ".join([_what(rows), *_not_to_do(strategy, rows), *_who(rows)])


def _what(rows: pd.DataFrame) -> str:
    """What to do with each kind of move that goes first."""
    if rows.empty:
        return NOTHING_PAYS
    untold = [
        never_told(*row) for row in zip(rows["test_verdict"], rows["needed_per_group"], rows["control"], strict=True)
    ]
    hopeless = pd.Series(untold, rows.index)
    cost, gain, care = rows["campaign_cost"], rows["campaign_value_base"], rows["kind"] == FOR_CARE
    pays = gain[care].round().sum() > 0
    groups = (
        (APPROVE, rows["kind"] == MAKE, cost),
        (TEST, (rows["kind"] == TRY) & ~hopeless, cost),
        (TRY_ONCE, (rows["kind"] == TRY) & hopeless, cost),
        (CARE_THAT_PAYS if pays else CARE, care, gain),
    )
    return " ".join(
        text.format(_moves(rows.loc[those, "persona"]), words.money(abs(float(amount[those].round().sum()))))
        for text, those, amount in groups
        if those.any()
    )


def _not_to_do(strategy: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Whom to leave alone, and for whom nothing is done yet."""
    alone = strategy["decision"] == LEAVE_ALONE
    others = strategy.loc[~alone & ~strategy["segment"].isin(rows.index), "persona"]
    said = [f"Leave {words.names(strategy.loc[alone, 'persona'])} alone: {NO_EFFECT}."] if alone.any() else []
    if len(others) and len(rows):
        whom = words.names(others) if len(others) <= NAMED else f"the other {len(others)} segments"
        said.append(f"Do nothing yet for {whom}.")
    return said


def _who(rows: pd.DataFrame) -> list[str]:
    """Who decides, and by when."""
    owners = list(dict.fromkeys(rows["owner"]))
    return [f"{words.listing(owners)} decide{'s' if len(owners) == 1 else ''} {IN_TIME}."] if owners else []


def _moves(personas: pd.Series) -> str:
    return f"the {'move' if len(personas) == 1 else 'moves'} for {words.names(personas)}"
