"""Rows that are no customers: junk, totals, rows without an id; and customers that appear twice."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.customers.findings import Finding, listing, plural, show
from seg_utils.customers.match import ID
from seg_utils.customers.table import Flaw, holds
from seg_utils.customers.values import Values
from seg_utils.errors import DataError

TOTAL = re.compile(
    r"(grand |sub)?[ -]?totals?\b.*|sum|sums|average|avg|mean|count|gesamt\w*|summe|insgesamt|mittelwert|suma|somme|"
    r"moyenne|total general|totaal|totale",
    re.IGNORECASE,
)
"""What the id of a totals row says."""

MIN_SUMMED_CELLS = 3
ROWS_SUMMED_UP = 3
"""A totals row is one of the last few."""

MAX_DROPPED_SHARE = 0.5
"""BAD_ROWS=drop stops here: what is left would no longer be the file."""

NAMED_DROPPED = 1000


def junk(values: Values, features: list[str]) -> list[Flaw]:
    """Rows that cannot be customers although their cells may be numbers."""
    frame, rows = values.frame, values.rows
    flaws = []
    if frame[features[0]].isna().any():
        empty = frame[features].isna().all(axis=1).to_numpy()
        flaws += [Flaw(int(rows[i]), "", _id(frame, i), "no value in any feature") for i in np.flatnonzero(empty)]
    if ID in frame:
        blank = frame[ID].isna().to_numpy()
        flaws += [Flaw(int(rows[i]), ID, "", "no id") for i in np.flatnonzero(blank)]
        if holds(_texts(frame[ID]), b"\0"):
            zero = frame[ID].str.contains("\0", regex=False, na=False).to_numpy()
            flaws += [Flaw(int(rows[i]), ID, _id(frame, i), "NUL byte") for i in np.flatnonzero(zero)]
    return flaws + _totals(values, features)


def _totals(values: Values, features: list[str]) -> list[Flaw]:
    """Totals rows at the end: by what the id says, or because they sum up (or average) the rows above."""
    flaws = []
    frame, rows = values.frame, values.rows
    first = max(len(frame) - ROWS_SUMMED_UP, 3)
    above, known = np.array([_above(values, name, first) for name in features]).T
    last = np.column_stack([frame[name].to_numpy()[first:] for name in features])
    for i, row in enumerate(last, start=first):
        named = ID in frame and TOTAL.fullmatch(_id(frame, i).strip()) is not None
        if named or _sums_up(row, above, known):
            flaws.append(Flaw(int(rows[i]), ID, _id(frame, i), "a totals row"))
        else:
            above, known = above + np.nan_to_num(row), known + ~np.isnan(row)
    return flaws


def _above(values: Values, name: str, first: int) -> tuple[float, int]:
    """Sum and number of the values of a column above the row ``first``."""
    column = values.frame[name].to_numpy()
    total = values.sums.get(name, np.nan)
    if np.isfinite(total):  # the sum of all is known, and none is missing
        return total - column[first:].sum(), len(column[:first])
    absent = np.isnan(column[:first])
    return np.where(absent, 0.0, column[:first]).sum(), np.count_nonzero(~absent)


def _sums_up(row: np.ndarray, above: np.ndarray, known: np.ndarray) -> bool:
    """Whether most filled cells of a row (features,) are the sums, or all are the means, of the rows above."""
    filled = ~np.isnan(row) & (row != 0)
    if filled.sum() < MIN_SUMMED_CELLS:
        return False
    sums = np.isclose(row[filled], above[filled], rtol=1e-4)
    means = np.isclose(row[filled], above[filled] / np.maximum(known[filled], 1), rtol=1e-3)
    return bool(sums.mean() > 0.5 or means.mean() > 0.5)


def _id(frame: pd.DataFrame, position: int) -> str:
    if ID not in frame or pd.isna(frame[ID].iloc[position]):
        return ""
    return str(frame[ID].iloc[position])


def settle(flaws: list[Flaw], n_rows: int, bad_rows: str) -> list[Finding]:
    """Stop at flaws, or name the rows that are dropped because the user asked for it.

    Raises:
        DataError: there are flaws and ``bad_rows`` is ``stop``, or more than half of the rows are flawed.
    """
    if not flaws:
        return []
    flaws = sorted(flaws, key=lambda flaw: (flaw.row, flaw.column))
    summary = f"{_counts(flaws)}: {_places(flaws)}"
    bad = sorted({flaw.row for flaw in flaws})
    if bad_rows == "stop":
        raise DataError(f"{summary}; correct the file, or drop {plural(len(bad), 'row')} with BAD_ROWS=drop")
    if len(bad) > MAX_DROPPED_SHARE * n_rows:
        raise DataError(
            f"{summary}; BAD_ROWS=drop would drop {len(bad):,} of {plural(n_rows, 'row')}, more than half: "
            "correct the file"
        )
    examples = tuple(
        {"row": flaw.row, "column": flaw.column, "value": flaw.value[:80], "problem": flaw.problem}
        for flaw in flaws[:NAMED_DROPPED]
    )
    message = f"{plural(len(bad), 'row')} dropped as BAD_ROWS=drop asks ({summary})."
    return [Finding("warning", "bad_rows", message, count=len(bad), examples=examples, action="dropped")]


def _counts(flaws: list[Flaw]) -> str:
    """``12 cells are not numbers`` and the like, the most frequent problem first."""
    problems: dict[str, int] = {}
    for flaw in flaws:
        problems[flaw.problem] = problems.get(flaw.problem, 0) + 1
    ordered = sorted(problems.items(), key=lambda item: -item[1])
    parts = [f"{count:,} × {problem}" for problem, count in ordered[:4]]
    return f"{plural(len(flaws), 'place')} cannot be read ({', '.join(parts)})"


def _places(flaws: list[Flaw]) -> str:
    shown = []
    for flaw in flaws[:5]:
        column = f" {flaw.column}" if flaw.column else ""
        shown.append(f"row {flaw.row:,}{column} {show(flaw.value)}")
    return ", ".join(shown) + (f" and {len(flaws) - 5:,} more" if len(flaws) > 5 else "")


def without_repeats(frame: pd.DataFrame, rows: np.ndarray) -> tuple[pd.DataFrame, list[Finding]]:
    """Customers once each: identical rows are kept once.

    Raises:
        DataError: rows of one id differ.
    """
    if _ascending(frame[ID]):
        return frame, []
    repeated = frame[ID].duplicated(keep="first").to_numpy()
    if not repeated.any():
        return frame, []
    ids = frame[ID][repeated]
    concerned = frame[frame[ID].isin(ids)]
    distinct = concerned.drop_duplicates()
    conflicting = distinct[ID][distinct[ID].duplicated()].unique()
    if len(conflicting):
        stand = [f"{show(one)} (rows {_rows_of(frame, rows, one)})" for one in conflicting[:5]]
        more = f" and {len(conflicting) - 5:,} more" if len(conflicting) > 5 else ""
        raise DataError(
            f"{plural(len(conflicting), 'id stands', 'ids stand')} on rows with different values: "
            f"{', '.join(stand)}{more}; keep one row a customer"
        )
    message = (
        f"{plural(len(ids), 'repeated identical row')} left out, each customer kept once: {listing(ids.unique())}."
    )
    finding = Finding("warning", "duplicate_rows", message, ID, len(ids), tuple(ids.unique()[:5].tolist()), "kept once")
    return frame[~repeated].reset_index(drop=True), [finding]


def _ascending(ids: pd.Series) -> bool:
    """Whether each id is longer than the one before or as long and greater: numbered ids are, and none repeats then."""
    texts = _texts(ids)
    longer = np.diff(pc.binary_length(texts).to_numpy())
    if longer.min(initial=0) < 0:
        return False
    greater = pc.greater(texts[1:], texts[:-1]).to_numpy()
    return bool((greater | (longer > 0)).all())


def _texts(ids: pd.Series) -> pa.ChunkedArray:
    texts = pa.array(ids, pa.large_string())  # without a copy, as pandas holds them so already
    return texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([texts])


def _rows_of(frame: pd.DataFrame, rows: np.ndarray, one: str) -> str:
    return ", ".join(f"{row:,}" for row in rows[(frame[ID] == one).to_numpy()][:3])
