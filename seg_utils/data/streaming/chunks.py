"""A customers file in pieces, so that a long one never has to be in memory whole.

Every piece is read by the very code that reads a whole file: it is given the header and the first rows of the file
again, so that it decides on delimiter, decimal sign and the like on the evidence that the first piece had.
"""

import gzip
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding
from seg_utils.data.formats import container, parquet
from seg_utils.data.formats.container import HEAD_BYTES, Unpacking, open_content
from seg_utils.data.formats.delimited import DelimitedText
from seg_utils.data.formats.parquet import ParquetTable
from seg_utils.data.formats.raw_table import Recognise, Source
from seg_utils.data.loading import SOURCES
from seg_utils.data.wording import show

ROWS = 25_000
"""Rows in a piece: a few megabytes of text, and of every array that is made of it."""

BYTES_A_ROW = 128
BUFFER_BYTES = 1 << 24
SHARED_ROWS = 1000
"""So many rows of the first piece stand before every other one, as evidence."""

LONGEST_RECORD = 1 << 25
"""A quotation mark that swallows so many bytes is not closed: the reader says where."""

QUOTE = ord('"')
WIDE = re.compile(rb"\A(\xff\xfe|\xfe\xff)|\0")
"""How UTF-16 and UTF-32 begin, or what every other byte of them is: read whole, as no line of theirs ends in a byte."""


@dataclass(frozen=True)
class Piece:
    """Some rows of a file; ``open`` makes them a table, in whichever thread wants it.

    ``shared`` of them, after ``header`` lines, are those of the first piece and only serve as evidence; ``before``
    other rows of the file stand above the rest.
    """

    open: Callable[[], Source]
    header: int
    shared: int
    before: int

    def place(self, rows: np.ndarray) -> np.ndarray:
        """Where rows (n,) of the piece stand in the file."""
        return np.where(self.is_shared(rows), rows, rows - self.shared + self.before)

    def is_shared(self, rows: np.ndarray) -> np.ndarray:
        """Which rows (n,) of the piece belong to the first one."""
        return rows <= self.header + self.shared

    def is_evidence(self, rows: np.ndarray) -> np.ndarray:
        """Which rows (n,) are those that every piece holds."""
        return rows <= self.header + (self.shared or SHARED_ROWS)


class Pieces(Protocol):
    """A file in pieces, in order. ``findings`` are those of its packing."""

    findings: tuple[Finding, ...]

    def __iter__(self) -> Iterator[Piece]: ...


def of(path: Path, recognise: Recognise, rows: int = ROWS) -> Pieces:
    """A customers file in pieces of about so many rows: text (also in gzip or zip) and Parquet; others in one piece.

    Raises:
        DataError: the file is missing, empty, damaged, or not a table this package reads.
    """
    container.check_file(path)
    if kind := _kind_of(path):
        return kind(path, recognise, rows)
    return OnePiece(path, recognise)


def _kind_of(path: Path) -> "type[TextPieces | ParquetPieces] | None":
    """What reads a file in pieces, if anything does."""
    with _opened(path) as (stream, packing):
        kind = _kind(stream.read(HEAD_BYTES))
    if kind == "text":
        return TextPieces
    return ParquetPieces if kind == "parquet" and not packing else None


def _kind(head: bytes) -> str:
    """What the first bytes of a file say it is; nothing where only all of it tells, or what is wrong with it."""
    try:
        kind = container.kind_of(head)
    except DataError:
        return ""
    return "" if kind == "text" and WIDE.search(head) else kind


class OnePiece:
    """A file that cannot be read in pieces."""

    def __init__(self, path: Path, recognise: Recognise) -> None:
        content = open_content(path)
        self.findings = content.findings
        self._source = SOURCES[content.kind](content.data, recognise)

    def __iter__(self) -> Iterator[Piece]:
        yield Piece(lambda: self._source, 0, 0, 0)


class ParquetPieces:
    """Batches of a Parquet file, each made a small Parquet file of its own."""

    findings = ()

    def __init__(self, path: Path, recognise: Recognise, rows: int) -> None:
        self._path, self._recognise, self._rows = path, recognise, rows

    def __iter__(self) -> Iterator[Piece]:
        evidence, before = None, 0
        for batch in self._batches():
            table = batch if evidence is None else pa.concat_tables([evidence, batch])
            yield Piece(partial(self._source, table), 0, 0 if evidence is None else len(evidence), before)
            evidence = batch.slice(0, SHARED_ROWS) if evidence is None else evidence
            before += len(batch)

    def _batches(self) -> Iterator[pa.Table]:
        try:
            with parquet.opened(self._path, buffer_size=BUFFER_BYTES) as file:
                if not file.metadata.num_rows:
                    yield file.read()
                for batch in file.iter_batches(self._rows, use_threads=False):
                    yield parquet.plain(pa.Table.from_batches([batch]))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise DataError(f"the Parquet file is damaged ({type(error).__name__}); export it again") from None

    def _source(self, table: pa.Table) -> ParquetTable:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="none", use_dictionary=False, write_statistics=False)
        return ParquetTable(sink.getvalue(), self._recognise)


class TextPieces:
    """Whole lines of a text table, under its header."""

    def __init__(self, path: Path, recognise: Recognise, rows: int) -> None:
        self._path, self._recognise, self._bytes = path, recognise, rows * BYTES_A_ROW
        with _opened(path) as (_, packing):
            self.findings = (container.unpacked(packing),) if packing else ()

    def __iter__(self) -> Iterator[Piece]:
        with _opened(self._path) as (stream, _):
            pieces = _whole_records(stream, self._bytes)
            first = next(pieces)
            source = DelimitedText(first, self._recognise)
            ends = _ends(first, _line_break(first))
            header = source.records_above
            yield Piece(lambda: source, header, 0, 0)
            before = len(ends) - header
            shared = min(before, SHARED_ROWS)
            for body in pieces:
                if len(ends) < header:
                    raise DataError("a quotation mark in or above the header is not closed; mend it or export again")
                evidence = first[: ends[header + shared - 1]] + body
                yield Piece(partial(DelimitedText, evidence, self._recognise), header, shared, before)
                before += len(_ends(body, _line_break(first)))


def _whole_records(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """The bytes of a stream, about ``size`` at a time, cut where a record ends."""
    rest, line_break = b"", b""
    while chunk := stream.read(size):
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


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    """The bytes of a file out of gzip or zip, and how they were packed."""
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
            packed = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            if magic.startswith(b"\x1f\x8b"):
                with gzip.GzipFile(fileobj=stream) as unpacked:
                    yield Unpacking(unpacked, packed), "gzip"
            elif magic == b"PK\x03\x04" and (member := _member(stream)):
                with zipfile.ZipFile(stream) as archive, archive.open(member) as unpacked:
                    yield Unpacking(unpacked, packed), f"zip ({show(member.filename)})"
            else:
                yield stream, ""
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DataError(f"the file cannot be read, or is damaged or cut short ({error}); export it again") from None


def _member(stream: BinaryIO) -> zipfile.ZipInfo | None:
    """The one table in a zip; none where it is a workbook or no table alone."""
    with zipfile.ZipFile(stream) as archive:
        if any(part in archive.namelist() for part in container.SPREADSHEET_PARTS):
            return None
        return container.only_member(archive)
