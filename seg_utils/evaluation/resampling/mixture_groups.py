"""Groups of any shape, by a second model that does not cut spheres: merged components of a Gaussian mixture.

A mixture with as many components as the BIC chooses follows stretched, bent and unequal groups, one group by several
components. Components without a valley between them are one group (Hennig 2010, methods for merging Gaussian mixture
components): so a ring, a curve or a heavy tail is one group, however many components follow it. What counts is what
two halves of the customers find alike.
"""

import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seg_utils.core.threads import parallel
from seg_utils.evaluation.resampling.prediction_strength import prediction_strength, two_parts

if TYPE_CHECKING:
    from sklearn.mixture import GaussianMixture

MOST_COMPONENTS = 20
LEAST_A_COMPONENT = 20  # customers for each component, at least; and for each parameter of its covariance's axes
PATIENCE = 3  # after so many numbers of components in a row that are no better, more are not tried

# Added to every variance, in units of the local scatter: many equal customers must not be a component of no width
LEAST_VARIANCE = 1e-3

NEIGHBOR_SHARE = 0.02
METRIC_ROUNDS = 4

# Components are one group unless the density between them falls below this share of the lower one's peak: hardly
# anyone stands between (``lookalike_gap.EMPTY``)
VALLEY = 0.2

# Where on the ridgeline the density is looked at: close to its ends, too, since from a component a hundred times as
# narrow as the other it leads away only there
STEPS = np.union1d(np.linspace(0, 1, 15), 1 / (1 + np.exp(np.linspace(-12, 12, 25))))

LEAST_SHARE = 0.02  # a group with fewer of the customers belongs to the one that it is least apart from

# Prediction strength from which on halves find the same groups (Tibshirani & Walther 2005), as the rule asks
LEAST_STRENGTH = 0.8

# Random half splits, and how many of them must find the same number of groups: a half may end in a local optimum
SPLITS, AGREEING = 3, 2


class MergedMixture(NamedTuple):
    """A mixture in the coordinates X @ ``metric``, and the group (components,) that each component belongs to."""

    mixture: "GaussianMixture"
    metric: np.ndarray
    group: np.ndarray

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return int(self.group.max()) + 1

    def place(self, X: np.ndarray) -> np.ndarray:
        """The group of each customer, shape (n,), of X, shape (n, features)."""
        return self.group[self.mixture.predict(X @ self.metric)]


def groups_that_come_again(X: np.ndarray, seed: int) -> tuple[int, float]:
    """How many groups halves of customers, shape (n, features), find alike, and their lowest prediction strength.

    One group, with a strength of 1, where most halves differ: in the number or in who belongs together.
    """
    strengths: dict[int, list[float]] = {}
    for number, strength in _splits(X, seed):
        agreeing = strengths.setdefault(number, [])
        agreeing += [strength] if strength >= LEAST_STRENGTH else []
        if number > 1 and len(agreeing) == AGREEING:
            return number, min(agreeing)
    return 1, 1.0


def merged_mixtures(parts: Iterable[np.ndarray], seed: int) -> list[MergedMixture]:
    """For each of several sets of customers, shape (n, features), the mixture that the BIC chooses, its components
    merged into groups."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():  # filters are one for all threads
        warnings.simplefilter("ignore", ConvergenceWarning)  # the BIC judges what a fit has reached
        return parallel(lambda part: _merged_mixture(part, seed), parts)


def _merged_mixture(X: np.ndarray, seed: int) -> MergedMixture:
    metric = _local_metric(X)
    mixture = _likeliest(X @ metric, seed)
    return MergedMixture(mixture, metric, _merged(mixture.weights_, _ridgeline_ratios(mixture)))


def _splits(X: np.ndarray, seed: int) -> Iterator[tuple[int, float]]:
    """Groups and lowest prediction strength of each random half split; 0 groups where the halves' numbers differ."""
    for split in range(SPLITS):
        parts = two_parts(X, np.random.default_rng([seed, 8, split]))
        models = merged_mixtures(parts, seed)
        placed = [[model.place(part) for part in parts] for model in models]
        alike = models[0].groups == models[1].groups
        strengths = prediction_strength(placed[0][0], placed[1][0]), prediction_strength(placed[1][1], placed[0][1])
        yield models[0].groups if alike else 0, min(strengths)
        if alike and models[0].groups == 1:
            return


