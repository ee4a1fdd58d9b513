"""A customers file in chunks, so that a long one never has to be in memory whole.

Every chunk is read by the very code that reads a whole file: it is given the header and the first rows of the file
again, so that it decides on delimiter, decimal sign and the like on the evidence that the first chunk had.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding
from seg_utils.data.formats import container, parquet, parts
from seg_utils.data.formats.container import HEAD_BYTES
from seg_utils.data.formats.delimited import DelimitedText
from seg_utils.data.formats.parquet import ParquetTable
from seg_utils.data.formats.raw_table import Recognise, Source
from seg_utils.data.loading import SOURCES

ROWS = 50_000  # rows in a chunk: a few megabytes of text, and of every array that is made of it
BYTES_A_ROW = 128
BUFFER_BYTES = 1 << 24
SHARED_ROWS = 1000  # so many rows of the first chunk stand before every other one, as evidence
LONGEST_RECORD = 1 << 25  # a quotation mark that swallows so many bytes is not closed: the reader says where
QUOTE = ord('"')
Piece = TypeVar("Piece", bytes, pa.Table)

# How UTF-16 and UTF-32 begin, or what every other byte of them is: read whole, as no line of theirs ends in a byte
WIDE = re.compile(rb"\A(\xff\xfe|\xfe\xff)|\0")


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file; ``open`` makes them a table, in whichever thread wants it.

    ``shared`` of them, after ``header`` lines, are those of the first chunk and only serve as evidence; ``before``
    other rows of the file stand above the rest.
    """

    open: Callable[[], Source]
    header: int
    shared: int
    before: int

    def place(self, rows: np.ndarray) -> np.ndarray:
        """Where rows (n,) of the chunk stand in the file."""
        return np.where(self.is_shared(rows), rows, rows - self.shared + self.before)

    def is_shared(self, rows: np.ndarray) -> np.ndarray:
        """Which rows (n,) of the chunk belong to the first one."""
        return rows <= self.header + self.shared

    def is_evidence(self, rows: np.ndarray) -> np.ndarray:
        """Which rows (n,) are those that every chunk holds."""
        return rows <= self.header + (self.shared or SHARED_ROWS)


@dataclass(frozen=True)
class Chunks:
    """A file in chunks, in order, read anew each time; ``findings`` are those of its packing."""

    read: Callable[[], Iterator[Chunk]]
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[Chunk]:
        return self.read()


def of(path: Path, recognise: Recognise, rows: int = ROWS) -> Chunks:
    """A customers file in chunks of about so many rows: text (also in gzip or zip) and Parquet; others in one chunk.

    Raises:
        DataError: the file is missing, empty, damaged, or not a table this package reads.
    """
    files, kinds, findings = parts.of(path), set(), []
    for file in files:
        container.check_file(file)
        kind, packing = kind_of(file)
        kinds.add(kind)
        if packing and (finding := container.packing_finding(packing)) not in findings:
            findings.append(finding)
    if kinds == {"text"}:
        return Chunks(partial(_text_chunks, files, recognise, rows * BYTES_A_ROW), tuple(findings))
    if kinds == {"parquet"}:
        return Chunks(partial(_parquet_chunks, files, recognise, rows))
    content = parts.open_content(path)
    source = SOURCES[content.kind](content.data, recognise)
    return Chunks(lambda: iter([Chunk(lambda: source, 0, 0, 0)]), content.findings)


def kind_of(file: Path) -> tuple[str, str]:
    """What the first bytes of a file say it is, and how it is packed.

    Returns:
        ``text``, ``wide text`` or ``parquet``, nothing where only all of it tells, or what is wrong with it.
    """
    with parts.unpacked(file) as (stream, packing):
        head = stream.read(HEAD_BYTES)
    try:
        kind = "" if head.startswith(container.ZIP) else container.kind_of(head)
    except DataError:
        kind = ""
    if kind == "text" and WIDE.search(head):
        kind = "wide text"
    return ("" if packing and kind == "parquet" else kind), packing


def _parquet_chunks(files: Sequence[Path], recognise: Recognise, rows: int) -> Iterator[Chunk]:
    evidence, before = None, 0
    for batch in _without_a_short_end(_parquet_batches(files, rows), parts.concatenated):
        table = batch if evidence is None else parts.concatenated([evidence, batch])
        shared = 0 if evidence is None else len(evidence)
        yield Chunk(partial(ParquetTable, table, recognise), 0, shared, before)
        evidence = batch.slice(0, SHARED_ROWS) if evidence is None else evidence
        before += len(batch)


def _parquet_batches(files: Sequence[Path], rows: int) -> Iterator[pa.Table]:
    names: list[str] = []
    for path in files:
        try:
            with parquet.opened(path, buffer_size=BUFFER_BYTES) as file:
                names = names or file.schema_arrow.names
                parts.check_names(path.name, file.schema_arrow.names, files[0].name, names)
                if path == files[-1] and not any(pq.read_metadata(part).num_rows for part in files):
                    yield file.read()
                for batch in file.iter_batches(rows, use_threads=False):
                    table = parquet.plain(pa.Table.from_batches([batch]))
                    yield table if table.column_names == names else table.select(names)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise parquet.damaged(error) from None


def _text_chunks(files: Sequence[Path], recognise: Recognise, size: int) -> Iterator[Chunk]:
    """Whole lines of a text table, about ``size`` bytes at a time, under its header."""
    bodies = _without_a_short_end(_whole_records(parts.joined(parts.streams(files), size)), b"".join)
    first = next(bodies)
    source = DelimitedText(first, recognise)
    ends = _ends(first, _line_break(first))
    header = source.records_above
    yield Chunk(lambda: source, header, 0, 0)
    before = len(ends) - header
    shared = min(before, SHARED_ROWS)
    for body in bodies:
        if len(ends) < header:
            raise DataError("a quotation mark in or above the header is not closed; mend it or export again")
        evidence = first[: ends[header + shared - 1]] + body
        yield Chunk(partial(DelimitedText, evidence, recognise), header, shared, before)
        before += len(_ends(body, _line_break(first)))


def _without_a_short_end(pieces: Iterator[Piece], joined: Callable[[list[Piece]], Piece]) -> Iterator[Piece]:
    """The same pieces, a short last one with the one before: totals among the last rows are looked for in the last."""
    held: list[Piece] = []
    for piece in pieces:
        if len(held) == 2:
            yield held.pop(0)
        held.append(piece)
    yield from [joined(held)] if len(held) == 2 and 2 * len(held[1]) < len(held[0]) else held


def _whole_records(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut where a record ends."""
    rest, line_break = b"", b""
    for chunk in blocks:
        data = rest + chunk
        line_break = line_break or _line_break(data)
        ends = _ends(data, line_break)
        if not len(ends) and len(data) < LONGEST_RECORD:
            rest = data
            continue
        end = ends[-1] if len(ends) else len(data)
        yield data[:end]
        rest = data[end:]
    if rest:
        yield rest


def _line_break(data: bytes) -> bytes:
    return b"\r" if b"\n" not in data and b"\r" in data else b"\n"


def _ends(data: bytes, line_break: bytes) -> np.ndarray:
    """Where records end in whole records: behind line breaks outside quotation marks."""
    text = np.frombuffer(data, np.uint8)
    breaks = text == ord(line_break)
    if QUOTE in data:
        breaks &= ~np.logical_xor.accumulate(text == QUOTE)
    return np.flatnonzero(breaks) + 1
