"""Files that a run leaves behind: written whole or not at all, and byte-identical for equal content."""

import csv
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # pandas costs half a second; checking that nothing changed must not pay it
    import pandas as pd

CHUNK_BYTES = 1 << 20
PART = ".part-"
"""Prefix of files that are being written; one that is still there was left by a killed run."""

NUMBERS = re.compile(r"\[\n\s+([-+\d.eE,\s]+?)\n\s+\]")
"""A list of numbers as JSON spreads it over lines; no text in JSON holds a line end."""

FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How text begins that a spreadsheet would run, whatever number of apostrophes already keeps it from doing so."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its place on success and vanishes on failure."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART, suffix=f"-{path.name}")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what a killed run left half-written in a folder. The caller holds the folder's lock."""
    for leftover in Path(folder).glob(f"{PART}*"):
        leftover.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    """Write JSON, a row of numbers on one line; floats keep every digit, NaN is refused (use ``None``)."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    rows_on_a_line = NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text)
    write_text(path, rows_on_a_line + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON artefact."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def write_csv(path: Path, frame: "pd.DataFrame") -> None:
    """Write a table without its index; floats keep every digit.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, which spreadsheets read as "this
    is text" (OWASP, CSV injection), and so does text that already has one there, so that ``=1`` and ``'=1`` stay
    different; all other text stays as it is. Parquet needs no such thing.
    """
    with replacing(path) as temporary:
        _to_csv(frame, temporary)


def csv_text(frame: "pd.DataFrame", *, header: bool = True) -> str:
    """What ``write_csv`` writes, as text; without the ``header`` where more rows follow earlier ones."""
    return _to_csv(frame, None, header=header)


def _to_csv(frame: "pd.DataFrame", target: Path | None, *, header: bool = True) -> str | None:
    texts = {name: _inert(column) for name, column in frame.items() if column.dtype.kind not in "biufcmM"}
    # the csv module leaves a lone carriage return bare, and readers take it for the end of a line
    broken = any(column.astype(str).str.contains("\r", regex=False).any() for column in texts.values())
    quoting = csv.QUOTE_NONNUMERIC if broken else csv.QUOTE_MINIMAL
    return frame.assign(**texts).to_csv(target, index=False, header=header, lineterminator="\n", quoting=quoting)


def _inert(column: "pd.Series") -> "pd.Series":
    risky = [isinstance(value, str) and FORMULA.match(value) is not None for value in column]
    return column.where([not is_risky for is_risky in risky], "'" + column.astype(str)) if any(risky) else column


def write_parquet(path: Path, frame: "pd.DataFrame") -> None:
    """Write a table without its index."""
    with replacing(path) as temporary:
        frame.to_parquet(temporary, index=False)


def sha256(path: Path) -> str:
    """Hex digest of a file's content."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
