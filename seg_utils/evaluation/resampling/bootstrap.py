"""Bootstrap stability (Hennig 2007, fpc's clusterboot): does each segment come back on other customers?"""

import numpy as np
from sklearn.metrics import adjusted_rand_score

from seg_utils.clustering import best_start
from seg_utils.core.threads import parallel

STARTS = 8


def bootstrap(
    X: np.ndarray, labels: np.ndarray, *, seed: int, replicates: int, starts: int = STARTS
) -> tuple[np.ndarray, np.ndarray]:
    """Agreement of a partition with those of bootstrap replicates, each fitted afresh.

    A replicate is compared on the customers it drew. Warm starts from the partition itself would hide instability.

    Args:
        X: coordinates, shape (n, features).
        labels: the partition, shape (n,), holding 0..k-1.
        replicates: how many; replicate i is the same whatever the number of cores or replicates.
        starts: of K-Means on each replicate, at most.

    Returns:
        Adjusted Rand index, shape (replicates,), and Jaccard similarity of each segment to its best counterpart,
        shape (replicates, k), NaN where a replicate drew nobody of a segment.
    """
    results = parallel(
        lambda number: _replicate(X, labels, np.random.default_rng([seed, 1, number]), starts), range(replicates)
    )
    return np.array([ari for ari, _ in results]), np.array([jaccard for _, jaccard in results])


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


def _replicate(X: np.ndarray, labels: np.ndarray, random: np.random.Generator, starts: int) -> tuple[float, np.ndarray]:
    k = int(labels.max()) + 1
    counts = np.bincount(random.integers(len(X), size=len(X)), minlength=len(X))
    drawn = np.flatnonzero(counts)
    similarity = np.full(k, np.nan)
    if len(drawn) < k:
        return 0.0, np.zeros(k)
    weights = counts[drawn].astype(float)  # a customer drawn twice counts twice, and is stored once
    run = best_start(X[drawn], k, seed=int(random.integers(2**31)), starts=starts, weights=weights)
    found = jaccards(labels[drawn], run.labels)
    similarity[: len(found)] = found
    return float(adjusted_rand_score(labels[drawn], run.labels)), similarity
