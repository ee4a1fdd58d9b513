"""Partitions of customers with canonical segment ids: the largest segment is 0."""

from dataclasses import dataclass

import numpy as np

from seg_utils.clustering.placement import OUTLIERS, Centres, Placement, euclidean


@dataclass(frozen=True)
class Clustering:
    """A partition of n customers into k segments, the largest first.

    ``labels`` has shape (n,) and holds 0..k-1, and ``OUTLIERS`` for customers in none; ``centroids`` (k, dimensions)
    are the means of the segments. ``rule`` places customers; where it is None the nearest centroid does.
    """

    labels: np.ndarray
    centroids: np.ndarray
    inertia: float
    starts: int
    hits: int
    rule: Placement | None = None

    @property
    def k(self) -> int:
        """Number of segments."""
        return len(self.centroids)

    @property
    def hit_rate(self) -> float:
        """Share of the starts that found the best optimum."""
        return self.hits / self.starts

    @property
    def sizes(self) -> np.ndarray:
        """Customers in each segment, shape (k,)."""
        return np.bincount(self.labels[self.labels != OUTLIERS], minlength=self.k)

    @property
    def outliers(self) -> int:
        """Customers in no segment."""
        return int((self.labels == OUTLIERS).sum())

    @property
    def placement(self) -> Placement:
        """What places a customer in a segment."""
        return self.rule or Centres(self.centroids)


def canonical(labels: np.ndarray, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Renumber segments: the largest is 0, ties by centroid. Returns labels (n,) and centroids (k, features)."""
    sizes = np.bincount(labels, minlength=len(centroids))
    order = sorted(range(len(centroids)), key=lambda segment: (-sizes[segment], *centroids[segment].tolist()))
    renumbered = np.empty(len(order), dtype=np.int64)
    renumbered[order] = np.arange(len(order))
    return renumbered[labels], centroids[order]


def assign(X: np.ndarray, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nearest segment and distances to all: labels (n,), distances (n, k) in units of the space."""
    distances = euclidean(X, centroids)
    return distances.argmin(axis=1), distances
