"""Every format an analyst's file comes in gives the same customers; a damaged one is named."""

import gzip
import io
import zipfile
from contextlib import nullcontext
from datetime import datetime
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seg_utils.core import paths
from seg_utils.core.errors import DataError
from seg_utils.data.formats import header
from seg_utils.data.formats.container import FREE_BYTES, check_growth
from seg_utils.data.formats.encoding import to_utf8
from seg_utils.data.formats.parquet import ParquetTable

from .good_customers import rules, same


def csv(frame: pd.DataFrame, **options: object) -> str:
    return frame.to_csv(index=False, lineterminator="\n", **options)


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def xlsx(frame: pd.DataFrame, change=lambda book: None) -> bytes:
    stream = io.BytesIO()
    frame.to_excel(stream, index=False)
    book = openpyxl.load_workbook(stream)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream, index=False)
    return stream.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [0, 1])
def test_delimiters(read, good, good_text, delimiter, quoting):
    same(read(csv(good_text, sep=delimiter, quoting=quoting)), good)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_decimal_comma(read, good, good_text, delimiter):
    comma = good_text.map(lambda text: text.replace(".", ","))
    same(read(csv(comma, sep=delimiter)), good)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(read, good, good_text, encoding, end):
    same(read(csv(good_text).replace("\n", end).encode(encoding)), good)


def test_western_encoding_is_read_and_noted(read, good, good_text):
    named = good_text.assign(name="José")
    loaded = read(csv(named).encode("latin-1"))
    same(loaded, good)
    assert "encoding" in rules(loaded, "warning")


@pytest.mark.parametrize(
    ("named", "encoding", "read_as"),
    [
        ("Şanlıurfa, Çorum", "cp1254", "Windows-1254"), ("Guðrún Þórð", "cp1252", "Windows-1252"),
        ("Novotný", "cp1252", "Windows-1252"),
    ],
)  # fmt: skip
def test_turkish_letters_are_told_from_icelandic_ones(named, encoding, read_as):
    text, [finding] = to_utf8(f"id,city\n1,{named}\n".encode(encoding))
    assert named in text.decode("utf-8")
    assert finding.action == f"read as {read_as}"


def test_mixed_encodings_are_refused(read, good_text):
    text = csv(good_text.assign(name="é")).encode("utf-8").replace("é".encode(), b"\xe9", 1)
    with pytest.raises(DataError, match="mixes two encodings"):
        read(text)


def test_cut_utf16_is_refused(read, good_text):
    with pytest.raises(DataError, match=r"UTF-16 but is damaged at byte"):
        read(csv(good_text).encode("utf-16")[:-1])


def test_spaces_around_names_and_values(read, good, good_text):
    spaced = good_text.map(lambda text: f"  {text} ").rename(columns=lambda name: f" {name}  ")
    loaded = read(csv(spaced))
    same(loaded, good)
    assert "id_spaces" in rules(loaded)


def test_excels_separator_line_and_titles_above_the_header(read, good, good_text):
    same(read("sep=;\n" + csv(good_text, sep=";")), good)
    loaded = read("Customers of June,,\n\n" + csv(good_text))
    same(loaded, good)
    assert "preamble" in rules(loaded)


def test_a_header_of_unknown_names_is_the_first_row_that_holds_anything():
    blank = ["  ", ""]
    assert header.find([blank, [" Client", "Spend"], ["a", "b"]], lambda name: False) == (1, 0)
    assert header.find([blank], lambda name: False) == (0, 0)
    assert header.check([blank, ["Client", "Spend"]], 1, 2) == [], "nothing above it"


def test_blank_lines_and_empty_rows_are_skipped(read, good, good_text):
    same(read(csv(good_text).replace("\n", "\n\n")), good)
    loaded = read(csv(good_text) + "," * 17 + "\n")
    same(loaded, good)
    assert "blank_rows" in rules(loaded)


def test_trailing_delimiters(read, good, good_text):
    same(read(csv(good_text).replace("\n", ",\n")), good)


@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda data: zipped(customers=data), lambda data: zipped(**{"in/a folder.csv": data})]
)
def test_packed(read, good, good_text, pack):
    loaded = read(pack(csv(good_text).encode()), "customers.bin")
    same(loaded, good)
    assert "packing" in rules(loaded)


