"""Where the header row of a table stands, and whether there is one at all."""

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding
from seg_utils.data.formats.raw_table import Recognise
from seg_utils.data.wording import listing

ROWS_SEARCHED = 30
TITLE = 0.5  # a row with fewer filled cells than this share of those below is a title above the header
NUMERIC_SHARE = 0.4  # a first row with at least this share of numbers among its filled cells is data and not a header
LEAST_NUMBERS = 3
LEAST_COLUMNS = 4  # so many numbers of so many columns with fractions tell whether they were scaled

# Standard deviations that no value of a standardised column is from its mean in a file of ordinary size
FARTHEST = 50.0

SCALED_SHARE = 0.9  # a card file has shares between 0 and 1, too, but amounts beside them
PLAIN = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")
NUMBER = re.compile(r"[+-]?(?=[.,' ]*+[0-9])[0-9.,' ]++%?")


def find(rows: Sequence[Sequence[str]], recognise: Recognise) -> tuple[int, int]:
    """Position of the header row among the first rows of a table, and how many of its names are recognised."""
    scores = [sum(map(recognise, row)) for row in rows[:ROWS_SEARCHED]]
    best = max(scores, default=0)
    if best == 0:
        filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:ROWS_SEARCHED]]
        wide = [cells > 0 and cells >= TITLE * max(filled) for cells in filled]
        first = next((i for i, is_wide in enumerate(wide) if is_wide), 0)
        above_others = next((i for i, both in enumerate(pairwise(wide)) if all(both)), first)
        return (first if rows and _looks_like_data(rows[above_others]) else above_others), 0
    return scores.index(best), best


def check(rows: Sequence[Sequence[str]], position: int, recognised: int) -> list[Finding]:
    """Refuse a table without a header row; name what stands above it. Raises DataError: the first row holds numbers, or
    data stand above the header."""
    if not recognised and _looks_like_data(rows[position]):
        scaled = _scaled(rows[position : position + ROWS_SEARCHED])
        if scaled:
            raise DataError(
                f"the file has no header row, and its numbers are already {scaled} (its first row is "
                f"{listing(rows[position], 3)}); give the customers in original units, under a first row with the "
                "column names, such as CUST_ID, BALANCE, PURCHASES"
            )
        raise DataError(
            f"the file has no header row (its first row is {listing(rows[position], 3)}); "
            "add a first row with the column names, such as CUST_ID, BALANCE, PURCHASES"
        )
    above = [row for row in rows[:position] if any(cell.strip() for cell in row)]
    for row in above:
        if _looks_like_data(row):
            raise DataError(
                f"the header stands in row {position + 1} with data above it ({listing(row, 3)}); move it to the top"
            )
    if not above:
        return []
    titles = [" ".join(cell.strip() for cell in row if cell.strip()) for row in above]
    words = {"row": position + 1, "titles": titles}
    return [Finding("info", "preamble", "", len(above), tuple(titles[:5]), action="ignored", parameters=words)]


def _looks_like_data(row: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in row if cell.strip()]
    numeric = sum(NUMBER.fullmatch(cell) is not None for cell in filled)
    return numeric >= 2 and numeric >= NUMERIC_SHARE * len(filled)


def _scaled(rows: Sequence[Sequence[str]]) -> str:
    """What was done to numbers without a header, empty if they may be in original units."""
    columns = [
        [float(cell.replace(",", ".")) for cell in map(str.strip, cells) if PLAIN.fullmatch(cell)]
        for cells in zip_longest(*rows, fillvalue="")
    ]
    columns = [numbers for numbers in columns if len(numbers) >= LEAST_NUMBERS and len(set(numbers)) > 1]
    measured = [numbers for numbers in columns if any(number % 1 for number in numbers)]
    below = [numbers for numbers in measured if min(numbers) < 0 < max(numbers) and max(map(abs, numbers)) < FARTHEST]
    within = [numbers for numbers in measured if min(numbers) >= 0 and max(numbers) <= 1]
    if len(measured) < LEAST_COLUMNS:
        return ""
    if 2 * len(below) >= len(measured):
        return "standardised or otherwise centred"
    return "scaled to 0–1" if len(within) >= SCALED_SHARE * len(measured) else ""
