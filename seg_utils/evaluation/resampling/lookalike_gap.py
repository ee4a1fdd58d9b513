"""Are segments tighter than those of customers without groups, who are otherwise like the real ones?"""

import numpy as np

from seg_utils.clustering import Clustering, best_start
from seg_utils.core.threads import parallel
from seg_utils.evaluation.criteria.gap_statistic import gaps, log_inertia
from seg_utils.evaluation.resampling.border_density import border_density
from seg_utils.evaluation.resampling.branch_lookalikes import BranchLookalikes, centres_on_lines
from seg_utils.evaluation.resampling.fewer_segments import lookalikes_of_fewer
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
BRANCH_WINDOW = 1.0  # customers are spread over lengths of a tree that hold as many as the smallest segment

# A border less dense than this share of what borders between pieces of such lines are is clearly emptier than those.
# Where lines cross twice as many stand as beside it, and spreading customers over lengths evens that out.
AS_FULL_AS_A_CURVES, AS_FULL_AS_BRANCHES = 1 / 2, 1 / 3

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
    apart, too; lookalikes are then uniform. Segments that are but pieces of lines have no gap, whatever their
    correlations; that is looked at wherever it may decide the verdict, or what is too close to call. So is, where
    values are common, whether more segments than those of a k that passes are but pieces of them.
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
    doubtful = np.array([one.doubtful for one in replicated.values()])
    if common_values(X):
        segments = [clusterings[k].labels[rows] for k in ks.tolist()]
        tests, clear = list(replicated.values()), _clear(gap, error)
        for row, (added, its_error) in _pieces(X, segments, observed, tests, clear, seed=seed, count=most).items():
            gap[row], error[row] = added, its_error
    tighter = (valleys | doubtful) & _clear(gap, error)
    curve = CurveLookalikes(X[few]) if tighter.any() else None
    decided = False  # the largest k that passes decides, so below one a doubtful k is no matter
    for row in np.flatnonzero(tighter)[::-1].tolist():
        if decided and not valleys[row]:
            continue
        scores, labels = replicated[ks[row]].scores, clusterings[ks[row]].labels[rows[few]]
        against = _gaps_to_lines(curve, X[few], labels, int(ks[row]), scores, seed=seed, count=most)
        decided |= bool(valleys[row]) and min(against) > (gap[row], error[row])
        gap[row], error[row] = min((gap[row], error[row]), *against)
    return {
        "lookalike_gap": gap,
        "lookalike_gap_se": error,
        "lookalike_gap_z": gap / np.maximum(error, np.finfo(float).eps),
        "references": enough,
    }


def _clear(gap: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Which gaps, shape (ks,), say that segments are tighter."""
    return gap >= np.maximum(LEAST_GAP, LEAST_ERRORS * error)


def uniform_boxes(X: np.ndarray, seed: int, count: int) -> list[np.ndarray]:
    """Boxes around customers, shape (n, features), each filled evenly with as many."""
    return parallel(lambda number: uniform_box(X, np.random.default_rng([seed, 5, number])), range(count))


def log_inertias(clusterings: dict[int, Clustering], rows: np.ndarray) -> np.ndarray:
    """Log of each partition's inertia, as of so many customers as ``rows``; shape (ks,)."""
    return log_inertia(
        np.array([clustering.inertia * len(rows) / len(clustering.labels) for clustering in clusterings.values()])
    )


def lookalikes(X: np.ndarray, seed: int, count: int, labels: np.ndarray | None = None) -> list[np.ndarray]:
    """Lookalikes of customers, shape (n, features), correlating as inside their segments ``labels`` (n,)."""
    model = Lookalikes(X, np.random.default_rng([seed, 3]), labels)
    return parallel(lambda number: model.draw(np.random.default_rng([seed, 4, number])), range(count))


def _pieces(
    X: np.ndarray,
    segments: list[np.ndarray],
    observed: np.ndarray,
    replicated: list[Replicated],
    clear: np.ndarray,
    *,
    seed: int,
    count: int,
) -> dict[int, tuple[float, float]]:
    """Gap, with its standard error, of ``segments`` that are but pieces of fewer ones that pass, by their row.

    Looked at from the most segments down to the first that pass and are more, where a k may pass.

    Args:
        observed: log of each row's inertia.
        clear: which rows are tighter than customers without groups.
    """
    pieces = {}
    passing = [row for row in np.flatnonzero(clear).tolist() if replicated[row].passes]
    for row in np.flatnonzero(clear)[::-1].tolist():
        fewer = [other for other in passing if other < row]
        if replicated[row].missed >= 1 or not fewer:
            continue
        alike = lookalikes_of_fewer(X, segments[fewer[-1]], segments[row], seed=seed, count=count)
        gap, error = gaps(alike, [int(segments[row].max()) + 1], observed[[row]], seed=seed, starts=LOOKALIKE_STARTS)
        if not _clear(gap, error).all():
            pieces[row] = float(gap[0]), float(error[0])
        elif row in passing:
            break
    return pieces


def _gaps_to_lines(
    curve: CurveLookalikes,
    X: np.ndarray,
    labels: np.ndarray,
    k: int,
    scores: dict[str, float],
    *,
    seed: int,
    count: int,
) -> list[tuple[float, float]]:
    """Gap of customers, shape (n, features), to those along a curve and along branches, less ``ROUGHNESS``, each with
    its standard error.

    Infinite where the k segments ``labels``, shape (n,), are no pieces of such lines: where they are tighter than such,
    or where the border density between them, of ``scores``, is clearly below those of such; below those of a curve also
    if only a standard error lower than measured, as nothing says that customers follow one.
    """
    border = scores["border_density"]
    smallest, run = np.bincount(labels, minlength=k).min(), best_start(X, k, seed=seed, starts=LOOKALIKE_STARTS)

    def gap_to(
        lines: CurveLookalikes | BranchLookalikes, share: float, as_full: float, border: float
    ) -> tuple[float, float]:
        window = max(1, int(share * smallest))

        def pieces(number: int) -> tuple[float, float]:
            alike = lines.draw(window, np.random.default_rng([seed, 7, number]))
            run = best_start(alike, k, seed=seed, starts=LOOKALIKE_STARTS)
            return run.inertia, border_density(run, alike, alike, run.labels)

        inertias, borders = np.array(parallel(pieces, range(count))).T
        spread = log_inertia(inertias)
        gap = float(spread.mean() - log_inertia(np.array(run.inertia)) - ROUGHNESS)
        if gap > 0 or border < as_full * borders.mean():
            return np.inf, 0.0
        return gap, float(spread.std() * np.sqrt(1 + 1 / count))

    against = [gap_to(curve, CURVE_WINDOW, AS_FULL_AS_A_CURVES, border - scores["border_density_se"])]
    nodes = centres_on_lines(X, k, seed)
    if nodes is not None:
        against.append(gap_to(BranchLookalikes(X, nodes), BRANCH_WINDOW, AS_FULL_AS_BRANCHES, border))
    return against
