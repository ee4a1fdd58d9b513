"""How far to trust one partition: each segment's reproducibility and its grade."""

from typing import Any

import numpy as np

from seg_utils.clustering import Clustering
from seg_utils.selection.bootstrap import bootstrap, mean_jaccard

GRADES = ((0.85, "firm"), (0.6, "usable"))
WEAK = "do not build on"


def grade(jaccard: float) -> str:
    """Grade of a segment by its bootstrap Jaccard (Hennig's fpc)."""
    return next((name for floor, name in GRADES if jaccard >= floor), WEAK)


def stability(X: np.ndarray, clustering: Clustering, *, seed: int, replicates: int = 50) -> dict[str, Any]:
    """Bootstrap stability of a partition as plain values: ``ari``, ``jaccard`` and ``grades`` by segment."""
    ari, similarity = bootstrap(X, clustering.labels, seed=seed, replicates=replicates)
    jaccard = mean_jaccard(similarity).tolist()
    return {"ari": float(ari.mean()), "jaccard": jaccard, "grades": [grade(value) for value in jaccard]}
