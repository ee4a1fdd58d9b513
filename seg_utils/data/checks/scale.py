"""Checks of a column by itself: is it in original units at all?"""

from collections.abc import Iterator

import numpy as np

from seg_utils.data.checks.severity import ALWAYS_FEW_ROWS, Columns, error, rows_of
from seg_utils.data.findings import SET_ASIDE, Finding, plural

CENTRED = 0.05
CENTRED_ERRORS = 3.0
"""A column is centred when its mean is within this many standard deviations, or so many standard errors, of zero: a
part of a standardised file is not centred to the last digit."""

MUCH_BELOW = 0.2
LEAST_BELOW = 4
"""Columns scaled by medians are not centred, but so much of so many columns is below zero as of no card's."""

UNIT_SPREAD = (0.9, 1.1)
SMALL_AMOUNT = 20.0
"""No card limit or balance column in original units stays below this: logarithms and thousands do."""

MISSING_CODES = (-1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0)
FAR_BELOW = 10.0
"""How many times the largest value above zero one below it may be; the bank owes no customer so much."""

CODE_ROWS = 3
CODE_TIMES = 3
"""A code stands in so many rows, and in so many times as many as the amounts next to it, where others are below 0."""

NINES = tuple(float("9" * digits) for digits in range(4, 10))
NINES_ROWS = 3
LEAST_VARYING = 2
"""With one column, customers are sorted and cut, not segmented."""

MUCH_MISSING = 0.2
MOST_INCOMPLETE = 0.5
FILLED = "; the gaps are filled with the median or mean of the others (IMPUTE=): segments rest on that guess."


def transformed(columns: Columns) -> Iterator[Finding]:
    """Standardised data, principal components, data squeezed to 0–1, logarithms."""
    names = [feature.name for feature in columns.features]
    centred = [name for name in names if _is_centred(columns, name)]
    if centred and 2 * len(centred) >= len(names):
        unit = sum(UNIT_SPREAD[0] < np.nanstd(columns[name]) < UNIT_SPREAD[1] for name in centred)
        what = "already standardised" if 2 * unit >= len(centred) else "principal components or already centred"
        yield error(
            "transformed",
            f"{len(centred)} of {plural(len(names), 'column')} have mean 0 and negative values: the data are {what}; "
            "give the customers in original units",
            count=len(centred),
        )
        return
    below = [name for name in names if columns.extremes(name)[0] < 0 and _share_below(columns, name) > MUCH_BELOW]
    if len(below) >= LEAST_BELOW and 3 * len(below) >= len(names):
        yield error(
            "transformed",
            f"{len(below)} of {plural(len(names), 'column')} are largely below zero ({', '.join(below[:3])}, …): the "
            "data are already standardised, centred on a median or otherwise scaled; give the customers in original "
            "units",
            count=len(below),
        )
        return
    amounts = columns.names("amount")
    small = [name for name in amounts if columns.extremes(name)[1] <= SMALL_AMOUNT and columns.extremes(name)[1] > 0]
    if len(small) >= 2 and 2 * len(small) >= len(amounts):
        largest = max(columns.extremes(name)[1] for name in small)
        what = "scaled to 0–1" if largest <= 1 else "logarithms, thousands or otherwise transformed"
        yield error(
            "transformed",
            f"no amount in {', '.join(small[:3])} exceeds {largest:.4g}: the data are already {what}; "
            "give the customers in original units",
            count=len(small),
        )


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
        message = (
            f"all {len(columns):,} rows hold the same values: they are one customer again and again, or defaults; "
        )
        yield error("identical", message + "export the customers themselves", count=len(columns))
    elif left < min(LEAST_VARYING, len(names)):
        message = (
            f"{plural(left, 'column')} of {len(names)} tell customers apart (the others are empty or the same for "
            f"all): segments need {LEAST_VARYING} or more; export more columns"
        )
        yield error("no_variation", message, count=len(names) - left)
    else:
        for name in empty:
            message = f"{name} holds no value at all and was set aside, as if it were not in the file: was it exported?"
            yield Finding("warning", "no_value", message, name, len(columns), action=SET_ASIDE)
        for name in constant:
            always = f"{name} is {columns.extremes(name)[0]:g} for all customers: it tells nobody from another and was"
            yield Finding("info", "no_variation", f"{always} set aside.", name, len(columns), action=SET_ASIDE)


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
            message = f"{name} is missing in {rows_of(count, len(columns))}{FILLED if much else '.'}"
            examples = columns.examples(absent, name)
            yield Finding("warning" if much else "info", "missing", message, name, count, examples, "imputed later")
    count = int(np.count_nonzero(some))
    if len(incomplete) > 1 and count > MOST_INCOMPLETE * len(columns):
        message = f"A value is missing in {rows_of(count, len(columns))}{FILLED}"
        examples = columns.examples(some, *incomplete[:5])
        yield Finding("warning", "incomplete_rows", message, "", count, examples, "imputed later")


def negative(columns: Columns) -> Iterator[Finding]:
    """Amounts and counts below zero: codes for missing, damage, or what the dictionary says they mean."""
    for feature in columns.of_kind("amount", "count"):
        name = feature.name
        if not columns.extremes(name)[0] < feature.minimum:
            continue
        odd = columns[name] < feature.minimum
        count = int(np.count_nonzero(odd))
        below = f"{name} is below {feature.minimum:g} in {rows_of(count, len(columns))}"
        below += f", the lowest {columns.extremes(name)[0]:g}"
        rule, code = "negative", _missing_code(columns[name][odd])
        if code is not None:
            odd = columns[name] == code
            cause = f"{code:g} looks like a code for missing: leave those cells empty"
        elif feature.below_zero is None:
            cause = "an amount or count cannot be negative: correct the sign, or export the original values"
        elif -columns.extremes(name)[0] > FAR_BELOW * max(columns.extremes(name)[1], 0):
            rule = "sign"
            cause = "that is far larger than any value above: a decimal sign was probably lost, or the unit is another"
        elif count > max(feature.below_zero_share * len(columns), ALWAYS_FEW_ROWS):
            rule = "sign"
            cause = (
                f"so many cannot mean that {feature.below_zero}: the column is probably written with the other sign; "
                "change it, or export the original values"
            )
        else:
            message = f"{below}: {feature.below_zero}."
            yield Finding("info", "below_zero", message, name, count, columns.examples(odd, name))
            continue
        yield error(rule, f"{below}: {cause}", name, count, columns.examples(odd, name))


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
        most = np.inf if feature.impossible is None else feature.impossible
        if columns.extremes(name)[1] > most:
            odd = values > most
            count = int(np.count_nonzero(odd))
            message = (
                f"{name} holds {columns.extremes(name)[1]:g} ({rows_of(count, len(columns))} above {most:g}), which no "
                "card has: decimal signs were probably lost, or the unit is another"
            )
            yield error("impossible", message, name, count, columns.examples(odd, name))
        elif feature.kind in {"amount", "count"} and columns.extremes(name)[1] in NINES:
            odd = values == columns.extremes(name)[1]
            count = int(np.count_nonzero(odd))
            if count >= NINES_ROWS:
                message = (
                    f"{name} is {columns.extremes(name)[1]:g} in {rows_of(count, len(columns))}, its largest value: "
                    "it looks like a code for missing; leave those cells empty"
                )
                yield error("missing_code", message, name, count, columns.examples(odd, name))
