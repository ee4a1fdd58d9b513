"""Columns that are no behaviour, but what somebody concluded from it: scores, old labels, ranks."""

from seg_utils.data.proposal.reading import FileColumn
from seg_utils.data.proposal.vocabulary import (
    AMOUNTS,
    GROUPS,
    HEALTH,
    MODEL,
    MODELS,
    OUTCOMES,
    PLACED,
    RECENCY,
    SCORES,
    tokens,
)

MOST_LABELS = 50  # a column of more values is no label of groups
MOST_STEPS = 10  # values of a score that recency, frequency or amounts were given


def leak(column: FileColumn) -> str:
    """Why a column is not behaviour but what somebody concluded from it; empty where it is not."""
    words = set(tokens(column.name))
    if words & MODELS or (words & MODEL and column.is_number) or _is_score(column):
        return "a leak: another model's score"
    if words & GROUPS and column.distinct <= MOST_LABELS:
        return "a leak: an old cluster label; comparing by it gives the old segments back"
    if "rfm" in words or (column.name in ("R", "F", "M") and column.distinct <= MOST_STEPS) or _is_rfm(words):
        return "a leak: a score made of the other columns"
    if words & PLACED and column.is_number:
        return "a leak: an order made of another column, which says more itself"
    return ""


def _is_rfm(words: set[str]) -> bool:
    return bool(words & RECENCY and words & SCORES) and words <= RECENCY | SCORES


def _is_score(column: FileColumn) -> bool:
    """Whether somebody judged customers by a number: a risk, or a score of their leaving or health."""
    words = set(tokens(column.name))
    judged = "risk" in words or (words & (SCORES | PLACED) and words & (OUTCOMES | HEALTH))
    return bool(judged) and column.is_number and column.distinct > 2 and not words & AMOUNTS
