"""Rows that are no customers: junk, totals, rows without an id."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from seg_utils.data.columns.conversion import Values
from seg_utils.data.columns.duplicate_ids import id_texts
from seg_utils.data.columns.matching import ID
from seg_utils.data.formats.raw_table import Flaw, holds

# What the id of a totals row says
TOTAL = re.compile(
    r"(grand |sub)?[ -]?totals?\b.*|sum|sums|average|avg|mean|count|gesamt\w*|summe|insgesamt|mittelwert|suma|somme|"
    r"moyenne|total general|totaal|totale",
    re.IGNORECASE,
)

MIN_SUMMED_CELLS = 3
ROWS_SUMMED_UP = 3  # a totals row is one of the last few


class RunningTotals:
    """Sums and numbers of values of the customers so far, by feature."""

    def __init__(self, features: Sequence[str]) -> None:
        self._features = list(features)
        self.sums, self.known = np.zeros((2, len(self._features)))

    @np.errstate(over="ignore", invalid="ignore")  # numbers no card has are named by a check of their own
    def add(self, frame: pd.DataFrame) -> None:
        """Count the next customers of the file."""
        values = frame[self._features].to_numpy()
        known = ~np.isnan(values)
        self.sums += np.where(known, values, 0.0).sum(axis=0)
        self.known += known.sum(axis=0)


def junk(values: Values, features: list[str], before: RunningTotals | None = None, shared: int = 0) -> list[Flaw]:
    """Rows that cannot be customers although their cells may be numbers; each is named for one reason.

    Args:
        before: of the customers above, where the rows are the last of a file, but for the first ``shared`` of them,
            which are among those above.
    """
    frame, rows = values.frame, values.rows
    named = [(i, ID, "a totals row") for i in _totals(values, features, before or RunningTotals(features), shared)]
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
def _totals(values: Values, features: list[str], before: RunningTotals, shared: int) -> list[int]:
    """Positions of totals rows at the end: by what the id says, or because they sum up (or average) the rows above."""
    positions = []
    frame = values.frame
    first = max(len(frame) - ROWS_SUMMED_UP, 3, shared)
    above, known = np.array([_above(values, name, shared, first) for name in features]).T
    above, known = above + before.sums, known + before.known
    last = np.column_stack([frame[name].to_numpy()[first:] for name in features])
    for i, row in enumerate(last, start=first):
        named = ID in frame and TOTAL.fullmatch(_id(frame, i).strip()) is not None
        summed = not named and sums_up(row, above, known)
        if named or (summed and sums_up(np.where(_varies(frame, features), row, 0), above, known)):
            positions.append(i)
        else:
            above, known = above + np.nan_to_num(row), known + ~np.isnan(row)
    return positions


def _varies(frame: pd.DataFrame, features: list[str]) -> list[bool]:
    """Which columns hold different values: where all customers are the same, each is the mean of the others."""
    return [frame[name].nunique() > 1 for name in features]


def _above(values: Values, name: str, start: int, first: int) -> tuple[float, int]:
    """Sum and number of the values of a column from the row ``start`` on, above the row ``first``."""
    column = values.frame[name].to_numpy()
    total = values.sums.get(name, np.nan)
    if np.isfinite(total) and not start:  # the sum of all is known, and none is missing
        return total - column[first:].sum(), len(column[:first])
    absent = np.isnan(column[start:first])
    return np.where(absent, 0.0, column[start:first]).sum(), np.count_nonzero(~absent)


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
