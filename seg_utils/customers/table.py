"""What every format is read into: named raw columns, where each row stands in the file, and rows that are broken."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.customers.findings import Finding

Recognise = Callable[[str], bool]
"""Whether a column name is one the caller is looking for."""


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
    """A table whose header is known and whose columns can be read."""

    names: list[str]
    findings: list[Finding]

    def read(self, numeric: Sequence[int], text: Sequence[int]) -> RawTable:
        """Read columns by position; ``numeric`` ones may come back as numbers, ``text`` ones as texts."""
        ...


def has_infinity(values: pa.ChunkedArray) -> bool:
    """Whether any number is infinite; two passes over the file would cost more than the smallest and the largest."""
    extremes = pc.min_max(values).as_py()
    return any(one is not None and math.isinf(one) for one in extremes.values())
