"""Checks of columns against one another: what gives away damage that every single cell survives.

Relations the data dictionary does not promise (which zeros go together, whole months) are judged by the file itself:
where most of them hold, a broken one is damage; where none holds, these customers are simply of another make.
"""

from collections.abc import Iterator

import numpy as np

from seg_utils import dictionary
from seg_utils.customers.check_values import MIN_FRACTIONS, ROUND_OFF, is_short
from seg_utils.customers.findings import Finding
from seg_utils.customers.judge import Columns, blockwise, by_share, error, is_many, rows_of

KEPT_SHARE = 0.005
"""A relation holds in a file when fewer rows than this break it; the public file's pairs break in 0.07 % at most."""

FAR_BEYOND = {"BALANCE": ((3.0, 0.1), (10.0, 0.02))}
FAR_BEYOND_OTHERS = ((50.0, 0.02),)
"""How many times the limit is far beyond it, and the share of rows from which that is damage (public file: 0.03 %)."""

ANOTHER_UNIT = "decimal signs were probably lost, columns swapped, or one of them is in another unit such as cents"
TYPICAL = (5e-4, 8.0)
"""Between these the median of an amount over the credit limit lies for any card portfolio (public file: 0.12–0.38)."""

LIMIT_TOO_LARGE = 0.01
MOST_ROWS = 0.66
MOST_MONTHS = 12
OTHER_MONTHS = (11, 10, 9, 8, 7)
"""Twelfths are also halves, thirds, quarters and sixths, tenths are also fifths."""
ON_GRID = 0.9
MIN_RANKED_ROWS = 500
UNRELATED = 0.05


def purchases_sum(columns: Columns) -> Iterator[Finding]:
    """Purchases are one-off plus instalment purchases, up to rounding."""
    relations = dictionary.load().relations
    names = (relations.total, *relations.parts)
    if not columns.has(*names):
        return
    rounding = 1.5 * 10.0 ** -min(_decimals(columns, name) for name in names)

    def differs(total: np.ndarray, *parts: np.ndarray) -> np.ndarray:
        return np.abs(sum(parts) - total) > rounding + ROUND_OFF * np.abs(total)

    odd = blockwise(differs, *(columns[name] for name in names))
    cause = "decimal signs were probably lost or moved, or columns were swapped or are in different units"
    what = f"{relations.total} is not {' + '.join(relations.parts)}"
    yield from by_share(columns, "purchases_sum", names, odd, what, cause)


def _decimals(columns: Columns, name: str) -> int:
    """Decimals of a column that was rounded: 0, 1 or 2 (or more)."""
    for decimals in (0, 1):
        if not any(_is_long(values, decimals).any() for values in (columns.sample(name), columns[name])):
            return decimals
    return 2


def _is_long(values: np.ndarray, decimals: int) -> np.ndarray:
    return ~(is_short(values, decimals) | np.isnan(values))


def zeros_together(columns: Columns) -> Iterator[Finding]:
    """An amount is zero exactly where its frequency and its count are."""
    pairs = [pair for pair in dictionary.load().relations.zero_together if columns.has(*pair)]
    positive = {name: columns[name] > 0 for name in dict.fromkeys(name for pair in pairs for name in pair)}
    broken = {pair: _one_zero(columns, positive, pair) for pair in pairs}
    kept = [pair for pair in pairs if np.count_nonzero(broken[pair]) <= KEPT_SHARE * len(columns)]
    if 2 * len(kept) < len(pairs):
        message = f"In {len(pairs) - len(kept)} of {len(pairs)} pairs such as PURCHASES and PURCHASES_FREQUENCY one is "
        message += "often zero where the other is not: the columns of these customers do not go together as usual."
        yield Finding("warning", "zeros_together", message, count=len(pairs) - len(kept))
        return
    cause = "numbers were damaged, or columns were swapped, shifted or sorted on their own"
    for pair, odd in broken.items():
        what = f"{pair[0]} and {pair[1]} are not zero together"
        yield from by_share(columns, "zeros_together", pair, odd, what, cause)


