"""Agglomerative clustering, by Ward's criterion unless another linkage is asked for."""

import numpy as np

from seg_utils.clustering.exemplars import by_exemplars
from seg_utils.clustering.partition import Clustering
from seg_utils.clustering.sampling import sample


def fit(rows: np.ndarray, k: int, seed: int, linkage: str = "ward") -> Clustering:
    """The tree of all rows (beyond ``sampling.MOST_ROWS``, of a sample) cut into k segments.

    Args:
        rows: sorted coordinates, shape (n, dimensions).
        k: number of segments.
        seed: draws the sample.
        linkage: how far apart two branches are: ``ward``, ``complete``, ``average`` or ``single``.
    """
    from sklearn.cluster import AgglomerativeClustering

    few = sample(rows, seed)
    return by_exemplars(rows, few, AgglomerativeClustering(k, linkage=linkage).fit_predict(few))
