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
from seg_utils.evaluation.row_order import ordered
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
    rounds: int = 2,
    progress: Progress | None = None,
) -> Evidence:
    """Cluster for every k, and score what comes out.

    The order of rows and columns, and listing every customer twice, change nothing.

    Args:
        X: coordinates, shape (n, features).
        ks: numbers of segments to look at, rising; those for which there are not enough customers are left out.
        seed: of every random draw.
        rounds: of replicates; 1 for a quick look at every k.
        progress: called as work goes on.
    """
    tell = progress or (lambda text, done: None)
    same, ks = ordered(X), list(ks)
    most = max(len(same.X) // LEAST_CUSTOMERS, min(ks, default=0))
    worthwhile = [k for k in ks if k < same.distinct and k <= most]
    rows = sample_rows(len(same.X), seed)
    clusterings, replicated = _sweep(same.X, worthwhile, rows, seed, rounds, tell)
    labels = {k: clustering.labels[same.position] for k, clustering in clusterings.items()}
    tell("silhouettes", 0.8)
    measured = silhouettes(X, labels, seed=seed)
    found = switches(same.X)
    scores = _partition_scores(X, clusterings, labels, measured)
    scores["told_by_switches"] = [told_by(found, clustering.labels) for clustering in clusterings.values()]
    scores |= _gap_scores(same.X, rows, clusterings, replicated, seed, tell)
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


def _columns(found: list[Switch], original: np.ndarray) -> list[list[int]]:
    """Original numbers of the columns of each switch that does not hang on others."""
    return sorted(sorted(original[list(switch.columns)].tolist()) for switch in found if not switch.parts)


def _sweep(
    X: np.ndarray, ks: list[int], rows: np.ndarray, seed: int, rounds: int, tell: Progress
) -> tuple[dict[int, Clustering], dict[int, Replicated]]:
    clusterings: dict[int, Clustering] = {}
    replicated: dict[int, Replicated] = {}
    for number, k in enumerate(ks):
        tell(f"K-Means and its replicates for k = {k}", 0.8 * number / len(ks))
        try:
            clusterings[k], replicated[k] = replicated_kmeans(X, k, rows, seed=seed, rounds=rounds)
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


def _lookalikes(X: np.ndarray, seed: int, labels: np.ndarray | None = None) -> list[np.ndarray]:
    """``LOOKALIKES`` of customers, shape (n, features), correlating as inside their segments ``labels`` (n,)."""
    lookalikes = Lookalikes(X, np.random.default_rng([seed, 3]), labels)
    return parallel(lambda number: lookalikes.draw(np.random.default_rng([seed, 4, number])), range(LOOKALIKES))


def _gap_scores(
    X: np.ndarray,
    rows: np.ndarray,
    clusterings: dict[int, Clustering],
    replicated: dict[int, Replicated],
    seed: int,
    tell: Progress,
) -> dict[str, np.ndarray]:
    """Gap to a uniform box and to lookalikes, each with its standard error. Inertias are a customer's.

    Where valleys lie between all segments, columns correlate because groups lie apart; lookalikes then correlate as
    columns do inside the segments. Yes/no switches are gaps without groups, so that is not done where there are any.
    """
    if not clusterings:
        return {}
    ks = np.array(list(clusterings))
    inertias = np.array([clustering.inertia for clustering in clusterings.values()])
    observed, X = log_inertia(inertias * len(rows) / len(X)), X[rows]
    tell("customers without groups, for comparison", 0.85)
    boxes = parallel(lambda number: uniform_box(X, np.random.default_rng([seed, 5, number])), range(BOXES))
    gap, gap_se = gaps(boxes, ks.tolist(), observed, seed=seed, starts=BOX_STARTS)
    enough = np.where([one.hopeless for one in replicated.values()], FEW_LOOKALIKES, LOOKALIKES)
    apart = np.array([one.valleys for one in replicated.values()]) & (not switches(X))
    alike = _lookalikes(X, seed)
    compared = [(~apart & (enough == count), alike[:count]) for count in np.unique(enough)]
    compared += [(ks == k, _lookalikes(X, seed, clusterings[k].labels[rows])) for k in ks[apart].tolist()]
    lookalike_gap, error = np.empty(len(ks)), np.empty(len(ks))
    for these, references in compared:
        lookalike_gap[these], error[these] = gaps(
            references, ks[these].tolist(), observed[these], seed=seed, starts=LOOKALIKE_STARTS
        )
    return {
        "gap": gap,
        "gap_se": gap_se,
        "lookalike_gap": lookalike_gap,
        "lookalike_gap_se": error,
        "lookalike_gap_z": lookalike_gap / np.maximum(error, np.finfo(float).eps),
        "references": enough,
    }
