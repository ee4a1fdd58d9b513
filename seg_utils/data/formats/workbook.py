"""Excel workbooks: the sheet that holds the customers, its header, and its typed cells."""

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding
from seg_utils.data.formats import header
from seg_utils.data.formats.raw_table import Column, Flaw, RawTable, Recognise
from seg_utils.data.wording import listing

MOST_ROWS = 1_048_576
MOST_CELLS = 40_000_000  # what a sheet can hold at most, in as many columns as twice what customers have
FORMULA = re.compile(rb"<f[ >/]")


class Workbook:
    """The one sheet of a workbook whose header is known."""

    def __init__(self, data: bytes, recognise: Recognise) -> None:
        """Find the sheet and its header. Raises DataError: the workbook is damaged, or several sheets (or none) could
        be meant."""
        sheets = {title: rows for title, rows in _sheets(data).items() if rows}
        if not sheets:
            raise DataError("the workbook holds no filled sheet; export the customers again, with a header row")
        title = _chosen(sheets, recognise)
        self._rows = sheets[title]
        head = [[_text(cell) for cell in row] for row in self._rows[: 2 * header.ROWS_SEARCHED]]
        self._header, recognised = header.find(head, recognise)
        self.nested: dict[int, str] = {}
        self.names = [name.strip() for name in head[self._header]]
        while len(self.names) > 1 and not self.names[-1]:
            self.names.pop()
        self.findings = header.check(head, self._header, recognised)
        if len(sheets) > 1:
            others = [name for name in sheets if name != title]
            words = {"sheet": title, "others": others}
            self.findings.append(Finding("info", "sheet", count=len(others), action="ignored", parameters=words))

    def read(self, numeric: Sequence[int], text: Sequence[int]) -> RawTable:
        """The columns at these positions, typed cells as they are."""
        width = len(self.names)
        cells: list[tuple[Any, ...]] = []
        rows: list[int] = []
        broken: list[Flaw] = []
        blank = 0
        for position, row in enumerate(self._rows[self._header + 1 :], start=self._header + 2):
            if _is_blank(row):
                blank += 1
            elif not _is_blank(row[width:]):
                broken.append(Flaw(position, "", _text(row[width]), "cells to the right of the last named column"))
            else:
                cells.append(row[:width] + (None,) * (width - len(row)))
                rows.append(position)
        columns = {i: _column([row[i] for row in cells]) for i in numeric}
        columns |= {i: Column(None, pa.chunked_array([[_text(row[i]) for row in cells]], pa.string())) for i in text}
        findings = [Finding("info", "blank_rows", count=blank, action="skipped")] if blank else []
        return RawTable(columns, np.array(rows, dtype=np.int64), broken, findings)


def _sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """All worksheets as rows of values; a formula that was never calculated shows as its text."""
    from openpyxl import load_workbook  # a quarter of a second that only spreadsheets need

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not concern the values
            values = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = {sheet.title: _rows(sheet) for sheet in values.worksheets}
            if _has_formulas(data):
                written = load_workbook(io.BytesIO(data), read_only=True)
                for sheet in written.worksheets:
                    sheets[sheet.title] = _with_uncalculated(sheets[sheet.title], _rows(sheet))
    except DataError:
        raise
    except Exception as error:  # openpyxl lets whatever its XML parser meets escape
        raise DataError(
            f"the Excel file is damaged ({type(error).__name__}); open it in a spreadsheet and save it again"
        ) from None
    return sheets


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    sheet.reset_dimensions()  # many writers store wrong ones
    rows: list[tuple[Any, ...]] = []
    cells = 0
    for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS):
        cells += len(row)
        if cells > MOST_CELLS:
            raise DataError(f"a sheet holds more than {MOST_CELLS:,} cells; export the customers alone, as CSV")
        rows.append(tuple(row))
    while rows and _is_blank(rows[-1]):
        rows.pop()
    return rows


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(FORMULA.search(archive.read(name)) for name in sheets)


def _with_uncalculated(values: list[tuple[Any, ...]], written: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Cached results, and the formula itself where none is cached, so that it is refused and not taken as missing."""
    values = values + [()] * (len(written) - len(values))
    return [
        tuple(
            formula if (position >= len(row) or row[position] is None) else row[position]
            for position, formula in enumerate(formulas)
        )
        for row, formulas in zip(values, written, strict=False)
    ]


def _chosen(sheets: dict[str, list[tuple[Any, ...]]], recognise: Recognise) -> str:
    scores = {
        title: header.find([[_text(cell) for cell in row] for row in rows[: header.ROWS_SEARCHED]], recognise)[1]
        for title, rows in sheets.items()
    }
    best = max(scores.values())
    titles = [title for title, score in scores.items() if score == best]
    if len(titles) > 1 and best > 0:
        raise DataError(
            f"{len(titles)} sheets look like customers ({listing(titles)}); keep the one to be read, remove the others"
        )
    return titles[0] if best > 0 else max(titles, key=lambda title: sum(map(len, sheets[title])))


def _is_blank(row: Sequence[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _column(cells: list[Any]) -> Column:
    typed = [_is_number(cell) for cell in cells]
    numbers = pa.chunked_array(
        [pa.array([float(c) if ok else None for c, ok in zip(cells, typed, strict=True)], pa.float64())]
    )
    texts = [None if ok or cell is None else _text(cell) for cell, ok in zip(cells, typed, strict=True)]
    if all(text is None for text in texts):
        return Column(numbers, None)
    return Column(numbers, pa.chunked_array([pa.array(texts, pa.string())]))


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _text(cell: Any) -> str:
    """A cell as the text of an id or name: whole numbers without a decimal point, dates as dates."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds()} s"
    return str(cell)
