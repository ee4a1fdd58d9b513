"""Checks of decimal signs: what their loss leaves behind in magnitudes and in last digits, in one finding."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from seg_utils.data.checks.mixed_magnitudes import Apart, groups_apart
from seg_utils.data.checks.severity import FEW_ROWS, Columns, error, example_of
from seg_utils.data.checks.value_ranges import has_fraction, is_short
from seg_utils.data.findings import Finding, plural

FULL_DECIMALS = 5
FEW_DECIMALS = 2
MOSTLY_FULL = 0.7
MANY_SHORT = 0.02
MIN_FRACTIONS = 20

MOST_DECIMALS = 7
"""Numbers with more digits behind the decimal sign were computed; their last digits tell nothing."""

TELLING_FRACTIONS = 150
"""In so many numbers at least one ends in 0, but for one file in ten million (0.9 ** 150)."""

MOST_ENDING_IN_ZERO = 0.02
LEAST_ENDING_OTHERWISE = 0.04
"""Of last digits a tenth is each; prices that end in .99 or .50 are told by the others that are rare then."""

WHOLE = 0.9


class Trace(NamedTuple):
    """What damage left behind in a column: about how many cells, in words, and rows (n,) to show."""

    name: str
    count: int
    what: str
    rows: np.ndarray


def decimals(columns: Columns) -> Iterator[Finding]:
    """Decimal signs that were lost, moved or put at a fixed place, in all columns together."""
    apart = [_apart(columns, group) for group in groups_apart(columns)]
    named = {trace.name for trace in apart}
    traces = apart + [trace for trace in (*_short(columns), *_no_last_zeros(columns)) if trace.name not in named]
    if not traces:
        return
    traces += _whole_shares(columns)
    count = sum(trace.count for trace in traces)
    shown = "; ".join(f"{trace.name}: {trace.what}" for trace in traces)
    examples = tuple(shown[0] for shown in _examples(columns, traces))
    such = f"; such as {example_of(examples[0])}" if examples else ""
    message = (
        f"decimal signs were probably lost or moved in about {plural(count, 'cell')} of "
        f"{plural(len(traces), 'column')} ({shown}{such}): as a rule a spreadsheet or a program of another language "
        "took the point for a thousands separator, or part of the rows is in another unit such as cents; export the "
        "customers again and do not pass the file through a spreadsheet, as dropping rows leaves the rest of the damage"
    )
    yield error("decimals", message, traces[0].name, count, examples)


def _examples(columns: Columns, traces: list[Trace]) -> Iterator[tuple[dict[str, object], ...]]:
    """The examples of each trace that has any."""
    shown = (columns.examples(trace.rows, trace.name) for trace in traces)
    return (examples for examples in shown if examples)


def _apart(columns: Columns, group: Apart) -> Trace:
    """A group of values far from the rest, in words."""
    sampled = columns.sample(group.name)
    times = 10.0 ** round(abs(group.decades))
    count = round(len(group.places) * len(columns) / len(sampled))
    rows = np.zeros(len(columns), dtype=bool)
    rows[group.places * columns.step] = True
    what = f"about {plural(count, 'value')} around {times:,.0f} times too {'large' if group.decades > 0 else 'small'}"
    others = np.delete(sampled, group.places)
    others = others[others > 0]
    if _share_whole(sampled[group.places]) > WHOLE > 1 - _share_whole(others) > 1 - WHOLE:
        what += " and without decimals"
    return Trace(group.name, count, what, rows)


def _share_whole(values: np.ndarray) -> float:
    return float(1 - has_fraction(values).mean()) if len(values) else 0.0


def _short(columns: Columns) -> Iterator[Trace]:
    """Amounts of one export carry equally many decimals; a part with fewer lost some on the way."""
    for name in columns.names("amount"):
        seen = columns.sample(name)
        seen = seen[has_fraction(seen) & (seen > 0)]
        if len(seen) < MIN_FRACTIONS or is_short(seen, FULL_DECIMALS - 1).mean() > 1 - MOSTLY_FULL:
            continue  # most values of this column have few decimals anyway
        short = is_short(seen, FEW_DECIMALS)
        if short.mean() > MANY_SHORT and short.sum() > FEW_ROWS:
            odd = has_fraction(columns[name]) & is_short(columns[name], FEW_DECIMALS) & (columns[name] > 0)
            count = int(np.count_nonzero(odd))
            yield Trace(name, count, f"{plural(count, 'value')} with two decimals or fewer and six elsewhere", odd)


def _no_last_zeros(columns: Columns) -> Iterator[Trace]:
    """Columns in which no number ends in 0, so that all have equally many decimals.

    A tenth of all numbers does, and is written with one decimal less. Where such are gone, digits were joined and a
    decimal sign was put at a fixed place, which makes those a tenth, a hundredth, … of what they were.
    """
    for name in columns.names("amount"):
        seen = columns.sample(name)
        seen = seen[has_fraction(seen)]
        if len(seen) < TELLING_FRACTIONS:
            continue
        places = next((d for d in range(2, MOST_DECIMALS + 1) if is_short(seen, d).all()), None)
        if places is None:
            continue
        last = np.bincount((np.rint(np.abs(seen) * 10.0**places) % 10).astype(int), minlength=10) / len(seen)
        if last[0] < MOST_ENDING_IN_ZERO and last[1:].min() > LEAST_ENDING_OTHERWISE:
            fractions = int(np.count_nonzero(has_fraction(columns[name])))
            count = round(fractions / 10)
            what = f"none of {fractions:,} numbers with {places} decimals ends in 0, so that about {count:,} of them "
            what += "are a tenth, a hundredth … of what they were"
            yield Trace(name, count, what, np.zeros(len(columns), dtype=bool))


def _whole_shares(columns: Columns) -> Iterator[Trace]:
    """Shares above 1 that are whole numbers."""
    for feature in columns.of_kind("frequency", "share"):
        if columns.extremes(feature.name)[1] > feature.impossible:
            values = columns[feature.name]
            odd = (values > feature.maximum) & ~has_fraction(values)
            count = int(np.count_nonzero(odd))
            yield Trace(feature.name, count, f"{plural(count, 'share')} above {feature.maximum:g}", odd)
