"""How large an amount is, in decades, beside what the customer's other amounts let expect."""

import numpy as np

from seg_utils.core import dictionary
from seg_utils.data.checks.severity import Columns

CLIPPED = 1.0
"""Other amounts count up to so many decades from their median, so that damaged ones decide nothing."""

ACCOMPANIED = 0.3
"""Part of the decades above the median that the customer's other amounts are above theirs, where he is large indeed.
Simulated corporate customers (10 to 100 times others): 0.4 and more; ordinary customers with one damaged cell: 0."""

LEAST_VALUES = 50
"""Fewer values above zero let nothing be expected."""


def excesses(columns: Columns) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each amount the places (m,) in the columns' sample of its values above zero, and their excess (m,).

    The excess is in decades, around a median of 0: the logarithm less a linear fit on the logarithms of the other
    amounts, those apart that it is a sum or a part of, which damage of one leaves as they are.
    """
    names = columns.names("amount")
    logs = {name: decades(columns.sample(name)) for name in names}
    clipped = {name: np.clip(values - _median(values), -CLIPPED, CLIPPED) for name, values in logs.items()}
    found = {}
    for name in names:
        places = np.flatnonzero(~np.isnan(logs[name]))
        if len(places) >= LEAST_VALUES:
            others = [clipped[other][places] for other in names if not _tied(name, other)]
            rest = logs[name][places] - _expected(clipped[name][places], others)
            found[name] = places, rest - np.median(rest)
    return found


def are_large_customers(columns: Columns, name: str, rows: np.ndarray) -> bool:
    """Whether the customers at ``rows`` (m,), who have so much in one column, have much in the others, too.

    Corporate cards among private ones do; a decimal sign that one cell lost shows in that cell alone.
    """
    others = [
        decades(columns[other][rows]) - _median(decades(columns.sample(other)))
        for other in columns.names("amount")
        if not _tied(name, other)
    ]
    own = _median(decades(columns[name][rows])) - _median(decades(columns.sample(name)))
    return own > 0 and bool(others) and _median(np.concatenate(others)) > ACCOMPANIED * own


def _expected(values: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """Least squares of values (m,) on others (m,), with a level of its own where one of them is missing."""
    absent = [np.isnan(other) for other in others]
    terms = [np.nan_to_num(other) for other in others] + [gaps for gaps in absent if gaps.any()]
    design = np.column_stack([np.ones(len(values)), *terms])
    return design @ np.linalg.lstsq(design, values, rcond=None)[0]


def _tied(name: str, other: str) -> bool:
    """Whether two amounts are the same, or in one sum."""
    relations = dictionary.load().relations
    summed = {relations.total, *relations.parts}
    return name == other or {name, other} <= summed


def decades(values: np.ndarray) -> np.ndarray:
    """Logarithms (n,) to base 10, NaN where a value is missing or not above zero."""
    filled = values > 0
    return np.log10(values, where=filled, out=np.full(len(values), np.nan))


def _median(values: np.ndarray) -> float:
    return 0.0 if np.isnan(values).all() else float(np.nanmedian(values))
