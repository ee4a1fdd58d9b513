"""Half against half: prediction strength, and how dense the borders between neighbouring segments are.

Each random split is clustered on both sides; what one half says is judged on the other, so that nothing is flattered
by having been fitted to the same customers.
"""

import numpy as np

from seg_utils.clustering import assign, best_start
from seg_utils.core.threads import parallel
from seg_utils.evaluation.resampling.bootstrap import STARTS, crosstab
from seg_utils.evaluation.resampling.border_density import border_density


def halves(
    X: np.ndarray, k: int, *, seed: int, splits: int, first: int = 0, starts: int = STARTS
) -> tuple[np.ndarray, np.ndarray]:
    """Prediction strength and border density of either half of random splits, both of shape (2 · splits,).

    Args:
        X: coordinates, shape (n, features).
        splits: how many; split i is the same whatever the number of cores or splits.
        first: the split to begin with, where earlier ones are known; so many fewer are returned.
        starts: of K-Means on each half, at most; too few make a half miss groups that are there.
    """
    random = [np.random.default_rng([seed, 2, number]) for number in range(first, splits)]
    results = parallel(lambda own: _split(X, k, own, starts), random)
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


def two_parts(X: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The rows in two random halves; of an odd number the second has one more."""
    order = random.permutation(len(X))
    return X[order[: len(X) // 2]], X[order[len(X) // 2 :]]


def _split(X: np.ndarray, k: int, random: np.random.Generator, starts: int) -> tuple[list[float], list[float]]:
    parts = two_parts(X, random)
    start = int(random.integers(2**31))
    if len(parts[0]) < k:
        return [0.0, 0.0], [np.inf, np.inf]
    runs = [best_start(part, k, seed=start, starts=starts) for part in parts]
    strengths, borders = [], []
    for here, there in ((0, 1), (1, 0)):
        predicted, _ = assign(parts[there], runs[here].centroids)
        strengths.append(prediction_strength(runs[there].labels, predicted))
        borders.append(border_density(runs[here], parts[here], parts[there], predicted))
    return strengths, borders
