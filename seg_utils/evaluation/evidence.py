"""Everything that is known about each number of segments, gathered once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from seg_utils.clustering import Clustering
from seg_utils.core.errors import ParameterError
from seg_utils.core.threads import parallel
from seg_utils.evaluation.criteria.gap_statistic import gaps, log_inertia
from seg_utils.evaluation.criteria.internal import calinski_harabasz, centroids_of, davies_bouldin
from seg_utils.evaluation.criteria.silhouette import Silhouettes, sample_rows, silhouettes
from seg_utils.evaluation.resampling.null_models import Lookalikes, uniform_box
from seg_utils.evaluation.resampling.replicates import Replicated, replicated_kmeans
from seg_utils.evaluation.row_order import Ordered, ordered
from seg_utils.evaluation.zero_patterns import Switch, switches, told_by

LEAST_CUSTOMERS = 5
"""A k beyond the smallest that would leave fewer customers a segment, on average, is not looked at."""

LOOKALIKES = 10
FEW_LOOKALIKES = 3
"""For a k that its replicates have ruled out."""

LOOKALIKE_STARTS = 3

BOXES = 3
"""Uniform boxes feed one vote and no test."""

BOX_STARTS = 1
"""A uniform box has many optima of all but equal inertia: the first serves."""

Progress = Callable[[str, float], None]
"""Told what is being worked on and the share of the work that is done, 0 to 1."""


@dataclass(frozen=True)
class Evidence:
    """Scores of every k, one row a k, and what they were computed from.

    ``labels[k]`` holds the segment of each customer in input order; ``jaccard[k]`` one number a segment.
    ``rows`` of the ``customers`` went into replicates, references and silhouettes; all of them up to a named size.
    ``switches`` are numbers of columns that are at their lowest together; ``asked`` is the largest k asked for.
    """

    scores: pd.DataFrame
    labels: dict[int, np.ndarray] = field(repr=False)
    silhouettes: Silhouettes = field(repr=False)
    jaccard: dict[int, list[float]] = field(repr=False)
    switches: list[list[int]]
    customers: int
    rows: int
    asked: int
    seed: int


def gather(
    X: np.ndarray,
    ks: Iterable[int] = range(2, 21),
    *,
    seed: int = 42,
    progress: Progress | None = None,
) -> Evidence:
    """Cluster for every k, and score what comes out.

    The order of rows and columns, and listing every customer twice, change nothing.

    Args:
        X: coordinates, shape (n, features).
        ks: numbers of segments to look at, rising; those for which there are not enough customers are left out.
        seed: of every random draw.
        progress: called as work goes on.
    """
    tell = progress or (lambda text, done: None)
    same, ks = ordered(X), list(ks)
    rows = sample_rows(len(same.X), seed)
    clusterings, replicated = _sweep(same.X, worthwhile(same, ks), rows, seed, tell)
    labels = {k: clustering.labels[same.position] for k, clustering in clusterings.items()}
    tell("silhouettes", 0.8)
    measured = silhouettes(X, labels, seed=seed)
    found = switches(same.X)
    scores = _partition_scores(X, clusterings, labels, measured)
    scores["told_by_switches"] = [told_by(found, clustering.labels) for clustering in clusterings.values()]
    if clusterings:
        tell("customers without groups, for comparison", 0.85)
        scores |= _box_scores(same.X, rows, clusterings, seed)
        scores |= lookalike_scores(same.X, rows, clusterings, replicated, seed=seed)
    tell("scores", 1.0)
    jaccard = {k: one.jaccard for k, one in replicated.items()}
    table = pd.DataFrame({"k": list(clusterings), **scores})
    table = table.join(pd.DataFrame([one.scores for one in replicated.values()]))
    return Evidence(
        table,
        labels,
        measured,
        jaccard,
        switches=_columns(found, same.columns),
        customers=len(X),
        rows=len(rows),
        asked=max(ks, default=0),
        seed=seed,
    )


def worthwhile(same: Ordered, ks: Iterable[int]) -> list[int]:
    """The numbers of segments for which there are customers enough, and different ones."""
    ks = list(ks)
    most = max(len(same.X) // LEAST_CUSTOMERS, min(ks, default=0))
    return [k for k in ks if k < same.distinct and k <= most]


def _columns(found: list[Switch], original: np.ndarray) -> list[list[int]]:
    """Original numbers of the columns of each switch that does not hang on others."""
    return sorted(sorted(original[list(switch.columns)].tolist()) for switch in found if not switch.parts)


def _sweep(
    X: np.ndarray, ks: list[int], rows: np.ndarray, seed: int, tell: Progress
) -> tuple[dict[int, Clustering], dict[int, Replicated]]:
    clusterings: dict[int, Clustering] = {}
    replicated: dict[int, Replicated] = {}
    for number, k in enumerate(ks):
        tell(f"K-Means and its replicates for k = {k}", 0.8 * number / len(ks))
        try:
            clusterings[k], replicated[k] = replicated_kmeans(X, k, rows, seed=seed)
        except ParameterError:
            break
    return clusterings, replicated


def _partition_scores(
    X: np.ndarray, clusterings: dict[int, Clustering], labels: dict[int, np.ndarray], measured: Silhouettes
) -> dict[str, list[float]]:
    smallest = np.array([clustering.sizes.min() / len(X) for clustering in clusterings.values()])
    return {
        "inertia": [float(((X - centroids_of(X, labels[k])[labels[k]]) ** 2).sum()) for k in labels],
        "hit_rate": [clustering.hit_rate for clustering in clusterings.values()],
        "silhouette": [measured.mean(k) for k in labels],
        "silhouette_half_width": [measured.half_width(k) for k in labels],
        "silhouette_negative_share": [measured.negative_share(k) for k in labels],
        "davies_bouldin": [davies_bouldin(X, labels[k]) for k in labels],
        "calinski_harabasz": [calinski_harabasz(X, labels[k]) for k in labels],
        "smallest_share": smallest.tolist(),
        "smallest_share_se": np.sqrt(smallest * (1 - smallest) / len(X)).tolist(),
    }


def _log_inertias(clusterings: dict[int, Clustering], rows: np.ndarray) -> np.ndarray:
    """Log of each partition's inertia, as of so many customers as ``rows``; shape (ks,)."""
    return log_inertia(np.array([found.inertia * len(rows) / len(found.labels) for found in clusterings.values()]))


