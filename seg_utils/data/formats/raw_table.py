"""What every format is read into: named raw columns, where each row stands in the file, and rows that are broken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa

from seg_utils.data.findings import Finding

# Spellings, without the spaces around them; anything else that is no number is named and refused
MISSING = frozenset(
    spelling
    for word in ("na", "n/a", "nan", "null", "none", "#n/a", "<na>", "nil", "missing", "n.a.", "not available")
    for spelling in (word, word.upper(), word.capitalize(), word.title())
) | {"", ".", "?", "\\N", "NaN", "nA", "Na", "n/A", "N/a", "--"}

DASHES = ("-", "–", "—")  # missing too, unless they may mean zero, as accounting formats show it
SEARCHED_BYTES = 1 << 16  # a copy of so many bytes stays in the processor's cache
Recognise = Callable[[str], bool]  # whether a column name is one the caller is looking for


@dataclass(frozen=True)
class Flaw:
    """Something broken at one place: ``row`` counts as a spreadsheet does, the first line of the file being row 1."""

    row: int
    column: str
    value: str
    problem: str


@dataclass(frozen=True)
class Column:
    """One raw column of n cells: typed numbers, texts, or both where a spreadsheet mixes them.

    ``numbers`` is NaN and ``texts`` is null where a cell is missing or is of the other sort.
    """

    numbers: pa.ChunkedArray | None
    texts: pa.ChunkedArray | None


@dataclass(frozen=True)
class RawTable:
    """The wanted columns by their position in the file; ``rows`` (n,) is where each row stands in the file."""

    columns: dict[int, Column]
    rows: np.ndarray
    broken: list[Flaw] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def n_rows(self) -> int:
        """Rows read, broken ones included."""
        return len(self.rows) + len({flaw.row for flaw in self.broken})


class Source(Protocol):
    """A table whose header is known and whose columns can be read; but for those that are ``nested``, by position, and
    of which kind."""

    names: list[str]
    findings: list[Finding]
    nested: dict[int, str]

    def read(self, numeric: Sequence[int], text: Sequence[int]) -> RawTable:
        """Read columns by position; ``numeric`` ones may come back as numbers, ``text`` ones as texts."""
        ...


def holds(texts: pa.ChunkedArray, *parts: bytes) -> bool:
    """Whether the texts hold any of these bytes; a look at their memory costs a tenth of a look at each text.

    Two texts side by side in memory may seem to hold what neither does: yes means perhaps, no means no.
    """
    overlap = max(map(len, parts))
    for chunk in texts.chunks:
        memory = memoryview(chunk.buffers()[2] or b"")
        for start in range(0, len(memory), SEARCHED_BYTES):
            block = memory[start : start + SEARCHED_BYTES + overlap].tobytes()
            for part in parts:  # a search for one byte is many times faster than for several, and mostly enough
                if all(byte in block for byte in part) and part in block:
                    return True
    return False
