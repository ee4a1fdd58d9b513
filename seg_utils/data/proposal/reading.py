"""A file of any columns, read as ``load`` would read it, before anybody knows what the columns are."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.core.dictionary import normalised
from seg_utils.core.errors import DataError
from seg_utils.data.columns import junk_rows
from seg_utils.data.columns.matching import MOST_COLUMNS, Names
from seg_utils.data.formats import number_parsing
from seg_utils.data.formats.parts import open_content
from seg_utils.data.formats.raw_table import DASHES, MISSING, Column, Source
from seg_utils.data.loading import SOURCES

CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?( ?(Z|[A-Z]{3,4})?([-+]\d{1,2}(:?\d{2})?)?)?"
DAY = r"(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[-/. ][A-Za-z]{3,9}[-/. ]\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})"
DATE = re.compile(rf"{DAY}([ T]{CLOCK})?Z?")
DURATION = re.compile(rf"(\d+ days?,? )?\d{{1,3}}:\d{{2}}(:\d{{2}}([.,]\d+)?)?|(\d+ ?[dhms][a-z]* ?)+|{CLOCK}")
SIGN = f"(?:{number_parsing.CURRENCY})?"
NUMERIC = rf"^{SIGN}[^A-Za-z]*[0-9][^A-Za-z]*{SIGN}$|^[-+]?[0-9.]+[eE][-+]?[0-9]+$"
DIGITS, LEADING_ZERO = "^[0-9]+$", "^0[0-9]"
LAST_ROWS, LEAST_FILLED = 5, 3
EXACT = 2.0**53  # from this size on, whole numbers are not told apart as numbers
MOSTLY = 0.95  # from this share of cells on, a column is of dates, or carries a sign
MEANT = 0.8  # from this share of numbers on, a column was meant to be numbers, and is told what keeps it from it
SIGNS = (*number_parsing.CURRENCIES, "%")


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
    unreadable: str = ""  # why its cells are no values at all

    @property
    def is_number(self) -> bool:
        return self.values.dtype.kind == "f"

    @cached_property
    def is_date(self) -> bool:
        return self._consists_of(DATE)

    @cached_property
    def is_duration(self) -> bool:
        return self._consists_of(DURATION)

    def _consists_of(self, pattern: re.Pattern[str]) -> bool:
        cells = self.values.dropna()
        return (
            not self.is_number
            and len(cells) > 0
            and cells.map(lambda cell: pattern.fullmatch(cell.strip()) is not None).mean() >= MOSTLY
        )

    @cached_property
    def distinct(self) -> int:
        return int(self.values.nunique())

    @cached_property
    def is_whole(self) -> bool:
        return bool((self.values.dropna() % 1 == 0).all())


def read(path: Path) -> list[FileColumn]:
    """All columns of a file, in order. Raises DataError: the file cannot be read; the message names the cause."""
    try:
        content = open_content(path)
        source = SOURCES[content.kind](content.data, Names({}).recognise)
        if len(source.names) > MOST_COLUMNS:
            raise DataError(f"the file has {len(source.names):,} columns, and {MOST_COLUMNS:,} are the most")
        raw = source.read([place for place in range(len(source.names)) if place not in source.nested], [])
        if not raw.n_rows:
            raise DataError("the file has a header but no rows")
        codes = _codes(source, {place: column for place, column in raw.columns.items() if _texts(column) is None})
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from None
    spelled = Counter(map(normalised, source.names))
    raw.columns.update(codes)
    texts = {place: _texts(column) for place, column in raw.columns.items()}
    read_as = {place: (text, _sign(text)) for place, text in texts.items() if text is not None and _has_numbers(text)}
    numbers = _numbers({str(place): pair for place, pair in read_as.items()})
    found = [
        _nested(name, raw.n_rows, source.nested[place])
        if place in source.nested
        else _column(
            name,
            raw.columns[place],
            texts[place],
            numbers.get(str(place)),
            spelled[normalised(name)] > 1,
            _dash(texts[place]) if place in read_as and str(place) not in numbers else "",
        )
        for place, name in enumerate(source.names)
    ]
    kept = ~_junk(found)
    return found if kept.all() else [replace(column, values=column.values[kept]) for column in found]


def _junk(columns: Sequence[FileColumn]) -> np.ndarray:
    """Which of the last rows (n,) are no customers: totals, and notes of a cell or two in a table that is wider."""
    last = pd.concat([column.values.tail(LAST_ROWS).reset_index(drop=True) for column in columns], axis=1)
    named = last.map(lambda cell: isinstance(cell, str) and junk_rows.TOTAL.fullmatch(cell.strip()) is not None).any(
        axis=1
    )
    notes = last.notna().sum(axis=1) < min(len(columns), LEAST_FILLED)
    junk = np.zeros(len(columns[0].values), dtype=bool)
    junk[len(junk) - len(last) :] = named | notes
    return junk


def _nested(name: str, n_rows: int, kind: str) -> FileColumn:
    empty = pd.Series([None] * n_rows, dtype=object)
    return FileColumn(name, empty, unreadable=f"each cell holds several values ({kind})")


def _codes(source: Source, columns: dict[int, Column]) -> dict[int, Column]:
    """Those of the number columns that are none, as texts: written with leading zeros, or too long to be told apart."""
    longest = {place: _longest_whole(column) for place, column in columns.items()}
    whole = [place for place, number in longest.items() if number]
    written = source.read([], whole).columns if whole else {}
    return {place: column for place, column in written.items() if longest[place] >= EXACT or _are_codes(column.texts)}


def _longest_whole(column: Column) -> float:
    """The largest of a column's numbers, whatever their signs, where they are whole; 0 where they are not."""
    numbers = np.array([]) if column.numbers is None else column.numbers.to_numpy()
    known = numbers[np.isfinite(numbers)]
    return float(np.abs(known).max()) if len(known) and (known % 1 == 0).all() else 0.0


