"""MiniBatch K-Means (Sculley 2010): K-Means on a thousand customers at a time."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from seg_utils.clustering.partition import Clustering, assign, described, empty_segment, renumbering
from seg_utils.clustering.placement import Centres
from seg_utils.core.threads import parallel

STARTS = 20

HIT_TOLERANCE = 0.01
"""Starts within this share of the best inertia count as hits: batches stop near an optimum, never at it."""


def fit(rows: np.ndarray, k: int, seed: int) -> Clustering:
    """The best of some starts, by the inertia over all rows; the nearest of its centres places customers."""
    with tolerating_duplicates():
        centres = parallel(lambda start: _centres(rows, k, seed + start), range(STARTS))
    whole = [found for found in (_partition(rows, one) for one in centres) if len(np.unique(found[1])) == k]
    if not whole:
        raise empty_segment("MiniBatch K-Means", k, STARTS)
    best = min(inertia for inertia, _, _ in whole)
    _, labels, centres = next(found for found in whole if found[0] == best)
    number = renumbering(rows, labels)
    ordered = np.empty_like(centres)
    ordered[number] = centres
    hits = sum(inertia <= best * (1 + HIT_TOLERANCE) for inertia, _, _ in whole)
    return described(rows, number[labels], Centres(ordered), starts=STARTS, hits=hits)


@contextmanager
def tolerating_duplicates() -> Iterator[None]:
    """Equal customers may leave K-Means with an empty segment; that start then loses, and needs no warning."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def _centres(rows: np.ndarray, k: int, seed: int) -> np.ndarray:
    from sklearn.cluster import MiniBatchKMeans

    return MiniBatchKMeans(k, n_init=1, random_state=seed).fit(rows).cluster_centers_


def _partition(rows: np.ndarray, centres: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    labels, distances = assign(rows, centres)
    return float((distances.min(axis=1) ** 2).sum()), labels, centres
