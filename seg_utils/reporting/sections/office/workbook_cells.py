"""What a workbook is made of: sheets of cells, each of a kind."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from seg_utils.core import words

TEXT, COUNT, MONEY, SHARE, NUMBER, PRICE = "text", "count", "money", "share", "number", "price"
"""Kinds of cell; a price has as many digits as it needs."""


class Cell(NamedTuple):
    """A value and its kind; None where there is none. A ``formula`` computes the value; a ``name`` stands for the cell
    in formulas; ``allowed`` is the least and the most that a reader may put in its place."""

    value: str | float | int | None
    kind: str = TEXT
    formula: str = ""
    name: str = ""
    allowed: tuple[float, float] | None = None


class Chart(NamedTuple):
    """Bars of a column, one a row of a sheet, named by another column (counted from 0)."""

    title: str
    sheet: str
    names: int
    values: int
    rows: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, a heading a column, rows of cells. The heading row and the first columns stay in sight."""

    name: str
    header: list[str]
    rows: list[list[Cell]]
    frozen_columns: int = 1
    chart: Chart | None = None


def cell(value: Any, kind: str) -> Cell:
    """A cell of a table's value."""
    if value is None or pd.isna(value):
        return Cell(None, kind)
    if kind == TEXT:
        return Cell(words.capitalised(str(value)))
    return Cell(int(value) if kind == COUNT else float(value), kind)
