"""A few customers that stand for all: segments of any shape, told by the nearest exemplar.

The exemplars are coordinates alone; nothing in them says whose they are.
"""

import numpy as np

from seg_utils.clustering.partition import Clustering, described, renumbering
from seg_utils.clustering.placement import OUTLIERS, Exemplars

AT_A_TIME = 256
"""New exemplars whose distances to everyone are held in memory at a time."""


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
    """A subset of the rows by whose nearest member every row has its own label: fast condensed nearest neighbours
    (Angiulli 2005), after Hart (1968).

    Starts from the row nearest to each group's mean; then each exemplar whose neighbourhood holds rows of another
    label adds the nearest of them, until there are none. The result does not depend on the order of the rows.

    Args:
        rows: shape (n, dimensions); equal rows must have equal labels.
        labels: shape (n,), ``OUTLIERS`` allowed.
    """
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
