"""Half against half: prediction strength, and how dense the borders between neighbouring segments are.

Each random split is clustered on both sides; what one half says is judged on the other, so that nothing is flattered
by having been fitted to the same customers.
"""

import numpy as np
from sklearn.cluster import KMeans

from seg_utils.clustering import assign, best_start
from seg_utils.core.threads import parallel
from seg_utils.evaluation.resampling.bootstrap import STARTS, crosstab

BORDER = 0.3
"""Half-width of the windows at the border and at the two centroids, in half-distances between the centroids."""

LEAST_FOR_A_SLOPE = 5
"""So few customers in a window have no direction."""

RIDGE = 0.1
"""Share of the mean variance added to every direction: a few customers cannot turn the discriminant."""


def halves(X: np.ndarray, k: int, *, seed: int, splits: int, starts: int = STARTS) -> tuple[np.ndarray, np.ndarray]:
    """Prediction strength and border density of either half of ``splits`` random splits, both of shape (2 · splits,).

    Args:
        X: coordinates, shape (n, features).
        k: number of segments.
        splits: how many; split i is the same whatever the number of cores or splits.
        starts: of K-Means on each half, at most; too few make a half miss groups that are there.
    """
    results = parallel(lambda number: _split(X, k, np.random.default_rng([seed, 2, number]), starts), range(splits))
    strength, border = np.array(results).transpose(1, 0, 2)
    return strength.ravel(), border.ravel()


def prediction_strength(labels: np.ndarray, predicted: np.ndarray) -> float:
    """Tibshirani & Walther (2005): the worst segment's share of pairs that the other half keeps together.

    Segments of one customer hold no pair and do not count.
    """
    table = crosstab(labels, predicted)
    sizes = table.sum(axis=1)
    pairs = sizes * (sizes - 1)
    kept = (table * (table - 1)).sum(axis=1)
    return float((kept[pairs > 0] / pairs[pairs > 0]).min()) if (pairs > 0).any() else 1.0


def border_density(run: KMeans, fitted: np.ndarray, X: np.ndarray, labels: np.ndarray) -> float:
    """Density halfway between two neighbouring segments over the density at the thinner one's centre, at its worst.

    Measured along the linear discriminant of the two, on customers that the segments were not fitted to. Islands give
    0. A convex cloud cut in two gives at least 1, since it is never thinner in its middle than on both sides; so does
    a curved one, because customers are counted per length of the data and not of the straight line.

    Args:
        run: segments fitted on ``fitted``, shape (m, features).
        X: other customers, shape (n, features), and their nearest segments ``labels``, shape (n,).
    """
    whitening = _whitening(fitted - run.cluster_centers_[run.labels_])
    centroids = run.cluster_centers_ @ whitening
    members = [X[labels == segment] @ whitening for segment in range(len(centroids))]
    worst = 0.0
    for one, other in neighbours(run.cluster_centers_):
        apart = centroids[other] - centroids[one]
        half = np.sqrt(apart @ apart) / 2
        if half == 0:
            continue
        points = np.concatenate([members[one], members[other]]) - (centroids[one] + centroids[other]) / 2
        along = points @ apart / (2 * half)
        across = _leading_score(points - np.outer(along, apart) / (2 * half))
        border, before, after = (np.abs(along / half - at) < BORDER for at in (0, -1, 1))
        bend = _bend(_lean(along[before], across[before]), _lean(along[after], across[after]))
        center = min(int(before.sum()), int(after.sum()))
        worst = max(worst, int(border.sum()) * np.sqrt(1 + bend**2) / max(center, 1))
    return worst


def _whitening(residuals: np.ndarray) -> np.ndarray:
    """What makes residuals, shape (n, features), uncorrelated and of variance one, up to ``RIDGE``."""
    within = residuals.T @ residuals / len(residuals)
    variances, axes = np.linalg.eigh(within)
    ridge = RIDGE * variances.mean()
    return axes / np.sqrt(np.maximum(variances, 0) + ridge) if ridge > 0 else axes


def _leading_score(points: np.ndarray) -> np.ndarray:
    """Coordinate of points, shape (n, features), on their longest principal axis, shape (n,)."""
    return points @ np.linalg.eigh(points.T @ points)[1][:, -1]


def _bend(before: float, after: float) -> float:
    """How steeply an arc leans on either side of its top: two ``_lean`` of opposite signs; 0 where there is no arc.

    The straight line sees more of the arc where it leans, √(1 + slope²) times as many customers for each unit of
    length, and so fewer on the top than there are.
    """
    return min(abs(before), abs(after)) if before * after < 0 else 0.0


def _lean(along: np.ndarray, across: np.ndarray) -> float:
    """Slope of the curve that customers follow in a window: the regression of ``across`` on ``along``.

    As locally in a principal curve (Hastie & Stuetzle 1989), less what chance alone would give.
    """
    if len(along) < LEAST_FOR_A_SLOPE or along.min() == along.max():
        return 0.0
    centered = along - along.mean()
    spread = centered @ centered
    slope = centered @ across / spread
    residuals = across - across.mean() - slope * centered
    chance = residuals @ residuals / (len(along) - 2) / spread
    return float(np.sign(slope) * np.sqrt(max(slope**2 - chance, 0.0)))


def neighbours(centroids: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of segments with no third one nearer to the point halfway between their centroids (Gabriel graph)."""
    one, other = np.triu_indices(len(centroids), 1)
    middle = (centroids[one] + centroids[other]) / 2
    half = ((centroids[one] - middle) ** 2).sum(axis=1)
    nearest = ((middle[:, None] - centroids[None]) ** 2).sum(axis=2).min(axis=1)
    adjacent = nearest >= half * (1 - 1e-9)
    return list(zip(one[adjacent].tolist(), other[adjacent].tolist(), strict=True))


def _split(X: np.ndarray, k: int, random: np.random.Generator, starts: int) -> tuple[list[float], list[float]]:
    order = random.permutation(len(X))
    parts = X[order[: len(X) // 2]], X[order[len(X) // 2 :]]
    start = int(random.integers(2**31))
    if len(parts[0]) < k:
        return [0.0, 0.0], [np.inf, np.inf]
    runs = [best_start(part, k, seed=start, starts=starts) for part in parts]
    strengths, borders = [], []
    for here, there in ((0, 1), (1, 0)):
        predicted, _ = assign(parts[there], runs[here].cluster_centers_)
        strengths.append(prediction_strength(runs[there].labels_, predicted))
        borders.append(border_density(runs[here], parts[here], parts[there], predicted))
    return strengths, borders
