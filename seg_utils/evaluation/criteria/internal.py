"""The means of segments, and the elbow of their inertia."""

from collections.abc import Sequence

import numpy as np


def centroids_of(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean of each segment, shape (k, features)."""
    counts = np.bincount(labels)
    sums = np.stack([np.bincount(labels, weights=column) for column in X.T], axis=1)
    return sums / counts[:, None]


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int | None:
    """Elbow of the inertia curve by kneed (Satopää et al. 2011), ``None`` where the curve has none."""
    from kneed import KneeLocator

    if len(ks) < 3 or min(inertias) == max(inertias):
        return None
    knee = KneeLocator(list(ks), list(inertias), curve="convex", direction="decreasing").knee
    return None if knee is None else int(knee)


def elbow_by_range(ks: Sequence[int], inertias: Sequence[float]) -> dict[int, int | None]:
    """Elbow for every range that ends at k or later: how much it depends on how far one looked."""
    return {ks[end - 1]: elbow(ks[:end], inertias[:end]) for end in range(3, len(ks) + 1)}
