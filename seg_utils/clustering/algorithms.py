"""Every clustering algorithm behind one call: ``fit(algorithm, X, k, seed=…)``.

All of them end in a ``Clustering`` whose rule places every customer it was made from in that customer's own segment.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits

from seg_utils.clustering import density, gaussian_mixture, hierarchical, minibatch
from seg_utils.clustering.k_means import kmeans
from seg_utils.clustering.partition import Clustering, check_distinct, in_order
from seg_utils.core.algorithms import ALGORITHMS

__all__ = ["ALGORITHMS", "fit"]

_FITS: dict[str, Callable[[np.ndarray, int | None, int], Clustering]] = {
    "minibatch": minibatch.fit,
    "gmm": gaussian_mixture.fit,
    "ward": hierarchical.fit,
    "dbscan": density.dbscan,
    "hdbscan": density.hdbscan,
}


def fit(algorithm: str, X: ArrayLike, k: int | None, *, seed: int) -> Clustering:
    """Partition customers by one of ``ALGORITHMS``. The order of the rows and the number of cores do not matter.

    Args:
        algorithm: ``kmeans``; ``minibatch`` (Sculley 2010); ``gmm``, a mixture of Gaussians with full covariances;
            ``ward``, agglomerative clustering by Ward's criterion; ``dbscan`` (Ester et al. 1996); ``hdbscan``
            (Campello, Moulavi & Sander 2013).
        X: coordinates, an array or DataFrame of shape (n, dimensions). Beyond ``sampling.MOST_ROWS`` customers all but
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
        found = _FITS[algorithm](rows, k, seed)
    labels = np.empty(len(X), dtype=np.int64)
    labels[order] = found.labels
    return replace(found, labels=labels)
