"""Algorithms that take dense regions for segments and leave the customers between them out as outliers."""

import numpy as np

from seg_utils.clustering.partition import Clustering, by_exemplars, sample
from seg_utils.clustering.placement import OUTLIERS
from seg_utils.core.errors import NoSegmentsError
from seg_utils.core.parameters import K_RANGE

MOST_OUTLIERS = 1 / 3  # more customers than this share in no segment: what is left describes too few of them
MOST_IN_ONE = 0.9  # one segment with more than this share of those in any: the others are specks on its edge

# Shares of the customers who have their neighbours within a radius; with fewer, most would be outliers
REACHED = np.arange(0.95, 0.25, -0.05)

JUDGED_ROWS = 2_000  # radii are compared on a sample of so many customers
LEAST_SHARE = 0.01  # a dense region with fewer customers than this share is no segment: its customers are outliers


def dbscan(rows: np.ndarray, k: int | None, seed: int) -> Clustering:
    """DBSCAN with twice as many neighbours as dimensions (Sander et al. 1998).

    Its radius is the knee of the sorted distances to the last of those neighbours, or a shorter one on that curve where
    the knee's joins groups by bridges of a few customers: of those that leave something to report, the one whose
    customers are nearest to their own segment, outliers counting nothing.
    """
    from sklearn.cluster import DBSCAN
    from sklearn.neighbors import NearestNeighbors

    few = sample(rows, seed)
    neighbours = min(2 * rows.shape[1], len(few))
    distances = np.sort(NearestNeighbors(n_neighbors=neighbours).fit(few).kneighbors(few)[0][:, -1])
    tried = [radius(distances)]
    tried += [eps for eps in np.quantile(distances, REACHED).tolist() if 0 < eps < tried[0]]
    partitions = [_without_specks(DBSCAN(eps=eps, min_samples=neighbours).fit_predict(few)) for eps in tried]
    reasons = [_unreportable(labels) for labels in partitions]
    if all(reasons):
        name = f"DBSCAN (radius {tried[0]:.3g}, {neighbours} neighbours)"
        raise _nothing(name, reasons[0], f", and nothing to report at radii down to {tried[-1]:.3g}")
    sound = [labels for labels, why_not in zip(partitions, reasons, strict=True) if not why_not]
    return by_exemplars(rows, few, max(sound, key=lambda labels: _separation(few, labels, seed)))


def hdbscan(rows: np.ndarray, k: int | None, seed: int) -> Clustering:
    """HDBSCAN; a segment has at least ``LEAST_SHARE`` of the customers, and twice as many as dimensions."""
    from sklearn.cluster import HDBSCAN

    few = sample(rows, seed)
    neighbours = min(2 * rows.shape[1], len(few))
    least = max(2, neighbours, round(LEAST_SHARE * len(few)))
    labels = HDBSCAN(min_cluster_size=least, min_samples=neighbours, copy=True).fit_predict(few)
    if reason := _unreportable(labels):
        raise _nothing("HDBSCAN", reason)
    return by_exemplars(rows, few, labels)


def radius(distances: np.ndarray) -> float:
    """Knee of sorted distances to a nearest neighbour.

    The knee is where the curve lies farthest below the line between its ends (Kneedle, Satopää et al. 2011), looked for
    along the whole curve: the first of the local knees, which kneed gives, lies among the last few outliers.
    """
    rise = distances[-1] - distances[0]
    line = distances[0] + rise * np.linspace(0.0, 1.0, len(distances))
    knee = float(distances[(line - distances).argmax()])
    if knee > 0:
        return knee
    return float(distances[distances > 0][0]) if distances[-1] > 0 else 1.0  # most have many equals


def _without_specks(labels: np.ndarray) -> np.ndarray:
    """Labels in which dense regions below ``LEAST_SHARE`` are outliers, the others numbered anew."""
    sizes = np.bincount(labels[labels != OUTLIERS])
    kept = sizes >= LEAST_SHARE * len(labels)
    numbers = np.append(np.where(kept, np.cumsum(kept) - 1, OUTLIERS), OUTLIERS)  # the last stands for outliers
    return numbers[labels]


def _unreportable(labels: np.ndarray) -> str:
    """Why labels hold no segments to report; empty where they do."""
    sizes = np.sort(np.bincount(labels[labels != OUTLIERS]))[::-1]
    outliers = f"and {len(labels) - sizes.sum():,} outliers"
    if len(sizes) == 0:
        return f"no cluster at all {outliers}"
    if len(sizes) == 1:
        return f"one cluster of {sizes[0]:,} customers {outliers}"
    if sizes.sum() < (1 - MOST_OUTLIERS) * len(labels):
        return f"{len(sizes)} clusters of {sizes.sum():,} customers, too few in all, {outliers}"
    if sizes[0] > MOST_IN_ONE * sizes.sum():
        return f"one cluster of {sizes[0]:,} customers, {sizes[1:].sum():,} in small ones, {outliers}"
    if len(sizes) > K_RANGE[-1]:
        return f"{len(sizes)} clusters, more than a report can tell apart, {outliers}"
    return ""


def _separation(rows: np.ndarray, labels: np.ndarray, seed: int) -> float:
    """Mean silhouette of a sample, outliers counting as 0."""
    from sklearn.metrics import silhouette_score

    inside = np.flatnonzero(labels != OUTLIERS)
    drawn = np.random.default_rng(seed).permutation(inside)[:JUDGED_ROWS]
    if len(np.unique(labels[drawn])) < 2:
        return 0.0
    return len(inside) / len(rows) * float(silhouette_score(rows[drawn], labels[drawn]))


def _nothing(name: str, outcome: str, also: str = "") -> NoSegmentsError:
    return NoSegmentsError(f"{name} finds {outcome} in this space{also}: no segments to report; try ALGORITHM=kmeans")
