"""Real moves apart from border flicker: did a customer change, or only the side of a border?

A customer who changes segment has crossed the space along the line from the old segment's centre to the new one's. How
far is the sum of how deep inside the old segment the customer was and how deep inside the new one the customer is: a
sure placement before and after is a long way, two unsure ones are a short way. What repeated placement alone brings is
seen in those who stayed in either segment: how far they moved along that same line. A move is real where the customer
went more than ``TIMES`` as far as nine in ten of them; all else is border flicker. Noise has no known shape: of normal
noise these are five standard deviations, and of noise with long tails next to nobody goes so far by chance.

Whoever stayed, but went many times as far as others do in whatever direction, has changed within the segment, and is no
measure of noise (``FAR``): in a month in which most customers buy nothing, those who stayed all the same would hide the
others. Of what is left, a segment's own noise may be at most ``APART`` times that of all.
"""

from typing import NamedTuple

import numpy as np

from seg_utils.clustering import OUTLIERS

MOST = 0.9  # of those who stayed, the share whose moves are taken for noise

# A real move goes this many times as far as the noise. On months with planted changes this finds next to all of them
# under normal, long-tailed and uneven noise, where 2.5 calls more flicker real and a border of four would miss some.
TIMES = 3.0

# A segment's own noise counts up to so many times that of all customers who stayed: busy customers vary more, but
# what goes beyond is no noise
APART = 2.0

# Whoever stayed and went more than ``FAR`` times as far as the quieter ``QUIET`` of all whom anything changed of did,
# changed: in planted months hardly anybody goes so far by noise, of any shape, and most who stop buying do
# (benchmarks/periods.py)
FAR, QUIET = 5.0, 0.4

# With a smaller share of those who stayed left, they are no few who changed but customers who vary more
LEAST_USUAL = 0.6

FEWEST = 30  # customers who stayed that a segment's own noise rests on; with fewer, that of all who stayed is taken
FEATURES = 3  # how many features are told of each change


class Movement(NamedTuple):
    """``crossed`` (n,): how far customers went from the old segment towards the new, less what their old segment's
    others did, in units of the space; ``noise`` (n,): how far others move there without moving; both NaN for those who
    stayed; ``real`` (n,)."""

    crossed: np.ndarray
    noise: np.ndarray
    real: np.ndarray


def movement(change: np.ndarray, before: np.ndarray, now: np.ndarray, centroids: np.ndarray) -> Movement:
    """Judge every customer of both periods.

    Args:
        change: difference of the coordinates, shape (n, dimensions).
        before: segment number before, shape (n,), ``OUTLIERS`` for none.
        now: segment number now, shape (n,).
        centroids: shape (k, dimensions).
    """
    crossed, noise = np.full(len(change), np.nan), np.full(len(change), np.nan)
    usual = _unchanged(change, before == now)
    own = {segment: change[usual & (before == segment)] for segment in np.unique(np.append(before, now)).tolist()}
    everyone = change[usual]
    moved = np.flatnonzero(before != now)
    for old, new in np.unique(np.stack([before[moved], now[moved]], axis=1), axis=0).tolist():
        rows = moved[(before[moved] == old) & (now[moved] == new)]
        others = [own[segment] if len(own[segment]) >= FEWEST else everyone for segment in (old, new)]
        if OUTLIERS in (old, new):  # outliers have no centre: any direction counts
            lengths = [np.linalg.norm(some, axis=1) for some in (change[rows], *others, everyone)]
        else:
            way = centroids[new] - centroids[old]
            lengths = [some @ way / np.linalg.norm(way) for some in (change[rows], *others, everyone)]
        own_way, of_old, of_new, of_all = lengths
        crossed[rows] = own_way - (np.median(of_old) if len(of_old) else 0.0)
        noise[rows] = min(max(_usual(of_old), _usual(of_new)), APART * _usual(of_all))
    return Movement(crossed, noise, np.nan_to_num(crossed) > TIMES * np.nan_to_num(noise))


def _unchanged(change: np.ndarray, stayed: np.ndarray) -> np.ndarray:
    """Who of those who stayed did not change either, shape (n,)."""
    if not stayed.any():
        return stayed
    lengths = np.linalg.norm(change - np.median(change[stayed], axis=0), axis=1)
    some = lengths[stayed & (lengths > 0)]
    usual = stayed & (lengths <= (FAR * np.quantile(some, QUIET) if len(some) else 0))
    return usual if usual.sum() >= LEAST_USUAL * stayed.sum() else stayed


def _usual(lengths: np.ndarray) -> float:
    """How far nine in ten are from the median."""
    return float(np.quantile(np.abs(lengths - np.median(lengths)), MOST)) if len(lengths) else 0.0


def telling_features(change: np.ndarray, way: np.ndarray) -> np.ndarray:
    """Which features changed most, shape (n, ``FEATURES``), the most telling first, -1 where fewer of them did.

    Args:
        change: difference of the scaled features, shape (n, features).
        way: from the old segment's centre to the new one's, shape (n, features): a change counts as far as it goes that
            way. Rows of zeros count any change.
    """
    towards = np.where(way.any(axis=1, keepdims=True), change * way, change**2)
    columns = (-towards).argsort(axis=1, kind="stable")[:, :FEATURES]
    return np.where(np.take_along_axis(towards, columns, axis=1) > 0, columns, -1)
