"""Checks of what a kind of column may hold: frequencies, counts, months.

Shares of months are whole months out of at most twelve, or out of the customer's own. The data dictionary does not
promise either: where most of a file holds to it, a broken share is damage; where little does, these shares are simply
of another make.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from seg_utils.core import dictionary
from seg_utils.data.checks.severity import KEPT_SHARE, Columns, blockwise, by_share, is_many
from seg_utils.data.findings import SET_ASIDE, Finding, error

PERCENT = 100.0
ROUND_OFF = 1e-6  # what a share written with six decimals may miss a multiple of a month by
MIN_FRACTIONS = 20  # fewer fractions tell nothing of how a column is written
SMALLEST_SHARE = 0.02
YEARS_MOST = 5.0

MOSTLY_FITTING = 0.5

# Shares are counted out of months if more than half of them fit, and so many more than fit the months of a year:
# twelfths fit 24 and 36 months as well
CLEARLY = 0.1

MOST_MONTHS = 12
LEAST_MONTHS = 7  # shares of fewer months are also shares of 8, 9, 10 or 12
TOLERANCE = MOST_MONTHS * 2 * ROUND_OFF  # what a share times its months may miss a whole number by
ON_GRID = 0.9


def frequencies(columns: Columns) -> Iterator[Finding]:
    """Shares of months lie between 0 and 1."""
    for feature in columns.of_kind("frequency", "share"):
        name, (low, high) = feature.name, columns.extremes(feature.name)
        if 0 < high < SMALLEST_SHARE:
            seldom = {"highest": high, "months": 1 / SMALLEST_SHARE}
            yield error("frequency_range", name, len(columns), case="divided_twice", **seldom)
        least, most = feature.minimum or 0.0, 1.0 if feature.maximum is None else feature.maximum
        if low >= least and high <= most:
            continue
        if high > feature.damage and not _mostly_outside(columns[name]):
            continue  # said by the check of impossible values
        odd = (columns[name] < least) | (columns[name] > most)
        yield from by_share(columns, "frequency_range", odd, name, case=_frequency_cause(columns, name))


def limits(columns: Columns) -> Iterator[Finding]:
    """What the dictionary says that a value may be, of kinds that no other rule holds to it."""
    for feature in columns.of_kind("amount", "count", "ratio", "score"):
        name, (low, high) = feature.name, columns.extremes(feature.name)
        # what is below zero of an amount or a count has rules of its own
        least = feature.floor if feature.kind in ("ratio", "score") else -np.inf
        if low >= least and high <= feature.ceiling:
            continue
        odd = (columns[name] < least) | (columns[name] > feature.ceiling)
        if odd.any():  # not where no customer has a value
            sides = {"at least": least, "at most": feature.ceiling}
            allowed = " and ".join(f"{side} {limit:,.6g}" for side, limit in sides.items() if np.isfinite(limit))
            yield columns.finding("warning", "limits", odd, name, allowed=allowed)


def _mostly_outside(values: np.ndarray) -> bool:
    return bool(np.count_nonzero(values > 1) > 0.5 * np.count_nonzero(values > 0))


def _frequency_cause(columns: Columns, name: str) -> str:
    """What shares above 1 look like: numbers of ``months``, a ``percentage``, or nothing known."""
    values = columns[name][columns[name] > 1]
    if len(values) and values.max() <= PERCENT and _mostly_outside(columns[name]):
        months = dictionary.load().relations.months
        if (values % 1 == 0).all() and columns.has(months) and values.max() <= columns.extremes(months)[1]:
            return "months"
        return "percentage"
    return ""


def counts(columns: Columns) -> Iterator[Finding]:
    """Counts are whole numbers."""
    for name in columns.names("count"):
        odd = blockwise(has_fraction, columns[name])
        yield from by_share(columns, "count_fraction", odd, name)


def tenure(columns: Columns) -> Iterator[Finding]:
    """Months are whole, at least one, and not years."""
    for feature in columns.of_kind("months"):
        name, values = feature.name, columns[feature.name]
        highest = columns.extremes(name)[1]
        in_years = highest <= YEARS_MOST and _frequencies_fit(columns, values * 12)
        if in_years and not _frequencies_fit(columns, values):
            shown = columns.finding("error", "tenure_years", values > 0, name, highest=highest)
            yield replace(shown, count=len(columns))
            continue
        odd = blockwise(has_fraction, values)
        yield from by_share(columns, "tenure_fraction", odd, name, case="years" if highest <= 100 else "")
        yield from by_share(columns, "tenure_range", values < feature.floor, name)


def months_on_book(columns: Columns) -> Iterator[Finding]:
    """Months beyond those that figures cover: real if shares of months are counted out of them, else another thing."""
    for feature in columns.of_kind("months"):
        name, values = feature.name, columns[feature.name]
        if feature.covered is None or not columns.extremes(name)[1] > feature.covered:
            continue
        odd = values > feature.covered
        fit, fit_covered = _fitting(columns, values), _fitting(columns, np.minimum(values, feature.covered))
        severity, rule, case, action = "warning", "months_beyond", "", ""
        if fit > MOSTLY_FITTING and fit > fit_covered + CLEARLY:
            severity, case = "info", "counted_out"
        elif is_many(int(np.count_nonzero(odd)), len(columns)):
            rule, action = "months_on_book", SET_ASIDE
        words = {"covered": feature.covered, "highest": columns.extremes(name)[1]}
        yield columns.finding(severity, rule, odd, name, case=case, action=action, **words)


def _frequencies_fit(columns: Columns, months: np.ndarray) -> bool:
    """Whether most frequencies strictly between 0 and 1 are whole months out of ``months``."""
    return _fitting(columns, months) > MOSTLY_FITTING


def _fitting(columns: Columns, months: np.ndarray) -> float:
    """The share of frequencies strictly between 0 and 1 that are whole months out of ``months``, 0 without any."""
    fits, total = 0, 0
    for name in columns.names("frequency"):
        values = columns[name]
        inner = (values > 0) & (values < 1)
        product = values[inner] * months[inner]
        fits += int(np.count_nonzero(np.abs(product - np.round(product)) < 0.01))
        total += len(product)
    return fits / total if total else 0.0


def is_short(values: np.ndarray, decimals: int) -> np.ndarray:
    """Which values (n,) have at most so many decimals."""
    shifted = values * 10.0**decimals
    return np.abs(shifted - np.rint(shifted)) < 1e-4


def has_fraction(values: np.ndarray) -> np.ndarray:
    return np.abs(values - np.rint(values)) > ROUND_OFF


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
        values = columns.sample(name)
        values = values[(values > 0) & (values < 1)]
        if (
            len(values) < MIN_FRACTIONS
            or is_short(values, 3).mean() > ON_GRID
            or _off_grid(values).mean() > 1 - ON_GRID
        ):
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
        values = columns.sample(name)
        values = values[(values > 0) & (values < 1)]
        if len(values) and _off_grid(values).mean() > KEPT_SHARE:
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
