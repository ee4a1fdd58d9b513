"""Tables and data text as Markdown: for the report's renderers, and for pages that are read as they are.

Text that comes out of a data file is inert only after ``escape_markdown``. ``pipe_table`` escapes its cells itself;
a cell that is meant to hold markup says so by being ``Markdown``.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
"""All of ASCII's: Markdown reads a backslash before any of them as the character itself."""

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]")
"""Controls, invisible and direction-changing characters, lone surrogates: what could make text look like another."""

LOOSE_BAR = re.compile(r"(?<!\\)\|")

ALIGNMENTS = ("left", "right", "center")


class Markdown(str):
    """Text that is markup already and goes into a table cell as it is."""

    __slots__ = ()


def printable(text: object) -> str:
    """Text in one line: white space of any kind becomes single spaces; what cannot be seen becomes U+FFFD, so it is."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(str(text).split()))


def escape_markdown(text: object) -> str:
    """Make any text inert in Markdown: it shows as it is and does nothing, in a paragraph, a cell or an attribute.

    It is ``printable``, too.
    """
    return PUNCTUATION.sub(r"\\\g<0>", printable(text))


def persona(name: str, colour: int) -> Markdown:
    """A segment's name with its colour, for a cell or a sentence."""
    return Markdown(f"[{escape_markdown(name)}]{{.persona colour={colour}}}")


def pipe_table(
    rows: "Sequence[Sequence[Any]] | pd.DataFrame",
    header: Sequence[Any] | None = None,
    *,
    label: str,
    caption: str,
    align: str | Sequence[str] = "",
    widths: Sequence[int] | None = None,
    classes: Sequence[str] = (),
) -> Markdown:
    """A pipe table with a caption and a label to refer to (``@tbl-…``).

    Args:
        rows: rows of cells, or a data frame whose columns are the header. Cells are formatted already; text is
            escaped unless it is ``Markdown``.
        header: one heading a column, in words for people; a column name of the data is too long for a column.
        label: ``tbl-`` and lower-case letters, digits and hyphens.
        caption: one sentence, Markdown.
        align: one of ``left``, ``right``, ``center`` a column, or as letters (``lrr``); left where not given.
        widths: relative column widths, one a column; where not given the renderers fit columns to their content.
        classes: ``sortable``, ``stack`` (rows become cards on a phone), ``roomy`` (columns as wide as they need).
    """
    header, body = _header_and_rows(rows, header)
    if not re.fullmatch(r"tbl-[a-z0-9][a-z0-9-]*", label):
        raise ValueError(f"table label {label!r} must be tbl- and lower-case letters, digits and hyphens")
    for row in body:
        if len(row) != len(header):
            raise ValueError(f"table {label}: a row has {len(row)} cells, the header has {len(header)}")
    rules = [
        _rule(side, width) for side, width in zip(_sides(align, len(header)), _dashes(widths, header), strict=True)
    ]
    lines = _lines([[_cell(value) for value in row] for row in (header, *body)], rules)
    attributes = " ".join([f"#{label}", *(f".{name}" for name in classes)])
    return Markdown("\n".join([*lines, "", f": {' '.join(caption.split())} {{{attributes}}}", ""]))


def plain_table(header: Sequence[Any], rows: Sequence[Sequence[Any]], align: str | Sequence[str] = "") -> str:
    """A pipe table as GitHub shows it: no caption, no label, nothing that only a renderer of the report knows.

    Args:
        header: one heading a column.
        rows: cells are Markdown already; a bar in one is written so that it does not end it.
        align: as for ``pipe_table``.
    """
    rules = [f" {_rule(side, 3)} " for side in _sides(align, len(header))]
    cells = [[LOOSE_BAR.sub(r"\\|", str(value)) for value in row] for row in (header, *rows)]
    return "\n".join([*_lines(cells, rules), ""])


def _lines(cells: Sequence[Sequence[str]], rules: Sequence[str]) -> list[str]:
    """A pipe table's lines; the first row of cells is the heading."""
    heading, *body = (f"| {' | '.join(row)} |" for row in cells)
    return [heading, f"|{'|'.join(rules)}|", *body]


def _header_and_rows(rows: Any, header: Sequence[Any] | None) -> tuple[list[Any], list[list[Any]]]:
    if hasattr(rows, "itertuples"):
        header = list(rows.columns) if header is None else header
        rows = rows.itertuples(index=False, name=None)
    if header is None:
        raise ValueError("a table made of rows needs a header")
    return list(header), [list(row) for row in rows]


def _sides(align: str | Sequence[str], columns: int) -> list[str]:
    letters = {side[0]: side for side in ALIGNMENTS}
    sides = [letters.get(side, side) for side in align] or ["left"] * columns
    if len(sides) != columns or not set(sides) <= set(ALIGNMENTS):
        raise ValueError(f"align must give one of {', '.join(ALIGNMENTS)} for each of {columns} columns, not {align!r}")
    return sides


def _dashes(widths: Sequence[int] | None, header: Sequence[Any]) -> list[int]:
    # pandoc reads dash counts as relative widths as soon as any line of the table is long
    return list(widths) if widths is not None else [3] * len(header)


def _rule(side: str, width: int) -> str:
    dashes = "-" * max(width, 3)
    return {"left": f":{dashes}", "right": f"{dashes}:", "center": f":{dashes}:"}[side]


def _cell(value: Any) -> str:
    if isinstance(value, Markdown):
        return " ".join(value.split())
    return escape_markdown(value)
