"""Bootstrap stability (Hennig 2007, fpc's clusterboot): does each segment come back on other customers?"""

from typing import NamedTuple

import numpy as np

from seg_utils.clustering import best_start
from seg_utils.core.threads import parallel

STARTS = 8


class Bootstrap(NamedTuple):
    """Agreement of a partition with its replicates: adjusted Rand index, shape (replicates,), Jaccard similarity of
    each segment to its best counterpart, shape (replicates, k), NaN where a replicate drew nobody of a segment, and by
    level the share of customers placed in the counterpart of their own segment, shape (replicates, levels), NaN
    where a replicate drew nobody of a level."""

    ari: np.ndarray
    jaccard: np.ndarray
    kept: np.ndarray


def bootstrap(
    X: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    replicates: int,
    starts: int = STARTS,
    levels: np.ndarray | None = None,
) -> Bootstrap:
    """Agreement of a partition with those of bootstrap replicates, each fitted afresh.

    A replicate is compared on the customers it drew. Warm starts from the partition itself would hide instability.

    Args:
        X: coordinates, shape (n, features).
        labels: the partition, shape (n,), holding 0..k-1.
        replicates: how many; replicate i is the same whatever the number of cores or replicates.
        starts: of K-Means on each replicate, at most.
        levels: of each customer, from 0 on, shape (n,), such as how sure the placement is; by default all are of one.
    """
    levels = np.zeros(len(X), dtype=np.int64) if levels is None else levels
    results = parallel(
        lambda number: _replicate(X, labels, levels, np.random.default_rng([seed, 1, number]), starts),
        range(replicates),
    )
    return Bootstrap(*(np.array(column) for column in zip(*results, strict=True)))


def jaccards(labels: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Jaccard similarity of each segment of ``labels`` to its best counterpart in ``others``, shape (k,).

    A segment that ``labels`` does not hold is NaN.
    """
    table = crosstab(labels, others)
    sizes = table.sum(axis=1, keepdims=True)
    union = sizes + table.sum(axis=0, keepdims=True) - table
    return np.where(sizes[:, 0] > 0, (table / np.maximum(union, 1)).max(axis=1), np.nan)


def mean_jaccard(similarity: np.ndarray) -> np.ndarray:
    """Mean over replicates, shape (k,), of ``bootstrap``'s Jaccards; a segment never drawn counts as never found."""
    drawn = ~np.isnan(similarity)
    return np.where(drawn, similarity, 0.0).sum(axis=0) / np.maximum(drawn.sum(axis=0), 1)


def crosstab(labels: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Customers in each pair of segments, shape (segments of ``labels``, segments of ``others``)."""
    rows, columns = int(labels.max()) + 1, int(others.max()) + 1
    return np.bincount(labels * columns + others, minlength=rows * columns).reshape(rows, columns).astype(float)


def kept(labels: np.ndarray, others: np.ndarray, levels: np.ndarray, count: int) -> np.ndarray:
    """Share of customers of each level (count,) whom ``others`` puts in the counterpart of their segment of ``labels``.

    Each has one counterpart at most, so that most customers stay in all: half of a segment that comes back in two parts
    has left it.
    """
    from scipy.optimize import linear_sum_assignment

    own, theirs = linear_sum_assignment(crosstab(labels, others), maximize=True)
    counterpart = np.full(int(others.max()) + 1, -1)
    counterpart[theirs] = own
    same = counterpart[others] == labels
    drawn = np.bincount(levels, minlength=count)
    return np.where(drawn > 0, np.bincount(levels, weights=same, minlength=count) / np.maximum(drawn, 1), np.nan)


def _replicate(
    X: np.ndarray, labels: np.ndarray, levels: np.ndarray, random: np.random.Generator, starts: int
) -> tuple[float, np.ndarray, np.ndarray]:
    from sklearn.metrics import adjusted_rand_score

    k = int(labels.max()) + 1
    counts = np.bincount(random.integers(len(X), size=len(X)), minlength=len(X))
    drawn = np.flatnonzero(counts)
    similarity, count = np.full(k, np.nan), int(levels.max()) + 1
    if len(drawn) < k:
        return 0.0, np.zeros(k), np.zeros(count)
    weights = counts[drawn].astype(float)  # a customer drawn twice counts twice, and is stored once
    run = best_start(X[drawn], k, seed=int(random.integers(2**31)), starts=starts, weights=weights)
    jaccard = jaccards(labels[drawn], run.labels)
    similarity[: len(jaccard)] = jaccard
    same = kept(labels[drawn], run.labels, levels[drawn], count)
    return float(adjusted_rand_score(labels[drawn], run.labels)), similarity, same