def _box_scores(
    X: np.ndarray, rows: np.ndarray, clusterings: dict[int, Clustering], seed: int
) -> dict[str, np.ndarray]:
    """Gap to uniform boxes, with its standard error."""
    boxes = parallel(lambda number: uniform_box(X[rows], np.random.default_rng([seed, 5, number])), range(BOXES))
    observed = _log_inertias(clusterings, rows)
    gap, error = gaps(boxes, list(clusterings), observed, seed=seed, starts=BOX_STARTS)
    return {"gap": gap, "gap_se": error}


def lookalike_scores(
    X: np.ndarray,
    rows: np.ndarray,
    clusterings: dict[int, Clustering],
    replicated: dict[int, Replicated],
    *,
    seed: int,
    most: int = LOOKALIKES,
) -> dict[str, np.ndarray]:
    """Gap to lookalikes, its standard error, and the number of ``references``: ``most``, or a few for a hopeless k.

    Where valleys lie between all segments, columns correlate because groups lie apart; lookalikes then correlate as
    columns do inside the segments. Yes/no switches are gaps without groups, so that is not done where there are any.
    """
    X, ks, observed = X[rows], np.array(list(clusterings)), _log_inertias(clusterings, rows)
    enough = np.where([one.hopeless for one in replicated.values()], FEW_LOOKALIKES, most)
    apart = np.array([one.valleys for one in replicated.values()]) & (not switches(X))
    compared = [(ks == k, _lookalikes(X, seed, most, clusterings[k].labels[rows])) for k in ks[apart].tolist()]
    if not apart.all():
        alike = _lookalikes(X, seed, int(enough[~apart].max()))
        compared += [(~apart & (enough == count), alike[:count]) for count in np.unique(enough[~apart])]
    gap, error = np.empty(len(ks)), np.empty(len(ks))
    for these, references in compared:
        gap[these], error[these] = gaps(
            references, ks[these].tolist(), observed[these], seed=seed, starts=LOOKALIKE_STARTS
        )
    return {
        "lookalike_gap": gap,
        "lookalike_gap_se": error,
        "lookalike_gap_z": gap / np.maximum(error, np.finfo(float).eps),
        "references": enough,
    }


def _lookalikes(X: np.ndarray, seed: int, count: int, labels: np.ndarray | None = None) -> list[np.ndarray]:
    """Lookalikes of customers, shape (n, features), correlating as inside their segments ``labels`` (n,)."""
    lookalikes = Lookalikes(X, np.random.default_rng([seed, 3]), labels)
    return parallel(lambda number: lookalikes.draw(np.random.default_rng([seed, 4, number])), range(count))
