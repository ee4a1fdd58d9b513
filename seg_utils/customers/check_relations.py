"""Checks of columns against one another: what gives away damage that every single cell survives.

Relations the data dictionary does not promise (which zeros go together, whole months) are judged by the file itself:
where most of them hold, a broken one is damage; where none holds, these customers are simply of another make.
"""

from collections.abc import Iterator

import numpy as np

from seg_utils.customers.check_values import ROUND_OFF, is_short
from seg_utils.customers.findings import Finding
from seg_utils.customers.judge import Columns, by_share, error, is_many, rows_of

SUM = ("PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES")
TOGETHER = (
    ("PURCHASES", "PURCHASES_FREQUENCY"),
    ("PURCHASES", "PURCHASES_TRX"),
    ("ONEOFF_PURCHASES", "ONEOFF_PURCHASES_FREQUENCY"),
    ("INSTALLMENTS_PURCHASES", "PURCHASES_INSTALLMENTS_FREQUENCY"),
    ("CASH_ADVANCE", "CASH_ADVANCE_FREQUENCY"),
    ("CASH_ADVANCE", "CASH_ADVANCE_TRX"),
    ("BALANCE", "BALANCE_FREQUENCY"),
)
"""Pairs that are zero together or not at all."""

KEPT_SHARE = 0.005
"""A relation holds in a file when fewer rows than this break it; the public file's pairs break in 0.07 % at most."""

FAR_BEYOND = {"BALANCE": 3.0}
FAR_BEYOND_OTHERS = 10.0
TYPICAL = (5e-4, 8.0)
"""Between these the median of an amount over the credit limit lies for any card portfolio (public file: 0.12–0.38)."""

LIMIT_TOO_LARGE = 0.01
MOST_ROWS = 0.66
MOST_MONTHS = 12
ON_GRID = 0.9
MIN_RANKED_ROWS = 500
UNRELATED = 0.05


def purchases_sum(columns: Columns) -> Iterator[Finding]:
    """Purchases are one-off plus instalment purchases, up to rounding."""
    if not columns.has(*SUM):
        return
    total, oneoff, instalments = (columns[name] for name in SUM)
    tolerance = 1.5 * 10.0 ** -min(2, *(_decimals(columns[name]) for name in SUM)) + ROUND_OFF * np.abs(total)
    odd = np.abs(oneoff + instalments - total) > tolerance
    cause = "decimal signs were probably lost or moved, or columns were swapped or are in different units"
    what = "PURCHASES is not ONEOFF_PURCHASES + INSTALLMENTS_PURCHASES"
    yield from by_share(columns, "purchases_sum", SUM, odd, what, cause)


def _decimals(values: np.ndarray) -> int:
    """Decimals of a column that was rounded: 0, 1 or 2 (or more)."""
    filled = values[np.isfinite(values)]
    return next((decimals for decimals in (0, 1) if is_short(filled, decimals).all()), 2)


def zeros_together(columns: Columns) -> Iterator[Finding]:
    """An amount is zero exactly where its frequency and its count are."""
    pairs = [pair for pair in TOGETHER if columns.has(*pair)]
    broken = {pair: _one_zero(columns[pair[0]], columns[pair[1]]) for pair in pairs}
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


def _one_zero(amount: np.ndarray, other: np.ndarray) -> np.ndarray:
    return ((amount == 0) & (other > 0)) | ((amount > 0) & (other == 0))


def whole_months(columns: Columns) -> Iterator[Finding]:
    """Frequencies are whole months out of at most twelve, in files that write them with enough decimals to tell."""
    grid = np.unique([m / t for t in range(1, MOST_MONTHS + 1) for m in range(t + 1)])
    for name in columns.of_kind("frequency", "share"):
        values = columns[name]
        inner = (values > 0) & (values < 1)
        shown = values[inner]
        if len(shown) < 20 or is_short(shown[:1000], 3).mean() > 0.9:
            continue
        off = _off_grid(shown, grid)
        if off.mean() > 1 - ON_GRID:
            continue
        odd = np.zeros(len(columns), dtype=bool)
        odd[np.flatnonzero(inner)[off]] = True
        cause = "decimal signs were probably lost or moved"
        yield from by_share(columns, "whole_months", (name,), odd, f"{name} is no share of whole months", cause)


def _off_grid(values: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """Which values (n,), strictly between 0 and 1, are none of the sorted ``grid``, as written with six decimals."""
    twelfths = values * MOST_MONTHS
    off = np.abs(twelfths - np.round(twelfths)) > MOST_MONTHS * 2 * ROUND_OFF  # most are twelfths: no search for them
    rest = values[off]
    nearest = np.searchsorted(grid, rest)
    off[off] = np.minimum(np.abs(grid[nearest] - rest), np.abs(grid[nearest - 1] - rest)) > 2 * ROUND_OFF
    return off


def credit_limit(columns: Columns) -> Iterator[Finding]:
    """Amounts against the limit: balances above it are noted, amounts far beyond it are damage when they are many."""
    if not columns.has("CREDIT_LIMIT"):
        return
    limit = columns["CREDIT_LIMIT"]
    yield from by_share(
        columns, "no_limit", ("CREDIT_LIMIT",), limit == 0, "CREDIT_LIMIT is zero", "the limit cannot be zero so often"
    )
    if columns.has("BALANCE"):
        odd = (columns["BALANCE"] > limit) & (limit > 0)
        count = int(np.count_nonzero(odd))
        if count:
            message = f"BALANCE is above CREDIT_LIMIT in {rows_of(count, len(columns))}."
            shown = columns.examples(odd, "BALANCE", "CREDIT_LIMIT")
            yield Finding("info", "over_limit", message, "BALANCE", count, shown)
    for name in columns.of_kind("amount"):
        if name != "CREDIT_LIMIT":
            times = FAR_BEYOND.get(name, FAR_BEYOND_OTHERS)
            odd = (columns[name] > times * limit) & (limit > 0)
            cause = "decimal signs were probably lost, columns swapped, or one of them is in another unit such as cents"
            what = f"{name} is more than {times:g} times CREDIT_LIMIT"
            yield from by_share(columns, "far_beyond_limit", (name, "CREDIT_LIMIT"), odd, what, cause)


def units(columns: Columns) -> Iterator[Finding]:
    """All amounts are in one unit: none is typically far above or below the credit limit."""
    if not columns.has("CREDIT_LIMIT"):
        return
    typical = {}
    for name in columns.of_kind("amount"):
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
    if len(columns) < MIN_RANKED_ROWS or len(columns.features) < 5:
        return
    names = [feature.name for feature in columns.features]
    ranks = np.column_stack([_ranks(columns.sample(name)) for name in names])
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


def _ranks(values: np.ndarray) -> np.ndarray:
    """Average ranks (n,), missing values in the middle."""
    from scipy.stats import rankdata

    filled = np.where(np.isnan(values), np.nanmedian(values) if not np.isnan(values).all() else 0.0, values)
    return rankdata(filled)
