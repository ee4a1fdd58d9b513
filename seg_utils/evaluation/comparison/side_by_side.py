"""Partitions by every algorithm on every scale: what comes back, how far apart, how large, how much alike.

Stability is each partition's own, in its own space. Separation is measured in one space for all, the features on the
log scale, since numbers from different spaces cannot be compared.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from seg_utils import evaluation
from seg_utils.clustering import OUTLIERS, Clustering, algorithms
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.errors import UserError
from seg_utils.core.parameters import SCALES
from seg_utils.evaluation.resampling.bootstrap import mean_jaccard
from seg_utils.evaluation.resampling.subsampling import refit
from seg_utils.features import feature_space
from seg_utils.features.row_sample import drawn

COMMON_SCALE = "log"
ENCODED = "encoded"

REPLICATES = 5  # few, since every replicate is a fit and some algorithms take seconds for one
MOST_ROWS = 9_000  # beyond so many customers, a seeded sample of so many is compared
SIZES = ("segments", "smallest_share", "outlier_share")
NOT_FOUND = "–"  # in place of a number of segments where an algorithm found none

# Columns as people read them
HEADINGS = {
    "space": "Scale",
    "algorithm": "Algorithm",
    "segments": "Segments",
    "smallest_share": "Smallest",
    "outlier_share": "Outliers",
    "mean_jaccard": "Mean Jaccard",
    "min_jaccard": "Weakest Jaccard",
    "silhouette": "Silhouette",
    "davies_bouldin": "Davies-Bouldin",
}

COLUMNS = ("space", "algorithm", *SIZES, "mean_jaccard", "min_jaccard", "silhouette", "davies_bouldin", "why_not")


@dataclass(frozen=True)
class Comparison:
    """What was compared at ``k``: ``compared`` of the ``customers``.

    ``table`` has one row a space and algorithm, columns ``COLUMNS``; ``why_not`` says why an algorithm found nothing,
    and is empty where it did. ``labels`` holds the partitions, one a column, named ``algorithm, space``, one compared
    customer a row, -1 for one in no segment; ``agreement`` the adjusted Rand index of every two of them. ``seconds`` of
    each fit are no part of the results: they differ from run to run.
    """

    table: pd.DataFrame
    labels: pd.DataFrame
    agreement: pd.DataFrame
    seconds: list[float]
    customers: int
    compared: int
    k: int

    def found(self) -> pd.DataFrame:
        """The partitions that were found, one a row, as people read them."""
        table = self.table.dropna(subset=["segments"])
        shares = {name: table[name].map("{:.1%}".format) for name in ("smallest_share", "outlier_share")}
        named = table.assign(algorithm=table["algorithm"].map(lambda name: ALGORITHMS[name].label), **shares)[
            list(HEADINGS)
        ]
        return named.round(2).rename(columns=HEADINGS).reset_index(drop=True)

    def not_found(self) -> str:
        """Where an algorithm found nothing, and why: one line each."""
        rows = self.table[self.table["segments"].isna()].itertuples()
        return "\n".join(f"{row.space} scale: {row.why_not}" for row in rows) or "Every algorithm found segments."

    def counts(self) -> pd.DataFrame:
        """How many segments each algorithm found, one row a space, one column an algorithm."""
        numbers = [NOT_FOUND if pd.isna(number) else str(number) for number in self.table["segments"]]
        tall = self.table[["space", "algorithm"]].assign(segments=numbers)
        return tall.pivot_table(index="space", columns="algorithm", values="segments", aggfunc="first", sort=False)

    def times(self) -> pd.DataFrame:
        """Seconds of each fit to one digit, one row a space, one column an algorithm."""
        rounded = [f"{float(f'{seconds:.1g}'):g}" for seconds in self.seconds]
        tall = self.table[["space", "algorithm"]].assign(seconds=rounded)
        return tall.pivot_table(index="space", columns="algorithm", values="seconds", aggfunc="first", sort=False)


def compare(
    customers: pd.DataFrame,
    k: int,
    *,
    impute: str,
    features: Sequence[str] | None = None,
    encoder: Sequence[int] = (),
    encoded_scale: str = COMMON_SCALE,
    names: Sequence[str] = tuple(ALGORITHMS),
    seed: int,
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> Comparison:
    """Partition the customers by every algorithm on every scale.

    Args:
        customers: original units, one row a customer.
        k: number of segments, for the algorithms that take one.
        features: what customers are compared by; by default all that ``customers`` holds.
        encoder: widths of encoding layers; adds the space of the codes to the scales.
        encoded_scale: the scale that the encoder starts from.
        names: the algorithms.
    """
    frame = customers.iloc[drawn(len(customers), MOST_ROWS, seed)]
    fit = partial(feature_space.fit, frame, impute=impute, features=features)
    spaces = {scale: fit(scale=scale).transform(frame) for scale in SCALES}
    common = spaces[COMMON_SCALE]
    if encoder:
        spaces[ENCODED] = fit(scale=encoded_scale, encoder=encoder, seed=seed).transform(frame)
    tasks = list(product(spaces, names))
    rows: list[dict[str, Any]] = []
    labels: dict[str, np.ndarray] = {}
    seconds: list[float] = []
    for number, (where, algorithm) in enumerate(tasks):
        progress(f"{ALGORITHMS[algorithm].label}, {where}", number / len(tasks))
        started = time.perf_counter()
        clustering, why_not = _fit(algorithm, spaces[where], k, seed)
        seconds.append(time.perf_counter() - started)
        row = {"space": where, "algorithm": algorithm, "why_not": why_not}
        if clustering is not None:
            row |= _measure(algorithm, spaces[where], common, clustering, seed)
            labels[f"{algorithm}, {where}"] = clustering.labels
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"segments": "Int64"})
    partitions = pd.DataFrame(labels, index=frame.index)
    return Comparison(table, partitions, _agreements(partitions), seconds, len(customers), len(frame), k)


def _fit(algorithm: str, X: np.ndarray, k: int, seed: int) -> tuple[Clustering | None, str]:
    """The partition, or why there is none."""
    try:
        return algorithms.fit(algorithm, X, k, seed=seed), ""
    except UserError as error:
        return None, str(error).partition(";")[0]


def _measure(algorithm: str, X: np.ndarray, common: np.ndarray, clustering: Clustering, seed: int) -> dict[str, Any]:
    from sklearn.metrics import davies_bouldin_score

    jaccard = mean_jaccard(refit(algorithm, X, clustering, seed=seed, count=REPLICATES)[1])
    inside = clustering.labels != OUTLIERS
    own, labels = common[inside], clustering.labels[inside]
    return {
        "segments": clustering.k,
        "smallest_share": float(clustering.sizes.min() / len(X)),
        "outlier_share": clustering.outliers / len(X),
        "mean_jaccard": float(jaccard.mean()),
        "min_jaccard": float(jaccard.min()),
        "silhouette": inside.mean() * evaluation.silhouettes(own, {clustering.k: labels}, seed=seed).mean(clustering.k),
        "davies_bouldin": davies_bouldin_score(own, labels),
    }


def _agreements(partitions: pd.DataFrame) -> pd.DataFrame:
    """Adjusted Rand index of every two partitions; customers in no segment count as a group of their own."""
    from sklearn.metrics import adjusted_rand_score

    return partitions.corr(method=lambda labels, others: float(adjusted_rand_score(labels, others)))
