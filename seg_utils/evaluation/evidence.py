"""Everything that is known about each number of segments, gathered once."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile

import numpy as np
import pandas as pd

from seg_utils.clustering import Clustering
from seg_utils.core.errors import ParameterError
from seg_utils.core.processes import in_processes
from seg_utils.evaluation.criteria.gap_statistic import gaps
from seg_utils.evaluation.criteria.internal import centroids_of
from seg_utils.evaluation.criteria.silhouette import Silhouettes, sample_rows, silhouettes
from seg_utils.evaluation.resampling.lookalike_gap import log_inertias, lookalike_scores, uniform_boxes
from seg_utils.evaluation.resampling.replicates import Replicated, replicated_kmeans
from seg_utils.evaluation.row_order import Ordered, ordered
from seg_utils.evaluation.zero_patterns import Switch, switches, told_by

LEAST_CUSTOMERS = 5  # a k beyond the smallest that would leave fewer customers a segment, on average, is not looked at
BOXES = 3  # uniform boxes feed one vote and no test
BOX_STARTS = 1  # a uniform box has many optima of all but equal inertia: the first serves
Progress = Callable[[str, float], None]  # told what is being worked on and the share of the work that is done, 0 to 1


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
    X: np.ndarray, ks: Iterable[int] = range(2, 21), *, seed: int = 42, progress: Progress | None = None
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
    zero_switches = switches(same.X)
    scores = _partition_scores(X, clusterings, labels, measured)
    scores["told_by_switches"] = [told_by(zero_switches, clustering.labels) for clustering in clusterings.values()]
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
        switches=_columns(zero_switches, same.columns),
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


def _columns(zero_switches: list[Switch], original: np.ndarray) -> list[list[int]]:
    """Original numbers of the columns of each switch that does not hang on others."""
    return sorted(sorted(original[list(switch.columns)].tolist()) for switch in zero_switches if not switch.parts)


def _sweep(
    X: np.ndarray, ks: list[int], rows: np.ndarray, seed: int, tell: Progress
) -> tuple[dict[int, Clustering], dict[int, Replicated]]:
    """The numbers of segments beside one another: within one, half splits wait for each other's outcome."""

    def replicated(k: int) -> tuple[Clustering, Replicated] | None:
        with suppress(ParameterError):  # customers that differ by rounding only
            return replicated_kmeans(X, k, rows, seed=seed)
        return None

    def finished(count: int) -> None:
        tell(f"K-Means and its replicates for {count} of {len(ks)} numbers of segments", 0.8 * count / len(ks))

    most_first = ks[::-1]
    by_k = dict(zip(most_first, in_processes(replicated, most_first, finished), strict=True))
    reached = {k: by_k[k] for k in takewhile(by_k.get, ks)}
    return {k: pair[0] for k, pair in reached.items()}, {k: pair[1] for k, pair in reached.items()}


def _partition_scores(
    X: np.ndarray, clusterings: dict[int, Clustering], labels: dict[int, np.ndarray], measured: Silhouettes
) -> dict[str, list[float]]:
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

    smallest = np.array([clustering.sizes.min() / len(X) for clustering in clusterings.values()])
    return {
        "inertia": [float(((X - centroids_of(X, labels[k])[labels[k]]) ** 2).sum()) for k in labels],
        "hit_rate": [clustering.hit_rate for clustering in clusterings.values()],
        "silhouette": [measured.mean(k) for k in labels],
        "silhouette_half_width": [measured.half_width(k) for k in labels],
        "silhouette_negative_share": [measured.negative_share(k) for k in labels],
        "davies_bouldin": [davies_bouldin_score(X, labels[k]) for k in labels],
        "calinski_harabasz": [calinski_harabasz_score(X, labels[k]) for k in labels],
        "smallest_share": smallest.tolist(),
        "smallest_share_se": np.sqrt(smallest * (1 - smallest) / len(X)).tolist(),
    }


def _box_scores(
    X: np.ndarray, rows: np.ndarray, clusterings: dict[int, Clustering], seed: int
) -> dict[str, np.ndarray]:
    """Gap to uniform boxes, with its standard error."""
    boxes, observed = uniform_boxes(X[rows], seed, BOXES), log_inertias(clusterings, rows)
    gap, error = gaps(boxes, list(clusterings), observed, seed=seed, starts=BOX_STARTS)
    return {"gap": gap, "gap_se": error}
