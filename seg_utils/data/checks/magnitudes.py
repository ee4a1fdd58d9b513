"""Checks of magnitudes: part of a column that is many times the rest, or cut at a thousand.

How large an amount is counts in decades, beside what the customer's other amounts let expect. Heavy tails are no
damage: the logarithm of a lognormal or Pareto amount thins out ever faster, or at one rate, the further it is from the
median. Damage by powers of ten does not: what was multiplied stands together far out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from seg_utils.core import dictionary
from seg_utils.data.checks.severity import Columns
from seg_utils.data.findings import Finding

CLIPPED = 1.0  # other amounts count up to so many decades from their median, so that damaged ones decide nothing

# Part of the decades above the median that the customer's other amounts are above theirs, where he is large indeed.
# Simulated corporate customers (10 to 100 times others): 0.4 and more; ordinary customers with one damaged cell: 0.
ACCOMPANIED = 0.3

LEAST_VALUES = 50  # fewer values above zero let nothing be expected

# Decades from the median; what lies beyond twice as many is compared with what lies beyond one such step
STEPS = (0.75, 1.0, 1.5, 2.0, 2.5, 3.0)

LEAST_ROWS = 10  # fewer values far out are looked at one by one (lone_values.lone)

# How many times a tail that thins out at one rate may be exceeded, two standard deviations of counting allowed for.
# Minimum payments of the public file: 2.2 at most in any subset; values times 100 in 5 % of a column: 4.5 and more.
TIMES_A_TAIL = 3.0

SLOWEST_TAIL = 1.2

# Amounts thin out at no lower rate than this a decade (a Pareto tail of exponent 1 at 2.3; the public file's slowest
# stretch at 2.9). What does is a group of its own, if there is also more than a tail holds, and further below, where
# small amounts spread, much more. Up to a quarter of a column is found so.
TIMES_A_GROUP = {1: 1.8, -1: 3.0}

LARGEST_CUSTOMERS = 2.5  # decades that a group of large customers may have more than others

# Amounts of a few cents are real: a group far below the rest must be larger than such are (public file: 0.3 %)
LEAST_SHARE_BELOW = 0.02

LEAST_AMOUNTS = 3

# Part of the decades by which large customers have more that they have more transactions; by a unit nobody has
FOLLOWING = 0.15

CUT = 1000.0
CUT_STEP = 0.8
CUT_ROWS = 40

# None reaches a thousand although so many values are above 800, and not far fewer than from 640 to 800: in columns
# that end by themselves each such step holds a fraction of the one before (public file: 0.8 around its thousands)
CUT_STEEP = 0.4


def excesses(columns: Columns) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each amount the places (m,) in the columns' sample of its values above zero, and their excess (m,).

    The excess is in decades, around a median of 0: the logarithm less a linear fit on the logarithms of the other
    amounts, those apart that it is a sum or a part of, which damage of one leaves as they are.
    """
    names = columns.names("amount")
    logs = {name: in_decades(columns.sample(name)) for name in names}
    clipped = {name: np.clip(values - _median(values), -CLIPPED, CLIPPED) for name, values in logs.items()}
    absent = {name: np.isnan(values) for name, values in clipped.items()}
    filled = {name: np.nan_to_num(values) for name, values in clipped.items()}
    excess_of = {}
    for name in names:
        places = np.flatnonzero(~absent[name])
        if len(places) >= LEAST_VALUES:
            others = _others(columns, name)
            gaps = [absent[other][places] for other in others]
            terms = [filled[other][places] for other in others] + [gap for gap in gaps if gap.any()]
            rest = logs[name][places] - _expected(filled[name][places], terms)
            excess_of[name] = places, rest - np.median(rest)
    return excess_of


def are_large_customers(columns: Columns, name: str, rows: np.ndarray) -> bool:
    """Whether the customers at ``rows`` (m,), who have so much in one column, have much in the others, too.

    Corporate cards among private ones do; a decimal sign that one cell lost shows in that cell alone.
    """
    others = [
        in_decades(columns[other][rows]) - _median(in_decades(columns.sample(other)))
        for other in _others(columns, name)
    ]
    own = _median(in_decades(columns[name][rows])) - _median(in_decades(columns.sample(name)))
    return own > 0 and bool(others) and _median(np.concatenate(others)) > ACCOMPANIED * own


def _expected(values: np.ndarray, terms: list[np.ndarray]) -> np.ndarray:
    """Least squares of values (m,) on terms (m,), of which those that say where others are missing are levels."""
    design = np.column_stack([np.ones(len(values)), *terms])
    return design @ np.linalg.lstsq(design, values, rcond=None)[0]


