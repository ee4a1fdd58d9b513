"""What places a customer in a segment: plain numbers, one rule for each family of algorithms.

Every placement ranks the segments for a customer, says which one it is (or that it is none: an outlier), and how sure
that is. The rules are simple enough to be repeated in another language to the last segment.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

OUTLIERS = -1  # the segment of customers who belong to none
BLOCK = 2048  # customers whose distances to all exemplars are held in memory at a time


class Placed(NamedTuple):
    """``segment`` (n,), ``OUTLIERS`` for none; ``order`` (n, k): the segments, nearest first; ``confidence`` (n,).

    A customer's segment is the first in the order; only outliers have an order without being in its first segment.
    """

    segment: np.ndarray
    order: np.ndarray
    confidence: np.ndarray


class Placement(Protocol):
    """Places customers, given as coordinates of shape (n, dimensions of the space)."""

    kind: ClassVar[str]

    def place(self, X: np.ndarray) -> Placed:
        """Segment, ranking and confidence of each customer."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""


@dataclass(frozen=True, eq=False)
class Centres:
    """The nearest centre decides. ``centres``: (k, dimensions).

    Confidence is one minus the ratio of the distances to the nearest and to the next centre: 1 at the centre, 0 on the
    border between the two.
    """

    centres: np.ndarray
    kind: ClassVar[str] = "centres"

    def place(self, X: np.ndarray) -> Placed:
        """Segment, ranking and confidence of each customer."""
        return self.placed(euclidean(X, self.centres))

    def placed(self, distances: np.ndarray) -> Placed:
        """``place`` of customers whose distances (n, k) to the centres are known."""
        order = ranked(distances)
        return Placed(order[:, 0], order, _lead(distances, order))

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "centres": self.centres.tolist()}


@dataclass(frozen=True, eq=False)
class Mixture:
    """The most probable component of a Gaussian mixture decides; its probability is the confidence.

    ``weights`` (k,); ``means`` (k, d); ``precisions`` (k, d, d): Cholesky factors P of the inverse covariances, so that
    a component's squared Mahalanobis distance is ``|| (x - mean) @ P ||²``.
    """

    weights: np.ndarray
    means: np.ndarray
    precisions: np.ndarray
    kind: ClassVar[str] = "mixture"

    def place(self, X: np.ndarray) -> Placed:
        """Segment, ranking and confidence of each customer."""
        probabilities = self.memberships(X)
        order = ranked(-probabilities)
        return Placed(order[:, 0], order, np.take_along_axis(probabilities, order[:, :1], axis=1)[:, 0])

    def memberships(self, X: np.ndarray) -> np.ndarray:
        """Probability of each segment, shape (n, k): soft membership."""
        score = np.empty((len(X), len(self.weights)))
        for segment, (weight, mean, precision) in enumerate(
            zip(self.weights, self.means, self.precisions, strict=True)
        ):
            squared = (((X - mean) @ precision) ** 2).sum(axis=1)
            score[:, segment] = np.log(weight) + np.log(np.diagonal(precision)).sum() - 0.5 * squared
        score = np.exp(score - score.max(axis=1, keepdims=True))
        return score / score.sum(axis=1, keepdims=True)

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "weights": self.weights.tolist(),
            "means": self.means.tolist(),
            "precisions": self.precisions.tolist(),
        }


@dataclass(frozen=True, eq=False)
class Exemplars:
    """The most similar exemplar decides: for segments of any shape. ``points`` (m, d); ``segments`` (m,), with
    ``OUTLIERS`` among them where the algorithm leaves customers out.

    Confidence is one minus the ratio of the distance to the nearest exemplar and to the nearest one of another segment.
    """

    points: np.ndarray
    segments: np.ndarray
    kind: ClassVar[str] = "exemplars"

    def place(self, X: np.ndarray) -> Placed:
        """Segment, ranking and confidence of each customer."""
        groups = np.unique(self.segments)  # outliers, where there are any, come first
        distances = np.concatenate([self._distances(X[i : i + BLOCK], groups) for i in range(0, max(len(X), 1), BLOCK)])
        nearest = groups[ranked(distances)[:, 0]]
        of_segments = distances[:, groups != OUTLIERS]
        return Placed(nearest, ranked(of_segments), _lead(distances, ranked(distances)))

    def _distances(self, X: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Distance to the nearest exemplar of each group, shape (rows of X, groups)."""
        from scipy.spatial.distance import cdist  # exact differences: a training customer is at distance zero

        to_points = cdist(X, self.points)
        return np.column_stack([to_points[:, self.segments == group].min(axis=1) for group in groups])

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "points": self.points.tolist(), "segments": self.segments.tolist()}


def from_dict(raw: dict[str, Any]) -> Placement:
    """Back from a placement's ``to_dict``, equal to the bit."""
    arrays = {name: np.asarray(value) for name, value in raw.items() if name != "kind"}
    return {kind.kind: kind for kind in (Centres, Mixture, Exemplars)}[raw["kind"]](**arrays)


def euclidean(X: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Distances (n, points) in units of the space; one point at a time, so that no large block is held."""
    distances = np.empty((len(X), len(points)))
    for column, point in enumerate(points):
        distances[:, column] = np.sqrt(((X - point) ** 2).sum(axis=1))
    return distances


def ranked(distances: np.ndarray) -> np.ndarray:
    """Columns by value, smallest first, shape as ``distances``; the first of equal ones comes first."""
    return distances.argsort(axis=1, kind="stable")


def _lead(distances: np.ndarray, order: np.ndarray) -> np.ndarray:
    nearest, following = np.take_along_axis(distances, order[:, :2], axis=1).T
    return 1.0 - np.divide(nearest, following, out=np.ones_like(nearest), where=following > 0)


@dataclass(frozen=True, eq=False)
class Plane:
    """The first two principal components: ``center`` (dimensions,), ``axes`` (2, dimensions) and the share of the
    variance that each of the two explains."""

    center: np.ndarray
    axes: np.ndarray
    explained: tuple[float, float]

    def project(self, X: ArrayLike) -> np.ndarray:
        """Coordinates on the plane, shape (n, 2), of an array or DataFrame of shape (n, dimensions)."""
        return (np.ascontiguousarray(X) - self.center) @ self.axes.T

    def to_dict(self) -> dict[str, Any]:
        return {"center": self.center.tolist(), "axes": self.axes.tolist(), "explained": list(self.explained)}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "Plane":
        """Back from ``to_dict``, equal to the bit."""
        return cls(np.asarray(raw["center"]), np.asarray(raw["axes"]), tuple(raw["explained"]))


def principal_components(X: np.ndarray) -> Plane:
    """The plane of most variance; each axis signed so that its largest loading is positive.

    Args:
        X: coordinates, shape (n, dimensions). Of a single dimension the second axis is 0.
    """
    from sklearn.decomposition import PCA

    if X.shape[1] == 1:
        return Plane(X.mean(axis=0), np.array([[1.0], [0.0]]), (1.0, 0.0))
    fitted = PCA(n_components=2, svd_solver="full").fit(X)
    loadings = fitted.components_
    signs = np.sign(loadings[np.arange(2), np.abs(loadings).argmax(axis=1)])
    return Plane(fitted.mean_, loadings * signs[:, None], tuple(fitted.explained_variance_ratio_.tolist()))
