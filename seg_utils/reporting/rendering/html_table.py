"""The HTML of a data frame as a Markdown table: both outputs of the report take those, and nothing in it is markup."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from seg_utils.reporting.markdown import escape_markdown, pipe_table

if TYPE_CHECKING:
    from bs4 import Tag

NUMBER = re.compile(
    r"[-−+]?[$€£]?[-−]?\d[\d,]*(\.\d*)?(e[-+]?\d+)?( ?%)?|-?inf|nan|nat|none|<na>|[.…]+|", re.IGNORECASE
)
"""How a cell of a column of numbers may look, a missing or a left-out one among them."""


def to_markdown(html: str, *, label: str, caption: str, classes: Sequence[str] = ()) -> str | None:
    """The one table of an HTML output, every cell escaped; None where the output is anything else.

    Several rows of headings become one, a cell that spans several stands in each, and columns of numbers are aligned
    to the right. Row numbers that pandas adds to a frame without an index of its own are left out.

    Args:
        html: what pandas shows of a frame, styled or not.
        label: as for ``pipe_table``.
        caption: as for ``pipe_table``.
        classes: as for ``pipe_table``.
    """
    from bs4 import BeautifulSoup  # a tenth of a second that a report without data frames need not pay

    page = BeautifulSoup(html, "html.parser")
    tables = page.find_all("table")
    if len(tables) != 1:
        return None
    rows = _cells(tables[0].find_all("tr"))
    headings = max(len(tables[0].select("thead tr")), 1)
    header = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*rows[:headings], strict=True)]
    body = rows[headings:]
    if len(header) > 1 and header[0] == "" and [row[0] for row in body] == [str(row) for row in range(len(body))]:
        header, body = header[1:], [row[1:] for row in body]
    numbers = [all(map(NUMBER.fullmatch, column)) for column in zip(*body, strict=True)] or [False] * len(header)
    align = ["right" if right else "left" for right in numbers]
    table = pipe_table(body, header, label=label, caption=caption, align=align, classes=classes)
    left_out = [escape_markdown(said.get_text()) for said in page.find_all("p")]  # "100 rows × 3 columns"
    return "\n\n".join([table, *left_out])


def _cells(rows: "Sequence[Tag]") -> list[list[str]]:
    """The text of a table's cells, row by row, all rows of one length."""
    filled: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row.find_all(["th", "td"]):
            while (y, x) in filled:
                x += 1
            across, down = (int(cell.get(name, 1)) for name in ("colspan", "rowspan"))
            text = " ".join(cell.get_text().split())
            filled |= {(y + j, x + i): text for i in range(across) for j in range(down)}
            x += across
    width = 1 + max((x for _, x in filled), default=-1)
    return [[filled.get((y, x), "") for x in range(width)] for y in range(len(rows))]
