"""How good one partition is and how far each of its segments can be trusted: the content of metrics.json."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from seg_utils import selection
from seg_utils.clustering import Clustering
from seg_utils.selection.criteria import calinski_harabasz, davies_bouldin


def measure(
    X: np.ndarray,
    found: Clustering,
    *,
    seed: int,
    recommended_k: int | None,
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> dict[str, Any]:
    """Separation and stability of a partition, as plain values.

    Args:
        X: coordinates, shape (n, features).
        recommended_k: what the evidence recommends; None where it finds no segments.
        progress: told what is being worked on.
    """
    k = found.k
    progress("silhouettes", 0.1)
    silhouettes = selection.silhouettes(X, {k: found.labels}, seed=seed)
    progress("bootstrap", 0.3)
    return {
        "k": k,
        "recommended_k": recommended_k,
        "n_customers": len(X),
        "inertia": found.inertia,
        "silhouette": silhouettes.mean(k),
        "silhouette_exact": silhouettes.exact,
        "silhouette_negative_share": silhouettes.negative_share(k),
        "silhouette_by_segment": silhouettes.by_segment(k),
        "davies_bouldin": davies_bouldin(X, found.labels),
        "calinski_harabasz": calinski_harabasz(X, found.labels),
        "sizes": found.sizes.tolist(),
        "starts": found.starts,
        "hit_rate": found.hit_rate,
        "stability": selection.stability(X, found, seed=seed),
    }


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
