"""Files that were made to do harm, or might as well have been: one line each, whoever reads them."""

import gzip
import io
import os
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seg_utils import data
from seg_utils.core import parameters, paths
from seg_utils.core.errors import DataError, OtherSchemaError, ParameterError
from seg_utils.data.formats.container import LONGEST_LINE, check_lines
from seg_utils.data.streaming.batches import Batches

from .good_customers import good_customers

GOOD = good_customers(60, seed=2)
FEATURES = list(GOOD)[1:]
TEXT = GOOD.to_csv(index=False).encode()
HEADER = TEXT.partition(b"\n")[0]
MEGABYTES = 40 << 20


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def workbook(rows: bytes) -> bytes:
    """A workbook whose only sheet holds these rows, as XML."""
    stream, made = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(stream)
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with zipfile.ZipFile(stream) as good, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as broken:
        for one in good.infolist():
            is_sheet = one.filename == "xl/worksheets/sheet1.xml"
            broken.writestr(one.filename, start + rows + b"</sheetData></worksheet>" if is_sheet else good.read(one))
    return made.getvalue()


def parquet(columns: dict[str, pa.Array]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def alike(rows: int, ids: pa.Array) -> bytes:
    """Customers of whom one value stands for all."""
    return parquet({"CUST_ID": ids, **{name: pa.array(np.ones(rows, np.int8)) for name in FEATURES}})


HOSTILE = {
    "zeros in gzip": lambda: gzip.compress(bytes(MEGABYTES)),
    "an endless line in gzip": lambda: gzip.compress(TEXT + b"x" * MEGABYTES),
    "rows without end in gzip": lambda: gzip.compress(TEXT + b"1,2,3\n" * (MEGABYTES // 6)),
    "zeros in zip": lambda: zipped(a=bytes(MEGABYTES)),
    "a member called .": lambda: zipped(**{".": b"x"}),
    "an endless line": lambda: TEXT + b"x" * (2 * LONGEST_LINE),
    "an endless field": lambda: TEXT + b'"' + b"x\n" * LONGEST_LINE,
    "blank lines": lambda: TEXT + b"\n" * 2_000_000 + b"x\n",
    "short rows": lambda: TEXT + b"1\n" * 400_000,
    "a long header": lambda: b",".join(b"BALANCE_FREQUENCY%d" % i for i in range(50_000)) + b"\n1\n",
    "names alike": lambda: b",".join(b"BALANCE_FREQUENCY%d" % i for i in range(10_000)) + b"\n" + b"1," * 9999 + b"1\n",
    "a cell of spaces": lambda: TEXT + b"A,$" + b" " * 100_000 + b"x" + b",1" * 16 + b"\n",
    "texts for numbers": lambda: HEADER + b"\n" + b"\n".join(b"A%d" % i + b",x%d" % i * 17 for i in range(20_000)),
    "a row far below": lambda: workbook(b'<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>'),
    "cells far to the right": lambda: workbook(b'<row><c r="XFD1"><v>1</v></c></row>' * 4000),
    "rows of nothing": lambda: workbook(b"<row><c/></row>" * 2_000_000),
    "one long id": lambda: alike(600, pa.DictionaryArray.from_arrays(pa.array([0] * 600), pa.array(["x" * (1 << 20)]))),
    "rows that are alike": lambda: alike(3_000_000, pa.nulls(3_000_000, pa.string())),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_one_line(tmp_path, kind):
    path = tmp_path / "customers.csv"
    path.write_bytes(HOSTILE[kind]())
    for read in (data.load, lambda path: list(Batches(path, FEATURES))):
        with pytest.raises(DataError) as caught:
            read(path)
        schema = isinstance(caught.value, OtherSchemaError)  # whose answer is a screen
        assert all(line.isprintable() for line in (str(caught.value).split("\n") if schema else [str(caught.value)]))
        assert len(str(caught.value)) < 2000


def test_a_huge_file_is_refused_before_it_is_read_for_its_hash(tmp_path):
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as stream:
        stream.truncate(paths.MOST_BYTES + 1)  # takes no place on the disk
    with pytest.raises(ParameterError, match=f"DATA={huge} is larger than 4 GB"):
        parameters.parse([f"DATA={huge}"])


@pytest.mark.parametrize("kind", ["pipe", "/proc/kmsg", "/dev/zero", "/proc/self/mem"])
def test_what_is_no_regular_file_is_not_read(tmp_path, kind):
    path = tmp_path / "pipe" if kind == "pipe" else kind
    if kind == "pipe":
        os.mkfifo(path)
    for name in ("DATA", "COLUMNS"):
        with pytest.raises(ParameterError, match=f"{name}=.* is not a regular file"):
            parameters.parse([f"{name}={path}"])
    with pytest.raises(DataError, match="is not a regular file"):
        data.load(path)


def test_names_of_nobody_and_of_no_encoding_are_one_line(tmp_path):
    with pytest.raises(ParameterError, match=r"DATA=~nosuchuser/x\.csv does not exist"):
        parameters.parse(["DATA=~nosuchuser/x.csv"])
    with pytest.raises(ParameterError, match=r"'DATA=\\udcff.csv' is not UTF-8 text"):
        parameters.parse(["DATA=\udcff.csv"])
    with pytest.raises(ParameterError, match=r"DATA=.* cannot be read"):
        parameters.parse(["DATA=" + "x" * 300])


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_lines_as_long_as_allowed_are_no_endless_ones(end):
    line = b"x" * (LONGEST_LINE - len(end)) + end
    check_lines(line * 3)
    check_lines(b"short" + end + line * 2 + b"x" * LONGEST_LINE)
    with pytest.raises(DataError, match=f"from byte {len(line) + 1:,} on"):
        check_lines(line + b"x" * LONGEST_LINE + b"x" + end)