def _local_metric(X: np.ndarray) -> np.ndarray:
    """What makes the scatter of neighbouring customers, X of shape (n, features), alike in all directions.

    Neighbours share a group mostly, so their differences tell its shape before any group is known (Art, Gnanadesikan &
    Kettenring 1982). K-Means, from which the mixture starts, then finds groups that it does not find in X.
    """
    from sklearn.neighbors import NearestNeighbors

    neighbour = min(max(5, round(NEIGHBOR_SHARE * len(X))), len(X) - 1)
    metric = np.eye(X.shape[1])
    for _ in range(METRIC_ROUNDS):
        Z = X @ metric
        nearest = NearestNeighbors(n_neighbors=neighbour + 1).fit(Z).kneighbors(Z, return_distance=False)
        differences = X - X[nearest[:, -1]]
        variances, axes = np.linalg.eigh(differences.T @ differences / (2 * len(X)))
        ridge = LEAST_VARIANCE * variances.mean()
        if ridge <= 0:  # whole neighbourhoods of equal customers
            return metric
        metric = axes / np.sqrt(np.maximum(variances, 0) + ridge)
    return metric


def _likeliest(Z: np.ndarray, seed: int) -> "GaussianMixture":
    """The mixture with the lowest BIC: components of shapes of their own, or all of one shape."""
    from sklearn.mixture import GaussianMixture

    fits: list[tuple[float, GaussianMixture]] = []
    for covariance, customers in (("full", max(LEAST_A_COMPONENT, 3 * Z.shape[1])), ("tied", LEAST_A_COMPONENT)):
        bics: list[float] = []
        for number in range(1, min(MOST_COMPONENTS, max(1, len(Z) // customers)) + 1):
            mixture = GaussianMixture(
                number, covariance_type=covariance, reg_covar=LEAST_VARIANCE, random_state=seed
            ).fit(Z)
            bics.append(mixture.bic(Z))
            fits.append((bics[-1], mixture))
            if number - 1 - int(np.argmin(bics)) >= PATIENCE:
                break
    return min(fits, key=lambda fit: fit[0])[1]


def _ridgeline_ratios(mixture: "GaussianMixture") -> np.ndarray:
    """Density in the valley between each two components over that at the lower peak beside it, (components,) squared.

    Looked for along the ridgeline (Ray & Lindsay 2005), on which all modes of two components lie.
    """
    count, means = mixture.n_components, mixture.means_
    precisions = np.broadcast_to(mixture.precisions_, (count, *mixture.precisions_.shape[-2:]))
    ratios = np.eye(count)
    for one, other in zip(*np.triu_indices(count, 1), strict=True):
        before, after = (1 - STEPS[:, None, None]) * precisions[one], STEPS[:, None, None] * precisions[other]
        pulled = before @ means[one] + after @ means[other]
        density = mixture.score_samples(np.linalg.solve(before + after, pulled[:, :, None])[:, :, 0])
        lowest = int(density.argmin())
        peak = min(density[: lowest + 1].max(), density[lowest:].max())
        ratios[one, other] = ratios[other, one] = np.exp(density[lowest] - peak)
    return ratios


def _merged(weights: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    """The group of each component, from 0 on: those without a valley between them, and no group too small."""
    from scipy.sparse.csgraph import connected_components

    group = connected_components(ratios > VALLEY, directed=False)[1]
    while (shares := np.bincount(group, weights=weights)).min() < LEAST_SHARE and len(shares) > 1:
        small = group == shares.argmin()
        nearest = np.where(small, -1.0, ratios[small].max(axis=0)).argmax()
        group = np.unique(np.where(small, group[nearest], group), return_inverse=True)[1]
    return group
