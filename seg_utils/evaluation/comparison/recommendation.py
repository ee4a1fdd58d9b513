"""Which partition of a comparison to take, by a rule that is written down."""

from typing import Any

import pandas as pd

from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.evaluation.comparison.side_by_side import COMMON_SCALE, REPLICATES, Comparison
from seg_utils.evaluation.resampling.stability import USABLE_JACCARD

SMALLEST_SHARE = 0.01
DECIMALS = 2  # silhouettes that differ by less are equal
TIE = 0.05  # smallest Jaccards that differ by less cannot be told apart by so few replicates

RULE = (
    f"A partition is eligible when it has two segments or more and none holds fewer than {100 * SMALLEST_SHARE:.0f} % "
    f"of the customers. Recommended is the eligible partition whose weakest segment comes back best (smallest Jaccard, "
    f"mean of {REPLICATES} random halves); of those within {TIE:.2f} of it, the one with the highest silhouette (to "
    f"{DECIMALS} decimals, customers in no segment counting as 0) in the common space, the features on the "
    f"{COMMON_SCALE} scale; of equal ones the first in the table. Where the best smallest Jaccard is below "
    f"{USABLE_JACCARD:.2f}, none is recommended."
)


def eligible(table: pd.DataFrame) -> pd.Series:
    """Whether each partition of a comparison's table may be recommended; one that was not found may not."""
    return (table["segments"].fillna(0) >= 2) & (table["smallest_share"].fillna(0.0) >= SMALLEST_SHARE)


def recommend(comparison: Comparison) -> dict[str, Any]:
    """What the rule says: plain values with ``space`` and ``algorithm`` (None where none is recommended) and the
    ``sentence``."""
    candidates = comparison.table[eligible(comparison.table)]
    best = _best(candidates)
    return {
        "k": comparison.k,
        "customers": comparison.customers,
        "compared": comparison.compared,
        "replicates": REPLICATES,
        "rule": RULE,
        "space": None if best is None else best["space"],
        "algorithm": None if best is None else best["algorithm"],
        "sentence": _sentence(best, candidates, len(comparison.table)),
    }


def _best(candidates: pd.DataFrame) -> pd.Series | None:
    if candidates.empty or candidates["min_jaccard"].max() < USABLE_JACCARD:
        return None
    tied = candidates[candidates["min_jaccard"] >= candidates["min_jaccard"].max() - TIE]
    return tied.loc[tied["silhouette"].round(DECIMALS).idxmax()]


def _sentence(best: pd.Series | None, candidates: pd.DataFrame, tried: int) -> str:
    sentence = f"Of {tried} partitions that were tried, {len(candidates) or 'none'} {_are(len(candidates))} eligible"
    if candidates.empty:
        return f"{sentence}, so none is recommended."
    highest = candidates["min_jaccard"].max()
    if best is None:
        why = f"in each a segment does not come back (Jaccard at most {highest:.2f})"
        return f"{sentence}, but {why}: none is recommended."
    reason = f"its weakest segment comes back with a Jaccard of {best['min_jaccard']:.2f}"
    if best["min_jaccard"] < highest:
        reason += f", within {TIE:.2f} of the highest ({highest:.2f})"
    label = ALGORITHMS[best["algorithm"]].label
    return (
        f"{sentence}. The rule recommends {label} on the {best['space']} scale: {reason}, and its "
        f"silhouette in the common space is {best['silhouette']:.2f}."
    )


def _are(number: int) -> str:
    return "are" if number > 1 else "is"
