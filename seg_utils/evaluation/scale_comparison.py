"""The same customers on different scales, compared by what can be compared: stability, not silhouettes."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from seg_utils.core.parameters import SCALES
from seg_utils.core.processes import in_processes
from seg_utils.evaluation.criteria.silhouette import sample_rows
from seg_utils.evaluation.evidence import Evidence
from seg_utils.evaluation.resampling.replicates import replicated_kmeans
from seg_utils.evaluation.row_order import Ordered, ordered
from seg_utils.features import feature_space

STABILITY = ("bootstrap_ari", "min_jaccard", "prediction_strength", "smallest_share", "replicates", "splits")


class ScaleComparison(TypedDict):
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
    gathered: Mapping[str, Evidence] | None = None,
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> ScaleComparison:
    """Stability of the partitions into each of ``ks`` segments on every scale, and how far the scales agree.

    Silhouettes and inertias live in different spaces and are left out on purpose.

    Args:
        customers: original units, one row a customer.
        gathered: evidence that is there already, by scale; what it holds is not computed again. How many replicates
            and half splits a row rests on stands in the row.
    """
    from sklearn.metrics import adjusted_rand_score

    known = {(k, scale): one for scale, one in (gathered or {}).items() for k in one.labels}
    tasks = list(product(sorted(ks, reverse=True), scales))
    spaces = {
        scale: ordered(feature_space.fit(customers, scale=scale, impute=impute, features=features).transform(customers))
        for scale in scales
        if any((k, scale) not in known for k in ks)
    }

    def look(task: tuple[int, str]) -> tuple[np.ndarray, Mapping[str, Any]]:
        k, scale = task
        if evidence := known.get(task):
            return evidence.labels[k], evidence.scores.set_index("k").loc[k]
        return _look(spaces[scale], k, seed)

    def finished(count: int) -> None:
        progress(f"stability on other scales: {count} of {len(tasks)}", count / len(tasks))

    looks = dict(zip(tasks, in_processes(look, tasks, finished), strict=True))
    labels = {task: segments for task, (segments, _) in looks.items()}
    rows = [
        {"scale": scale, "k": k, **{name: looks[k, scale][1][name] for name in STABILITY}}
        for scale in scales
        for k in ks
    ]
    pairs = [
        {"k": k, "scale": one, "other": other, "ari": float(adjusted_rand_score(labels[k, one], labels[k, other]))}
        for k in ks
        for one, other in combinations(scales, 2)
    ]
    stability = pd.DataFrame(rows, columns=["scale", "k", *STABILITY])
    counts = dict.fromkeys(("replicates", "splits"), np.int64)
    return {"stability": stability.astype(counts), "agreement": pd.DataFrame(pairs)}


def _look(same: Ordered, k: int, seed: int) -> tuple[np.ndarray, dict[str, float]]:
    """Labels in the file's order, and stability of k segments by one round of replicates."""
    clustering, replicated = replicated_kmeans(same.X, k, sample_rows(len(same.X), seed), seed=seed, rounds=1)
    smallest = float(clustering.sizes.min() / clustering.sizes.sum())
    return clustering.labels[same.position], replicated.scores | {"smallest_share": smallest}
