"""Customers on a plane, for the picture only: nothing is clustered on principal components."""

import numpy as np
from sklearn.decomposition import PCA


def principal_components(X: np.ndarray) -> tuple[np.ndarray, list[float]]:
    """First two principal components.

    Args:
        X: coordinates, shape (n, features). A single feature is the first component; the second is 0 for all.

    Returns:
        Coordinates (n, 2), each component signed so that its largest loading is positive, and the share of the
        variance that each of the two explains.
    """
    if X.shape[1] == 1:
        return np.column_stack([X, np.zeros(len(X))]), [1.0, 0.0]
    fitted = PCA(n_components=2, svd_solver="full").fit(X)
    loadings = fitted.components_
    signs = np.sign(loadings[np.arange(2), np.abs(loadings).argmax(axis=1)])
    return fitted.transform(X) * signs, fitted.explained_variance_ratio_.tolist()
