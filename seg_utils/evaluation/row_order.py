"""One order for the same customers, however a file lists them, so that no verdict hangs on it."""

from dataclasses import dataclass

import numpy as np

from seg_utils.clustering.partition import in_order
from seg_utils.core.errors import DataError

COLUMN_QUANTILES = np.linspace(0, 1, 41)
COLUMN_DECIMALS = 9


@dataclass(frozen=True)
class Ordered:
    """The same customers in an order that depends on their values alone.

    ``X`` has shape (m, varying columns): rows and columns sorted by content, constant columns left out, and a file
    that holds every customer g times held once (m = n / g). ``position`` (n,) finds each original row in ``X``;
    ``columns`` are the original numbers of its columns.
    """

    X: np.ndarray
    columns: np.ndarray
    position: np.ndarray
    distinct: int


def ordered(X: np.ndarray) -> Ordered:
    """Bring customers, shape (n, features), into the order of their values. Raises DataError: a coordinate is missing
    or infinite."""
    X = np.asarray(X, dtype=np.float64)
    if broken := int((~np.isfinite(X)).sum()):
        raise DataError(f"{broken} coordinates are missing or infinite: impute missing values, drop constant columns")
    columns = np.flatnonzero(X.min(axis=0) < X.max(axis=0))
    if len(columns):
        keys = np.round(np.quantile(X[:, columns], COLUMN_QUANTILES, axis=0), COLUMN_DECIMALS)
        columns = columns[np.lexsort(keys[::-1])]
    X = X[:, columns]
    order = in_order(X)
    rows = np.ascontiguousarray(X[order])
    starts = np.flatnonzero(np.r_[True, (np.diff(rows, axis=0) != 0).any(axis=1)])
    times = int(np.gcd.reduce(np.diff(np.r_[starts, len(rows)])))
    position = np.empty(len(X), dtype=np.int64)
    position[order] = np.arange(len(X)) // times
    return Ordered(rows[::times], columns, position, len(starts))
