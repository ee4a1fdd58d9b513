"""Where the project's own files are, and which files a path stands for. Nothing is created here, no content read."""

import glob
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from seg_utils.core.errors import RenderError

PROJECT = Path(__file__).resolve().parents[2]

NOTEBOOKS = PROJECT / "notebooks"
REPORT = PROJECT / "report"
SAMPLE = PROJECT / "data" / "sample" / "customers.csv"
RAW = PROJECT / "data" / "raw"
THEME = REPORT / "theme"
TEXTS = REPORT / "text"
OUTPUTS = PROJECT / "outputs"
PRESETS = PROJECT / "presets"
CLAIMS = PROJECT / "data" / "claims.yml"
COLUMNS = REPORT / "columns.yml"
DOCS = PROJECT / "docs"


# What analysts edit, by the parameter that puts a file of their own in its place
CATALOGUES = {
    "DICTIONARY": PROJECT / "data" / "dictionary.yml",
    "PERSONAS": REPORT / "personas.yml",
    "ECONOMICS": REPORT / "economics.yml",
}

DEVICES = ("/proc/", "/sys/", "/dev/")  # where things look like files that are none: reading them may wait for ever
MOST_BYTES = 4 << 30  # no file that is read here needs more; said before a huge one is read, were it only for its hash
HASH_LENGTH = 6


def catalogue(name: str) -> Path:
    """The file of ``CATALOGUES`` that is in force: the one that the environment names (``SEG_DICTIONARY``), or the
    project's own; of that its namesake in the folder ``SEG_CATALOGUES``, where tests have theirs."""
    if is_own(name):
        return PROJECT / os.environ[_variable(name)]
    folder = os.environ.get("SEG_CATALOGUES")
    return Path(folder, CATALOGUES[name].name) if folder else CATALOGUES[name]


def is_own(name: str) -> bool:
    """Whether another file stands in the place of the project's own catalogue."""
    return bool(os.environ.get(_variable(name)))


@contextmanager
def in_force(**files: Path | None) -> Iterator[None]:
    """Put files in the place of the project's catalogues, for this process and the kernels and workers it starts.

    Args:
        files: by name in ``CATALOGUES``; None leaves what is in force.
    """
    given = {_variable(name): str(path.resolve()) for name, path in files.items() if path is not None}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _variable(name: str) -> str:
    return f"SEG_{name}"


def problem(path: Path) -> str | None:
    """Why a path is no file to read, or None."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "does not exist"
    except (OSError, ValueError) as error:  # a name that is too long, or holds a NUL byte
        return f"cannot be read ({getattr(error, 'strerror', None) or error})"
    if stat.S_ISDIR(status.st_mode):
        return "is a folder, not a file"
    if not stat.S_ISREG(status.st_mode) or str(path.resolve()).startswith(DEVICES):
        return "is not a regular file"
    if status.st_size > MOST_BYTES:
        return f"is larger than {MOST_BYTES >> 30} GB"
    return None


def shown(path: Path) -> str:
    """A path as it may be typed here."""
    path, current = path.resolve(), Path.cwd()
    return str(path.relative_to(current)) if path.is_relative_to(current) else str(path)


# How names of parts of a customers table end, also with ``.gz`` behind it
PART_ENDINGS = (".csv", ".tsv", ".txt", ".parquet")

COMPRESSED = (".gz", ".zip")  # endings behind a table's own


def parts(path: Path) -> list[Path]:
    """The files that a path stands for: itself, those in a folder or those a glob matches, in the order of their names.

    Nothing where there is no such file. In a folder, names that begin with a dot or an underscore are of what wrote it.
    """
    path = Path(path)
    if os.path.isdir(path):
        inside = (entry for entry in path.iterdir() if not entry.name.startswith((".", "_")))
        return sorted(inside, key=lambda entry: entry.name)
    if _is_named(path):
        return [path] if os.path.exists(path) else []
    return sorted(map(Path, glob.glob(str(path))))


def _is_named(path: Path) -> bool:
    """Whether a path names a file itself and is no glob. (Unlike pathlib's, these tests of a path never raise.)"""
    return os.path.exists(path) or not glob.has_magic(str(path))


def parts_problem(path: Path) -> str | None:
    """Why a path is no file, folder or glob of files to read, or None."""
    if not os.path.isdir(path) and _is_named(path):
        return problem(path)
    inside = parts(path)
    if not inside:
        return "is a folder with no CSV or Parquet file in it" if os.path.isdir(path) else "matches no file"
    for part in inside:
        if not part.name.lower().removesuffix(".gz").endswith(PART_ENDINGS):
            return f"takes in {part.name}, which is no CSV or Parquet file by its name; name the parts by a glob"
        if reason := problem(part):
            return f"takes in {part.name}, which {reason}"
    endings = [part.name.lower().removesuffix(".gz").rpartition(".")[2] for part in inside]
    usual = max(endings, key=lambda ending: (endings.count(ending), ending != "txt"))
    for part, ending in zip(inside, endings, strict=True):
        if ending != usual:
            return f"takes in {part.name} beside parts that end in .{usual}; name the parts by a glob"
    return None


def stem_of(path: Path) -> str:
    """What a table is called: its file's or folder's name without the ending, also that of a table that is compressed;
    the folder's where a glob names none."""
    if os.path.isdir(path):
        return path.name
    if os.path.exists(path) or not glob.has_magic(path.name):
        inner = path.with_suffix("")
        within = path.suffix.lower() in COMPRESSED and inner.suffix.lower() in (*PART_ENDINGS, ".xlsx")
        return inner.stem if within else path.stem
    return next(folder.name for folder in path.parents if not glob.has_magic(folder.name))


def slug(name: str) -> str:
    """Lower case, every run of characters other than a-z and 0-9 one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def short_hash(text: str) -> str:
    """A few letters that tell a text from others."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogateescape")).hexdigest()[:HASH_LENGTH]


def home_of(text: str) -> Path:
    """The path that a text names, ``~`` being somebody's home folder if there is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody is called so: then it is an ordinary letter
        return Path(text)


def package_folder(name: str) -> Path:
    """The folder of an installed package, found without importing it. Raises RenderError: it is not installed."""
    package = find_spec(name)
    if package is None or not package.submodule_search_locations:
        raise RenderError(f"the package {name} is not installed; run `make env`")
    return Path(package.submodule_search_locations[0])
