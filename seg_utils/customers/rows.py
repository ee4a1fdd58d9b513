"""Rows that are no customers: junk, totals, rows without an id; and what is done about them."""

import re

import numpy as np
import pandas as pd

from seg_utils.customers.findings import Finding, plural, show
from seg_utils.customers.match import ID
from seg_utils.customers.repeats import id_texts
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

CORRECT = "correct the file, or leave a column that holds no numbers out with FEATURES="
NAMED_DROPPED = 1000


def junk(values: Values, features: list[str]) -> list[Flaw]:
    """Rows that cannot be customers although their cells may be numbers; each is named for one reason."""
    frame, rows = values.frame, values.rows
    named = [(i, ID, "a totals row") for i in _totals(values, features)]
    if frame[features[0]].isna().any():
        empty = frame[features].isna().all(axis=1).to_numpy()
        named += [(i, "", "no value in any feature") for i in np.flatnonzero(empty).tolist()]
    if ID in frame:
        blank = frame[ID].isna().to_numpy()
        named += [(i, ID, "no id") for i in np.flatnonzero(blank).tolist()]
        if holds(id_texts(frame[ID]), b"\0"):
            zero = frame[ID].str.contains("\0", regex=False, na=False).to_numpy()
            named += [(i, ID, "NUL byte") for i in np.flatnonzero(zero).tolist()]
    first = {i: (column, problem) for i, column, problem in reversed(named)}
    return [Flaw(int(rows[i]), column, _id(frame, i), problem) for i, (column, problem) in first.items()]


@np.errstate(over="ignore", invalid="ignore")  # numbers no card has are named by a check of their own
def _totals(values: Values, features: list[str]) -> list[int]:
    """Positions of totals rows at the end: by what the id says, or because they sum up (or average) the rows above."""
    found = []
    frame = values.frame
    first = max(len(frame) - ROWS_SUMMED_UP, 3)
    above, known = np.array([_above(values, name, first) for name in features]).T
    last = np.column_stack([frame[name].to_numpy()[first:] for name in features])
    for i, row in enumerate(last, start=first):
        named = ID in frame and TOTAL.fullmatch(_id(frame, i).strip()) is not None
        summed = not named and sums_up(row, above, known)
        if named or (summed and sums_up(np.where(_varies(frame, features), row, 0), above, known)):
            found.append(i)
        else:
            above, known = above + np.nan_to_num(row), known + ~np.isnan(row)
    return found


def _varies(frame: pd.DataFrame, features: list[str]) -> list[bool]:
    """Which columns hold different values: where all customers are the same, each is the mean of the others."""
    return [frame[name].nunique() > 1 for name in features]


def _above(values: Values, name: str, first: int) -> tuple[float, int]:
    """Sum and number of the values of a column above the row ``first``."""
    column = values.frame[name].to_numpy()
    total = values.sums.get(name, np.nan)
    if np.isfinite(total):  # the sum of all is known, and none is missing
        return total - column[first:].sum(), len(column[:first])
    absent = np.isnan(column[:first])
    return np.where(absent, 0.0, column[:first]).sum(), np.count_nonzero(~absent)


def sums_up(row: np.ndarray, above: np.ndarray, known: np.ndarray) -> bool:
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
    most = len(bad) > MAX_DROPPED_SHARE * n_rows
    if most and bad_rows == "drop":
        dropped = f"BAD_ROWS=drop would drop {len(bad):,} of {plural(n_rows, 'row')}, more than half"
        raise DataError(f"{summary}; {dropped}: {CORRECT}")
    if most:
        raise DataError(f"{summary}; {CORRECT}")
    if bad_rows == "stop":
        raise DataError(f"{summary}; correct the file, or drop {plural(len(bad), 'row')} with BAD_ROWS=drop")
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