def _others(columns: Columns, name: str) -> list[str]:
    """The amounts that are not in one sum with an amount."""
    relations = dictionary.load().relations
    summed = {relations.total, *relations.parts}
    tied = summed if name in summed else {name}
    return [other for other in columns.names("amount") if other not in tied]


def in_decades(values: np.ndarray) -> np.ndarray:
    """Logarithms (n,) to base 10, NaN where a value is missing or not above zero."""
    filled = values > 0
    return np.log10(values, where=filled, out=np.full(len(values), np.nan))


def _median(values: np.ndarray) -> float:
    return 0.0 if np.isnan(values).all() else float(np.nanmedian(values))


@dataclass(frozen=True)
class Apart:
    """Values of a column that stand together far from the rest.

    ``places`` are theirs in the columns' sample; ``decades`` is how far they are out, on the median.
    """

    name: str
    places: np.ndarray
    decades: float


def groups_apart(columns: Columns) -> list[Apart]:
    """For each amount the group of values that no tail explains, beside what the other amounts let expect."""
    groups = []
    for name, (places, excess) in columns.measured(excesses).items():
        for sign in (1, -1):
            step = _step_beyond_a_tail(excess, sign)
            if not step:
                continue
            out = sign * excess > 1.5 * step
            away = sign * float(np.median(sign * excess[out]))
            accompanied = away < LARGEST_CUSTOMERS and are_large_customers(columns, name, places[out] * columns.step)
            if not accompanied:
                groups.append(Apart(name, places[out], away))
            break
    return groups


def _step_beyond_a_tail(excess: np.ndarray, sign: int) -> float:
    """The step (decades) above or below beyond which more values (m,) lie than a tail holds; 0 where there is none."""
    n = len(excess)
    for step in STEPS:
        near, far = np.count_nonzero(sign * excess > step), np.count_nonzero(sign * excess > 2 * step)
        if far < LEAST_ROWS or (sign < 0 and far < LEAST_SHARE_BELOW * n):
            continue
        times = (far - 2 * np.sqrt(far)) * (n / 2) / near**2  # 1 in an exponential tail, less in a lighter one
        if (sign > 0 and times > TIMES_A_TAIL) or (
            times > TIMES_A_GROUP[sign] and far > np.exp(-SLOWEST_TAIL * step) * near
        ):
            return step
    return 0.0


def mixed_units(columns: Columns) -> Iterator[Finding]:
    """Customers who have many times what others have of every amount, but no more transactions."""
    relations = dictionary.load().relations
    names = [name for name in columns.names("amount") if name not in relations.parts]
    if len(names) < LEAST_AMOUNTS:
        return
    away = np.array([_away(columns.sample(name)) for name in names])
    known = np.flatnonzero((~np.isnan(away)).sum(axis=0) >= LEAST_AMOUNTS)
    if len(known) < LEAST_VALUES:
        return
    excess = np.nanmedian(away[:, known], axis=0)
    step = _step_beyond_a_tail(excess - np.median(excess), 1)
    if not step:
        return
    large = excess > np.median(excess) + 1.5 * step
    places, decades = known[large], float(np.median(excess[large]))
    counts = np.concatenate([_away(columns.sample(name))[places] for name in columns.names("count")] or [[]])
    counts = counts[~np.isnan(counts)]
    if len(counts) and np.median(counts) < FOLLOWING * decades:
        odd = np.zeros(len(columns), dtype=bool)
        odd[places * columns.step] = True
        count = round(len(places) * len(columns) / away.shape[1])
        times = 10.0 ** round(decades)
        yield replace(columns.finding("warning", "mixed_units", odd, *names[:3], times=times), count=count)


def _away(values: np.ndarray) -> np.ndarray:
    """Decades (n,) from the median; NaN where a value is missing or not above zero."""
    logs = in_decades(values)
    return logs if np.isnan(logs).all() else logs - np.nanmedian(logs)


def cut(columns: Columns) -> Iterator[Finding]:
    """Amounts of which none reaches a thousand although many come near: what stood before or after the comma is gone.

    Where no amount at all is larger, the currency or the customers may be such.
    """
    names = columns.names("amount")
    whole = [name for name in names if columns.extremes(name)[1] >= 2 * CUT]
    for name in names:
        if not whole or not CUT * CUT_STEP < columns.extremes(name)[1] < CUT:
            continue
        values = columns[name]
        last, before = values > CUT * CUT_STEP, values > CUT * CUT_STEP**2
        near = int(np.count_nonzero(last))
        if near >= CUT_ROWS and near > CUT_STEEP * (np.count_nonzero(before) - near):
            yield columns.finding("error", "cut", last, name, cut=CUT, near=CUT * CUT_STEP)
