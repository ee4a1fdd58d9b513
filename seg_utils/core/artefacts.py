"""Files that a run leaves behind: written whole or not at all, byte-identical for equal content; and with what versions
they were made."""

import csv
import errno
import hashlib
import json
import os
import platform
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seg_utils.core.errors import OrderError
from seg_utils.core.paths import parts

if TYPE_CHECKING:  # pandas costs half a second; checking that nothing changed must not pay it
    import pandas as pd

PART = ".part-"  # prefix of files that are being written; one that is still there was left by a killed run

# A list of numbers as JSON spreads it over lines; no text in JSON holds a line end
NUMBERS = re.compile(r"\[\n\s+([-+\d.eE,\s]+?)\n\s+\]")

# How text begins that a spreadsheet would run, whatever number of apostrophes already keeps it from doing so
FORMULA = re.compile(r"'*[=+\-@\t\r]")


# Packages whose version can change a figure or a page
PACKAGES = (
    "font-source-sans-pro", "kneed", "matplotlib", "nbconvert", "numpy", "openpyxl", "pandas", "pyarrow",
    "pypandoc_binary", "python-pptx", "scikit-learn", "scipy", "seaborn", "typst", "xlsxwriter",
)  # fmt: skip


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its place on success and vanishes on failure.

    Raises:
        OSError: it cannot be written; the error names the file.
    """
    path = Path(path)
    make_folder(path.parent)
    temporary = _beside(path)
    try:
        with named(path):
            create(temporary)
            yield temporary
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Give an error of the operating system that names no file, such as that of a full disk, this one.

    Raises:
        OSError: what happened inside, with a file's name.
    """
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            raise OSError(error.errno, os.strerror(error.errno), str(path)) from None
        raise


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder beside ``folder`` that takes its place on success and vanishes on failure.

    Raises:
        OSError: it cannot be written; the error names the folder.
    """
    temporary = _beside(folder)
    make_folder(temporary)
    try:
        with named(folder):
            yield temporary
            shutil.rmtree(folder, ignore_errors=True)
            temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _beside(path: Path) -> Path:
    """Where what is to take this place is written meanwhile; the name tells ``sweep`` which process does."""
    return path.with_name(f"{PART}{os.getpid()}-{secrets.token_hex(4)}-{path.name}")


def create(path: Path) -> None:
    """Make an empty file that nobody can read whom the umask or the permissions of its folder keep out; a
    FileExistsError where there is one. What is written into it later, by whatever library, keeps these permissions."""
    allowed = path.parent.stat().st_mode & 0o666
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, allowed))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each as closed to others as the one it is made in, and as the umask says.

    Raises:
        OSError: it cannot be made, or a file stands in its place.
    """
    folder = Path(folder)
    if folder.is_dir():
        return
    if folder.exists() and not folder.is_dir():  # another run may have made it just now
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if folder.parent != folder:
        make_folder(folder.parent)
    folder.mkdir(mode=folder.parent.stat().st_mode & 0o777, exist_ok=True)


def sweep(folders: Iterable[Path]) -> None:
    """Remove what killed runs left half-written, where this user may; what a run that is alive is writing stays.

    The caller holds the folders, but another run may still be writing a copy that nothing depends on.
    """
    for leftover in (path for folder in folders for path in Path(folder).glob(f"{PART}*")):
        writer = leftover.name.removeprefix(PART).partition("-")[0]
        if writer.isdecimal() and _is_alive(int(writer)):
            continue
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            with suppress(OSError):
                leftover.unlink()


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    """Write JSON, a row of numbers on one line; floats keep every digit, NaN is refused (use ``None``)."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    rows_on_a_line = NUMBERS.sub(lambda match: f"[{' '.join(match[1].split())}]", text)
    write_text(path, rows_on_a_line + "\n")


def needed(path: Path, notebook: str) -> Path:
    """The path of an artefact that another notebook writes.

    Raises:
        OrderError: it is not there yet; the message names the notebook to run first.
    """
    if not Path(path).exists():
        raise OrderError(
            f"{path} is not there yet: run {notebook}.ipynb first, or make report, which runs all in order"
        )
    return Path(path)


def read_json(path: Path) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))


def read_notes(path: Path) -> dict[str, Any]:
    """Read a JSON object that is made anew when it is lost: empty where there is none or it is damaged."""
    try:
        notes = read_json(path)
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return {}
    return notes if isinstance(notes, dict) else {}


def write_csv(path: Path, frame: "pd.DataFrame") -> None:
    """Write a table without its index; floats keep every digit.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, which spreadsheets read as "this
    is text" (OWASP, CSV injection), and so does text that already has one there, so that ``=1`` and ``'=1`` stay
    different; all other text stays as it is. Parquet needs no such thing.
    """
    with replacing(path) as temporary:
        _to_csv(frame, temporary)


def read_csv(path: Path, columns: Iterable[str], text: Iterable[str], *, rows: int | None = None) -> "pd.DataFrame":
    """Columns without missing values of a table that ``write_csv`` wrote; those of ``text`` are what they were, also
    where they look like numbers, nothing or formulas. The first ``rows`` alone, where given.

    Raises:
        ValueError: the table lacks a column.
    """
    import pandas as pd

    texts = dict.fromkeys(text, "str")
    frame = pd.read_csv(path, usecols=[*columns, *texts], dtype=texts, keep_default_na=False, nrows=rows)
    for name in texts:
        marked = frame[name].str.startswith("'") & frame[name].str.match(FORMULA)
        frame[name] = frame[name].where(~marked, frame[name].str[1:])
    return frame


def csv_text(frame: "pd.DataFrame", *, header: bool = True) -> str:
    """What ``write_csv`` writes, as text; without the ``header`` where more rows follow earlier ones."""
    return _to_csv(frame, None, header=header)


def _to_csv(frame: "pd.DataFrame", target: Path | None, *, header: bool = True) -> str | None:
    texts = {name: _inert(column) for name, column in frame.items() if column.dtype.kind not in "biufcmM"}
    # the csv module leaves a lone carriage return bare, and readers take it for the end of a line
    broken = any(column.astype(str).str.contains("\r", regex=False).any() for column in texts.values())
    quoting = csv.QUOTE_NONNUMERIC if broken else csv.QUOTE_MINIMAL
    written = frame.assign(**texts).rename(columns=lambda name: f"'{name}" if FORMULA.match(str(name)) else name)
    return written.to_csv(target, index=False, header=header, lineterminator="\n", quoting=quoting)


def _inert(column: "pd.Series") -> "pd.Series":
    risky = [isinstance(value, str) and FORMULA.match(value) is not None for value in column]
    return column.where([not is_risky for is_risky in risky], "'" + column.astype(str)) if any(risky) else column


def write_parquet(path: Path, frame: "pd.DataFrame") -> None:
    """Write a table without its index."""
    with replacing(path) as temporary:
        frame.to_parquet(temporary, index=False)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # another user's
        return True
    return True


def sha256(path: Path) -> str:
    """Hex digest of a file's content; of parts, of their digests in order."""
    files = parts(path)
    if len(files) > 1:
        return hashlib.sha256(" ".join(map(sha256, files)).encode()).hexdigest()
    with (files[0] if files else Path(path)).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Python's version and that of every package that can change a result."""
    return {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
