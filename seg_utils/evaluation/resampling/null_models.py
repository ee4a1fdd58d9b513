"""Customers without groups, to compare real ones with.

Three kinds: uniform over a box, as in the gap statistic; lookalikes, whose every column is distributed as the
real one, whose columns are correlated as the real ones, and zero together where the real ones are, but which hold no
groups beyond that; and lookalikes along one smooth curve through the real ones, however it bends.
"""

import numpy as np

from seg_utils.evaluation.criteria.internal import centroids_of
from seg_utils.evaluation.zero_patterns import switches

MATCHING_ROUNDS = 6
SMALLEST_EIGENVALUE = 1e-6

NEIGHBORS = 10  # a customer's nearest neighbors, as far as whom the order along the data reaches


def uniform_box(X: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """As many points as X has, uniform over the box that X fills along its principal axes."""
    center = X.mean(axis=0)
    axes = np.linalg.svd(X - center, full_matrices=False)[2]
    along = (X - center) @ axes.T
    return random.uniform(along.min(axis=0), along.max(axis=0), size=(len(X), len(axes))) @ axes + center


class Lookalikes:
    """Draws customers with the columns, the correlations and the yes/no switches of X, and no other structure.

    A Gaussian copula with X's own values as marginals (NORTA, Cario & Nelson 1997). The latent correlations are
    adjusted until the drawn columns correlate as the real ones do, since zero-heavy columns weaken them. Columns of one
    switch (``switches``) are at their lowest for the same customers, whom the latent value of the first of them picks;
    otherwise a gap that columns share for one reason would pass for a group.

    Columns also correlate because a small dense group lies apart from all others; lookalikes would then hold that
    group themselves. With ``labels`` they correlate as columns do inside the segments.

    Args:
        X: coordinates, shape (n, features).
        random: source of the draws that the matching uses.
        tied: whether columns of one switch are at their lowest together.
    """

    def __init__(
        self, X: np.ndarray, random: np.random.Generator, labels: np.ndarray | None = None, *, tied: bool = True
    ) -> None:
        self._values = np.sort(X, axis=0)
        self._switches = switches(X) if tied else []
        wanted = _correlations(X if labels is None else X - centroids_of(X, labels)[labels])
        latent = _positive_definite(_correlations(_normal_scores(X, random)) if labels is None else wanted)
        noise = random.normal(size=X.shape)
        for _ in range(MATCHING_ROUNDS):
            drawn = self._with_latent(latent, noise)
            latent = _positive_definite(latent + wanted - _correlations(drawn))
        self._latent = latent

    def draw(self, random: np.random.Generator) -> np.ndarray:
        """As many customers as X has, shape (n, features)."""
        return self._with_latent(self._latent, random.normal(size=self._values.shape))

    def _with_latent(self, latent: np.ndarray, noise: np.ndarray) -> np.ndarray:
        scores = noise @ np.linalg.cholesky(latent).T
        on = self._on(scores)
        drawn = np.empty_like(scores)
        for column, values in enumerate(self._values.T):
            order = np.lexsort((scores[:, column], on[column])) if column in on else np.argsort(scores[:, column])
            drawn[order, column] = values
        return drawn

    def _on(self, scores: np.ndarray) -> dict[int, np.ndarray]:
        """For each column of a switch, who has it on, shape (n,): as many as really have."""
        off: list[np.ndarray] = []
        for switch in self._switches:
            if switch.parts:
                off.append(np.logical_and.reduce([off[part] for part in switch.parts]))
            else:
                lowest = np.argsort(scores[:, switch.columns[0]])[: int(switch.off.sum())]
                off.append(np.isin(np.arange(len(scores)), lowest))
        return {column: ~off[number] for number, switch in enumerate(self._switches) for column in switch.columns}


class CurveLookalikes:
    """Draws customers along one smooth curve through X, and no other structure.

    A gradient that bends falls into pieces that come back, that are tighter than what correlations make, and that have
    few customers between them where it is steep. So are pieces of the curve: as in a principal curve (Hastie & Stuetzle
    1989), customers are averaged over windows of their order, which fills a gap between groups with a window of
    customers, and leaves a gradient as it is. How customers deviate is drawn for each principal axis by itself, so that
    deviations hold no groups either.

    Args:
        X: coordinates, shape (n, features); the work grows with n³.
    """

    def __init__(self, X: np.ndarray) -> None:
        self._along = X[np.argsort(_slowest_coordinate(X), kind="stable")]

    def draw(self, window: int, random: np.random.Generator) -> np.ndarray:
        """As many customers as X has, shape (n, features), on the curve that averages ``window`` of them."""
        from scipy.ndimage import uniform_filter1d

        curve = uniform_filter1d(self._along, window, axis=0)
        deviations = self._along - curve
        axes = np.linalg.eigh(deviations.T @ deviations)[1]
        return curve + random.permuted(deviations @ axes, axis=0) @ axes.T


def _slowest_coordinate(X: np.ndarray) -> np.ndarray:
    """Where customers, shape (n, features), stand along the data: the first diffusion coordinate, shape (n,).

    Coifman & Lafon (2006), freed from density; a kernel reaches as far as the neighbors (Zelnik-Manor & Perona 2004).
    """
    from scipy.linalg import eigh
    from scipy.spatial.distance import cdist

    distances = cdist(X, X)
    nearest = min(NEIGHBORS, len(X) - 1)
    reach = np.partition(distances, nearest, axis=1)[:, nearest]
    reach = np.maximum(reach, max(np.median(reach), np.finfo(float).eps))  # equal customers reach no further
    kernel = np.exp(-(distances**2) / np.outer(reach, reach))
    density = kernel.sum(axis=1)
    kernel /= np.outer(density, density)
    root = np.sqrt(kernel.sum(axis=1))
    second = len(X) - 2
    _, vector = eigh(kernel / np.outer(root, root), subset_by_index=[second, second])
    return vector[:, 0] / root


def _normal_scores(X: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Each column's ranks as normal quantiles, equal values in random order."""
    from scipy.special import ndtri

    quantiles = ndtri((np.arange(len(X)) + 0.5) / len(X))
    scores = np.empty(X.shape)
    for column, values in enumerate(X.T):
        scores[np.lexsort((random.random(len(X)), values)), column] = quantiles
    return scores


def _correlations(X: np.ndarray) -> np.ndarray:
    """Correlations of columns, shape (features, features); 0 of one that does not vary."""
    covariance = np.atleast_2d(np.cov(X, rowvar=False))
    deviation = np.sqrt(np.diag(covariance))
    scale = np.where(deviation > np.finfo(float).eps, deviation, np.inf)
    correlations = covariance / scale / scale[:, None]
    np.fill_diagonal(correlations, 1.0)
    return correlations


def _positive_definite(correlations: np.ndarray) -> np.ndarray:
    """The nearest thing to ``correlations`` that is a correlation matrix."""
    eigenvalues, axes = np.linalg.eigh((correlations + correlations.T) / 2)
    lifted = (axes * np.maximum(eigenvalues, SMALLEST_EIGENVALUE)) @ axes.T
    scale = np.sqrt(np.diag(lifted))
    return lifted / scale / scale[:, None]
