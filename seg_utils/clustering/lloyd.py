"""K-Means from one start after another on the same customers: scikit-learn's steps and results, to the bit.

Evidence takes thousands of starts on few arrays. ``KMeans.fit`` checks, copies, centers and measures the array anew in
each, which is a fifth of the time; here that is done once. The two functions below are scikit-learn's own but not part
of its interface: ``tests/clustering/test_lloyd.py`` holds them to ``KMeans``, whatever version is installed.
"""

from dataclasses import dataclass

import numpy as np

# Starts converge until the centers move by less than this share of the features' mean variance, as in ``KMeans``
TOLERANCE = 1e-4

MOST_ITERATIONS = 300


@dataclass(frozen=True)
class Run:
    """Where a start ended: ``labels`` (n,), ``centroids`` (k, features) and the inertia."""

    labels: np.ndarray
    centroids: np.ndarray
    inertia: float


class Lloyd:
    """Lloyd's algorithm on the same customers from any start, in one thread.

    Args:
        X: coordinates, shape (n, features).
        weights: how often each row counts, shape (n,); once by default.
    """

    def __init__(self, X: np.ndarray, weights: np.ndarray | None = None) -> None:
        X = np.ascontiguousarray(X)
        self._mean = X.mean(axis=0)
        self._variance = float(np.var(X, axis=0).mean())
        self._centered = X - self._mean  # small norms keep distances exact
        self._norms = np.einsum("ij,ij->i", self._centered, self._centered)
        self._weights = np.ones(len(X)) if weights is None else weights

    def drawn(self, k: int, seed: int) -> Run:
        """From k centers that k-means++ draws (Arthur & Vassilvitskii 2007)."""
        from sklearn.cluster._kmeans import _kmeans_plusplus

        random = np.random.RandomState(seed)
        start, _ = _kmeans_plusplus(self._centered, k, self._norms, self._weights, random)
        return self._converged(start, MOST_ITERATIONS, TOLERANCE)

    def started(self, centroids: np.ndarray, *, most: int = MOST_ITERATIONS, tolerance: float = TOLERANCE) -> Run:
        """From given centers, shape (k, features), in at most ``most`` steps, to a tolerance."""
        return self._converged(centroids - self._mean, most, tolerance)

    def _converged(self, start: np.ndarray, most: int, tolerance: float) -> Run:
        from sklearn.cluster._kmeans import _kmeans_single_lloyd

        labels, inertia, centers, _ = _kmeans_single_lloyd(
            self._centered, self._weights, start, max_iter=most, tol=tolerance * self._variance, n_threads=1
        )
        return Run(labels, centers + self._mean, float(inertia))
