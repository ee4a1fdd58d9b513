"""Are segments tighter than those of customers without groups, who are otherwise like the real ones?"""

import numpy as np

from seg_utils.clustering import Clustering, best_start
from seg_utils.core.threads import parallel
from seg_utils.evaluation.criteria.gap_statistic import gaps, log_inertia
from seg_utils.evaluation.resampling.border_density import border_density
from seg_utils.evaluation.resampling.null_models import CurveLookalikes, Lookalikes, uniform_box
from seg_utils.evaluation.resampling.replicates import Replicated
from seg_utils.evaluation.zero_patterns import common_values, switches
from seg_utils.features.row_sample import drawn

LOOKALIKES = 10
FEW_LOOKALIKES = 3  # for a k that its replicates have ruled out
LOOKALIKE_STARTS = 3

LEAST_GAP = 0.02
LEAST_ERRORS = 3.0  # from this gap on, and so many standard errors, segments are tighter than those of lookalikes

# Up to this border density hardly anyone stands between segments; columns cut without groups left 0.3 or more
EMPTY = 0.2

CURVE_ROWS = 1_500  # beyond so many customers, a curve is laid through a random sample of so many
CURVE_WINDOW = 0.5  # a curve averages half as many customers as the smallest segment has

# A border less dense than this share of what borders between a curve's pieces are is clearly emptier than those
AS_FULL = 0.5

# Up to this gap in log inertia segments are no tighter than pieces of a curve: one laid through scattered customers
# is rougher than the one that they follow, and gaps of up to 0.05 were measured on customers who follow one
ROUGHNESS = 0.06


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
    Where hardly anyone stands between segments, and no column has a common value, columns have gaps because groups lie
    apart, too; lookalikes are then uniform. Segments that are but pieces of a curve have no gap, whatever their
    correlations.
    """
    X, ks, observed = X[rows], np.array(list(clusterings)), log_inertias(clusterings, rows)
    enough = np.where([one.hopeless for one in replicated.values()], FEW_LOOKALIKES, most)
    valleys = np.array([one.valleys for one in replicated.values()])
    apart = valleys & (not switches(X))
    empty = np.array([one.scores["border_density"] <= EMPTY for one in replicated.values()]) & (not common_values(X))
    compared = [
        (ks == k, uniform_boxes(X, seed, most) if islands else lookalikes(X, seed, most, clusterings[k].labels[rows]))
        for k, islands in zip(ks[apart].tolist(), empty[apart], strict=True)
    ]
    if not apart.all():
        alike = lookalikes(X, seed, int(enough[~apart].max()))
        compared += [(~apart & (enough == count), alike[:count]) for count in np.unique(enough[~apart])]
    gap, error = np.empty(len(ks)), np.empty(len(ks))
    for these, references in compared:
        gap[these], error[these] = gaps(
            references, ks[these].tolist(), observed[these], seed=seed, starts=LOOKALIKE_STARTS
        )
    few = drawn(len(X), CURVE_ROWS, seed)
    tighter = valleys & (gap >= np.maximum(LEAST_GAP, LEAST_ERRORS * error))
    curve = CurveLookalikes(X[few]) if tighter.any() else None
    for row in np.flatnonzero(tighter).tolist():
        scores, labels = replicated[ks[row]].scores, clusterings[ks[row]].labels[rows[few]]
        border = scores["border_density"] - scores["border_density_se"]
        against = _gap_to_curve(curve, X[few], labels, int(ks[row]), border, seed=seed, count=most)
        gap[row], error[row] = min((gap[row], error[row]), against)
    return {
        "lookalike_gap": gap,
        "lookalike_gap_se": error,
        "lookalike_gap_z": gap / np.maximum(error, np.finfo(float).eps),
        "references": enough,
    }


def uniform_boxes(X: np.ndarray, seed: int, count: int) -> list[np.ndarray]:
    """Boxes around customers, shape (n, features), each filled evenly with as many."""
    return parallel(lambda number: uniform_box(X, np.random.default_rng([seed, 5, number])), range(count))


def log_inertias(clusterings: dict[int, Clustering], rows: np.ndarray) -> np.ndarray:
    """Log of each partition's inertia, as of so many customers as ``rows``; shape (ks,)."""
    return log_inertia(np.array([found.inertia * len(rows) / len(found.labels) for found in clusterings.values()]))


def lookalikes(X: np.ndarray, seed: int, count: int, labels: np.ndarray | None = None) -> list[np.ndarray]:
    """Lookalikes of customers, shape (n, features), correlating as inside their segments ``labels`` (n,)."""
    model = Lookalikes(X, np.random.default_rng([seed, 3]), labels)
    return parallel(lambda number: model.draw(np.random.default_rng([seed, 4, number])), range(count))


def _gap_to_curve(
    curve: CurveLookalikes, X: np.ndarray, labels: np.ndarray, k: int, border: float, *, seed: int, count: int
) -> tuple[float, float]:
    """Gap of customers, shape (n, features), to those along a curve, less ``ROUGHNESS``, and its standard error.

    Infinite where the k segments ``labels``, shape (n,), are no pieces of a curve: where they are tighter than such, or
    where the ``border`` density between them, a standard error lower than measured, is clearly below those of such.
    """
    window = max(1, int(CURVE_WINDOW * np.bincount(labels, minlength=k).min()))

    def pieces(number: int) -> tuple[float, float]:
        alike = curve.draw(window, np.random.default_rng([seed, 7, number]))
        run = best_start(alike, k, seed=seed, starts=LOOKALIKE_STARTS)
        return run.inertia, border_density(run, alike, alike, run.labels)

    inertias, borders = np.array(parallel(pieces, range(count))).T
    spread, run = log_inertia(inertias), best_start(X, k, seed=seed, starts=LOOKALIKE_STARTS)
    gap = float(spread.mean() - log_inertia(np.array(run.inertia)) - ROUGHNESS)
    if gap > 0 or border < AS_FULL * borders.mean():
        return np.inf, 0.0
    return gap, float(spread.std() * np.sqrt(1 + 1 / count))
