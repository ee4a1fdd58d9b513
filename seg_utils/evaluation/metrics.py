"""How good one partition is and how far each of its segments can be trusted: the content of metrics.json."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from seg_utils import evaluation
from seg_utils.clustering import OUTLIERS, Clustering
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.evaluation import Silhouettes
from seg_utils.evaluation.between_segments import CLEAR, LEAST


def measure(
    X: ArrayLike,
    clustering: Clustering,
    placed: pd.DataFrame,
    verdict: dict[str, Any],
    *,
    seed: int,
    algorithm: str = "kmeans",
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> tuple[dict[str, Any], Silhouettes]:
    """Separation and stability of a partition. Customers in no segment are counted, and left out of separation.

    Args:
        X: coordinates, an array or DataFrame of shape (n, dimensions).
        placed: ``segment, next_segment, confidence``, one row a customer.
        verdict: what ``evaluation.judge`` says of every k.
        algorithm: what made the partition, and makes it anew from resampled customers.

    Returns:
        Plain values for metrics.json, and the silhouettes of customers in a segment.
    """
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

    X, k = np.ascontiguousarray(X, dtype=np.float64), clustering.k
    inside = clustering.labels != OUTLIERS
    own, labels = X[inside], clustering.labels[inside]
    least = LEAST[clustering.placement.kind]
    levels = np.searchsorted([least, CLEAR[clustering.placement.kind]], placed["confidence"], side="right")
    progress("silhouettes", 0.1)
    silhouettes = evaluation.silhouettes(own, {k: labels}, seed=seed)
    progress("stability of each segment", 0.3)
    measured = {
        "k": k,
        "n_customers": len(X),
        "algorithm": algorithm,
        "algorithm_name": ALGORITHMS[algorithm].label,
        "outliers": clustering.outliers,
        "standing": evaluation.standing(verdict, k),
        "inertia": clustering.inertia,
        "silhouette": silhouettes.mean(k),
        "silhouette_exact": silhouettes.exact,
        "silhouette_half_width": silhouettes.half_width(k),
        "silhouette_negative_share": silhouettes.negative_share(k),
        "silhouette_by_segment": silhouettes.by_segment(k),
        "davies_bouldin": davies_bouldin_score(own, labels),
        "calinski_harabasz": calinski_harabasz_score(own, labels),
        "sizes": clustering.sizes.tolist(),
        "starts": clustering.starts,
        "hit_rate": clustering.hit_rate,
        "between_below": least,
        "between_share": float(evaluation.between(placed, least).mean()),
        "between_pairs": evaluation.between_pairs(placed, least).to_dict("records"),
        "stability": evaluation.stability(X, clustering, seed=seed, algorithm=algorithm, levels=levels),
    }
    return measured, silhouettes


def by_segment(measured: dict[str, Any]) -> pd.DataFrame:
    """One row a segment: ``segment, customers, silhouette, jaccard, grade``."""
    return pd.DataFrame(
        {
            "segment": range(measured["k"]),
            "customers": measured["sizes"],
            "silhouette": measured["silhouette_by_segment"],
            "jaccard": measured["stability"]["jaccard"],
            "grade": measured["stability"]["grades"],
        }
    )
