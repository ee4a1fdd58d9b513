"""The same customers on different scales, compared by what can be compared: stability, not silhouettes."""

from collections.abc import Sequence
from itertools import combinations
from typing import TypedDict

import pandas as pd
from sklearn.metrics import adjusted_rand_score

from seg_utils import space
from seg_utils.clustering import kmeans, tolerating_duplicates
from seg_utils.parameters import SCALES
from seg_utils.selection.bootstrap import bootstrap, mean_jaccard
from seg_utils.selection.halves import halves
from seg_utils.selection.silhouette import sample_rows


class Comparison(TypedDict):
    """``stability``: one row a scale and k. ``agreement``: ARI between two scales at the same k."""

    stability: pd.DataFrame
    agreement: pd.DataFrame


def compare_scales(
    customers: pd.DataFrame,
    ks: Sequence[int],
    *,
    impute: str = "median",
    features: Sequence[str] | None = None,
    scales: Sequence[str] = SCALES,
    seed: int = 42,
    replicates: int = 10,
    splits: int = 4,
) -> Comparison:
    """Stability of the partitions into each of ``ks`` segments on every scale, and how far the scales agree.

    Silhouettes and inertias live in different spaces and are left out on purpose.

    Args:
        customers: original units, one row a customer.
    """
    rows = []
    labels = {}
    for scale in scales:
        X = space.fit(customers, scale=scale, impute=impute, features=features).transform(customers)
        drawn = sample_rows(len(X), seed)
        for k in ks:
            clustering = kmeans(X, k, seed=seed)
            labels[scale, k] = clustering.labels
            with tolerating_duplicates():
                ari, similarity = bootstrap(X[drawn], clustering.labels[drawn], seed=seed, replicates=replicates)
                strength, _ = halves(X[drawn], k, seed=seed, splits=splits)
            rows.append(
                {
                    "scale": scale,
                    "k": k,
                    "bootstrap_ari": float(ari.mean()),
                    "min_jaccard": float(mean_jaccard(similarity).min()),
                    "prediction_strength": float(strength.mean()),
                    "smallest_share": float(clustering.sizes.min() / len(X)),
                }
            )
    pairs = [
        {"k": k, "scale": one, "other": other, "ari": float(adjusted_rand_score(labels[one, k], labels[other, k]))}
        for k in ks
        for one, other in combinations(scales, 2)
    ]
    return {"stability": pd.DataFrame(rows), "agreement": pd.DataFrame(pairs)}
