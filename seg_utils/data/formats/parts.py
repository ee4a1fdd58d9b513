"""A customers table in several files, CSV or Parquet: read as the one file that they were cut from.

Parts count in the order of their names; rows are numbered through. Text is put together before it is read, under the
header of the first part, so that the delimiter, decimal signs and all else are judged as in one file.
"""

import codecs
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from seg_utils.core import paths
from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding
from seg_utils.data.formats import container, parquet
from seg_utils.data.formats.container import CHUNK_BYTES, HEAD_BYTES, Content
from seg_utils.data.formats.encoding import to_utf8
from seg_utils.data.wording import listing, show

Named = tuple[str, BinaryIO]  # a part's name and its bytes


def open_content(path: Path) -> Content:
    """Read a customers file, or all parts of one. Raises DataError: there is none; a part is damaged, no table this
    package reads, or has other columns than the first."""
    files = of(path)
    contents = [container.open_content(file) for file in files]
    if len(files) == 1:
        return contents[0]
    kinds = {content.kind: file.name for file, content in zip(files, contents, strict=True)}
    if len(kinds) > 1:
        raise DataError(f"its parts are of different kinds: {listing(kinds.values())}; give parts of one kind")
    findings: list[Finding] = []
    for content in contents:
        findings += [finding for finding in content.findings if finding not in findings]
    named = zip((file.name for file in files), contents, strict=True)
    if contents[0].kind == "text":
        texts = ((name, io.BytesIO(_plain(content.data))) for name, content in named)
        return Content("text", b"".join(joined(texts, CHUNK_BYTES)), tuple(findings))
    if contents[0].kind == "parquet":
        return Content("parquet", _joined_tables([(name, content.data) for name, content in named]), tuple(findings))
    raise DataError("its parts are workbooks; save them as CSV or Parquet")


def of(path: Path) -> list[Path]:
    """The files of a customers table. Raises DataError: there is none."""
    if isinstance(path, Path) and not paths.parts(path):
        container.check_file(path)
        raise DataError(f"{show(path)} holds no CSV or Parquet file")
    return paths.parts(path) if isinstance(path, Path) else [path]


def _plain(data: bytes) -> bytes:
    """Text without a byte-order mark and in single bytes; whether those are UTF-8 is judged in all parts together."""
    text, guessed = to_utf8(data)
    return data if guessed else text


def joined(opened: Iterable[Named], size: int) -> Iterator[bytes]:
    """The bytes of text tables under the first one's header, about ``size`` at a time. Raises DataError: a part begins
    with another line than the first, or its last line has no end although others' have."""
    header, first, before, ended = b"", "", "", True
    ends: dict[bool, str] = {}
    for name, stream in opened:
        block = stream.read(max(size, HEAD_BYTES)).removeprefix(codecs.BOM_UTF8)
        line, end, rest = block.partition(b"\n" if b"\n" in block else b"\r")
        line = line.rstrip(b"\r")
        if not first:
            header, first = line, name
        elif line != header:
            raise DataError(
                f"{first} and {name} begin with different lines ({show(header.decode('utf-8', 'replace'))} and "
                f"{show(line.decode('utf-8', 'replace'))}): all parts must have the same columns in the same order; "
                "take out what is no part, or name the parts by a glob"
            )
        else:
            ends[ended] = before
            block = rest if ended else end + rest
        if len(ends) > 1:
            raise DataError(
                f"the last line of {ends[False]} has no end, as if it was cut short; export that part again"
            )
        while block:
            before, ended = name, block[-1:] in b"\r\n"
            yield block
            block = stream.read(size)


def check_names(name: str, names: Sequence[str], first: str, expected: Sequence[str]) -> None:
    """Refuse a part whose columns are not those of the first one. Raises DataError: names what it lacks or has too
    many."""
    lacks, more = (sorted({*some} - {*other}) for some, other in ((expected, names), (names, expected)))
    if lacks or more:
        differs = [f"{word} {listing(columns)}" for word, columns in (("lacks", lacks), ("also has", more)) if columns]
        raise DataError(f"{name} {' and '.join(differs)}, unlike {first}: all parts must have the same columns")


def _joined_tables(named: list[tuple[str, bytes]]) -> pa.Table:
    tables: list[pa.Table] = []
    for name, data in named:
        try:
            tables.append(parquet.plain(parquet.opened(pa.BufferReader(data)).read()))
            check_names(name, tables[-1].column_names, named[0][0], tables[0].column_names)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise DataError(f"{name} is damaged ({type(error).__name__}); export it again") from None
    return concatenated(tables)


def concatenated(tables: list[pa.Table]) -> pa.Table:
    """Tables of the same columns as one; whole numbers in some and fractions in others are numbers. Raises DataError: a
    column holds numbers in one and something else in another."""
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException as error:
        raise DataError(
            f"a column is of another type in some parts ({error}); write all parts with one schema"
        ) from None


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    """The bytes of one file out of gzip or zip, and how they were packed."""
    try:
        with path.open("rb") as stream, container.unpacking(stream) as opened:
            yield opened
    except OSError as error:
        raise DataError(f"{show(path)} cannot be read: {error.strerror}") from None


def streams(files: Iterable[Path]) -> Iterator[Named]:
    """The parts' names and bytes, one open at a time."""
    for file in files:
        with unpacked(file) as (stream, _):
            yield file.name, stream
