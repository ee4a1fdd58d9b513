"""K-Means from many starts, with an account of how often the best optimum was found."""

import numpy as np

from seg_utils.clustering.lloyd import Lloyd, Run
from seg_utils.clustering.partition import Clustering, canonical, check_distinct, in_order, means_of, too_few_different
from seg_utils.core.threads import parallel
from seg_utils.features.row_sample import drawn

HIT_TOLERANCE = 1e-4  # starts whose inertia is within this share of the best one found the same optimum
ROUND_OF_STARTS = 25

# So many starts without a better optimum end the search where no optimum repeats: many segments of a cloud have ever
# so slightly better ones without end. Of twice as many starts the best is better by 0.02 % on average.
PATIENCE = 50

# Beyond so many customers, starts run on a random sample of so many; the best few are finished on everyone
START_ROWS = 20_000

WARD_ROWS = 400  # customers that Ward's clusters, a replicate's first start, are made from
FINALISTS = 5

# The best runs, at most a fifth of them, converge to the end: which of them is best shows only then
STARTS_A_FINALIST = 5

SAMPLED_FINALISTS = 1

# Where starts ran on a sample, every further step is over all customers: fewer of them, and to a tolerance
SAMPLED_TOLERANCE = 1e-5


def kmeans(
    X: np.ndarray, k: int, *, seed: int, wanted_hits: int = 5, min_starts: int = 50, max_starts: int = 200
) -> Clustering:
    """K-Means from as many k-means++ starts as it takes to find the best optimum again and again.

    One start finds the best optimum of this kind of data in 8 % of tries or fewer, so a fixed ten starts miss it often.
    Starts go in rounds until ``wanted_hits`` of them agree on the best inertia, and until there are ``min_starts`` of
    them or most of them agree. Where no optimum repeats, the search ends after ``PATIENCE`` starts without a better
    one, or with ``max_starts``.

    Args:
        X: coordinates, shape (n, features). The order of the rows does not matter.
        seed: start i uses ``seed + i``, so the result does not depend on the number of cores.

    Raises:
        ParameterError: there are fewer than ``k`` different customers.
    """
    order = in_order(X)
    rows = X[order]
    check_distinct(rows, k)
    tried = Lloyd(rows[drawn(len(rows), START_ROWS, seed)])
    runs: list[Run] = []
    while len(runs) < max_starts and not _settled(runs, wanted_hits, min_starts):
        following = range(len(runs), min(len(runs) + ROUND_OF_STARTS, max_starts))
        runs += parallel(lambda start: tried.drawn(k, seed + start), following)
    best = _finished(rows, tried, runs)
    return _clustering(order, best, starts=len(runs), hits=_hits(runs))


def from_centres(X: np.ndarray, centroids: np.ndarray) -> Clustering:
    """The optimum that K-Means finds from given centres, shape (k, features). Raises ParameterError: there are fewer
    than k different customers."""
    order = in_order(X)
    rows = X[order]
    check_distinct(rows, len(centroids))
    return _clustering(order, Lloyd(rows).started(centroids, most=1000, tolerance=0.0), starts=1, hits=1)


def _clustering(order: np.ndarray, run: Run, starts: int, hits: int) -> Clustering:
    """Where a start ended, over rows in their order, as a clustering of the rows as they came."""
    k = len(run.centroids)
    if len(np.unique(run.labels)) < k:  # customers that differ by rounding only
        raise too_few_different(k, len(np.unique(run.labels)))
    labels = np.empty(len(order), dtype=np.int64)
    labels[order], centroids = canonical(run.labels, run.centroids)
    return Clustering(labels, centroids, run.inertia, starts, hits)


def best_start(
    X: np.ndarray, k: int, *, seed: int, starts: int, at_least: int = 4, weights: np.ndarray | None = None
) -> Run:
    """The best of a few K-Means starts, without threads: for replicates that already run beside one another.

    The first start is from Ward's clusters of a few customers, which k-means++ needs many tries to match where some
    segments are far apart and others close. Stops before ``starts`` when two of ``at_least`` found the best optimum.

    Args:
        X: coordinates, shape (n, features).
        weights: how often each row counts, shape (n,).
    """
    lloyd, centers = Lloyd(X, weights), _ward_centers(X, k, np.random.default_rng(seed))
    runs = [lloyd.drawn(k, seed) if centers is None else lloyd.started(centers)]
    while len(runs) < starts and (len(runs) < at_least or _hits(runs) < 2):
        runs.append(lloyd.drawn(k, seed + len(runs)))
    return min(runs, key=lambda run: run.inertia)


def _ward_centers(X: np.ndarray, k: int, random: np.random.Generator) -> np.ndarray | None:
    """Means of k Ward clusters of a random few of the rows; None where equal rows leave fewer clusters."""
    from scipy.cluster.hierarchy import fcluster, linkage

    few = X[random.choice(len(X), WARD_ROWS, replace=False)] if len(X) > WARD_ROWS else X
    if k == 1 or len(few) <= k:
        return None
    labels = fcluster(linkage(few, "ward"), k, criterion="maxclust") - 1
    if labels.max() + 1 < k:
        return None
    return means_of(few, labels)


def _hits(runs: list[Run]) -> int:
    return len(_finders(runs))


def _finders(runs: list[Run]) -> list[int]:
    """Numbers of the runs that found the best optimum."""
    best = min(run.inertia for run in runs)
    return [number for number, run in enumerate(runs) if run.inertia <= best * (1 + HIT_TOLERANCE)]


def _settled(runs: list[Run], wanted_hits: int, min_starts: int) -> bool:
    """Whether more starts are not worth while: the best optimum repeats, or has not been bettered for long."""
    if not runs:
        return False
    finders = _finders(runs)
    if len(finders) >= wanted_hits:
        return len(runs) >= min_starts or 2 * len(finders) >= len(runs)
    return len(runs) - finders[0] > PATIENCE


def _finished(rows: np.ndarray, tried: Lloyd, runs: list[Run]) -> Run:
    """The best of the best runs, converged on all rows; to the last bit where starts saw all rows."""
    all_seen = len(runs[0].labels) == len(rows)
    most = max(1, min(FINALISTS, len(runs) // STARTS_A_FINALIST)) if all_seen else SAMPLED_FINALISTS
    finalists = sorted(runs, key=lambda run: run.inertia)[:most]
    lloyd, tolerance = (tried, 0.0) if all_seen else (Lloyd(rows), SAMPLED_TOLERANCE)
    finished = parallel(lambda run: lloyd.started(run.centroids, most=1000, tolerance=tolerance), finalists)
    return min(finished, key=lambda run: run.inertia)
