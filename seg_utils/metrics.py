"""How good one partition is and how far each of its segments can be trusted: the content of metrics.json."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from seg_utils import selection
from seg_utils.clustering import Clustering
from seg_utils.selection import Silhouettes
from seg_utils.selection.criteria import calinski_harabasz, davies_bouldin


def measure(
    X: np.ndarray,
    found: Clustering,
    placed: pd.DataFrame,
    verdict: dict[str, Any],
    *,
    seed: int,
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> tuple[dict[str, Any], Silhouettes]:
    """Separation and stability of a partition.

    Args:
        X: coordinates, shape (n, features).
        placed: ``segment, next_segment, confidence``, one row a customer.
        verdict: what ``selection.judge`` says of every k.
        progress: told what is being worked on.

    Returns:
        Plain values for metrics.json, and the customers' silhouettes.
    """
    k = found.k
    progress("silhouettes", 0.1)
    silhouettes = selection.silhouettes(X, {k: found.labels}, seed=seed)
    progress("stability of each segment", 0.3)
    measured = {
        "k": k,
        "n_customers": len(X),
        "standing": selection.standing(verdict, k),
        "inertia": found.inertia,
        "silhouette": silhouettes.mean(k),
        "silhouette_exact": silhouettes.exact,
        "silhouette_half_width": silhouettes.half_width(k),
        "silhouette_negative_share": silhouettes.negative_share(k),
        "silhouette_by_segment": silhouettes.by_segment(k),
        "davies_bouldin": davies_bouldin(X, found.labels),
        "calinski_harabasz": calinski_harabasz(X, found.labels),
        "sizes": found.sizes.tolist(),
        "starts": found.starts,
        "hit_rate": found.hit_rate,
        "between_share": float(selection.between(placed).mean()),
        "between_pairs": selection.between_pairs(placed).to_dict("records"),
        "stability": selection.stability(X, found, seed=seed),
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
