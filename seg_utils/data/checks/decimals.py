"""Checks of decimal signs: what their loss leaves behind in magnitudes and in last digits, in one finding."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from seg_utils.data.checks.magnitudes import Apart, groups_apart
from seg_utils.data.checks.severity import FEW_ROWS, Columns
from seg_utils.data.checks.value_ranges import MIN_FRACTIONS, has_fraction, is_short
from seg_utils.data.findings import Finding, error

FULL_DECIMALS = 5
FEW_DECIMALS = 2
MOSTLY_FULL = 0.7
MANY_SHORT = 0.02

MOST_DECIMALS = 7  # numbers with more digits behind the decimal sign were computed; their last digits mean nothing
TELLING_FRACTIONS = 150  # in so many numbers at least one ends in 0, but for one file in ten million (0.9 ** 150)
MOST_ENDING_IN_ZERO = 0.02

# Of last digits a tenth is each; prices that end in .99 or .50 show in the others, which are rare then
LEAST_ENDING_OTHERWISE = 0.04

WHOLE = 0.9


def decimals(columns: Columns) -> Iterator[Finding]:
    """Decimal signs that were lost, moved or put at a fixed place, in all columns together."""
    apart = [_apart(columns, group) for group in groups_apart(columns)]
    named = {trace.column for trace in apart}
    traces = apart + [trace for trace in (*_short(columns), *_no_last_zeros(columns)) if trace.column not in named]
    if not traces:
        return
    traces += _whole_shares(columns)
    yield replace(
        error("decimals", traces[0].column, sum(trace.count for trace in traces), traces=traces, n_columns=len(traces)),
        examples=next((trace.examples for trace in traces if trace.examples), ()),
    )


def _apart(columns: Columns, group: Apart) -> Finding:
    """A group of values far from the rest."""
    sampled = columns.sample(group.name)
    odd = np.zeros(len(columns), dtype=bool)
    odd[group.places * columns.step] = True
    others = np.delete(sampled, group.places)
    others = others[others > 0]
    trace = columns.finding(
        "error",
        "decimals",
        odd,
        group.name,
        case="apart",
        times=10.0 ** round(abs(group.decades)),
        too_large=group.decades > 0,
        whole=_share_whole(sampled[group.places]) > WHOLE > 1 - _share_whole(others) > 1 - WHOLE,
    )
    return replace(trace, count=round(len(group.places) * len(columns) / len(sampled)))


def _share_whole(values: np.ndarray) -> float:
    return float(1 - has_fraction(values).mean()) if len(values) else 0.0


def _short(columns: Columns) -> Iterator[Finding]:
    """Amounts of one export carry equally many decimals; a part with fewer lost some on the way."""
    for name in columns.names("amount"):
        values = columns.sample(name)
        values = values[has_fraction(values) & (values > 0)]
        if len(values) < MIN_FRACTIONS or is_short(values, FULL_DECIMALS - 1).mean() > 1 - MOSTLY_FULL:
            continue  # most values of this column have few decimals anyway
        short = is_short(values, FEW_DECIMALS)
        if short.mean() > MANY_SHORT and short.sum() > FEW_ROWS:
            odd = has_fraction(columns[name]) & is_short(columns[name], FEW_DECIMALS) & (columns[name] > 0)
            yield columns.finding("error", "decimals", odd, name, case="short")


def _no_last_zeros(columns: Columns) -> Iterator[Finding]:
    """Columns in which no number ends in 0, so that all have equally many decimals.

    A tenth of all numbers does, and is written with one decimal less. Where such are gone, digits were joined and a
    decimal sign was put at a fixed place, which makes those a tenth, a hundredth, … of what they were.
    """
    for name in columns.names("amount"):
        values = columns.sample(name)
        values = values[has_fraction(values)]
        if len(values) < TELLING_FRACTIONS:
            continue
        places = next((d for d in range(2, MOST_DECIMALS + 1) if is_short(values, d).all()), None)
        if places is None:
            continue
        last = np.bincount((np.rint(np.abs(values) * 10.0**places) % 10).astype(int), minlength=10) / len(values)
        if last[0] < MOST_ENDING_IN_ZERO and last[1:].min() > LEAST_ENDING_OTHERWISE:
            fractions = int(np.count_nonzero(has_fraction(columns[name])))
            yield error(
                "decimals", name, round(fractions / 10), case="no_last_zeros", fractions=fractions, places=places
            )


def _whole_shares(columns: Columns) -> Iterator[Finding]:
    """Shares above 1 that are whole numbers."""
    for feature in columns.of_kind("frequency", "share"):
        if columns.extremes(feature.name)[1] > feature.damage:
            values = columns[feature.name]
            odd = (values > feature.ceiling) & ~has_fraction(values)
            yield columns.finding("error", "decimals", odd, feature.name, case="whole_shares", maximum=feature.maximum)
