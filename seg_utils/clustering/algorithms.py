"""Every clustering algorithm behind one call: ``fit(algorithm, X, k, seed=…)``.

All of them end in a ``Clustering`` whose rule places every customer it was made from in that customer's own segment.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits

from seg_utils.clustering import density, gaussian_mixture
from seg_utils.clustering.k_means import kmeans
from seg_utils.clustering.partition import (
    Clustering,
    assign,
    by_exemplars,
    check_distinct,
    described,
    empty_segment,
    in_order,
    renumbering,
    sample,
)
from seg_utils.clustering.placement import Centres
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.errors import UserError
from seg_utils.core.threads import parallel

STARTS = 20

# Starts within this share of the best inertia count as hits: batches stop near an optimum, never at it
HIT_TOLERANCE = 0.01


def minibatch(rows: np.ndarray, k: int, seed: int) -> Clustering:
    """The best of some starts, by the inertia over all rows; the nearest of its centres places customers."""
    with tolerating_duplicates():
        centres = parallel(lambda start: _centres(rows, k, seed + start), range(STARTS))
    whole = [
        partition
        for partition in (_partition(rows, reached) for reached in centres)
        if len(np.unique(partition[1])) == k
    ]
    if not whole:
        raise empty_segment("MiniBatch K-Means", k, STARTS)
    best = min(inertia for inertia, _, _ in whole)
    _, labels, centres = next(partition for partition in whole if partition[0] == best)
    number = renumbering(rows, labels)
    ordered = np.empty_like(centres)
    ordered[number] = centres
    hits = sum(inertia <= best * (1 + HIT_TOLERANCE) for inertia, _, _ in whole)
    return described(rows, number[labels], Centres(ordered), starts=STARTS, hits=hits)


@contextmanager
def tolerating_duplicates() -> Iterator[None]:
    """Equal customers may leave K-Means with an empty segment; that start then loses, and needs no warning."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def _centres(rows: np.ndarray, k: int, seed: int) -> np.ndarray:
    from sklearn.cluster import MiniBatchKMeans

    return MiniBatchKMeans(k, n_init=1, random_state=seed).fit(rows).cluster_centers_


def _partition(rows: np.ndarray, centres: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    labels, distances = assign(rows, centres)
    return float((distances.min(axis=1) ** 2).sum()), labels, centres


def ward(rows: np.ndarray, k: int, seed: int, linkage: str = "ward") -> Clustering:
    """The tree of all rows (sorted; beyond ``partition.MOST_ROWS``, of a sample) cut into k segments; branches are as
    far apart as ``ward``, ``complete``, ``average`` or ``single`` linkage says."""
    from sklearn.cluster import AgglomerativeClustering

    few = sample(rows, seed)
    return by_exemplars(rows, few, AgglomerativeClustering(k, linkage=linkage).fit_predict(few))


__all__ = ["ALGORITHMS", "fit"]

_FITS: dict[str, Callable[[np.ndarray, int | None, int], Clustering]] = {
    "minibatch": minibatch,
    "gmm": gaussian_mixture.fit,
    "ward": ward,
    "dbscan": density.dbscan,
    "hdbscan": density.hdbscan,
}
if without := ALGORITHMS.keys() - {"kmeans", *_FITS}:
    raise UserError(
        f"ALGORITHMS of seg_utils/core/algorithms.py names {', '.join(sorted(without))} without a function; "
        "add it to _FITS of seg_utils/clustering/algorithms.py"
    )


def fit(algorithm: str, X: ArrayLike, k: int | None, *, seed: int) -> Clustering:
    """Partition customers by one of ``ALGORITHMS``. The order of the rows and the number of cores do not matter.

    Args:
        algorithm: ``kmeans``; ``minibatch`` (Sculley 2010); ``gmm``, a mixture of Gaussians with full covariances;
            ``ward``, agglomerative clustering by Ward's criterion; ``dbscan`` (Ester et al. 1996); ``hdbscan``
            (Campello, Moulavi & Sander 2013).
        X: coordinates, an array or DataFrame of shape (n, dimensions). Beyond ``partition.MOST_ROWS`` customers all but
            the K-Means kinds are fitted on a seeded sample, and the others are placed by what was found.
        k: number of segments; not looked at by those that find their own.

    Raises:
        ParameterError: there are fewer than ``k`` different customers, or a mixture leaves a component empty.
        NoSegmentsError: an algorithm that finds its own k found nothing that could be reported as segments.
    """
    X = np.ascontiguousarray(X, dtype=np.float64)
    if algorithm == "kmeans":
        return kmeans(X, k, seed=seed)
    order = in_order(X)
    rows = np.ascontiguousarray(X[order])
    if not ALGORITHMS[algorithm].finds_k:
        check_distinct(rows, k)
    with threadpool_limits(1):
        clustering = _FITS[algorithm](rows, k, seed)
    labels = np.empty(len(X), dtype=np.int64)
    labels[order] = clustering.labels
    return replace(clustering, labels=labels)
