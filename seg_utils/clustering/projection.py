"""Customers on a plane, for the picture only: nothing is clustered on principal components."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


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
        """Plain values for JSON."""
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
