"""Delimited text: the delimiter, the header, and the columns, fast where the file is clean, careful where it is not."""

import csv
import functools
import io
import re
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from seg_utils.core.errors import DataError
from seg_utils.data.columns.unreadable_cells import Flaws
from seg_utils.data.findings import Finding
from seg_utils.data.formats import header
from seg_utils.data.formats.container import check_lines
from seg_utils.data.formats.encoding import to_utf8
from seg_utils.data.formats.raw_table import MISSING, Column, Flaw, RawTable, Recognise
from seg_utils.data.wording import show

DELIMITERS = (",", ";", "\t", "|")
HEAD_BYTES = 1 << 18
CHUNK_ROWS = 20_000

# A share of lines that end as the last one would, had it not been cut: their last column holds few values
COMMON_ENDING = 0.2

MOST_BROKEN = MOST_BLANK = 100_000  # from so many broken rows or blank lines on, half the file is too many to go on

# A spreadsheet's scientific display, which may have lost digits, is left to the careful reader
EXPONENT = re.compile(rb"E[+-]")

SEPARATOR_LINE = re.compile(rb'"?sep=(.)"?\r?\n', re.IGNORECASE)  # Excel's own first line that names the delimiter


class DelimitedText:
    """A text table whose encoding, delimiter and header are known."""

    def __init__(self, data: bytes, recognise: Recognise) -> None:
        """Find delimiter and header.

        Raises:
            DataError: no text, no delimiter, no header row.
        """
        self._data, self.findings = to_utf8(data)
        check_lines(self._data)
        if _line_end(self._data) > HEAD_BYTES:
            raise DataError(
                f"the first line is longer than {HEAD_BYTES >> 10} KB, so it is no header; export the table again"
            )
        forced = SEPARATOR_LINE.match(self._data)
        self._skipped = 0
        if forced:
            self._data = self._data[forced.end() :]
            self._skipped = 1
        self._delimiter, rows = self._sniff((forced[1].decode(),) if forced else DELIMITERS, recognise)
        self._dialect = {"delimiter": self._delimiter, "skipinitialspace": True, "strict": True}
        self._header, recognised = header.find(rows, recognise)
        self.findings = [*self.findings, *header.check(rows, self._header, recognised)]
        self.nested: dict[int, str] = {}
        self.names = [name.strip() for name in rows[self._header]]
        self._plain_header = self._header == 0 and b'"' not in self._data and not any("\n" in n for n in self.names)

    @property
    def records_above(self) -> int:
        """How many records stand above the first customer: the header, and all that comes before it."""
        return self._header + 1 + self._skipped

    def _sniff(self, delimiters: Sequence[str], recognise: Recognise) -> tuple[str, list[list[str]]]:
        head = self._data[:HEAD_BYTES].decode("utf-8", "ignore")
        best: tuple[tuple[int, int, int], str, list[list[str]]] | None = None
        for delimiter in delimiters:
            rows = _head_rows(head, delimiter)
            position, recognised = header.find(rows, recognise)
            width = len(rows[position]) if rows else 0
            same = sum(len(row) == width for row in rows) if width > 1 else 0
            rank = (recognised, same, width)
            if best is None or rank > best[0]:
                best = (rank, delimiter, rows)
        (recognised, same, _), delimiter, rows = best
        if not recognised and not same:
            raise DataError(
                "the file is no table of columns separated by comma, semicolon, tab or pipe; "
                "export it as CSV with a header row"
            )
        return delimiter, rows

    def read(self, numeric: Sequence[int], text: Sequence[int]) -> RawTable:
        """The columns at these positions; numbers straight away where every cell is a clean one."""
        if self._plain_header and (table := self._read_fast(numeric, text)):
            return table
        return self._read_carefully([*numeric, *text])

    def _read_fast(self, numeric: Sequence[int], text: Sequence[int]) -> RawTable | None:
        """Arrow's reader, or None wherever anything is unusual: ragged rows, odd cells, blank lines, infinities."""
        start, end = _line_end(self._data), len(self._data)
        while end and self._data[end - 1] in b"\r\n":
            end -= 1
        if start >= end or b"\0" in self._data:
            return None
        if self._data.find(b"E", start) >= 0 and EXPONENT.search(self._data, start):
            return None
        body = pa.py_buffer(memoryview(self._data)[start:end])
        for point in ".," if self._delimiter != "," else ".":
            if (table := self._arrow(body, point, numeric, text)) is not None:
                break
        else:
            return None
        if not _decimals_are_certain(table, numeric) or _has_blank_rows(table, numeric, text):
            return None
        columns = {i: Column(table[str(i)], None) for i in numeric} | {i: Column(None, table[str(i)]) for i in text}
        return RawTable(columns, np.arange(len(table)) + 2 + self._skipped, findings=self._end_findings())

    def _arrow(self, body: pa.Buffer, point: str, numeric: Sequence[int], text: Sequence[int]) -> pa.Table | None:
        types = {str(i): pa.float64() for i in numeric} | {str(i): pa.string() for i in text}
        try:
            return pcsv.read_csv(
                pa.BufferReader(body),
                read_options=pcsv.ReadOptions(column_names=[str(i) for i in range(len(self.names))]),
                parse_options=pcsv.ParseOptions(delimiter=self._delimiter, quote_char=False, ignore_empty_lines=False),
                convert_options=pcsv.ConvertOptions(
                    column_types=types,
                    include_columns=list(types),
                    null_values=sorted(MISSING),
                    strings_can_be_null=False,
                    decimal_point=point,
                ),
            )
        except pa.ArrowInvalid:
            return None

    def _read_carefully(self, wanted: Sequence[int]) -> RawTable:
        """Python's reader: every row looked at, broken ones kept apart."""
        rows: list[int] = []
        broken: list[Flaw] = []
        chunks: dict[int, list[pa.Array]] = {i: [] for i in wanted}
        pending: list[list[str]] = []
        blank = 0

        self._check_blank_lines()

        def flush() -> None:
            for i in wanted:
                chunks[i].append(pa.array([row[i] for row in pending], pa.string()))
            pending.clear()

        for number, row, problem in self._records():
            if problem:
                broken.append(Flaw(number, "", self._delimiter.join(row), problem))
                if len(broken) > max(MOST_BROKEN, number / 2):
                    flaws = Flaws()
                    flaws.add(broken)
                    flaws.settle(number, "stop")
            elif not any(cell.strip() for cell in row):
                blank += 1
            else:
                rows.append(number)
                pending.append(row)
                if len(pending) == CHUNK_ROWS:
                    flush()
        flush()
        if (
            broken
            and not rows
            and all(flaw.problem == _fields(len(self.names) + 1, len(self.names)) for flaw in broken)
        ):
            raise DataError(
                f"the header names {len(self.names)} columns and every row has one field more: add the missing name "
                "(R leaves out that of the row names, which stand first)"
            )
        columns = {i: Column(None, pa.chunked_array(chunks[i], pa.string())) for i in wanted}
        return RawTable(
            columns, np.array(rows, dtype=np.int64), broken, [*_blank_finding(blank), *self._end_findings()]
        )

    def _check_blank_lines(self) -> None:
        """Refuse what is hardly more than line ends, each of which would be a row."""
        lines = self._data.count(b"\n")
        if self._data.count(b"\n\n") + self._data.count(b"\r\n\r\n") > max(MOST_BLANK, lines / 4):
            raise DataError("the file holds hardly anything but blank lines; export the customers again")

    def _end_findings(self) -> list[Finding]:
        """A warning where the last line has no end, as in a file cut short; an error where it visibly is."""
        if self._data[-1:] in b"\r\n":
            return []
        tail = self._data[-HEAD_BYTES:]
        delimiter = self._delimiter.encode()
        start = tail.rfind(delimiter)
        ending = tail[start:]  # the last field with its delimiter
        longer = 0 if start < 0 else _longer(tail, ending, delimiter)
        lines = tail.count(b"\n") or tail.count(b"\r")
        if longer > COMMON_ENDING * lines and not re.search(re.escape(ending) + rb"[\r\n]", self._data):
            shown = show(tail[-20:].decode("utf-8", "replace"))
            raise DataError(f"the file is cut short: its last line ends in {shown}; export it again")
        return [Finding("warning", "no_line_end", count=1)]

    def _records(self) -> Iterator[tuple[int, list[str], str]]:
        """Row number, cells and problem (empty when sound) of every record below the header."""
        width = len(self.names)
        lines = io.TextIOWrapper(io.BytesIO(self._data), "utf-8", newline="")  # a few at a time in memory
        reader = csv.reader(lines, **self._dialect)
        line = 0
        try:
            for position, row in enumerate(reader):
                taken, line = reader.line_num - line, reader.line_num
                if position <= self._header:
                    continue
                if len(row) > width and not any(cell.strip() for cell in row[width:]):
                    row = row[:width]
                problem = ""
                if len(row) != width and any(cell.strip() for cell in row):
                    problem = _fields(len(row), width)
                elif taken > 1 and any(_swallowed(cell, self._delimiter, width) for cell in row):
                    problem = "a quotation mark is not closed and swallows the following lines"
                yield position + 1 + self._skipped, row, problem
        except csv.Error as error:
            raise DataError(
                f"the record that begins on line {line + 1 + self._skipped:,} cannot be read ({error}): a quotation "
                "mark is not closed, or stands inside a field; mend that line or export the file again"
            ) from None


