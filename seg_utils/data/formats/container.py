"""What kind of file this is, judged by its content, and its bytes taken out of gzip or zip."""

import gzip
import io
import mmap
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyarrow as pa

from seg_utils.core import paths
from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding
from seg_utils.data.wording import listing, show

# From so many bytes on, a packed file may grow to so many times its size: tables grow to a tenth of that
MAX_GROWTH, FREE_BYTES = 100, 16 << 20

LONGEST_LINE = 1 << 20  # as many bytes as the columns of a spreadsheet fill three times over
CHUNK_BYTES = 1 << 20
HEAD_BYTES = 4096
BINARY = (b"PAR1", b"PK", b"\x1f\x8b")  # how files begin whose bytes are no lines
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
BLANK = b"\0 \t\r\n\xef\xbb\xbf"

WORKBOOK = "xl/workbook.xml"  # the part of a zip that makes it one
FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Excel file; save it as .xlsx without a password"),
    (b"%PDF", "a PDF; export the table as CSV or .xlsx"),
    (b"BZh", "compressed with bzip2; unpack it, or use gzip or zip"),
    (b"\xfd7zXZ", "compressed with xz; unpack it, or use gzip or zip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it, or use gzip or zip"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it, or use gzip or zip"),
    (b"Rar!", "a RAR archive; unpack it, or use gzip or zip"),
    (b"SQLite format 3", "a SQLite database; export the table as CSV"),
    (b"\x80\x04", "a Python pickle, which is never opened; save it as CSV or Parquet"),
    (b"\x80\x05", "a Python pickle, which is never opened; save it as CSV or Parquet"),
    (b"ARROW1", "a Feather file; save it as Parquet or CSV"),
    (b"\x89PNG", "a picture; export the table as CSV or .xlsx"),
    (b"\xff\xd8\xff", "a picture; export the table as CSV or .xlsx"),
)
MARKUP = (
    (b"<!doctype", "a web page; some systems call that .xls: open it in a spreadsheet and save it as .xlsx or CSV"),
    (b"<html", "a web page; some systems call that .xls: open it in a spreadsheet and save it as .xlsx or CSV"),
    (b"<table", "a web page; some systems call that .xls: open it in a spreadsheet and save it as .xlsx or CSV"),
    (b"<?xml", "XML; open it in a spreadsheet and save it as .xlsx or CSV"),
    (b"{", "JSON; save the table as CSV or Parquet"),
    (b"[", "JSON; save the table as CSV or Parquet"),
)


@dataclass(frozen=True)
class Content:
    """The bytes of a table and their kind: ``text``, ``xlsx`` or ``parquet``; Parquet parts are a table already."""

    kind: str
    data: bytes | pa.Table
    findings: tuple[Finding, ...] = ()


def open_content(path: Path) -> Content:
    """Read a file and take it out of gzip or zip. Raises DataError: the file is missing, empty, damaged, or not a table
    this package reads."""
    check_file(path)
    try:
        check_lines_of(path)
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{show(path)} cannot be read: {error.strerror}") from None
    findings: list[Finding] = []
    for _ in range(2):  # a .csv.gz inside a .zip is common; anything deeper is not a customers file
        with unpacking(io.BytesIO(data)) as (stream, packing):
            if not packing:
                break
            data = _read_whole(stream)
        findings.append(packing_finding(packing))
    return Content(kind_of(data), data, tuple(findings))


def packing_finding(packing: str) -> Finding:
    """That a file was taken out of gzip or zip."""
    return Finding("info", "packing", action="unpacked", parameters={"packing": packing})


def check_file(path: Path) -> None:
    """Refuse what is no file to read. Raises DataError: the path is a folder, a pipe or the like, there is nothing, or
    it is far too large."""
    if not isinstance(path, Path):
        return  # bytes in memory
    if problem := paths.problem(path):
        raise DataError(f"{show(path)} {problem}; give the path of a customers file (CSV, .xlsx or Parquet)")


def check_lines_of(path: Path) -> None:
    """Refuse a text file with an endless line before it is in memory. Raises DataError: a line is longer than
    ``LONGEST_LINE``."""
    with path.open("rb") as stream:
        if not isinstance(path, Path) or stream.read(4).startswith(BINARY) or not stream.tell():
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            check_lines(data)


def check_lines(data: bytes | bytearray | mmap.mmap, start: int = 0) -> int:
    """Refuse an endless line (longer than ``LONGEST_LINE``) by a DataError; a look every so many bytes is enough. Gives
    back where the last line begins, from where one may go on when there is more."""
    while len(data) - start > LONGEST_LINE:
        window = start, start + LONGEST_LINE
        end = data.rfind(b"\n", *window)
        end = end if end >= 0 else data.rfind(b"\r", *window)
        if end < 0:
            raise DataError(
                f"a line is longer than {LONGEST_LINE >> 20} MB (from byte {start + 1:,} on), so this is no table; "
                "export it again"
            )
        start = end + 1
    return start


