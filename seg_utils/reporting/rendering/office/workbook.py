"""The report's tables as an Excel workbook: numbers in the format of their kind, text as nothing but text."""

from pathlib import Path
from typing import TYPE_CHECKING

from seg_utils.core import dictionary
from seg_utils.reporting.markdown import printable
from seg_utils.reporting.rendering.office import archive

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from seg_utils.reporting.sections import workbook_content

INK, HEAD = "1B2430", "EEF4FA"
WIDEST, NARROWEST = 60, 10
WIDE_NUMBER = 12
"""Characters."""


def write(content: "list[workbook_content.Sheet]", path: Path) -> Path:
    """Write sheets as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in content:
        _fill(book.create_sheet(sheet.name), sheet)
    book.save(path)
    return archive.settle(path)


def _fill(target: "Worksheet", sheet: "workbook_content.Sheet") -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for column, heading in enumerate(sheet.header, start=1):
        cell = target.cell(1, column)
        _text(cell, heading)
        cell.font = Font(bold=True, color=INK)
        cell.fill = PatternFill("solid", start_color=HEAD)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    for number, row in enumerate(sheet.rows, start=2):
        for column, (value, kind) in enumerate(row, start=1):
            _put(target.cell(number, column), value, kind)
    for column in range(1, len(sheet.header) + 1):
        target.column_dimensions[get_column_letter(column)].width = _width([row[column - 1] for row in sheet.rows])
    target.freeze_panes = target.cell(2, sheet.frozen_columns + 1)
    target.auto_filter.ref = target.dimensions
    target.page_setup.orientation = "landscape"
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.print_title_rows = "1:1"


def _put(cell: "Cell", value: str | float | None, kind: str) -> None:
    from openpyxl.styles import Alignment

    if isinstance(value, str):
        _text(cell, value)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return
    cell.alignment = Alignment(vertical="top")
    if value is not None:
        cell.value = value
        cell.number_format = _format(kind)


def _text(cell: "Cell", text: str) -> None:
    """Text that no spreadsheet runs, whatever it starts with; the mark of quoted text holds when it is edited, too."""
    cell.value = printable(text)
    cell.data_type = "s"
    cell.quotePrefix = cell.value.startswith(("=", "+", "-", "@"))


def _format(kind: str) -> str:
    currency = dictionary.load().currency
    money = f'"{currency}"#,##0.00'
    return {"count": "#,##0", "money": f"{money};−{money}", "share": "0.0 %", "number": "#,##0.00"}[kind]


def _width(cells: "list[workbook_content.Cell]") -> int:
    """Room for the longest text up to a limit, beyond which it wraps."""
    longest = max((len(cell.value) if isinstance(cell.value, str) else WIDE_NUMBER for cell in cells), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)
