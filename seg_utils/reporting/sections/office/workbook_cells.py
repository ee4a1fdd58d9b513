"""What a workbook is made of: sheets of cells, each of a kind, and formulas as a spreadsheet writes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from seg_utils.core import words
from seg_utils.strategy.formulas import NOTHING, Tree, tree

# Kinds of cell; a price has as many digits as it needs
TEXT, COUNT, MONEY, SHARE, NUMBER, PRICE = "text", "count", "money", "share", "number", "price"


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


FUNCTIONS = {"if": "IF", "and": "AND", "min": "MIN", "max": "MAX"}
SIGNS = {"**": "^", "==": "="}

# How tightly a sign binds; what is no sign binds tightest
BINDING = {"<": 1, "<=": 1, ">": 1, "==": 1, "+": 2, "-": 2, "*": 3, "/": 3, "**": 4, "negative": 5}

TIGHTEST = 6


def excel(formula: str, refer: Callable[[str], str], known: Mapping[str, float]) -> str | float:
    """A formula in a spreadsheet's notation, names as cells by ``refer``, or the number that it comes to by ``known``
    alone: numbers that the cell's place decides, such as whether a move has a lever. What they make superfluous is
    gone."""
    part = _folded(tree(formula), known)
    return part if isinstance(part, float) else f"={_written(part, refer)}"


def letter(column: int) -> str:
    """What a spreadsheet calls a column, counted from 0."""
    from xlsxwriter.utility import xl_col_to_name  # half a second that only workbooks need

    return xl_col_to_name(column)


def _folded(part: Tree, known: Mapping[str, float]) -> Tree:
    """A formula in which known numbers stand for their names, and what 0 and 1 make superfluous is gone."""
    if isinstance(part, str):
        return known.get(part, part)
    if not isinstance(part, list):
        return part
    match [part[0], *(_folded(argument, known) for argument in part[1:])]:
        case ["*", 0.0, _] | ["*", _, 0.0] | ["and", 0.0, _] | ["and", _, 0.0] | ["negative", 0.0] | ["/", 0.0, _]:
            return 0.0
        case ["*" | "and", 1.0, other] | ["*" | "and", other, 1.0] | ["+", 0.0, other] | ["+", other, 0.0]:
            return other
        case ["if", float(condition), then, otherwise]:
            return then if condition else otherwise
        case whole:
            return whole


def _written(part: Tree, refer: Callable[[str], str]) -> str:
    if isinstance(part, str):
        return '""' if part == NOTHING else refer(part)
    if not isinstance(part, list):
        return f"{part:.15g}".upper()
    name, *arguments = part
    if name in FUNCTIONS:
        return f"{FUNCTIONS[name]}({','.join(_written(argument, refer) for argument in arguments)})"
    if name == "negative":
        return f"-{_bound(arguments[0], BINDING[name], refer)}"
    left, right = arguments
    after = _bound(right, BINDING[name] + 1, refer)  # of equals, the left one comes first
    return f"{_bound(left, BINDING[name], refer)}{SIGNS.get(name, name)}{after}"


def _bound(part: Tree, binding: int, refer: Callable[[str], str]) -> str:
    """An argument, in brackets where it binds less tightly than it must."""
    own = BINDING.get(part[0], TIGHTEST) if isinstance(part, list) else TIGHTEST
    written = _written(part, refer)
    return f"({written})" if own < binding else written