def test_zip_ignores_what_macos_leaves(read, good, good_text):
    same(read(zipped(**{"customers.csv": csv(good_text).encode(), "__MACOSX/._customers.csv": b"x"})), good)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (zipped(a=b"1", b=b"2"), r"holds 2 files \('a', 'b'\); pack the customers file alone"),
        (zipped(), "the zip file holds nothing"),
        (zipped(a=zipped(b=zipped(c=b"1"))), "packed more than twice|zip inside a zip"),
        (gzip.compress(b"CUST_ID,BALANCE\n" * 999)[:-20], "gzip file is damaged or cut short"),
        (zipped(a=b"1" * 9999)[:-30], "zip file is damaged"),
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\n  \n", "the file is empty"),
        (b"%PDF-1.4", "a PDF"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "old or password-protected Excel file"),
        (b"<html><table></table></html>", "a web page"),
        (b'[{"BALANCE": 1}]', "JSON"),
        (b"\x80\x04\x95", "pickle, which is never opened"),
        (b"PAR1" + b"\0" * 99, "Parquet file is damaged"),
        (b"Dear colleague\nplease find the file attached\n", "no table of columns"),
        (np.random.default_rng(1).integers(1, 256, 9000, dtype=np.uint8).tobytes(), "no text and no format"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,  # packed bytes hold the clock, and ids must not
)
def test_what_is_no_table_is_named(read, content, message):
    with pytest.raises(DataError, match=message):
        read(content)


@pytest.mark.parametrize(
    ("size", "packed", "refused"),
    [
        (FREE_BYTES, 1, ""), (FREE_BYTES + 1, 1, "over 100 times its size"), (100 * FREE_BYTES, FREE_BYTES, ""),
        (100 * FREE_BYTES + 1, FREE_BYTES, "over 100 times its size"), (paths.MOST_BYTES, paths.MOST_BYTES, ""),
        (paths.MOST_BYTES + 1, paths.MOST_BYTES, "unpacks to more than 4 GB"),
    ],
)  # fmt: skip
def test_a_packed_file_may_grow_as_tables_do_and_a_small_one_as_it_likes(size, packed, refused):
    with pytest.raises(DataError, match=refused) if refused else nullcontext():
        check_growth(size, packed)


def test_missing_path_and_folder(tmp_path, read):
    from seg_utils.data import load

    with pytest.raises(DataError, match="does not exist; give the path"):
        load(tmp_path / "none.csv")
    with pytest.raises(DataError, match="is a folder"):
        load(tmp_path)


@pytest.mark.parametrize("as_text", [False, True])
def test_excel(read, good, good_text, as_text):
    same(read(xlsx(good_text if as_text else good), "customers.xlsx"), good)


def test_excel_with_titles_another_sheet_and_numeric_ids(read, good):
    def change(book):
        book.create_sheet("notes")["A1"] = "made by hand"
        for row in range(2, len(good) + 2):
            book["Sheet1"].cell(row, 1).value = 10000.0 + row
        book["Sheet1"].insert_rows(1, 2)
        book["Sheet1"]["A1"] = "Customers"

    loaded = read(xlsx(good, change), "customers.xlsx")
    same(loaded, good.assign(CUST_ID=[str(10002 + i) for i in range(len(good))]))
    assert {"sheet", "preamble"} <= set(rules(loaded))


def set_cell(value):
    def change(book):
        book.active["B5"] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (set_cell("=C5+1"), r"formula without a stored result.*row 5 BALANCE '=C5\+1'"),
        (set_cell(datetime(2024, 5, 1)), "date, perhaps made by a spreadsheet.*row 5 BALANCE '2024-05-01"),
        (set_cell(True), "not a number.*row 5 BALANCE 'True'"),
        (set_cell("#DIV/0!"), "spreadsheet error"),
        (lambda book: book.copy_worksheet(book.active), "2 sheets look like customers"),
        (lambda book: book.active.delete_rows(1, 999), "no filled sheet"),
    ],
)
def test_excel_cells_that_are_no_numbers(read, good, change, message):
    with pytest.raises(DataError, match=message):
        read(xlsx(good, change), "customers.xlsx")


def test_damaged_excel(read, good):
    with pytest.raises(DataError, match="Excel file is damaged"):
        read(zipped(**{"xl/workbook.xml": b""}), "customers.xlsx")


def test_parquet_typed_text_categories_and_index(read, good, good_text):
    same(read(parquet(good), "customers.parquet"), good)
    same(read(parquet(good_text), "customers.parquet"), good)
    same(read(parquet(good_text.astype("category")), "customers.parquet"), good)
    stream = io.BytesIO()
    good.set_index("CUST_ID").to_parquet(stream)
    same(read(stream.getvalue(), "customers.parquet"), good)


