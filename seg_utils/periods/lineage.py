"""What became of each segment in another partition of the same customers, by the rules of MONIC.

Spiliopoulou, Ntoutsi, Theodoridis and Schult, MONIC: Modeling and Monitoring Cluster Transitions (KDD 2006). A segment
survives where most of its customers are together again; splits where most are found in a few segments that each hold a
good part; is merged where others are found with it; else it has vanished. What no segment became has emerged.
"""

from typing import NamedTuple

import numpy as np

SURVIVED, SHIFTED, SPLIT, MERGED, VANISHED = ("survived", "shifted", "split", "merged", "vanished")
KEPT = (SURVIVED, SHIFTED)  # fates in which a segment keeps its key, its name and its colour
TOGETHER = 0.7
PART = 0.3  # shares of a segment's customers, as in R's clusTransition: found together, and a part of a split
SHIFT = 0.25  # a centre that moved a quarter of the way to the nearest other centre has shifted; halfway is the border


class Fate(NamedTuple):
    """What became of a segment, and the segments of the other partition that hold it."""

    kind: str
    into: tuple[int, ...]


def overlaps(labels: np.ndarray, others: np.ndarray, k: int, m: int) -> np.ndarray:
    """Customers in segment i of ``labels`` and j of ``others``, shape (k, m); customers in no segment are left out."""
    inside = (labels >= 0) & (others >= 0)
    return np.bincount(labels[inside] * m + others[inside], minlength=k * m).reshape(k, m)


def fates(shared: np.ndarray) -> list[Fate]:
    """The fate of each segment, from customers in common (k, m).

    Where several are found together in one segment, the one that makes up most of it has survived and the others were
    merged into it; where none does, all were merged.
    """
    forward = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1)
    backward = shared / np.maximum(shared.sum(axis=0, keepdims=True), 1)
    together = forward >= TOGETHER
    fates = []
    for segment, row in enumerate(forward):
        parts = tuple(np.flatnonzero(row >= PART).tolist())
        if together[segment].any():
            into = int(row.argmax())
            alone = together[:, into].sum() == 1 or backward[segment, into] >= TOGETHER
            fates.append(Fate(SURVIVED if alone else MERGED, (into,)))
        elif row[list(parts)].sum() >= TOGETHER:  # in several: no single one holds so many
            fates.append(Fate(SPLIT, parts))
        else:
            fates.append(Fate(VANISHED, ()))
    return fates


def with_shifts(fates: list[Fate], centroids: np.ndarray, others: np.ndarray) -> list[Fate]:
    """The same with ``SHIFTED`` for survivors whose centre moved far; centres (k, d) and (m, d) in one space."""
    between = np.linalg.norm(centroids[:, None] - centroids[None], axis=2)
    np.fill_diagonal(between, np.inf)
    nearest = between.min(axis=1)
    return [
        Fate(SHIFTED, fate.into)
        if fate.kind == SURVIVED
        and np.linalg.norm(others[fate.into[0]] - centroids[segment]) >= SHIFT * nearest[segment]
        else fate
        for segment, fate in enumerate(fates)
    ]


def emerged(fates: list[Fate], m: int) -> list[int]:
    """Segments of the other partition that no segment became."""
    became = {segment for fate in fates for segment in fate.into}
    return [segment for segment in range(m) if segment not in became]


def inherited(fates: list[Fate], keys: np.ndarray, m: int, unused: int) -> list[int]:
    """The key of each of m segments: that of the segment that survived as it, or a new one from ``unused`` on."""
    own = {fate.into[0]: int(keys[segment]) for segment, fate in enumerate(fates) if fate.kind in KEPT}
    fresh = iter(range(unused, unused + m))
    return [own[segment] if segment in own else next(fresh) for segment in range(m)]
