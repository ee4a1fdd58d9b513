"""Checks of shares of months: they are whole months out of at most twelve, or out of the customer's own.

The data dictionary does not promise either: where most of a file holds to it, a broken share is damage; where little
does, these shares are simply of another make.
"""

from collections.abc import Iterator

import numpy as np

from seg_utils.core import dictionary
from seg_utils.data.checks.decimals import MIN_FRACTIONS
from seg_utils.data.checks.severity import KEPT_SHARE, Columns, blockwise, by_share, is_many
from seg_utils.data.checks.value_ranges import ROUND_OFF, is_short
from seg_utils.data.findings import Finding

MOST_MONTHS = 12
LEAST_MONTHS = 7
"""Shares of fewer months are also shares of 8, 9, 10 or 12."""

TOLERANCE = MOST_MONTHS * 2 * ROUND_OFF
"""What a share times its months may miss a whole number by."""

ON_GRID = 0.9


def months(columns: Columns) -> Iterator[Finding]:
    """Shares are whole months, out of at most twelve and out of the customer's own."""
    fractions = _fractions_of_tenure(columns)
    yield from _whole_months(columns, fractions)
    yield from _months_of_tenure(columns, fractions)


def _fractions_of_tenure(columns: Columns) -> dict[str, np.ndarray]:
    """Where (n,) the shares counted out of the customer's own months are none, if the column may be those months."""
    relations = dictionary.load().relations
    if not (columns.has(relations.months) and columns.is_complete(relations.months)):
        return {}
    tenure, (low, high) = columns[relations.months], columns.extremes(relations.months)
    if not (low >= 1 and high <= MOST_MONTHS) or blockwise(_is_fraction, tenure).any():
        return {}
    return {
        name: blockwise(lambda share, months: _is_fraction(share * months), columns[name], tenure)
        for name in relations.own_months
        if columns.has(name)
    }


def _whole_months(columns: Columns, fractions: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Shares that are none of whole months out of at most twelve, in files whose decimals tell."""
    for name in columns.names("frequency", "share"):
        seen = columns.sample(name)
        seen = seen[(seen > 0) & (seen < 1)]
        if len(seen) < MIN_FRACTIONS or is_short(seen, 3).mean() > ON_GRID or _off_grid(seen).mean() > 1 - ON_GRID:
            continue
        if name in fractions:  # whole months of the own are whole months
            odd = fractions[name].copy()
            odd[odd] = _off_grid(columns[name][odd])
        else:
            odd = blockwise(_off_grid, columns[name])
        yield from by_share(columns, "whole_months", odd, name)


def _months_of_tenure(columns: Columns, fractions: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Shares that are none of whole months of the own, in files where most are.

    Files whose frequencies are twelfths for everybody do not say so and are left alone.
    """
    odd, telling = np.zeros((2, len(columns)), dtype=bool)
    for name, fraction in fractions.items():
        seen = columns.sample(name)
        seen = seen[(seen > 0) & (seen < 1)]
        if len(seen) and _off_grid(seen).mean() > KEPT_SHARE:
            return
        odd |= fraction
    if not odd.any():
        return
    for name in fractions:
        telling |= blockwise(lambda share: _is_fraction(share * MOST_MONTHS), columns[name])
    if not is_many(int(np.count_nonzero(telling)), len(columns)):
        return
    yield from by_share(columns, "months_of_tenure", odd, dictionary.load().relations.months, *fractions)


def _is_fraction(months: np.ndarray) -> np.ndarray:
    """Which numbers of months (n,) are not whole."""
    distance = months - np.rint(months)
    return np.abs(distance, out=distance) > TOLERANCE


def _off_grid(values: np.ndarray) -> np.ndarray:
    """Which shares (n,) are no whole months out of at most twelve; missing ones are none."""
    off = np.ones(len(values), dtype=bool)
    for months in range(LEAST_MONTHS, MOST_MONTHS + 1):
        off &= _is_fraction(values * months)
    return off
