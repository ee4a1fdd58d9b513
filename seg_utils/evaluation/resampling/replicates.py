"""Bootstrap and split halves for one number of segments: as many as it makes worth while."""

from dataclasses import dataclass

import numpy as np

from seg_utils.evaluation.resampling.bootstrap import bootstrap, mean_jaccard
from seg_utils.evaluation.resampling.prediction_strength import halves

SPLITS = (4, 12)
"""Half splits for every k; one that may still pass gets the second number in all."""

REPLICATES = (5, 10, 30)
"""Bootstrap replicates where the halves leave no hope, in the first round, and where the k may still pass."""

HOPELESS_STRENGTH = 0.6
HOPELESS_JACCARD = 0.6
"""A k this low after its first round will not be accepted; more replicates would only tell how low exactly."""


@dataclass(frozen=True)
class Replicated:
    """What the replicates of one k say: ``scores`` by name, and the Jaccard of each segment."""

    scores: dict[str, float]
    jaccard: list[float]

    @property
    def hopeless(self) -> bool:
        """Whether this k fails by so much that nothing about it needs a second look."""
        return self.scores["prediction_strength"] <= HOPELESS_STRENGTH or min(self.jaccard) <= HOPELESS_JACCARD


def replicate(X: np.ndarray, labels: np.ndarray, k: int, *, seed: int, rounds: int = 2) -> Replicated:
    """Bootstrap stability, prediction strength and border density of one partition.

    Args:
        X: coordinates, shape (n, features), in an order that does not depend on the file's.
        labels: the partition into k segments, shape (n,).
        rounds: 1 for a look at any k, 2 to look closer at one that may pass.
    """
    strength, border = halves(X, k, seed=seed, splits=SPLITS[0])
    wanted = REPLICATES[0] if strength.mean() <= HOPELESS_STRENGTH else REPLICATES[1]
    ari, similarity = bootstrap(X, labels, seed=seed, replicates=wanted)
    first = _summary(strength, border, ari, similarity)
    if first.hopeless or rounds == 1:
        return first
    strength_more, border_more = halves(X, k, seed=seed, first=SPLITS[0], splits=SPLITS[1] - SPLITS[0])
    ari_more, similarity_more = bootstrap(X, labels, seed=seed, first=wanted, replicates=REPLICATES[2] - wanted)
    return _summary(
        np.r_[strength, strength_more],
        np.r_[border, border_more],
        np.r_[ari, ari_more],
        np.vstack([similarity, similarity_more]),
    )


def _summary(strength: np.ndarray, border: np.ndarray, ari: np.ndarray, similarity: np.ndarray) -> Replicated:
    jaccard = mean_jaccard(similarity).tolist()
    scores = {
        "prediction_strength": float(strength.mean()),
        "border_density": float(border.mean()),
        "bootstrap_ari": float(ari.mean()),
        "min_jaccard": min(jaccard),
        "splits": len(strength),
        "replicates": len(ari),
    }
    return Replicated(scores, jaccard)
