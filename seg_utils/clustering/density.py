"""Algorithms that take dense regions for segments and leave the customers between them out as outliers."""

import numpy as np
from sklearn.cluster import DBSCAN, HDBSCAN
from sklearn.neighbors import NearestNeighbors

from seg_utils.clustering.condensing import by_exemplars
from seg_utils.clustering.partition import Clustering
from seg_utils.clustering.placement import OUTLIERS
from seg_utils.clustering.sampling import sample
from seg_utils.errors import NoSegmentsError
from seg_utils.parameters import K_RANGE

MOST_OUTLIERS = 0.5
"""More customers than this share in no segment: what is left describes too few of them."""

MOST_IN_ONE = 0.95
"""One segment with more than this share of those in any: the others are specks on its edge."""

LEAST_SHARE = 0.01
"""HDBSCAN: a denser region with fewer customers than this share is no segment."""


def dbscan(rows: np.ndarray, k: int | None, seed: int) -> Clustering:
    """DBSCAN with twice as many neighbours as dimensions (Sander et al. 1998) and the radius at the knee of the
    sorted distances to the last of those neighbours."""
    few = sample(rows, seed)
    neighbours = min(2 * rows.shape[1], len(few))
    labels = DBSCAN(eps=radius(few, neighbours), min_samples=neighbours).fit_predict(few)
    return _reportable("DBSCAN", rows, few, labels)


def hdbscan(rows: np.ndarray, k: int | None, seed: int) -> Clustering:
    """HDBSCAN; a segment has at least ``LEAST_SHARE`` of the customers, and twice as many as dimensions."""
    few = sample(rows, seed)
    neighbours = min(2 * rows.shape[1], len(few))
    least = max(2, neighbours, round(LEAST_SHARE * len(few)))
    labels = HDBSCAN(min_cluster_size=least, min_samples=neighbours, copy=True).fit_predict(few)
    return _reportable("HDBSCAN", rows, few, labels)


def radius(rows: np.ndarray, neighbours: int) -> float:
    """Knee of the sorted distances to the given nearest neighbour, oneself included.

    The knee is where the curve lies farthest below the line between its ends (Kneedle, Satopää et al. 2011), looked for
    along the whole curve: the first of the local knees, which kneed gives, lies among the last few outliers.
    """
    distances = np.sort(NearestNeighbors(n_neighbors=neighbours).fit(rows).kneighbors(rows)[0][:, -1])
    rise = distances[-1] - distances[0]
    line = distances[0] + rise * np.linspace(0.0, 1.0, len(distances))
    found = float(distances[(line - distances).argmax()])
    if found > 0:
        return found
    return float(distances[distances > 0][0]) if distances[-1] > 0 else 1.0  # most have many equals


def _reportable(name: str, rows: np.ndarray, few: np.ndarray, labels: np.ndarray) -> Clustering:
    """The clustering, or why it holds no segments to report."""
    _check(name, labels)
    return by_exemplars(rows, few, labels)


def _check(name: str, labels: np.ndarray) -> None:
    sizes = np.sort(np.bincount(labels[labels != OUTLIERS]))[::-1]
    outliers = len(labels) - sizes.sum()
    if len(sizes) == 0:
        came_out = "no cluster at all"
    elif len(sizes) == 1:
        came_out = f"one cluster of {sizes[0]:,} customers"
    elif outliers > MOST_OUTLIERS * len(labels):
        came_out = f"{len(sizes)} clusters that leave out most customers"
    elif sizes[0] > MOST_IN_ONE * sizes.sum():
        came_out = f"one cluster of {sizes[0]:,} customers, {sizes[1:].sum():,} in small ones,"
    elif len(sizes) > K_RANGE[-1]:
        came_out = f"{len(sizes)} clusters, more than a report can tell apart,"
    else:
        return
    raise NoSegmentsError(
        f"{name} finds {came_out} and {outliers:,} outliers in this space: no segments to report; try ALGORITHM=kmeans"
    )
