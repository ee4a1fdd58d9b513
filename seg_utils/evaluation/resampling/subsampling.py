"""Stability of a partition by any algorithm: does each segment come back when others are drawn?

For K-Means, ``bootstrap`` weighs customers who are drawn twice. Other algorithms would take such a customer for two in
the same place, a dense spot that is not there; so here a replicate is fitted on a random half of the customers, each
once (the "subset" scheme of Hennig's clusterboot). Halves without replacement vary as much as a bootstrap does.
"""

import numpy as np

from seg_utils.clustering import OUTLIERS, Clustering, algorithms
from seg_utils.clustering.algorithms import tolerating_duplicates
from seg_utils.clustering.partition import MOST_ROWS
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.errors import UserError
from seg_utils.core.threads import parallel
from seg_utils.evaluation.resampling.bootstrap import crosstab


def refit(
    algorithm: str, X: np.ndarray, clustering: Clustering, *, seed: int, count: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Agreement of a partition with those of replicates, each fitted afresh by the same algorithm.

    Customers in no segment count as a group of their own for the adjusted Rand index. A replicate in which the
    algorithm finds no segments agrees with nothing.

    Args:
        X: coordinates, shape (n, dimensions).
        clustering: the partition of X.
        count: how many replicates; by default as many as the algorithm has time for.

    Returns:
        Adjusted Rand index, shape (replicates,), and Jaccard similarity of each segment to its best counterpart,
        shape (replicates, k), NaN where a replicate drew nobody of a segment.
    """
    rows = np.random.default_rng(seed).permutation(len(X))[:MOST_ROWS]
    X, labels, k = X[rows], clustering.labels[rows], clustering.k

    def one(number: int) -> tuple[float, np.ndarray]:
        random = np.random.default_rng([seed, 1, number])
        drawn = np.sort(random.permutation(len(X))[: len(X) // 2])
        try:
            again = algorithms.fit(algorithm, X[drawn], k, seed=int(random.integers(2**31)))
        except UserError:
            return 0.0, np.zeros(k)
        return agreement(labels[drawn], again.labels, k)

    with tolerating_duplicates():  # filters are one for all threads: set here, none of them can lift this one
        results = parallel(one, range(count or ALGORITHMS[algorithm].replicates))
    return np.array([ari for ari, _ in results]), np.array([jaccard for _, jaccard in results])


def agreement(labels: np.ndarray, others: np.ndarray, k: int) -> tuple[float, np.ndarray]:
    """Adjusted Rand index, and Jaccard similarity of each of the k segments of ``labels``, shape (k,).

    Both may hold ``OUTLIERS``: they are no segment, and no segment's counterpart.
    """
    from sklearn.metrics import adjusted_rand_score

    last = int(others.max()) + 1
    table = crosstab(np.where(labels == OUTLIERS, k, labels), np.where(others == OUTLIERS, last, others))
    sizes = table.sum(axis=1, keepdims=True)
    shares = (table / np.maximum(sizes + table.sum(axis=0) - table, 1))[:k, :last]
    similarity = np.full(k, np.nan)
    similarity[: len(shares)] = np.where(sizes[:k, 0] > 0, shares.max(axis=1, initial=0.0), np.nan)
    return float(adjusted_rand_score(labels, others)), similarity


def seeds_agreement(algorithm: str, X: np.ndarray, clustering: Clustering, *, seeds: list[int]) -> float | None:
    """Mean adjusted Rand index of a partition with what the same algorithm finds from other seeds; None where a seed
    changes nothing."""
    from sklearn.metrics import adjusted_rand_score

    if not ALGORITHMS[algorithm].seeded and len(X) <= MOST_ROWS:
        return None
    others = []
    for seed in seeds:
        try:
            others.append(algorithms.fit(algorithm, X, clustering.k, seed=seed).labels)
        except UserError:
            others.append(np.zeros(len(X), dtype=np.int64))
    return float(np.mean([adjusted_rand_score(clustering.labels, labels) for labels in others]))
