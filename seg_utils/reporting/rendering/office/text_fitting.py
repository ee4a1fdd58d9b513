"""How large type may be to fit its place: Office programs do not tell, so lines are estimated, on the safe side."""

import re
from collections.abc import Callable, Sequence

CHARACTER = 0.53  # mean width of a character of Arial, in ems, and a little more
BOLD = 1.12  # how much wider bold type is
LINE = 1.22  # height of a line, in ems
PARAGRAPH = 0.34  # room after a paragraph, in ems
CELL_MARGINS = 0.12
ROW_MARGINS = 0.06
POINTS_PER_INCH = 72
SMALLEST = 14  # points that a room can read

# Characters of the longest cell that is kept in one line when it holds a number, such as a range of two amounts
AMOUNT = 26


def fitted(paragraphs: Sequence[str], width: float, height: float, largest: int) -> tuple[list[str], int]:
    """What of a text fits into a place (inches), and in which size: all of it in the largest that does, else as many of
    its sentences as fit in ``SMALLEST``, the first at least. What matters most comes first."""
    for size in range(largest, SMALLEST - 1, -1):
        if text_height(paragraphs, width, size) <= height:
            return list(paragraphs), size
    kept = [re.split(r"(?<=[.;]) ", paragraph) for paragraph in paragraphs]
    while (
        sum(map(len, kept)) > 1 and text_height([" ".join(sentences) for sentences in kept], width, SMALLEST) > height
    ):
        kept[-1].pop()
        kept = [sentences for sentences in kept if sentences]
    return [re.sub(";$", ".", " ".join(sentences)) for sentences in kept], SMALLEST


def text_height(paragraphs: Sequence[str], width: float, size: int) -> float:
    """How many inches paragraphs take at a size."""
    return sum(lines(text, width, size) * LINE + PARAGRAPH for text in paragraphs) * size / POINTS_PER_INCH


def table_layout(rows: Sequence[Sequence[str]], width: float, height: float, largest: int) -> tuple[list[float], int]:
    """Widths of a table's columns, in inches, and the largest size (points) that breaks no word and fits; else
    ``SMALLEST``. The first row is the heading, bold like the first column."""
    for size in range(largest, SMALLEST, -1):
        least, widths = _least_widths(rows, size), column_widths(rows, width, size)
        if sum(least) <= width and table_height(rows, widths, size) <= height:
            return widths, size
    return column_widths(rows, width, SMALLEST), SMALLEST


def column_widths(rows: Sequence[Sequence[str]], width: float, size: int) -> list[float]:
    """Room for each column's longest word or amount, and of what is left the more the longer its longest cell is.

    Where even these do not fit, all columns give way in proportion.
    """
    least = _least_widths(rows, size)
    spare = max(width - sum(least), 0)
    wanted = [max(most - width_of, 0) for most, width_of in zip(_widths(rows, size, len), least, strict=True)]
    widths = [width_of + spare * more / max(sum(wanted), 1e-9) for width_of, more in zip(least, wanted, strict=True)]
    return [width_of * width / sum(widths) for width_of in widths]


def _least_widths(rows: Sequence[Sequence[str]], size: int) -> list[float]:
    return _widths(rows, size, _longest_whole)


def _longest_whole(text: str) -> int:
    """Characters of the longest part of a cell that should not be broken."""
    if len(text) <= AMOUNT and any(map(str.isdigit, text)):
        return len(text)
    return max(map(len, text.split()), default=0)


def _widths(rows: Sequence[Sequence[str]], size: int, length: Callable[[str], int]) -> list[float]:
    """Inches that the longest text of each column takes, as ``length`` counts its characters."""
    inch = CHARACTER * size / POINTS_PER_INCH
    return [
        max(length(text) * (BOLD if row == 0 or column == 0 else 1) for row, text in enumerate(texts)) * inch
        + CELL_MARGINS
        for column, texts in enumerate(zip(*rows, strict=True))
    ]


def table_height(rows: Sequence[Sequence[str]], widths: Sequence[float], size: int) -> float:
    """How many inches a table takes at a size."""
    tallest = [
        max(lines(text, width - CELL_MARGINS, size) for text, width in zip(row, widths, strict=True)) for row in rows
    ]
    return sum(count * LINE * size / POINTS_PER_INCH + ROW_MARGINS for count in tallest)


def lines(text: str, width: float, size: int) -> int:
    """Lines that a text takes, broken between words, or inside one that is longer than a line."""
    room = max(int(width * POINTS_PER_INCH / (size * CHARACTER)), 1)
    count, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            count, used = count + 1, 0
        used += len(word) + (1 if used else 0)
        count, used = count + (used - 1) // room, (used - 1) % room + 1
    return count
