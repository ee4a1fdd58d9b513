"""Check of files put together: from some row on, all amounts or one of them are in another unit."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from seg_utils.data.checks.magnitudes import in_decades
from seg_utils.data.checks.severity import Columns
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding, error

BLOCKS = (20, 100, 200)  # numbers of blocks of rows that a file is cut into, so that a change is seen wherever it is
LEAST_BLOCK = 25
WINDOW = 2  # blocks before and after the one that may hold the change: near enough that a sorted file hardly moves
LEAST_VALUES = 8  # values above zero a window must hold for a column to be heard
LEAST_COLUMNS = 3

# Decades; units differ by at least ten. No neighbouring windows of the public file, in any order that one of its
# columns gives, nor of the bundled one by planted persona, differ so in all amounts.
CHANGE = 0.8

ALIKE = 0.5  # each amount moves by at least this part of the common change, and at most by its inverse
SURE = 8.0  # standard errors that a change must measure
LEVEL = 0.35  # what other columns, and the column itself elsewhere, may move by for one column's change to be its own


class Move(NamedTuple):
    """How far the columns move at a block: ``decades`` (columns,) and their standard errors; NaN where unknown."""

    block: int
    decades: np.ndarray
    errors: np.ndarray


def units_change(columns: Columns) -> Iterator[Finding]:
    """Amounts that change by a common factor at a row, or one that does while the others do not."""
    names = [name for name in columns.names("amount") if columns.extremes(name)[1] > 0]
    if len(names) < LEAST_COLUMNS:
        return
    logs = np.array([in_decades(columns.sample(name)) for name in names])
    for count in BLOCKS:
        width = logs.shape[1] // count
        if width < LEAST_BLOCK:
            return
        skipped = logs.shape[1] - count * width  # the first rows; the last ones matter, as files are appended to
        blocks = _Blocks(logs[:, skipped:], width)
        for move in blocks.moves():
            changed: list[int] = _all_changed(move) or (count == BLOCKS[0] and _one_changed(move, blocks))
            if changed:
                row, change = _step(logs[changed, skipped:], move.block, width)
                yield _finding(columns, [names[place] for place in changed], skipped + row, change)
                return


class _Blocks:
    """Levels of logs (columns, n), NaN where a value is missing or not above zero, in windows of blocks of rows.

    ``level`` (columns, blocks) is the mean from a block on, over ``WINDOW`` blocks or what there is of them, NaN where
    too few values are known; ``error`` (columns, blocks) its squared standard error.
    """

    def __init__(self, logs: np.ndarray, width: int) -> None:
        self.count = logs.shape[1] // width
        cut = logs.reshape(len(logs), self.count, width)
        known = ~np.isnan(cut)
        filled = np.where(known, cut, 0)
        n = _windows(known.sum(axis=2).astype(float))
        n[n < LEAST_VALUES] = np.nan
        self.level = _windows(filled.sum(axis=2)) / n
        self.error = (_windows((filled**2).sum(axis=2)) / n - self.level**2).clip(1e-4) / n

    def moves(self) -> Iterator[Move]:
        """The move at each block where a column's is large, from the windows before to those after it."""
        decades = self.level[:, WINDOW + 1 :] - self.level[:, : -WINDOW - 1]
        errors = np.sqrt(self.error[:, WINDOW + 1 :] + self.error[:, : -WINDOW - 1])
        for place in np.flatnonzero((np.abs(decades) > CHANGE).any(axis=0)).tolist():
            yield Move(place + WINDOW, decades[:, place], errors[:, place])


def _windows(blocks: np.ndarray) -> np.ndarray:
    """Sums (columns, blocks) from each block on; the last ones are of fewer."""
    padded = np.pad(blocks, ((0, 0), (0, WINDOW - 1)))
    return np.lib.stride_tricks.sliding_window_view(padded, WINDOW, axis=1).sum(axis=2)


def _all_changed(move: Move) -> list[int]:
    """The columns that moved, where all did by about the same."""
    heard = ~np.isnan(move.decades)
    if heard.sum() < LEAST_COLUMNS:
        return []
    decades, errors = move.decades[heard], move.errors[heard]
    weights = 1 / errors**2
    common = float((weights * decades).sum() / weights.sum())
    moved = abs(common) > CHANGE and (np.abs(decades) / errors).max() > SURE
    ratio = decades / common if common else decades
    tolerance = 3 * errors / abs(common) if common else errors
    alike = (ratio > ALIKE) & (ratio < 1 / ALIKE) & (np.abs(ratio - 1) < 0.3 + tolerance)
    if not moved or not alike.all():
        return []
    return np.flatnonzero(heard).tolist()


def _one_changed(move: Move, blocks: _Blocks) -> list[int]:
    """The one column that moved, once and for all, while no other did."""
    for place in np.flatnonzero(np.abs(move.decades) > np.maximum(CHANGE, SURE * move.errors)).tolist():
        others = np.delete(move.decades, place)
        if not np.nanmax(np.abs(others), initial=0) < LEVEL:
            continue
        levels = blocks.level[place, : blocks.count - WINDOW + 1].tolist()
        around = move.block - WINDOW + 1, move.block + 1
        before, after = levels[: max(around[0], 1)], levels[around[1] :]
        flat = [max(side) - min(side) < 2 * LEVEL for side in (before, after) if side]
        if all(flat):
            return [place]
    return []


def _step(logs: np.ndarray, block: int, width: int) -> tuple[int, float]:
    """The sampled row where logs (columns, n) step by most around a block, and by how many decades."""
    first, last = max(block - WINDOW, 0) * width, (block + 2 * WINDOW + 1) * width
    near = logs[:, first:last]
    away = near - np.nanmedian(near, axis=1, keepdims=True)
    known = np.maximum((~np.isnan(away)).sum(axis=0), 1)
    level = np.nansum(away, axis=0) / known
    before = np.arange(1, len(level))
    after = len(level) - before
    sums = level.cumsum()[:-1]
    steps = (level.sum() - sums) / after - sums / before
    at = int((np.abs(steps) * np.sqrt(before * after)).argmax())
    return first + at + 1, float(steps[at])


def _finding(columns: Columns, names: list[str], sampled: int, change: float) -> Finding:
    row = min(sampled * columns.step, len(columns) - 1)
    customer = columns.examples([row])[0][ID]
    return error(
        "units_change",
        names[0],
        len(columns) - row,
        row=row + 2,
        customer=customer,
        together=len(names) > 1,
        times=10 ** abs(change),
        larger=change > 0,
    )
