"""A workbook computed by nothing of ours: its formulas, read from the file as Python, cell by cell."""

import re
from functools import cache

import numpy as np
import openpyxl

PARTS = re.compile(
    r'(?P<text>"[^"]*")'
    r"|(?P<name>(?:price|all)_\w+)"
    r"|(?:(?P<sheet>[A-Z][a-z]+)!)?\$?(?P<column>[A-Z]{1,2})\$?(?P<row>\d+)(?::\$?[A-Z]{1,2}\$?(?P<last>\d+))?"
    r"|(?P<power>\^)|(?P<equal>(?<![<>])=)"
)


class Spreadsheet:
    """The cells of an Excel file."""

    def __init__(self, path):
        self.book = openpyxl.load_workbook(path)
        self.cached = openpyxl.load_workbook(path, data_only=True)
        self.names = {
            name: tuple(place.attr_text.replace("$", "").split("!")) for name, place in self.book.defined_names.items()
        }

    def computed(self, changed=()):
        """A function from sheet and cell to its value, with numbers put into some cells."""
        changed = dict(changed)

        @cache
        def value(sheet, place):
            content = changed.get((sheet, place), self.book[sheet][place].value)
            if isinstance(content, str) and content.startswith("="):
                content = eval(PARTS.sub(python(sheet), content[1:]), {"value": value, **FUNCTIONS})
            return np.float64(content) if isinstance(content, int | float) else content

        def python(sheet):
            def written(found):
                part = found.groupdict()
                if part["text"]:
                    return part["text"]
                if part["name"]:
                    return f"value{self.names[part['name']]!r}"
                if part["power"] or part["equal"]:
                    return "**" if part["power"] else "=="
                home, column = part["sheet"] or sheet, part["column"]
                if part["last"]:
                    rows = f"range({part['row']}, {int(part['last']) + 1})"
                    return f"[value({home!r}, f'{column}{{row}}') for row in {rows}]"
                return f"value({home!r}, '{column}{part['row']}')"

            return written

        def computed_value(sheet, place):
            with np.errstate(all="ignore"):  # of the branch of an IF that is not taken
                return value(sheet, place)

        return computed_value

    def column(self, sheet, heading, computed):
        """The computed values below a heading."""
        letter = next(cell.column_letter for cell in self.book[sheet][1] if cell.value == heading)
        return [computed(sheet, f"{letter}{row}") for row in range(2, self.book[sheet].max_row + 1)]


def _sumif(keys, key, numbers):
    return sum(number for other, number in zip(keys, numbers, strict=True) if other == key)


def _sumifs(numbers, positive, above_zero, keys, key):
    assert above_zero == ">0"
    rows = zip(numbers, positive, keys, strict=True)
    return sum(number for number, sign, other in rows if sign > 0 and other == key)


FUNCTIONS = {
    "SUM": sum, "MIN": min, "MAX": max, "SUMIF": _sumif, "SUMIFS": _sumifs,
    "IF": lambda condition, then, otherwise: then if condition else otherwise,
    "AND": lambda *conditions: all(conditions),
}  # fmt: skip
