"""K-Means for one number of segments with its replicates: the cheap tests first, and only as much as is worth while."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seg_utils.clustering import Clustering, kmeans
from seg_utils.evaluation.resampling.bootstrap import STARTS, bootstrap, mean_jaccard
from seg_utils.evaluation.resampling.prediction_strength import halves

# Half splits of the first looks, after each of which k may be ruled out, and where it may still pass
SPLITS = (1, 2, 4, 12)

# Bootstrap replicates where the halves leave no hope, where they do, and where the k may still pass
REPLICATES = (3, 10, 30)

# Of the partition itself: where the halves leave no hope, its last per mille of inertia decides nothing
FEW_STARTS = 10

# At the closest look, halves and replicates get that many starts for each segment: of twelve groups, eight starts
# miss one in every third half, which then looks as if the groups were not there
STARTS_A_SEGMENT = 4

# What one group that a half misses, or cuts in two, leaves of its pairs: below that on average more went wrong
LEAST_STRENGTH = 0.5

CLOUD_DENSITY = 1.0  # borders through a convex cloud are that dense at least
HOPELESS_STRENGTH = 0.6

# A k this low after its first looks will not be accepted; more replicates would only tell how low exactly
HOPELESS_JACCARD = 0.6

# From these on a segment comes back when customers are drawn anew, and halves predict one another
PASSING_JACCARD, PASSING_STRENGTH = 0.75, 0.8

VALLEY_DENSITY = 0.95  # a border with at most this density is a valley


@dataclass(frozen=True)
class Replicated:
    """What the replicates of one k say: ``scores`` by name, and the Jaccard of each segment.

    ``hopeless``: this k fails, so that nothing else about it needs a closer look.
    """

    scores: dict[str, float]
    jaccard: list[float]
    hopeless: bool

    @property
    def valleys(self) -> bool:
        """Whether there are fewer customers on every border than inside the segments beside it, and the k may pass."""
        return not self.hopeless and self.scores["border_density"] <= VALLEY_DENSITY

    @property
    def passes(self) -> bool:
        """Whether the k passes all that replicates are asked."""
        return not self.hopeless and self.missed == 0

    @property
    def missed(self) -> float:
        """By how many standard errors the k fails what replicates are asked, the root of their summed squares."""
        scores = self.scores
        beyond = {
            "min_jaccard": PASSING_JACCARD - scores["min_jaccard"],
            "prediction_strength": PASSING_STRENGTH - scores["prediction_strength"],
            "border_density": scores["border_density"] - VALLEY_DENSITY,
        }
        errors = {name: max(scores[f"{name}_se"], np.finfo(float).eps) for name in beyond}
        return float(np.sqrt(sum((max(miss, 0) / errors[name]) ** 2 for name, miss in beyond.items())))

    @property
    def doubtful(self) -> bool:
        """Whether the k may pass if its numbers are one standard error better than measured."""
        scores = self.scores
        return (
            scores["border_density"] - scores["border_density_se"] <= VALLEY_DENSITY
            and scores["prediction_strength"] + scores["prediction_strength_se"] > HOPELESS_STRENGTH
            and scores["min_jaccard"] + scores["min_jaccard_se"] > HOPELESS_JACCARD
        )


def replicated_kmeans(
    X: np.ndarray, k: int, rows: np.ndarray, *, seed: int, rounds: int = 2
) -> tuple[Clustering, Replicated]:
    """A partition into k segments, and its prediction strength, border density and bootstrap stability.

    Half splits need no partition, so they come first: a k that they rule out gets few starts and few replicates.

    Args:
        X: coordinates, shape (n, features), in an order that does not depend on the file's.
        rows: the customers that replicates draw from.
        rounds: 1 for a look at any k, 2 to look closer at one that may pass.

    Raises:
        ParameterError: there are fewer than ``k`` different customers.
    """
    drawn = X[rows]
    split, ruled_out = _first_looks(drawn, k, seed)
    clustering = kmeans(X, k, seed=seed, **({"max_starts": FEW_STARTS} if ruled_out else {}))
    labels, wanted = clustering.labels[rows], REPLICATES[0 if ruled_out else 1]
    agreement = bootstrap(drawn, labels, seed=seed, replicates=wanted)
    hopeless = ruled_out or mean_jaccard(agreement[1]).min() <= HOPELESS_JACCARD
    if hopeless or rounds == 1:
        return clustering, _summary(split, agreement, hopeless=hopeless)
    starts = max(STARTS, STARTS_A_SEGMENT * k)
    split = halves(drawn, k, seed=seed, splits=SPLITS[-1], starts=starts)
    if split[1].mean() > VALLEY_DENSITY:  # it does not pass, however well its segments come back
        return clustering, _summary(split, agreement, hopeless=True)
    agreement = bootstrap(drawn, labels, seed=seed, replicates=REPLICATES[2], starts=starts)
    still = split[0].mean() <= HOPELESS_STRENGTH or mean_jaccard(agreement[1]).min() <= HOPELESS_JACCARD
    return clustering, _summary(split, agreement, hopeless=still)


def passing_kmeans(
    X: np.ndarray, k: int, rows: np.ndarray, passes: Callable[[dict[str, float]], bool], *, seed: int
) -> tuple[Clustering, Replicated] | None:
    """What one round of ``replicated_kmeans`` returns; None, without a further fit, once scores do not pass.

    Args:
        passes: whether the scores that are known so far, by name, leave the k a chance.
    """
    drawn = X[rows]
    split, ruled_out = _first_looks(drawn, k, seed)
    if ruled_out or not passes(_half_scores(*split)):
        return None
    clustering = kmeans(X, k, seed=seed)
    if not passes({"smallest_share": clustering.sizes.min() / len(X)}):
        return None
    replicated = _summary(
        split, bootstrap(drawn, clustering.labels[rows], seed=seed, replicates=REPLICATES[1]), hopeless=False
    )
    return (clustering, replicated) if passes(replicated.scores) else None


def _first_looks(X: np.ndarray, k: int, seed: int) -> tuple[tuple[np.ndarray, np.ndarray], bool]:
    """Prediction strength and border density of a few half splits, and whether they rule k out."""
    strength, border = np.empty(0), np.empty(0)
    for known, splits in zip((0, *SPLITS), SPLITS[:-1], strict=False):
        more = halves(X, k, seed=seed, splits=splits, first=known)
        strength, border = np.append(strength, more[0]), np.append(border, more[1])
        if _rule_out(strength, border, splits):
            return (strength, border), True
    return (strength, border), False


def _rule_out(strength: np.ndarray, border: np.ndarray, splits: int) -> bool:
    """Whether halves do not predict one another or every border runs through a cloud; after one split, both."""
    unpredicted = strength.mean() <= (LEAST_STRENGTH if splits < SPLITS[-2] else HOPELESS_STRENGTH)
    cloud = border.min() >= CLOUD_DENSITY
    return bool(unpredicted and cloud if splits == SPLITS[0] else unpredicted or cloud)


def _summary(split: tuple[np.ndarray, ...], agreement: tuple[np.ndarray, ...], *, hopeless: bool) -> Replicated:
    """Means with their standard errors.

    Values of random halves of n customers scatter as the value of all n does (the delete-half jackknife, Shao & Wu
    1989), so their standard deviation is its standard error. The mean over bootstrap replicates has that of a mean.
    """
    ari, similarity, _ = agreement
    jaccard = mean_jaccard(similarity).tolist()
    weakest = similarity[:, int(np.argmin(jaccard))]
    scores = _half_scores(*split) | {
        "bootstrap_ari": float(ari.mean()),
        "min_jaccard": min(jaccard),
        "min_jaccard_se": _deviation(weakest) / np.sqrt(len(weakest)),
        "splits": len(split[0]) // 2,
        "replicates": len(ari),
    }
    return Replicated(scores, jaccard, hopeless)


def _half_scores(strength: np.ndarray, border: np.ndarray) -> dict[str, float]:
    return {
        "prediction_strength": float(strength.mean()),
        "prediction_strength_se": _deviation(strength),
        "border_density": float(border.mean()),
        "border_density_se": _deviation(border),
    }


def _deviation(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.std(ddof=1)) if len(known) > 1 else 0.0