def _one_zero(columns: Columns, positive: dict[str, np.ndarray], pair: tuple[str, str]) -> np.ndarray:
    """Rows (n,) where one of two columns is positive and the other is zero, neither negative nor missing."""
    odd = positive[pair[0]] != positive[pair[1]]
    places = np.flatnonzero(odd)
    odd[places] = (columns[pair[0]][places] == 0) | (columns[pair[1]][places] == 0)
    return odd


def whole_months(columns: Columns) -> Iterator[Finding]:
    """Frequencies are whole months out of at most twelve, in files that write them with enough decimals to tell."""
    for name in columns.names("frequency", "share"):
        values = columns[name]
        seen = columns.sample(name)
        seen = seen[(seen > 0) & (seen < 1)]
        if len(seen) < MIN_FRACTIONS or is_short(seen, 3).mean() > ON_GRID or _off_grid(seen).mean() > 1 - ON_GRID:
            continue
        odd = _off_grid(values)
        cause = "decimal signs were probably lost or moved"
        yield from by_share(columns, "whole_months", (name,), odd, f"{name} is no share of whole months", cause)


def months_of_tenure(columns: Columns) -> Iterator[Finding]:
    """Where frequencies are counted out of the customer's own months, they are whole numbers of them.

    Files whose frequencies are twelfths for everybody do not say so and are left alone.
    """
    names = [name for name in dictionary.load().relations.own_months if columns.has(name, "TENURE")]
    tenure = columns.extremes("TENURE") if names else (np.nan, np.nan)
    if not (tenure[0] >= 1 and tenure[1] <= MOST_MONTHS):
        return
    for name in names:
        seen = columns.sample(name)
        seen = seen[(seen > 0) & (seen < 1)]
        if len(seen) and _off_grid(seen).mean() > KEPT_SHARE:
            return
    odd = np.zeros(len(columns), dtype=bool)
    for name in names:
        odd |= blockwise(lambda values, tenure: _is_fraction(values * tenure), columns[name], columns["TENURE"])
    if not odd.any():
        return
    telling = np.zeros(len(columns), dtype=bool)
    for name in names:
        telling |= blockwise(_is_no_twelfth, columns[name])
    if not is_many(int(np.count_nonzero(telling)), len(columns)):
        return
    cause = "TENURE was probably sorted, shuffled or shifted on its own, or cut at the end of the file"
    what = "The frequencies are no whole months of TENURE"
    yield from by_share(columns, "months_of_tenure", ("TENURE", *names), odd, what, cause)


def _is_fraction(months: np.ndarray) -> np.ndarray:
    distance = months - np.rint(months)
    return np.abs(distance, out=distance) > MOST_MONTHS * 2 * ROUND_OFF


def _is_no_twelfth(values: np.ndarray) -> np.ndarray:
    return _is_fraction(values * MOST_MONTHS)


def _off_grid(values: np.ndarray) -> np.ndarray:
    """Which shares (n,) are no whole months out of at most twelve, as written with six decimals."""
    places = np.flatnonzero(blockwise(_is_no_twelfth, values))
    left = values[places]
    for months in OTHER_MONTHS:
        fraction = _is_fraction(left * months)
        places, left = places[fraction], left[fraction]
    off = np.zeros(len(values), dtype=bool)
    off[places] = True
    return off