def _texts(column: Column) -> pa.ChunkedArray | None:
    """The column as texts; None where it came as numbers alone."""
    return column.texts if column.texts is not None and column.texts.null_count < len(column.texts) else None


def _has_numbers(text: pa.ChunkedArray) -> bool:
    """Whether most filled cells are numbers."""
    filled = _filled(text)
    if not len(filled) or _are_codes(filled):
        return False
    numeric = pc.sum(pc.match_substring_regex(filled, NUMERIC)).as_py()
    times = pc.sum(pc.match_substring_regex(filled, rf"^({DATE.pattern}|{DURATION.pattern})$")).as_py()
    return (numeric or 0) >= MEANT * len(filled) and not (times or 0) >= MOSTLY * len(filled)


def _are_codes(cells: pa.ChunkedArray) -> bool:
    """Whether digits alone are codes, of which some begin with zero."""
    begins, digits = (pc.match_substring_regex(cells, pattern) for pattern in (LEADING_ZERO, DIGITS))
    return bool(pc.any(begins).as_py() and pc.all(digits).as_py())


def _filled(text: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(text)
    return trimmed.filter(pc.invert(pc.is_in(trimmed, pa.array([*sorted(MISSING), "-"])))).drop_null()


def _dash(text: pa.ChunkedArray) -> str:
    """The first dash among texts; in a column of numbers it may mean zero, or missing."""
    dashes = text.filter(pc.is_in(pc.utf8_trim_whitespace(text), pa.array(DASHES)))
    return dashes[0].as_py() if len(dashes) else ""


def _sign(text: pa.ChunkedArray) -> str:
    filled = _filled(text)
    carried = {sign: pc.sum(pc.match_substring(filled, sign)).as_py() for sign in SIGNS}
    return next((sign for sign, cells in carried.items() if cells >= MOSTLY * len(filled)), "")


def _numbers(texts: dict[str, tuple[pa.ChunkedArray, str]]) -> dict[str, tuple[number_parsing.Parsed, str]]:
    """Numbers of the columns that may hold some, with the sign that each carries; of those that keep others from being
    read, and where nothing can be told, none."""
    columns = {name: text for name, (text, _) in texts.items()}
    kinds = {name: "share" if sign == "%" else "amount" for name, (_, sign) in texts.items()}
    try:
        return {name: (parsed, texts[name][1]) for name, parsed in number_parsing.parse(columns, kinds).items()}
    except DataError:
        able = {name: text for name, text in texts.items() if len(texts) > 1 and _numbers({name: text})}
        return _numbers(able) if len(able) < len(texts) else {}


def _column(
    name: str,
    column: Column,
    text: pa.ChunkedArray | None,
    parsed: tuple[number_parsing.Parsed, str] | None,
    shared: bool,
    unparsed: str,
) -> FileColumn:
    if text is None:
        empty = column.numbers is None
        values = np.full(len(column.texts), np.nan) if empty else column.numbers.to_numpy().astype(np.float64)
        return FileColumn(name, pd.Series(np.where(np.isinf(values), np.nan, values)), shared=shared)
    if parsed is not None and not parsed[0].flaws:
        values = np.array(parsed[0].values, dtype=np.float64)
        if column.numbers is not None:
            values = np.where(np.isnan(values), column.numbers.to_numpy(), values)
        if not np.nanmax(np.abs(values), initial=0) >= EXACT:
            return FileColumn(name, pd.Series(values), parsed[1], shared=shared)
    trimmed = pc.utf8_trim_whitespace(text)
    present = pc.if_else(pc.is_in(trimmed, pa.array(sorted(MISSING))), pa.scalar(None, pa.string()), trimmed)
    flaw = parsed[0].flaws[0].value if parsed is not None and parsed[0].flaws else unparsed
    return FileColumn(name, present.to_pandas().astype(object), flaw=flaw, shared=shared)
