"""How large type may be to fit its place: Office programs do not tell, so lines are estimated, on the safe side."""

from collections.abc import Sequence

CHARACTER = 0.6
"""Mean width of a character of a proportional font, in ems."""

LINE = 1.22
"""Height of a line, in ems."""

PARAGRAPH = 0.34
"""Room after a paragraph, in ems."""

CELL_MARGINS = 0.12
ROW_MARGINS = 0.06
POINTS_PER_INCH = 72
SMALLEST = 8


def text_size(paragraphs: Sequence[str], width: float, height: float, largest: int) -> int:
    """The largest size in points, up to ``largest``, at which paragraphs fit into inches; else ``SMALLEST``."""
    for size in range(largest, SMALLEST, -1):
        ems = sum(lines(text, width, size) * LINE + PARAGRAPH for text in paragraphs)
        if ems * size / POINTS_PER_INCH <= height:
            return size
    return SMALLEST


def table_size(rows: Sequence[Sequence[str]], widths: Sequence[float], height: float, largest: int) -> int:
    """The same for a table with columns of these widths, in inches."""
    for size in range(largest, SMALLEST, -1):
        if table_height(rows, widths, size) <= height:
            return size
    return SMALLEST


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