def _longer(tail: bytes, ending: bytes, delimiter: bytes) -> int:
    """How many lines end in a field that begins as the last one, delimiter included, and goes on."""
    return len(re.findall(re.escape(ending) + rb"[^\r\n" + re.escape(delimiter) + rb"]++[\r\n]", tail))


def _fields(count: int, expected: int) -> str:
    return f"{count} fields instead of {expected}"


def _head_rows(head: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, skipinitialspace=True):
            rows.append(row)
            if len(rows) == 2 * header.ROWS_SEARCHED:
                break
    except csv.Error:
        pass  # the careful reader names the place
    return rows


def _line_end(data: bytes) -> int:
    """Where the first line's end is passed."""
    match = re.search(rb"\r\n|\n|\r", data)
    return match.end() if match else len(data)


def _swallowed(cell: str, delimiter: str, width: int) -> bool:
    return "\n" in cell and max(line.count(delimiter) for line in cell.splitlines()) >= width - 1


def _decimals_are_certain(table: pa.Table, numeric: Sequence[int]) -> bool:
    """Whether some fraction can only be one: ``1.234`` might be a grouped thousand, ``0.5`` and ``1.23`` cannot."""
    return any(_is_certain(chunk) for i in numeric for chunk in table[str(i)].chunks)


def _is_certain(values: pa.Array) -> bool:
    thousandths = pc.multiply(values, 1000.0)
    odd = pc.greater(pc.abs(pc.subtract(thousandths, pc.round(thousandths))), 1e-6)
    below_one = pc.and_(pc.greater(values, 0.0), pc.less(values, 1.0))
    return bool(pc.any(pc.or_(odd, below_one)).as_py())


def _has_blank_rows(table: pa.Table, numeric: Sequence[int], text: Sequence[int]) -> bool:
    """Whether a row has neither id nor numbers: the careful reader tells blank rows from junk."""
    if any(not pc.any(pc.equal(pc.utf8_trim_whitespace(table[str(i)]), "")).as_py() for i in text):
        return False
    sparse = [table[str(i)] for i in numeric]
    if not all(values.null_count for values in sparse):
        return False
    return bool(pc.any(functools.reduce(pc.and_, map(pc.is_null, sparse))).as_py())


def _blank_finding(count: int) -> list[Finding]:
    return [Finding("info", "blank_rows", count=count, action="skipped")] if count else []
