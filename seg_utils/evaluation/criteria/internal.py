"""Criteria of one partition that need no replicate: within-segment spread, Davies-Bouldin, Calinski-Harabasz."""

from collections.abc import Sequence

import numpy as np


def centroids_of(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean of each segment, shape (k, features)."""
    counts = np.bincount(labels)
    sums = np.stack([np.bincount(labels, weights=column, minlength=len(counts)) for column in X.T], axis=1)
    return sums / counts[:, None]


def davies_bouldin(X: np.ndarray, labels: np.ndarray) -> float:
    """Mean over segments of the worst ratio of spread to distance (Davies & Bouldin 1979); lower is better."""
    centroids = centroids_of(X, labels)
    distance = np.sqrt(((X - centroids[labels]) ** 2).sum(axis=1))
    spread = np.bincount(labels, weights=distance) / np.bincount(labels)
    apart = np.sqrt(((centroids[:, None] - centroids[None]) ** 2).sum(axis=2))
    apart[apart == 0] = np.inf
    return float(((spread[:, None] + spread[None]) / apart).max(axis=1).mean())


def calinski_harabasz(X: np.ndarray, labels: np.ndarray) -> float:
    """Between-segment variance over within-segment variance (Caliński & Harabasz 1974); higher is better."""
    centroids = centroids_of(X, labels)
    k, n = len(centroids), len(X)
    within = ((X - centroids[labels]) ** 2).sum()
    between = (np.bincount(labels)[:, None] * (centroids - X.mean(axis=0)) ** 2).sum()
    return float(between * (n - k) / (within * (k - 1))) if within > 0 else 1.0


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int | None:
    """Elbow of the inertia curve by kneed (Satopää et al. 2011), ``None`` where the curve has none."""
    from kneed import KneeLocator

    if len(ks) < 3 or min(inertias) == max(inertias):
        return None
    found = KneeLocator(list(ks), list(inertias), curve="convex", direction="decreasing").knee
    return None if found is None else int(found)


def elbow_by_range(ks: Sequence[int], inertias: Sequence[float]) -> dict[int, int | None]:
    """Elbow for every range that ends at k or later: how much it depends on how far one looked."""
    return {ks[end - 1]: elbow(ks[:end], inertias[:end]) for end in range(3, len(ks) + 1)}
