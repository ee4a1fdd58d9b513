"""How often a segment's name comes back when imputation, scaling, clustering and naming are done on others."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from seg_utils.clustering import kmeans
from seg_utils.core.threads import parallel
from seg_utils.evaluation.resampling.bootstrap import crosstab
from seg_utils.evaluation.verdict.repeats import drawn
from seg_utils.features import feature_space
from seg_utils.features.feature_space import FeatureSpace
from seg_utils.personas.catalogue import Catalogue
from seg_utils.personas.profiling import profile
from seg_utils.personas.segment_personas import match

FEW_STARTS = 25  # of K-Means in each repeat


def names_survive(
    customers: pd.DataFrame,
    labels: np.ndarray,
    names: Sequence[str],
    space: FeatureSpace,
    catalogue: Catalogue,
    ks: Sequence[int | None],
    *,
    seed: int,
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> list[float]:
    """The share of repeats in which each segment's best counterpart has its name, shape (segments,); ``labels`` (n,)
    are of K-Means without an encoder. Repeats draw the customers that ``evaluation.repeats`` draws, fit the space's
    imputation, scale and features anew, and have the number of segments in ``ks``; one that found none (None) has no
    names."""

    def kept(repeat: int) -> np.ndarray:
        k = ks[repeat]
        if k is None:
            return np.zeros(len(names))
        progress(f"naming on customers drawn anew, {repeat + 1} of {len(ks)}", repeat / len(ks))
        rows = drawn(len(customers), seed, repeat)
        few = customers.iloc[rows].reset_index(drop=True)
        again = feature_space.fit(few, scale=space.scale, impute=space.impute, features=space.features)
        partition = kmeans(
            again.transform(few), k, seed=seed + repeat, min_starts=FEW_STARTS, max_starts=FEW_STARTS
        ).labels
        people = match(few, partition, profile(few, partition), catalogue)
        counterpart = _counterparts(labels[rows], partition)
        return np.array([people[other]["persona"] == name for other, name in zip(counterpart, names, strict=True)])

    return (sum(parallel(kept, range(len(ks))), np.zeros(len(names))) / max(len(ks), 1)).tolist()


def _counterparts(labels: np.ndarray, others: np.ndarray) -> list[int]:
    """The segment of ``others`` that is most like each one of ``labels``, by Jaccard."""
    table = crosstab(labels, others)
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    return (table / np.maximum(union, 1)).argmax(axis=1).tolist()