def test_parquet_of_single_precision_gives_the_decimals_it_was_made_from(read, good):
    single = good.astype({name: "float32" for name in good if name.endswith("FREQUENCY")})
    same(read(parquet(single), "customers.parquet"), good)


@pytest.mark.parametrize("names", [["a.b", "c", "d"], ["a", "c", "a"], ["c", "a.b", "a"], ["a", "b", "c"]])
def test_columns_of_parquet_are_read_by_their_place_whatever_they_are_called(names):
    columns = [pa.array([float(place), 9.5]) for place in range(3)]
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=names), stream)
    raw = ParquetTable(stream.getvalue(), lambda name: False).read([0, 2], [1])
    assert {place: column.numbers[0].as_py() for place, column in raw.columns.items() if column.numbers} == {0: 0, 2: 2}
    assert raw.columns[1].texts[0].as_py() in ("1", "1.0")


def test_parquet_without_names_or_with_dates(read, good):
    with pytest.raises(DataError, match="no column names"):
        read(parquet(good.set_axis([str(i) for i in range(18)], axis=1)), "customers.parquet")
    with pytest.raises(DataError, match="a date"):
        read(parquet(good.assign(BALANCE=pd.Timestamp("2024-01-01"))), "customers.parquet")


def test_spaces_between_delimiters_and_quotation_marks(read, good, good_text):
    rows = [good_text.columns.tolist(), *good_text.to_numpy().tolist()]
    same(read("\n".join("; ".join(f'"{cell}"' for cell in row) for row in rows) + "\n"), good)


def test_row_names_without_a_name(read, good_text):
    header, *lines = csv(good_text).splitlines()
    rows = [header, *(f"{i},{line}" for i, line in enumerate(lines, 1))]
    with pytest.raises(
        DataError, match="header names 18 columns and every row has one field more: add the missing name"
    ):
        read("\n".join(rows) + "\n")


def table(good: pd.DataFrame, **columns: object) -> bytes:
    """Parquet with some columns replaced."""
    stream, written = io.BytesIO(), pa.Table.from_pandas(good, preserve_index=False)
    for name, values in columns.items():
        written = written.set_column(written.schema.get_field_index(name), name, values)
    pq.write_table(written, stream, row_group_size=70)
    return stream.getvalue()


def test_parquet_of_many_types(read, good):
    decimals = pa.array([None if pd.isna(v) else Decimal(str(v)) for v in good["MINIMUM_PAYMENTS"].tolist()])
    kinds = {
        "BALANCE": pa.array(good["BALANCE"]).dictionary_encode(),
        "PURCHASES": pa.array(good["PURCHASES"].astype(str)).cast(pa.string_view()),
        "TENURE": pa.array(good["TENURE"]).cast(pa.uint8()),
        "MINIMUM_PAYMENTS": decimals,
        "CUST_ID": pa.array(good["CUST_ID"]).cast(pa.binary()),
    }
    same(read(table(good, **kinds), "customers.parquet"), good)
    same(read(parquet(good.convert_dtypes(dtype_backend="pyarrow")), "customers.parquet"), good)


@pytest.mark.parametrize("nested", [lambda v: [v], lambda v: {"amount": v}])
def test_parquet_of_nested_values_is_refused(read, good, nested):
    with pytest.raises(DataError, match=r"column 'BALANCE' holds nested values \(.*double.*\); save it with one value"):
        read(table(good, BALANCE=pa.array([nested(v) for v in good["BALANCE"].tolist()])), "customers.parquet")


def test_parquet_without_row_groups(read, good):
    stream = io.BytesIO()
    pq.ParquetWriter(stream, pa.Table.from_pandas(good, preserve_index=False).schema).close()
    with pytest.raises(DataError, match="a header but no rows"):
        read(stream.getvalue(), "customers.parquet")


def test_excel_with_a_title_a_source_line_and_currency_as_text(read, good, good_text):
    spelt = good_text.assign(BALANCE=[f"${float(text):,.6f}" for text in good_text["BALANCE"]])

    def change(book):
        book.active.insert_rows(1, 2)
        book.active["A1"] = "Customers of June"
        book.active.append(["Source: warehouse"])

    with pytest.raises(DataError, match=r"no value in any feature\): row 304 'Source: warehouse'"):
        read(xlsx(spelt, change), "customers.xlsx")
    same(read(xlsx(spelt, change), "customers.xlsx", bad_rows="drop"), good)
