"""The report's tables as an Excel workbook: numbers in the format of their kind, formulas with their values, text as
nothing but text."""

from functools import cached_property
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from seg_utils.core import dictionary
from seg_utils.reporting.markdown import printable
from seg_utils.reporting.rendering.office import archive
from seg_utils.reporting.sections.office.workbook_cells import Cell, Chart, Sheet

INK, HEAD, INPUT = "#1B2430", "#EEF4FA", "#D9EAFB"
WIDEST, NARROWEST = 60, 10
WIDE_NUMBER = 12  # characters
FORMULA = ("=", "+", "-", "@")  # how text begins that a spreadsheet would run when somebody edits it


def write(content: list[Sheet], path: Path) -> Path:
    """Write sheets as a workbook."""
    with xlsxwriter.Workbook(path) as book:
        writer = _Writer(book)
        for sheet in content:
            writer.fill(book.add_worksheet(sheet.name), sheet)
    return archive.settle(path)


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook):
        self.book = book
        self.formats: dict[tuple[str, bool], Format] = {}

    def fill(self, target: Worksheet, sheet: Sheet) -> None:
        """Write one sheet."""
        for column, heading in enumerate(sheet.header):
            target.write_string(0, column, printable(heading), self.heading)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                self._put(target, number, column, cell)
        for column in range(len(sheet.header)):
            target.set_column(column, column, _width([row[column] for row in sheet.rows]))
        target.freeze_panes(1, sheet.frozen_columns)
        target.autofilter(0, 0, len(sheet.rows), len(sheet.header) - 1)
        target.set_landscape()
        target.fit_to_pages(1, 0)
        target.repeat_rows(0)
        if sheet.chart:
            target.insert_chart(1, len(sheet.header) + 1, self._chart(sheet.chart))

    def _put(self, target: Worksheet, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell.value, str):
            text = printable(cell.value)
            target.write_string(row, column, text, self.quoted if text.startswith(FORMULA) else self.text)
        elif cell.formula:
            value = "" if cell.value is None else cell.value
            target.write_formula(row, column, cell.formula, self._number(cell), value)
        elif cell.value is not None:
            target.write_number(row, column, cell.value, self._number(cell))
        if cell.name:
            place = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
            self.book.define_name(cell.name, f"={target.get_name()}!{place}")
        if cell.allowed:
            least, most = cell.allowed
            limits = {"validate": "decimal", "criteria": "between", "minimum": least, "maximum": most}
            target.data_validation(row, column, row, column, limits)

    def _number(self, cell: Cell) -> Format:
        key = (cell.kind, cell.allowed is not None)
        if key not in self.formats:
            colour = {"bg_color": INPUT} if cell.allowed else {}
            self.formats[key] = self.book.add_format({"num_format": _format(cell.kind), "valign": "top"} | colour)
        return self.formats[key]

    @cached_property
    def heading(self) -> Format:
        return self.book.add_format(
            {"bold": True, "font_color": INK, "bg_color": HEAD, "text_wrap": True, "valign": "bottom"}
        )

    @cached_property
    def text(self) -> Format:
        return self.book.add_format({"text_wrap": True, "valign": "top"})

    @cached_property
    def quoted(self) -> Format:
        """Of text that stays text when it is edited."""
        return self.book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})

    def _chart(self, chart: Chart) -> object:
        made = self.book.add_chart({"type": "bar"})
        names, values = ([chart.sheet, 1, column, chart.rows, column] for column in (chart.names, chart.values))
        made.add_series({"categories": names, "values": values, "fill": {"color": INK}})
        made.set_title({"name": chart.title})
        made.set_legend({"none": True})
        made.set_size({"width": 640, "height": 120 + 24 * chart.rows})
        made.set_y_axis({"reverse": True, "label_position": "low"})
        return made


def _format(kind: str) -> str:
    currency = dictionary.load().currency
    money = f'"{currency}"#,##0.00'
    return {
        "count": "#,##0",
        "money": f"{money};−{money}",
        "share": "0.0 %",
        "number": "#,##0.00",
        "price": "#,##0.####",
    }[kind]


def _width(cells: list[Cell]) -> int:
    """Room for the longest text up to a limit, beyond which it wraps."""
    longest = max((len(cell.value) if isinstance(cell.value, str) else WIDE_NUMBER for cell in cells), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)
