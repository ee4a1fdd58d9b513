"""Checks of a column by itself: is it in original units at all?"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from seg_utils.core import dictionary
from seg_utils.data.checks.severity import ALWAYS_FEW_ROWS, Columns
from seg_utils.data.findings import SET_ASIDE, Finding, error

CENTRED = 0.05

# A column is centred when its mean is within this many standard deviations, or so many standard errors, of zero: a
# part of a standardised file is not centred to the last digit
CENTRED_ERRORS = 3.0

MUCH_BELOW = 0.2

# Columns scaled by medians are not centred, but so much of so many columns is below zero as of no card's
LEAST_BELOW = 4

UNIT_SPREAD = (0.9, 1.1)
SMALL_AMOUNT = 20.0  # no card limit or balance column in original units stays below this: logarithms and thousands do
MISSING_CODES = (-1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0)
FAR_BELOW = 10.0  # how many times the largest value above zero one below it may be; the bank owes no customer so much
CODE_ROWS = 3

# A code stands in so many rows, and in so many times as many as the amounts next to it, where others are below 0
CODE_TIMES = 3

NINES = tuple(float("9" * digits) for digits in range(4, 10))
NINES_ROWS = 3
LEAST_VARYING = 2  # with one column, customers are sorted and cut, not segmented
MUCH_MISSING = 0.2
MOST_INCOMPLETE = 0.5
IMPUTED = "imputed later"


def transformed(columns: Columns) -> Iterator[Finding]:
    """Standardised data, principal components, data squeezed to 0–1, logarithms."""
    names = [feature.name for feature in columns.features if feature.minimum is not None]  # others may be below zero
    centred = [name for name in names if _is_centred(columns, name)]
    if centred and 2 * len(centred) >= len(names):
        unit = sum(UNIT_SPREAD[0] < np.nanstd(columns[name]) < UNIT_SPREAD[1] for name in centred)
        standardised = bool(2 * unit >= len(centred))
        yield error("transformed", "", len(centred), case="centred", columns=len(names), standardised=standardised)
        return
    below = [name for name in names if columns.extremes(name)[0] < 0 and _share_below(columns, name) > MUCH_BELOW]
    if len(below) >= LEAST_BELOW and 3 * len(below) >= len(names):
        yield error("transformed", "", len(below), case="below_zero", columns=len(names), names=below[:3])
        return
    amounts = columns.names("amount") if dictionary.load().cards else []
    small = [name for name in amounts if 0 < columns.extremes(name)[1] <= SMALL_AMOUNT]
    if len(small) >= 2 and 2 * len(small) >= len(amounts):
        largest = max(columns.extremes(name)[1] for name in small)
        yield error("transformed", "", len(small), case="small", names=small[:3], largest=largest, to_one=largest <= 1)


def _is_centred(columns: Columns, name: str) -> bool:
    if not columns.extremes(name)[0] < 0:
        return False
    values = columns[name]
    spread = np.nanstd(values)
    bound = max(CENTRED, CENTRED_ERRORS / np.sqrt(len(values)))
    return bool(spread > 0 and abs(np.nanmean(values)) < bound * spread)


def _share_below(columns: Columns, name: str) -> float:
    return float((columns.sample(name) < 0).mean())


def informative(columns: Columns) -> Iterator[Finding]:
    """Columns without any value or without variation are set aside, if enough are left to compare customers by.

    What nobody has, or everybody alike, tells no customer from another; a column whose cells are all empty has nothing
    to lose either, but was probably meant to have. The checks of columns against one another look at them all the same.
    """
    names = [feature.name for feature in columns.features]
    empty = [name for name in names if np.isnan(columns.extremes(name)[0])]
    constant = [name for name in names if columns.extremes(name)[0] == columns.extremes(name)[1]]
    left = len(names) - len(empty) - len(constant)
    if not left and constant:
        yield error("identical", count=len(columns))
    elif left < min(LEAST_VARYING, len(names)):
        counts = {"left": left, "columns": len(names), "needed": LEAST_VARYING}
        yield error("no_variation", "", len(names) - left, case="all", **counts)
    else:
        for name in empty:
            yield Finding("warning", "no_value", name, len(columns), action=SET_ASIDE)
        for name in constant:
            value = {"value": columns.extremes(name)[0]}
            yield Finding("info", "no_variation", name, len(columns), action=SET_ASIDE, parameters=value)


def missing(columns: Columns) -> Iterator[Finding]:
    """Columns with missing values, and rows if most of them lack one."""
    incomplete = [feature.name for feature in columns.features if not columns.is_complete(feature.name)]
    some = np.zeros(len(columns), dtype=bool)
    for name in incomplete:
        absent = np.isnan(columns[name])
        some |= absent
        count = int(np.count_nonzero(absent))
        if 0 < count < len(columns):
            much = count > MUCH_MISSING * len(columns)
            severity, case = ("warning", "much") if much else ("info", "")
            yield columns.finding(severity, "missing", absent, name, case=case, action=IMPUTED, as_in_training=False)
    if len(incomplete) > 1 and np.count_nonzero(some) > MOST_INCOMPLETE * len(columns):
        rows = columns.finding(
            "warning", "incomplete_rows", some, *incomplete[:5], action=IMPUTED, as_in_training=False
        )
        yield replace(rows, column="")


def negative(columns: Columns) -> Iterator[Finding]:
    """Amounts and counts below zero: codes for missing, damage, or what the dictionary says they mean."""
    for feature in columns.of_kind("amount", "count"):
        name, (lowest, highest) = feature.name, columns.extremes(feature.name)
        if not lowest < feature.floor:
            continue
        odd = columns[name] < feature.floor
        count = int(np.count_nonzero(odd))
        severity, rule, case, code = "error", "negative", "", _missing_code(columns[name][odd])
        shown = odd
        if code is not None:
            case, shown = "code", columns[name] == code
        elif feature.below_zero is not None and -lowest > FAR_BELOW * max(highest, 0):
            rule, case = "sign", "large"
        elif feature.below_zero is not None and count > max(feature.below_zero_share * len(columns), ALWAYS_FEW_ROWS):
            rule = "sign"
        elif feature.below_zero is not None:
            severity, rule = "info", "below_zero"
        words = {"minimum": feature.minimum, "lowest": lowest, "code": code, "meaning": feature.below_zero}
        yield replace(columns.finding(severity, rule, shown, name, case=case, **words), count=count)


def _missing_code(values: np.ndarray) -> float | None:
    """Which of values (n,) below zero is a code for missing: all of them, or one far more often than its neighbours."""
    for code in MISSING_CODES:
        same = np.count_nonzero(values == code)
        near = np.count_nonzero(np.abs(values - code) < CODE_ROWS) - same
        if same and (same == len(values) or (same >= CODE_ROWS and same > CODE_TIMES * near)):
            return code
    return MISSING_CODES[0] if np.isin(values, MISSING_CODES).all() else None


def impossible(columns: Columns) -> Iterator[Finding]:
    """Values no card account has, even once, and codes for missing written as nines."""
    for feature in columns.features:
        name, values = feature.name, columns[feature.name]
        most = feature.damage
        highest = columns.extremes(name)[1]
        if highest > most:
            yield columns.finding("error", "impossible", values > most, name, highest=highest, impossible=most)
        elif feature.kind in {"amount", "count"} and highest in NINES:
            odd = values == highest
            if np.count_nonzero(odd) >= NINES_ROWS:
                yield columns.finding("error", "missing_code", odd, name, code=highest)
