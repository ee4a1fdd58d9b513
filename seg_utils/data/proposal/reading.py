"""A file of any columns, read as ``load`` would read it, before anybody knows what the columns are."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.core.dictionary import normalised
from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import MOST_COLUMNS, Names
from seg_utils.data.formats import number_parsing
from seg_utils.data.formats.parts import open_content
from seg_utils.data.formats.raw_table import MISSING, Column
from seg_utils.data.loading import SOURCES

DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?)?Z?")
NUMERIC = r"^[^A-Za-z]*[0-9][^A-Za-z]*$|^[-+]?[0-9.]+[eE][-+]?[0-9]+$"
MOSTLY = 0.95  # from this share of cells on, a column is of dates, or carries a sign
SIGNS = "$€£¥₹%"


@dataclass(frozen=True)
class FileColumn:
    """One column of a file: ``values`` (n,) are numbers, NaN where missing, or texts, None where missing.

    ``sign`` is what most cells carry, a currency's or %; ``flaw`` is a cell that keeps the column from being numbers.
    """

    name: str
    values: pd.Series
    sign: str = ""
    flaw: str = ""
    shared: bool = False  # whether another column of the file answers to the same name

    @property
    def is_number(self) -> bool:
        return self.values.dtype.kind == "f"

    @property
    def is_date(self) -> bool:
        cells = self.values.dropna()
        return not self.is_number and len(cells) > 0 and cells.map(_looks_like_a_date).mean() >= MOSTLY

    @property
    def distinct(self) -> int:
        return int(self.values.nunique())

    @property
    def is_whole(self) -> bool:
        return bool((self.values.dropna() % 1 == 0).all())


def _looks_like_a_date(cell: str) -> bool:
    return DATE.fullmatch(cell.strip()) is not None


def read(path: Path) -> list[FileColumn]:
    """All columns of a file, in order. Raises DataError: the file cannot be read; the message names the cause."""
    try:
        content = open_content(path)
        source = SOURCES[content.kind](content.data, Names({}).recognise)
        if len(source.names) > MOST_COLUMNS:
            raise DataError(f"the file has {len(source.names):,} columns, and {MOST_COLUMNS:,} are the most")
        raw = source.read(range(len(source.names)), [])
        if not raw.n_rows:
            raise DataError("the file has a header but no rows")
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from None
    spelled = Counter(map(normalised, source.names))
    texts = {place: _texts(column) for place, column in raw.columns.items()}
    read_as = {place: (text, _sign(text)) for place, text in texts.items() if text is not None and _has_numbers(text)}
    numbers = _numbers({str(place): pair for place, pair in read_as.items()})
    return [
        _column(name, raw.columns[place], texts[place], numbers.get(str(place)), spelled[normalised(name)] > 1)
        for place, name in enumerate(source.names)
    ]


def _texts(column: Column) -> pa.ChunkedArray | None:
    """The column as texts; None where it came as numbers alone."""
    return column.texts if column.texts is not None and column.texts.null_count < len(column.texts) else None


def _has_numbers(text: pa.ChunkedArray) -> bool:
    """Whether most filled cells hold a digit and none is a word."""
    filled = _filled(text)
    if not len(filled):
        return False
    numeric = pc.sum(pc.match_substring_regex(filled, NUMERIC)).as_py()
    dates = pc.sum(pc.match_substring_regex(filled, rf"^({DATE.pattern})$")).as_py()
    return (numeric or 0) >= MOSTLY * len(filled) and not (dates or 0) >= MOSTLY * len(filled)


def _filled(text: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(text)
    return trimmed.filter(pc.invert(pc.is_in(trimmed, pa.array([*sorted(MISSING), "-"])))).drop_null()


def _sign(text: pa.ChunkedArray) -> str:
    filled = _filled(text)
    carried = {sign: pc.sum(pc.match_substring(filled, sign)).as_py() for sign in SIGNS}
    return next((sign for sign, cells in carried.items() if cells >= MOSTLY * len(filled)), "")


def _numbers(texts: dict[str, tuple[pa.ChunkedArray, str]]) -> dict[str, tuple[number_parsing.Parsed, str]]:
    """Numbers of the columns that may hold some, with the sign that each carries; nothing where they cannot be told."""
    columns = {name: text for name, (text, _) in texts.items()}
    kinds = {name: "share" if sign == "%" else "amount" for name, (_, sign) in texts.items()}
    try:
        return {name: (parsed, texts[name][1]) for name, parsed in number_parsing.parse(columns, kinds).items()}
    except DataError:
        return {}


def _column(
    name: str,
    column: Column,
    text: pa.ChunkedArray | None,
    parsed: tuple[number_parsing.Parsed, str] | None,
    shared: bool,
) -> FileColumn:
    if text is None:
        empty = column.numbers is None
        values = np.full(len(column.texts), np.nan) if empty else column.numbers.to_numpy().astype(np.float64)
        return FileColumn(name, pd.Series(np.where(np.isinf(values), np.nan, values)), shared=shared)
    if parsed is not None and not parsed[0].flaws:
        values = np.array(parsed[0].values, dtype=np.float64)
        if column.numbers is not None:
            values = np.where(np.isnan(values), column.numbers.to_numpy(), values)
        return FileColumn(name, pd.Series(values), parsed[1], shared=shared)
    trimmed = pc.utf8_trim_whitespace(text)
    present = pc.if_else(pc.is_in(trimmed, pa.array(sorted(MISSING))), pa.scalar(None, pa.string()), trimmed)
    flaw = parsed[0].flaws[0].value if parsed is not None else ""
    return FileColumn(name, present.to_pandas().astype(object), flaw=flaw, shared=shared)
