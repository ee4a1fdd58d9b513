"""Everything that is known about each number of segments, gathered once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from seg_utils.clustering import Clustering, kmeans, tolerating_duplicates
from seg_utils.errors import ParameterError
from seg_utils.selection.bootstrap import bootstrap, mean_jaccard
from seg_utils.selection.criteria import calinski_harabasz, centroids_of, davies_bouldin
from seg_utils.selection.gap import gaps, log_inertia
from seg_utils.selection.halves import halves
from seg_utils.selection.ordering import ordered
from seg_utils.selection.references import Lookalikes, uniform_box
from seg_utils.selection.silhouette import Silhouettes, sample_rows, silhouettes

REFERENCES = 10
REFERENCE_STARTS = {"gap": 1, "lookalike_gap": 3}
"""A uniform box has many optima of all but equal inertia: its first serves."""

SPLITS = (4, 12)
REPLICATES = (10, 30)
"""First round for every k; a k that may still pass gets the second number in all."""

HOPELESS_STRENGTH = 0.6
HOPELESS_JACCARD = 0.6
"""A k this low after its first round will not be accepted; more replicates would only tell how low exactly."""

Progress = Callable[[str, float], None]
"""Told what is being worked on and the share of the work that is done, 0 to 1."""


@dataclass(frozen=True)
class Evidence:
    """Scores of every k, one row a k, and what they were computed from.

    ``labels[k]`` holds the segment of each customer in input order; ``jaccard[k]`` one number a segment.
    ``rows`` of the ``customers`` went into replicates, references and silhouettes; all of them up to a named size.
    """

    scores: pd.DataFrame
    labels: dict[int, np.ndarray] = field(repr=False)
    silhouettes: Silhouettes = field(repr=False)
    jaccard: dict[int, list[float]] = field(repr=False)
    customers: int
    rows: int
    seed: int


def gather(
    X: np.ndarray, ks: Iterable[int] = range(2, 21), *, seed: int = 42, progress: Progress | None = None
) -> Evidence:
    """Cluster for every k, and score what comes out.

    The order of rows and columns, and listing every customer twice, change nothing.

    Args:
        X: coordinates, shape (n, features).
        ks: numbers of segments to look at; those for which there are not enough different customers are left out.
        seed: of every random draw.
        progress: called as work goes on.
    """
    tell = progress or (lambda text, done: None)
    same = ordered(X)
    with tolerating_duplicates():
        clusterings = _sweep(same.X, [k for k in ks if k < same.distinct], seed, tell)
        labels = {k: clustering.labels[same.position] for k, clustering in clusterings.items()}
        tell("silhouettes", 0.45)
        measured = silhouettes(X, labels, seed=seed)
        rows = sample_rows(len(same.X), seed)
        scores = _partition_scores(X, clusterings, labels, measured)
        scores |= _gap_scores(same.X[rows], clusterings, len(same.X), seed, tell)
        replicated, jaccard = _replicate_scores(same.X[rows], clusterings, rows, seed, tell)
    tell("scores", 1.0)
    table = pd.DataFrame({"k": list(clusterings), **scores, **replicated})
    return Evidence(table, labels, measured, jaccard, customers=len(X), rows=len(rows), seed=seed)


def _sweep(X: np.ndarray, ks: list[int], seed: int, tell: Progress) -> dict[int, Clustering]:
    clusterings: dict[int, Clustering] = {}
    for number, k in enumerate(ks):
        tell(f"K-Means for k = {k}", 0.45 * number / len(ks))
        try:
            clusterings[k] = kmeans(X, k, seed=seed)
        except ParameterError:
            break
    return clusterings


def _partition_scores(
    X: np.ndarray, clusterings: dict[int, Clustering], labels: dict[int, np.ndarray], measured: Silhouettes
) -> dict[str, list[float]]:
    return {
        "inertia": [float(((X - centroids_of(X, labels[k])[labels[k]]) ** 2).sum()) for k in labels],
        "hit_rate": [clustering.hit_rate for clustering in clusterings.values()],
        "silhouette": [measured.mean(k) for k in labels],
        "silhouette_half_width": [measured.half_width(k) for k in labels],
        "silhouette_negative_share": [measured.negative_share(k) for k in labels],
        "davies_bouldin": [davies_bouldin(X, labels[k]) for k in labels],
        "calinski_harabasz": [calinski_harabasz(X, labels[k]) for k in labels],
        "smallest_share": [
            float(clustering.sizes.min() / clustering.sizes.sum()) for clustering in clusterings.values()
        ],
    }


def _gap_scores(
    X: np.ndarray, clusterings: dict[int, Clustering], n: int, seed: int, tell: Progress
) -> dict[str, np.ndarray]:
    """Gap to a uniform box and to lookalikes, each with its standard error. Inertias are a customer's."""
    if not clusterings:
        return {}
    observed = log_inertia(np.array([clustering.inertia for clustering in clusterings.values()]) * len(X) / n)
    lookalikes = Lookalikes(X, np.random.default_rng([seed, 3]))
    kinds = (("gap", lambda random: uniform_box(X, random)), ("lookalike_gap", lookalikes.draw))
    scores = {}
    for number, (name, draw) in enumerate(kinds):
        tell("customers without groups, for comparison", 0.5 + 0.08 * number)
        references = [draw(np.random.default_rng([seed, 4, number])) for number in range(REFERENCES)]
        scores[name], scores[f"{name}_se"] = gaps(
            references, list(clusterings), observed, seed=seed, starts=REFERENCE_STARTS[name]
        )
    scores["lookalike_gap_z"] = scores["lookalike_gap"] / np.maximum(scores["lookalike_gap_se"], np.finfo(float).eps)
    return scores


def _replicate_scores(
    X: np.ndarray, clusterings: dict[int, Clustering], rows: np.ndarray, seed: int, tell: Progress
) -> tuple[dict[str, list[float]], dict[int, list[float]]]:
    table: list[dict[str, float]] = []
    jaccard: dict[int, list[float]] = {}
    for number, (k, clustering) in enumerate(clusterings.items()):
        tell(f"bootstrap and split halves for k = {k}", 0.65 + 0.35 * number / len(clusterings))
        scores, jaccard[k] = _replicates_of(X, clustering.labels[rows], k, seed)
        table.append(scores)
    return {name: [row[name] for row in table] for name in (table[0] if table else ())}, jaccard


def _replicates_of(X: np.ndarray, labels: np.ndarray, k: int, seed: int) -> tuple[dict[str, float], list[float]]:
    """Replicates for one k, as many as its first round makes worth while."""
    strength, border = halves(X, k, seed=seed, splits=SPLITS[0])
    ari, similarity = bootstrap(X, labels, seed=seed, replicates=REPLICATES[0])
    if strength.mean() > HOPELESS_STRENGTH and mean_jaccard(similarity).min() > HOPELESS_JACCARD:
        more = halves(X, k, seed=seed, first=SPLITS[0], splits=SPLITS[1] - SPLITS[0])
        strength, border = np.r_[strength, more[0]], np.r_[border, more[1]]
        more = bootstrap(X, labels, seed=seed, first=REPLICATES[0], replicates=REPLICATES[1] - REPLICATES[0])
        ari, similarity = np.r_[ari, more[0]], np.vstack([similarity, more[1]])
    jaccard = mean_jaccard(similarity).tolist()
    scores = {
        "prediction_strength": float(strength.mean()),
        "border_density": float(border.mean()),
        "bootstrap_ari": float(ari.mean()),
        "min_jaccard": min(jaccard),
        "splits": len(strength),
        "replicates": len(ari),
    }
    return scores, jaccard
