"""How far to trust one partition: which of its segments come back, and which not to build on."""

from typing import Any

import numpy as np

from seg_utils.clustering import Clustering, kmeans
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.evaluation.criteria.silhouette import sample_rows
from seg_utils.evaluation.resampling import subsampling
from seg_utils.evaluation.resampling.bootstrap import bootstrap, mean_jaccard

FIRM, USABLE, WEAK = "firm", "usable", "do not build on"

FIRM_JACCARD = 0.85
USABLE_JACCARD = 0.75

# Hennig's readings of a segment's mean Jaccard (fpc, clusterboot): highly stable; valid; a pattern whose members are
# doubtful. Below the last a segment is not to be trusted at all, so a firm one is not below it in its worst tenth of
# replicates either: a mean can hide that a segment dissolves now and then.
PATTERN_JACCARD = 0.6

WORST = 0.1  # the share of replicates that the worst are
OTHER_SEEDS = 5
OTHER_STARTS = 10  # as many as who calls `KMeans` with its usual number of starts


def grade(jaccard: float, worst: float) -> str:
    """``firm``, ``usable`` or ``do not build on``, by a segment's bootstrap Jaccard: its mean, and its worst tenth."""
    if jaccard >= FIRM_JACCARD and worst >= PATTERN_JACCARD:
        return FIRM
    return USABLE if jaccard >= USABLE_JACCARD else WEAK


def worst_tenth(similarity: np.ndarray) -> np.ndarray:
    """What each segment's Jaccard, of shape (replicates, k), falls to in the worst tenth of the replicates, (k,)."""
    return np.quantile(np.nan_to_num(similarity), WORST, axis=0)


def meaning(jaccard: float, worst: float) -> str:
    """What the grade means, in words that follow "this segment"."""
    if jaccard >= FIRM_JACCARD:
        if worst < PATTERN_JACCARD:
            return "comes back almost unchanged most times that the customers are drawn anew, but dissolves at times"
        return "comes back almost unchanged when the customers are drawn anew"
    if jaccard >= USABLE_JACCARD:
        return "comes back when the customers are drawn anew, with some members exchanged"
    if jaccard >= PATTERN_JACCARD:
        return "comes back as a pattern, but who belongs to it is doubtful"
    return "does not come back when the customers are drawn anew"


def stability(
    X: np.ndarray,
    clustering: Clustering,
    *,
    seed: int,
    replicates: int | None = None,
    algorithm: str = "kmeans",
    levels: np.ndarray | None = None,
) -> dict[str, Any]:
    """Stability of a partition as plain values for ``metrics.json``.

    Keys: ``ari`` (mean bootstrap ARI), ``jaccard``, ``jaccard_low`` (the worst tenth of replicates), ``grades`` and
    ``meanings`` (one a segment), ``seeds_ari`` (mean agreement with what five other seeds find, K-Means from ten starts
    on the rows that replicates draw from; left out where nothing is random), ``kept`` (where ``levels`` are given, of
    K-Means: the share of customers of each level who stay with their segment), ``replicates`` and ``rows`` (customers
    that a replicate drew from). Every replicate is fitted by the partition's own algorithm.

    Args:
        X: coordinates, shape (n, features).
        clustering: the partition of X.
        replicates: how many; by default as many as the algorithm has time for.
        levels: of each customer, from 0 on, shape (n,), such as how sure the placement is.
    """
    ari, similarity, kept, rows = resampled(
        X, clustering, seed=seed, replicates=replicates, algorithm=algorithm, levels=levels
    )
    if algorithm == "kmeans":
        drawn = sample_rows(len(X), seed)
        seeds = seeds_agreement(X[drawn], clustering.labels[drawn], seed=seed)
    else:
        seeds = subsampling.seeds_agreement(algorithm, X, clustering, seeds=_other_seeds(seed))
    jaccard, worst = mean_jaccard(similarity).tolist(), worst_tenth(similarity).tolist()
    return {
        "ari": float(ari.mean()),
        "jaccard": jaccard,
        "jaccard_low": worst,
        "grades": [grade(*pair) for pair in zip(jaccard, worst, strict=True)],
        "meanings": [meaning(*pair) for pair in zip(jaccard, worst, strict=True)],
        **({} if seeds is None else {"seeds_ari": seeds}),
        **({} if kept is None or levels is None else {"kept": _means(kept)}),
        "replicates": len(ari),
        "rows": rows,
    }


def _means(shares: np.ndarray) -> list[float | None]:
    """Mean over replicates of each level's share; None of one that nobody was drawn of."""
    known = ~np.isnan(shares)
    sums = np.where(known, shares, 0.0).sum(axis=0)
    return [float(total / count) if count else None for total, count in zip(sums, known.sum(axis=0), strict=True)]


def resampled(
    X: np.ndarray,
    clustering: Clustering,
    *,
    seed: int,
    replicates: int | None = None,
    algorithm: str = "kmeans",
    levels: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, int]:
    """Agreement of a partition with those of replicates: K-Means by ``bootstrap``, all others by ``subsampling``.

    Returns:
        Adjusted Rand index, shape (replicates,), Jaccard similarity of each segment, shape (replicates, k), by level
        the share who stay with their segment (of K-Means alone), and how many customers a replicate drew from.
    """
    if algorithm != "kmeans":
        agreement = subsampling.refit(algorithm, X, clustering, seed=seed, count=replicates)
        return *agreement, None, min(len(X), subsampling.MOST_ROWS)
    rows = sample_rows(len(X), seed)
    count = replicates or ALGORITHMS[algorithm].replicates
    drawn = None if levels is None else levels[rows]
    agreement = bootstrap(X[rows], clustering.labels[rows], seed=seed, replicates=count, levels=drawn)
    return *agreement, len(rows)


def seeds_agreement(X: np.ndarray, labels: np.ndarray, *, seed: int) -> float:
    """Mean ARI of ``labels`` (n,) with what ten starts from each of other seeds find."""
    from sklearn.metrics import adjusted_rand_score

    k = int(labels.max()) + 1
    others = [kmeans(X, k, seed=other, max_starts=OTHER_STARTS) for other in _other_seeds(seed)]
    return float(np.mean([adjusted_rand_score(labels, other.labels) for other in others]))


def _other_seeds(seed: int) -> list[int]:
    return [seed + 1_000 * number for number in range(1, OTHER_SEEDS + 1)]
