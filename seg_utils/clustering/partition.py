"""Partitions of customers with canonical segment ids: the largest segment is 0."""

from dataclasses import dataclass

import numpy as np

from seg_utils.clustering.placement import OUTLIERS, Centres, Exemplars, Placement, euclidean
from seg_utils.core.errors import ParameterError
from seg_utils.features.row_sample import drawn

# Ward's n²/2 distances take 576 MB at this size; the mixture and the density methods stay within a minute
MOST_ROWS = 12_000


def sample(rows: np.ndarray, seed: int) -> np.ndarray:
    """At most ``MOST_ROWS`` of the rows, drawn without replacement, in their order."""
    return rows[drawn(len(rows), MOST_ROWS, seed)]


ROWS_AT_A_TIME = 10_000


@dataclass(frozen=True)
class Clustering:
    """A partition of n customers into k segments, the largest first.

    ``labels`` has shape (n,) and holds 0..k-1, and ``OUTLIERS`` for customers in none; ``centroids`` (k, dimensions)
    are the means of the segments. ``rule`` places customers; where it is None the nearest centroid does.
    """

    labels: np.ndarray
    centroids: np.ndarray
    inertia: float
    starts: int
    hits: int
    rule: Placement | None = None

    @property
    def k(self) -> int:
        return len(self.centroids)

    @property
    def hit_rate(self) -> float:
        """Share of the starts that found the best optimum."""
        return self.hits / self.starts

    @property
    def sizes(self) -> np.ndarray:
        """Customers in each segment, shape (k,)."""
        return np.bincount(self.labels[self.labels != OUTLIERS], minlength=self.k)

    @property
    def outliers(self) -> int:
        return int((self.labels == OUTLIERS).sum())

    @property
    def placement(self) -> Placement:
        """What places a customer in a segment."""
        return self.rule or Centres(self.centroids)


