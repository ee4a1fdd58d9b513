"""Checks of columns against one another: what gives away damage that every single cell survives.

Which zeros go together is judged by the file itself: where most pairs hold, a broken one is damage; where none holds,
these customers are simply of another make.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.data.checks.severity import KEPT_SHARE, Columns, blockwise, blockwise_each, by_share, is_many
from seg_utils.data.checks.value_ranges import ROUND_OFF, is_short
from seg_utils.data.findings import Finding, error

FAR_BEYOND_OWED = ((3.0, 0.1), (10.0, 0.02))

# How many times the limit is far beyond it, and the share of rows from which that is damage (public file: 0.03 %)
FAR_BEYOND_OTHERS = ((50.0, 0.02),)

# Between these the median of an amount over the credit limit lies for any card portfolio (public file: 0.12–0.38)
TYPICAL = (5e-4, 8.0)

LIMIT_TOO_LARGE = 0.01
MOST_ROWS = 0.66
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
    yield from by_share(columns, "purchases_sum", odd, *names, parts=" + ".join(relations.parts))


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
    holding = [pair for pair in pairs if np.count_nonzero(broken[pair]) <= KEPT_SHARE * len(columns)]
    if 2 * len(holding) < len(pairs):
        words = {"pairs": len(pairs), "first": pairs[0][0], "second": pairs[0][1]}
        broken_pairs = len(pairs) - len(holding)
        yield Finding("warning", "zeros_together", count=broken_pairs, case="seldom", parameters=words)
        return
    for pair, odd in broken.items():
        yield from by_share(columns, "zeros_together", odd, *pair, second=pair[1])


def _one_zero(columns: Columns, positive: dict[str, np.ndarray], pair: tuple[str, str]) -> np.ndarray:
    """Rows (n,) where one of two columns is positive and the other is zero, neither negative nor missing."""
    odd = positive[pair[0]] != positive[pair[1]]
    places = np.flatnonzero(odd)
    odd[places] = (columns[pair[0]][places] == 0) | (columns[pair[1]][places] == 0)
    return odd


def credit_limit(columns: Columns) -> Iterator[Finding]:
    """Amounts against the limit: balances above it are noted, amounts far beyond it are damage when they are many."""
    known = dictionary.load().relations
    if not columns.has(known.limit):
        return
    limit = columns[known.limit]
    lowest = columns.extremes(known.limit)[0]
    if not lowest > 0:
        yield from by_share(columns, "no_limit", limit == 0, known.limit)
        limit = np.where(limit > 0, limit, np.inf)
        lowest = float(np.nanmin(limit, initial=np.inf))
    if columns.has(known.owed):
        odd = columns[known.owed] > limit
        if odd.any():
            yield columns.finding("info", "over_limit", odd, known.owed, known.limit, limit=known.limit)
    bounds = [
        (name, times, share)
        for name in columns.names("amount")
        for times, share in (FAR_BEYOND_OWED if name == known.owed else FAR_BEYOND_OTHERS)
        if name != known.limit and columns.extremes(name)[1] > times * lowest
    ]
    yield from _far_beyond(columns, limit, bounds)


def _far_beyond(columns: Columns, limit: np.ndarray, bounds: list[tuple[str, float, float]]) -> Iterator[Finding]:
    """Amounts so many times the limit (n,): for each amount the worst of its bounds (name, times, share)."""

    def beyond(limit: np.ndarray, *amounts: np.ndarray) -> list[np.ndarray]:
        return [amount > times * limit for amount, (_, times, _) in zip(amounts, bounds, strict=True)]

    of_limit = dictionary.load().relations.limit
    masks = blockwise_each(beyond, len(bounds), limit, *(columns[name] for name, _, _ in bounds))
    worst: dict[str, Finding] = {}
    for odd, (name, times, share) in zip(masks, bounds, strict=True):
        words = {"times": times, "limit": of_limit}
        for finding in by_share(columns, "far_beyond_limit", odd, name, of_limit, share=share, **words):
            if name not in worst or (finding.severity == "error" and worst[name].severity != "error"):
                worst[name] = finding
    yield from worst.values()


def units(columns: Columns) -> Iterator[Finding]:
    """All amounts are in one unit: none is typically far above or below the credit limit."""
    of_limit = dictionary.load().relations.limit
    if not columns.has(of_limit):
        return
    typical = {}
    for name in columns.names("amount"):
        if name == of_limit:
            continue
        amount, limit = columns.sample(name), columns.sample(of_limit)
        filled = (amount > 0) & (limit > 0)
        if np.count_nonzero(filled):
            typical[name] = float(np.median(amount[filled] / limit[filled]))
    if len(typical) >= 3 and max(typical.values()) < LIMIT_TOO_LARGE:
        yield error("units", of_limit, len(typical), case="limit")
        return
    for name, ratio in typical.items():
        if not TYPICAL[0] <= ratio <= TYPICAL[1]:
            yield error("units", name, ratio=ratio, limit=of_limit)


def swapped(columns: Columns) -> Iterator[Finding]:
    """Minimum payments exceed neither payments nor balances for most customers."""
    least = dictionary.load().relations.least
    for larger in dictionary.load().relations.larger:
        if not columns.has(larger, least):
            continue
        filled = (columns[larger] > 0) & (columns[least] > 0)
        exceeding = (columns[least] > columns[larger]) & filled
        count, n = int(np.count_nonzero(exceeding)), int(np.count_nonzero(filled))
        if is_many(count, len(columns)) and count > MOST_ROWS * n:
            yield replace(error("swapped", least, count, larger=larger), total=n)


def unrelated(columns: Columns) -> Iterator[Finding]:
    """A column whose ranks go with no other column, in a file whose others do: sorted, shuffled or shifted alone. What
    cards have goes together; of another trade nothing says so."""
    if len(columns) < MIN_RANKED_ROWS or len(columns.features) < 5 or not dictionary.load().cards:
        return
    names = [feature.name for feature in columns.features]
    ranks = pd.DataFrame({name: _filled(columns.sample(name)) for name in names}).rank().to_numpy().T
    with np.errstate(invalid="ignore", divide="ignore"):
        strongest = np.abs(np.corrcoef(ranks) - np.eye(len(names))).max(axis=1)
    bound = max(UNRELATED, 4 / np.sqrt(ranks.shape[1]))
    lonely = [name for name, value in zip(names, strongest.tolist(), strict=True) if value < bound]
    if lonely and 2 * len(lonely) < len(names):
        yield Finding("warning", "unrelated", lonely[0], len(lonely), parameters={"names": lonely})


def _filled(values: np.ndarray) -> np.ndarray:
    """Values (n,), missing ones in the middle."""
    absent = np.isnan(values)
    if not absent.any():
        return values
    return np.where(absent, 0.0 if absent.all() else np.nanmedian(values), values)
