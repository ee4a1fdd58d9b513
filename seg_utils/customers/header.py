"""Where the header row of a table stands, and whether there is one at all."""

import re
from collections.abc import Sequence

from seg_utils.customers.findings import Finding, listing, plural
from seg_utils.customers.table import Recognise
from seg_utils.errors import DataError

ROWS_SEARCHED = 30
NUMERIC_SHARE = 0.4
"""A first row with at least this share of numbers among its filled cells is data and not a header."""

NUMBER = re.compile(r"[+-]?(?=[.,' ]*+[0-9])[0-9.,' ]++%?")


def find(rows: Sequence[Sequence[str]], recognise: Recognise) -> tuple[int, int]:
    """Position of the header row among the first rows of a table, and how many of its names are recognised."""
    scores = [sum(map(recognise, row)) for row in rows[:ROWS_SEARCHED]]
    best = max(scores, default=0)
    if best == 0:
        return next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), 0), 0
    return scores.index(best), best


def check(rows: Sequence[Sequence[str]], position: int, recognised: int) -> list[Finding]:
    """Refuse a table without a header row; name what stands above it.

    Raises:
        DataError: the first row holds numbers, or data stand above the header.
    """
    if not recognised and _looks_like_data(rows[position]):
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
    message = f"{plural(len(above), 'line')} above the header in row {position + 1} ignored: {listing(titles)}."
    return [Finding("info", "preamble", message, count=len(above), examples=tuple(titles[:5]), action="ignored")]


def _looks_like_data(row: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in row if cell.strip()]
    numeric = sum(NUMBER.fullmatch(cell) is not None for cell in filled)
    return numeric >= 2 and numeric >= NUMERIC_SHARE * len(filled)