def canonical(labels: np.ndarray, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Renumber segments: the largest is 0, ties by centroid. Returns labels (n,) and centroids (k, features)."""
    number = _numbers(np.bincount(labels), centroids)
    return number[labels], centroids[np.argsort(number)]


def assign(X: np.ndarray, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nearest segment and distances to all: labels (n,), distances (n, k) in units of the space."""
    distances = euclidean(X, centroids)
    return distances.argmin(axis=1), distances


def means_of(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean of each segment 0..k-1, shape (k, columns). Outliers are left out."""
    return np.stack([X[labels == segment].mean(axis=0) for segment in range(int(labels.max()) + 1)])


def renumbering(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Canonical number of each raw label 0..k-1, shape (k,): the largest is 0, ties by mean. Outliers are left out."""
    return _numbers(np.bincount(labels[labels != OUTLIERS]), means_of(X, labels))


def _numbers(sizes: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    order = sorted(range(len(centroids)), key=lambda segment: (-sizes[segment], *centroids[segment].tolist()))
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    return number


def described(X: np.ndarray, labels: np.ndarray, rule: Placement, *, starts: int, hits: int) -> Clustering:
    """The clustering of canonical labels, with the means of its segments and their inertia (outliers left out)."""
    centroids = means_of(X, labels)
    inertia = sum(((X[labels == segment] - mean) ** 2).sum() for segment, mean in enumerate(centroids))
    return Clustering(labels, centroids, float(inertia), starts, hits, rule)


def check_distinct(sorted_rows: np.ndarray, k: int) -> None:
    """Refuse more segments than there are different customers. Raises ParameterError: there are fewer than ``k``
    different rows."""
    distinct = 1
    for start in range(0, len(sorted_rows), ROWS_AT_A_TIME):
        block = sorted_rows[start : start + ROWS_AT_A_TIME + 1]
        distinct += int((block[1:] != block[:-1]).any(axis=1).sum())
        if distinct >= k:
            return
    raise too_few_different(k, distinct)


def in_order(X: np.ndarray) -> np.ndarray:
    """Numbers of the rows of X, shape (n, features), in the order of their values; equal rows stay as they come.

    ``np.lexsort`` sorts all rows by every column. Here a column sorts those alone that the columns before it leave
    equal, and none that are in order already.
    """
    order = np.arange(len(X))
    tied, group = order.copy(), np.zeros(len(X), dtype=np.int64)
    for column in X.T:
        if len(tied) < 2:
            break
        values, together = column[order[tied]], group[1:] == group[:-1]
        if (together & (values[1:] < values[:-1])).any():
            within = np.lexsort((values, group))
            order[tied], values = order[tied[within]], values[within]
        together &= values[1:] == values[:-1]
        still = np.append(together, False) | np.append(False, together)
        tied, group = tied[still], np.cumsum(np.append(True, ~together))[still]
    return order


def too_few_different(k: int, distinct: int) -> ParameterError:
    """The error of more segments than there are different customers."""
    return ParameterError(f"K={k} is more than the {distinct} different customers in the data; choose a smaller K")


def empty_segment(name: str, k: int, starts: int) -> ParameterError:
    """Every start left a segment without customers."""
    return ParameterError(
        f"K={k} is more segments than {name} can fill: in each of {starts} starts one is left without customers; "
        f"choose a smaller K, for example K={max(k - 2, 2)}"
    )


AT_A_TIME = 256  # new exemplars whose distances to everyone are held in memory at a time


def by_exemplars(rows: np.ndarray, fitted: np.ndarray, labels: np.ndarray) -> Clustering:
    """The clustering of ``rows`` that labels (m,) of the sorted rows ``fitted`` (m, dimensions), some or all of them,
    amount to."""
    labels = _same_for_equal(fitted, labels)
    rule = condense(fitted, labels)
    placed = labels if len(fitted) == len(rows) else rule.place(rows).segment
    number = renumbering(rows, placed)
    rule = Exemplars(rule.points, _renumbered(rule.segments, number))
    return described(rows, _renumbered(placed, number), rule, starts=1, hits=1)


def condense(rows: np.ndarray, labels: np.ndarray) -> Exemplars:
    """A subset of the rows (equal ones of equal labels) by whose nearest member every row has its own label: fast
    condensed nearest neighbours (Angiulli 2005), after Hart (1968). Starts from the row nearest to each group's mean;
    then each exemplar whose neighbourhood holds rows of another label adds the nearest of them, until there are none.
    The result does not depend on the order of the rows."""
    from scipy.spatial.distance import cdist

    groups, group = np.unique(labels, return_inverse=True)
    nearest = np.full((len(rows), len(groups)), np.inf)
    closest, owner = np.full(len(rows), np.inf), np.full(len(rows), -1)
    chosen: list[int] = []
    new = [_nearest_to_mean(rows, np.flatnonzero(group == number)) for number in range(len(groups))]
    while new:
        chosen += new
        for start in range(0, len(new), AT_A_TIME):
            part = np.asarray(new[start : start + AT_A_TIME])
            distances = cdist(rows, rows[part])
            for number in np.unique(group[part]):
                own = distances[:, group[part] == number].min(axis=1)
                nearest[:, number] = np.minimum(nearest[:, number], own)
            nearer = distances.min(axis=1) < closest
            owner[nearer] = part[distances[nearer].argmin(axis=1)]
            closest = np.minimum(closest, distances.min(axis=1))
        strangers = np.flatnonzero(nearest.argmin(axis=1) != group)
        ranked = strangers[np.lexsort((strangers, closest[strangers], owner[strangers]))]
        first = np.unique(owner[ranked], return_index=True)[1]
        new = ranked[first].tolist()
    kept = np.sort(chosen)
    return Exemplars(rows[kept], labels[kept])


def _nearest_to_mean(rows: np.ndarray, members: np.ndarray) -> int:
    offsets = rows[members] - rows[members].mean(axis=0)
    return int(members[(offsets**2).sum(axis=1).argmin()])


def _same_for_equal(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Sorted rows that are equal get the label of the first of them."""
    first = np.concatenate([[True], (np.diff(rows, axis=0) != 0).any(axis=1)])
    return labels[np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))]


def _renumbered(labels: np.ndarray, number: np.ndarray) -> np.ndarray:
    return np.where(labels == OUTLIERS, OUTLIERS, number[labels])
