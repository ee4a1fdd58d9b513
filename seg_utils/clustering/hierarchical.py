"""Agglomerative clustering by Ward's criterion."""

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from seg_utils.clustering.exemplars import by_exemplars
from seg_utils.clustering.partition import Clustering
from seg_utils.clustering.sampling import sample


def fit(rows: np.ndarray, k: int, seed: int) -> Clustering:
    """The tree of all rows (beyond ``sampling.MOST_ROWS``, of a sample) cut into k segments."""
    few = sample(rows, seed)
    return by_exemplars(rows, few, AgglomerativeClustering(k, linkage="ward").fit_predict(few))
