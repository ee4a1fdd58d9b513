"""Statements about the segments of one partition, by their means in original units."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

BY_SIZE = {"largest": True, "smallest": False}
ENDS = ("highest", "lowest")


def select(described: pd.DataFrame, labels: np.ndarray, group: str) -> int:
    """The segment that a few words name: ``largest``, ``smallest``, or ``highest FEATURE``, ``lowest FEATURE`` by mean.

    Args:
        described: features in original units, one row a customer.
        labels: segments 0..k-1, shape (n,).
    """
    if group in BY_SIZE:
        sizes = np.bincount(labels)
        return int(sizes.argmax() if BY_SIZE[group] else sizes.argmin())
    end, feature = group.split(" ")
    return int(_order(described, labels, feature, end)[0])


def place(described: pd.DataFrame, labels: np.ndarray, group: str, feature: str, counted_from: str) -> float:
    """A segment's place among the segments by its mean of a feature, 1 being the ``highest`` or ``lowest``."""
    order = _order(described, labels, feature, counted_from)
    return float(np.flatnonzero(order == select(described, labels, group))[0] + 1)


def within(described: pd.DataFrame, labels: np.ndarray, averages: Mapping[str, Sequence[float]]) -> float:
    """Number of segments whose means lie within ``averages``: for each feature the least and the most, as multiples of
    all customers' mean."""
    multiples = described.groupby(labels).mean() / described.mean()
    fits = [multiples[feature].between(*bounds) for feature, bounds in averages.items()]
    return float(np.logical_and.reduce(fits).sum())


def between_share(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Share of each column's variance that lies between the segments (eta squared), shape (columns,)."""
    overall = X.mean(axis=0)
    sizes = np.bincount(labels)
    means = np.stack([X[labels == segment].mean(axis=0) for segment in range(len(sizes))])
    between = (sizes[:, None] * (means - overall) ** 2).sum(axis=0)
    return between / ((X - overall) ** 2).sum(axis=0)


def _order(described: pd.DataFrame, labels: np.ndarray, feature: str, end: str) -> np.ndarray:
    """Segments by their mean of a feature, from the named end on."""
    means = described[feature].groupby(labels).mean().to_numpy()
    return np.argsort({"highest": -means, "lowest": means}[end], kind="stable")