class Unpacking:
    """A stream of what a packed file grows to, which stops where that is no table."""

    def __init__(self, stream: BinaryIO, packed: int) -> None:
        self._stream, self._packed, self._count = stream, packed, 0

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``. Raises DataError: there are more than a table of this size packed has."""
        chunk = self._stream.read(size)
        self._count += len(chunk)
        check_growth(self._count, self._packed)
        return chunk


def _read_whole(stream: BinaryIO) -> bytes:
    """All bytes of what a packed file grows to."""
    out, begun = bytearray(), 0
    while chunk := stream.read(CHUNK_BYTES):
        out += chunk
        if not out.startswith(BINARY):
            begun = check_lines(out, begun)
    return bytes(out)


def kind_of(data: bytes) -> str:
    """``text``, ``xlsx`` or ``parquet``, by the bytes of a file or, but for workbooks, its first few. Raises DataError:
    none of these; the message says what it is and what to do."""
    if not data[:HEAD_BYTES].strip(BLANK) and not data.strip(BLANK):
        raise DataError("the file is empty; export the customers again, with a header row")
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"PK\x03\x04"):
        if WORKBOOK in zipfile.ZipFile(io.BytesIO(data)).namelist():
            return "xlsx"
        raise DataError("the file is a zip inside a zip; give the table itself, packed once at most")
    if data.startswith(b"\x1f\x8b"):
        raise DataError("the file is packed more than twice; give the table itself, packed once at most")
    for magic, what in FOREIGN:
        if data.startswith(magic):
            raise DataError(f"the file is {what}")
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, what in MARKUP:
        if head.startswith(magic):
            raise DataError(f"the file is {what}")
    return "text"


@contextmanager
def unpacking(stream: BinaryIO) -> Iterator[tuple[BinaryIO, str]]:
    """A stream taken out of gzip or zip, and how it was packed; a workbook, or what is not packed, as it is. Raises
    DataError: it is damaged, or a zip that is no customers file alone."""
    magic = stream.read(4)
    packed = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    kind = "gzip" if magic.startswith(b"\x1f\x8b") else "zip" if magic in ZIP else "customers"
    try:
        if kind == "gzip":
            with gzip.GzipFile(fileobj=stream) as content:
                yield Unpacking(content, packed), kind
        elif kind == "zip":
            with zipfile.ZipFile(stream) as archive:
                if (member := _only_member(archive, packed)) is not None:
                    with archive.open(member) as content:
                        yield Unpacking(content, packed), f"zip ({show(member.filename)})"
                    return
            stream.seek(0)
            yield stream, ""
        else:
            yield stream, ""
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise DataError(
            f"the {kind} file is damaged or cut short, or cannot be unpacked ({error}); copy or export it again"
        ) from None


def _only_member(archive: zipfile.ZipFile, packed: int) -> zipfile.ZipInfo | None:
    """The one file in an archive of so many bytes, but for what operating systems leave there; None in a workbook.
    Raises DataError: there is none, there are several, it asks for a password, or it is a spreadsheet of another
    make."""
    names = archive.namelist()
    if WORKBOOK in names:
        check_growth(sum(info.file_size for info in archive.infolist()), packed)
        return None
    if "content.xml" in names and "mimetype" in names:
        raise DataError("the file is an OpenDocument spreadsheet; save it as .xlsx or CSV")
    if "xl/workbook.bin" in names:
        raise DataError("the file is a binary Excel workbook (.xlsb); save it as .xlsx or CSV")
    members = [info for info in archive.infolist() if not info.is_dir() and not _litter(info.filename)]
    if not members:
        raise DataError("the zip file holds nothing; pack one customers file")
    if len(members) > 1:
        inside = listing(info.filename for info in members)
        raise DataError(f"the zip file holds {len(members)} files ({inside}); pack the customers file alone")
    if members[0].flag_bits & 1:
        raise DataError("the zip file asks for a password; unpack it first")
    return members[0]


def _litter(name: str) -> bool:
    """Files that macOS and Windows leave in archives."""
    path = PurePosixPath(name)
    return path.parts[:1] == ("__MACOSX",) or path.name in {".DS_Store", "Thumbs.db", "desktop.ini"}


def check_growth(size: int, packed: int) -> None:
    """Refuse what unpacks to far more than a table does. Raises DataError: ``size`` bytes are too many, or too many for
    ``packed`` ones."""
    if size > paths.MOST_BYTES:
        raise DataError(f"the file unpacks to more than {paths.MOST_BYTES >> 30} GB, which no customers file needs")
    if size > max(MAX_GROWTH * packed, FREE_BYTES):
        raise DataError(
            f"the file unpacks to {size >> 20:,} MB or more, over {MAX_GROWTH} times its size, which no table does"
        )