def credit_limit(columns: Columns) -> Iterator[Finding]:
    """Amounts against the limit: balances above it are noted, amounts far beyond it are damage when they are many."""
    if not columns.has("CREDIT_LIMIT"):
        return
    limit = columns["CREDIT_LIMIT"]
    yield from by_share(
        columns, "no_limit", ("CREDIT_LIMIT",), limit == 0, "CREDIT_LIMIT is zero", "the limit cannot be zero so often"
    )
    positive = np.where(limit > 0, limit, np.inf)
    if columns.has("BALANCE"):
        odd = columns["BALANCE"] > positive
        count = int(np.count_nonzero(odd))
        if count:
            message = f"BALANCE is above CREDIT_LIMIT in {rows_of(count, len(columns))}."
            shown = columns.examples(odd, "BALANCE", "CREDIT_LIMIT")
            yield Finding("info", "over_limit", message, "BALANCE", count, shown)
    far: dict[float, np.ndarray] = {}
    for name in columns.names("amount"):
        if name != "CREDIT_LIMIT":
            for times, share in FAR_BEYOND.get(name, FAR_BEYOND_OTHERS):
                if times not in far:
                    far[times] = times * positive
                odd = columns[name] > far[times]
                what = f"{name} is more than {times:g} times CREDIT_LIMIT"
                yield from by_share(columns, "far_beyond_limit", (name, "CREDIT_LIMIT"), odd, what, ANOTHER_UNIT, share)


def units(columns: Columns) -> Iterator[Finding]:
    """All amounts are in one unit: none is typically far above or below the credit limit."""
    if not columns.has("CREDIT_LIMIT"):
        return
    typical = {}
    for name in columns.names("amount"):
        if name == "CREDIT_LIMIT":
            continue
        amount, limit = columns.sample(name), columns.sample("CREDIT_LIMIT")
        filled = (amount > 0) & (limit > 0)
        if np.count_nonzero(filled):
            typical[name] = float(np.median(amount[filled] / limit[filled]))
    if len(typical) >= 3 and max(typical.values()) < LIMIT_TOO_LARGE:
        message = (
            "CREDIT_LIMIT is typically more than 100 times every other amount: it is in another unit, such as cents"
        )
        yield error("units", message, "CREDIT_LIMIT", len(typical))
        return
    for name, ratio in typical.items():
        if not TYPICAL[0] <= ratio <= TYPICAL[1]:
            message = (
                f"{name} is typically {ratio:.3g} times CREDIT_LIMIT: it is in another unit (such as cents or "
                "thousands), or the column is another one under this name"
            )
            yield error("units", message, name)


def swapped(columns: Columns) -> Iterator[Finding]:
    """Minimum payments exceed neither payments nor balances for most customers."""
    for larger in ("PAYMENTS", "BALANCE"):
        if not columns.has(larger, "MINIMUM_PAYMENTS"):
            continue
        filled = (columns[larger] > 0) & (columns["MINIMUM_PAYMENTS"] > 0)
        exceeding = (columns["MINIMUM_PAYMENTS"] > columns[larger]) & filled
        count, n = int(np.count_nonzero(exceeding)), int(np.count_nonzero(filled))
        if is_many(count, len(columns)) and count > MOST_ROWS * n:
            message = (
                f"MINIMUM_PAYMENTS exceeds {larger} in {rows_of(count, n)}: the two columns were probably swapped, or "
                "one is in another unit"
            )
            yield error("swapped", message, "MINIMUM_PAYMENTS", count)


def unrelated(columns: Columns) -> Iterator[Finding]:
    """A column whose ranks go with no other column, in a file whose others do: sorted, shuffled or shifted alone."""
    from scipy.stats import rankdata

    if len(columns) < MIN_RANKED_ROWS or len(columns.features) < 5:
        return
    names = [feature.name for feature in columns.features]
    ranks = rankdata(np.column_stack([_filled(columns.sample(name)) for name in names]), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        strongest = np.abs(np.corrcoef(ranks, rowvar=False) - np.eye(len(names))).max(axis=1)
    bound = max(UNRELATED, 4 / np.sqrt(len(ranks)))
    lonely = [name for name, value in zip(names, strongest.tolist(), strict=True) if value < bound]
    if lonely and 2 * len(lonely) < len(names):
        message = (
            f"{', '.join(lonely)} goes with no other column although the others go together: was it sorted or "
            "shifted on its own?"
        )
        yield Finding("warning", "unrelated", message, lonely[0], len(lonely))


def _filled(values: np.ndarray) -> np.ndarray:
    """Values (n,), missing ones in the middle."""
    absent = np.isnan(values)
    if not absent.any():
        return values
    return np.where(absent, 0.0 if absent.all() else np.nanmedian(values), values)
