"""Bytes of a text file to UTF-8: byte-order marks, UTF-16, and the Windows encodings of Western Europe and Turkey."""

import codecs

from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
HEAD_BYTES = 4096
CONTROLS = bytes([*range(1, 9), *range(14, 32), 127])
MOST_CONTROLS = 0.02  # more characters than this share that no text has are none
ZEROS_OF_UTF16 = 0.7  # every other byte of Western text in UTF-16 is zero; in a damaged file hardly any is

# Where the Windows of Turkey has ğ, ı, ş and İ, that of Western Europe has letters of Iceland, whose texts have others,
# too, that no Turkish one has: á, æ, í, ó, ú. One of them alone is in a Czech name.
TURKISH = {*"ĞİŞğış".encode("cp1254")}
NOT_TURKISH = {*"ÁÆÍÓÚáæíóú".encode("cp1252")}


def to_utf8(data: bytes) -> tuple[bytes, list[Finding]]:
    """The same text in UTF-8 without a byte-order mark, and a finding where the encoding had to be guessed. Raises
    DataError: the bytes are no text in any encoding tried, or mix two encodings."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return _recoded(data[len(mark) :], name), []
    if name := _unmarked_utf16(data):
        return _recoded(data, name), []
    if data.isascii():
        return data, []
    try:
        data.decode("utf-8")
        return data, []
    except UnicodeDecodeError as error:
        return _western(data, error)


def _recoded(data: bytes, name: str) -> bytes:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        shown = name.removesuffix("-le").removesuffix("-be").upper()
        raise DataError(
            f"the file says it is {shown} but is damaged at byte {error.start:,}; export it again"
        ) from None
    return data if name == "utf-8" else text.encode("utf-8", "strict")


def _unmarked_utf16(data: bytes) -> str:
    head = data[:HEAD_BYTES]
    half = len(head) // 2
    if not half:
        return ""
    if head[1::2].count(0) >= ZEROS_OF_UTF16 * half and not head[0::2].count(0):
        return "utf-16-le"
    if head[0::2].count(0) >= ZEROS_OF_UTF16 * half and not head[1::2].count(0):
        return "utf-16-be"
    return ""


def _western(data: bytes, error: UnicodeDecodeError) -> tuple[bytes, list[Finding]]:
    head = data[:HEAD_BYTES]
    if len(head.translate(None, CONTROLS)) < (1 - MOST_CONTROLS) * len(head):
        raise DataError("this is no text and no format that is known here; give CSV, .xlsx or Parquet")
    line = data.count(b"\n", 0, error.start) + 1
    if not data.decode("utf-8", "ignore").isascii():
        raise DataError(
            f"line {line:,} is not UTF-8 although other lines are: the file mixes two encodings; export it as UTF-8"
        )
    turkish = len(TURKISH & {*data}) > 1 and not NOT_TURKISH & {*data}
    try:
        text, name = (data.decode("cp1254"), "Windows-1254") if turkish else (data.decode("cp1252"), "Windows-1252")
    except UnicodeDecodeError:
        text, name = data.decode("latin-1"), "Latin-1"
    words = {"encoding": name, "line": line}
    return text.encode("utf-8"), [Finding("warning", "encoding", count=1, action=f"read as {name}", parameters=words)]
