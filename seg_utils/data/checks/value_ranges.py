"""Checks of what a kind of column may hold: frequencies, counts, months."""

from collections.abc import Iterator

import numpy as np

from seg_utils.core import dictionary
from seg_utils.data.checks.severity import Columns, blockwise, by_share, error, example_of, is_many, rows_of
from seg_utils.data.findings import SET_ASIDE, Finding

PERCENT = 100.0
ROUND_OFF = 1e-6
"""What a share written with six decimals may miss a multiple of a month by."""

SMALLEST_SHARE = 0.02
YEARS_MOST = 5.0

MOSTLY_FITTING = 0.5
CLEARLY = 0.1
"""Shares are counted out of months if more than half of them fit, and so many more than fit the months of a year:
twelfths fit 24 and 36 months as well."""


def frequencies(columns: Columns) -> Iterator[Finding]:
    """Shares of months lie between 0 and 1."""
    for feature in columns.of_kind("frequency", "share"):
        name, (low, high) = feature.name, columns.extremes(feature.name)
        if 0 < high < SMALLEST_SHARE:
            message = (
                f"{name} is {high:g} at most, not a month in {1 / SMALLEST_SHARE:.0f}: it was divided by 100 twice"
            )
            yield error("frequency_range", message, name, len(columns))
        if low >= feature.minimum and high <= feature.maximum:
            continue
        if high > feature.impossible and not _mostly_outside(columns[name]):
            continue  # said by the check of impossible values
        odd = (columns[name] < feature.minimum) | (columns[name] > feature.maximum)
        yield from by_share(
            columns, "frequency_range", (name,), odd, f"{name} is outside 0–1", _frequency_cause(columns, name)
        )


def _mostly_outside(values: np.ndarray) -> bool:
    return bool(np.count_nonzero(values > 1) > 0.5 * np.count_nonzero(values > 0))


def _frequency_cause(columns: Columns, name: str) -> str:
    values = columns[name][columns[name] > 1]
    if len(values) and values.max() <= PERCENT and _mostly_outside(columns[name]):
        months = dictionary.load().relations.months
        if (values % 1 == 0).all() and columns.has(months) and values.max() <= columns.extremes(months)[1]:
            return "it looks like a number of months; divide by the months observed"
        return "it looks like a percentage; divide the column by 100"
    return "decimal signs were probably lost, or the column is another one under this name"


def counts(columns: Columns) -> Iterator[Finding]:
    """Counts are whole numbers."""
    for name in columns.names("count"):
        odd = blockwise(has_fraction, columns[name])
        cause = "counts are whole numbers: the column is another one under this name, or it was averaged or scaled"
        yield from by_share(columns, "count_fraction", (name,), odd, f"{name} is no whole number", cause)


def tenure(columns: Columns) -> Iterator[Finding]:
    """Months are whole, at least one, and not years."""
    for feature in columns.of_kind("months"):
        name, values = feature.name, columns[feature.name]
        years = "it looks like years; multiply by 12"
        odd = blockwise(has_fraction, values)
        if (
            columns.extremes(name)[1] <= YEARS_MOST
            and _frequencies_fit(columns, values * 12)
            and (not _frequencies_fit(columns, values))
        ):
            message = f"{name} is {columns.extremes(name)[1]:g} at most and the frequencies count in months: {years}"
            yield error("tenure_years", message, name, len(columns), columns.examples(values > 0, name))
            continue
        cause = years if columns.extremes(name)[1] <= 100 else "months are whole numbers"
        yield from by_share(columns, "tenure_fraction", (name,), odd, f"{name} is no whole number of months", cause)
        cause = "the column is another one under this name, or it counts years"
        yield from by_share(
            columns, "tenure_range", (name,), values < feature.minimum, f"{name} is below 1 month", cause
        )


def months_on_book(columns: Columns) -> Iterator[Finding]:
    """Months beyond those that figures cover: real if shares of months are counted out of them, else another thing."""
    for feature in columns.of_kind("months"):
        name, values = feature.name, columns[feature.name]
        if feature.covered is None or not columns.extremes(name)[1] > feature.covered:
            continue
        odd = values > feature.covered
        count, highest = int(np.count_nonzero(odd)), columns.extremes(name)[1]
        beyond = f"{name} is above {feature.covered:g} in {rows_of(count, len(columns))}, up to {highest:g}"
        shown = columns.examples(odd, name)
        fit, fit_covered = _fitting(columns, values), _fitting(columns, np.minimum(values, feature.covered))
        if fit > MOSTLY_FITTING and fit > fit_covered + CLEARLY:
            message = f"{beyond}; the shares of months are counted out of it, so the figures cover more than a year."
            yield Finding("info", "months_beyond", message, name, count, shown)
        elif is_many(count, len(columns)):
            message = (
                f"{beyond}, and the shares of months are not counted out of it: it seems to say how long a card has "
                "been held, not the months that the figures cover (see data/dictionary.yml); it was set aside."
            )
            yield Finding("warning", "months_on_book", message, name, count, shown, SET_ASIDE)
        else:
            message = f"{beyond}, which the shares of months do not follow: {example_of(shown[0])}."
            yield Finding("warning", "months_beyond", message, name, count, shown)


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
    """Which values (n,) are not whole."""
    return np.abs(values - np.rint(values)) > ROUND_OFF
