"""Where the project's own files are. No side effects: nothing is created or read here."""

import os
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
DOCS = PROJECT / "docs"


CATALOGUES = {
    "DICTIONARY": PROJECT / "data" / "dictionary.yml",
    "PERSONAS": REPORT / "personas.yml",
    "ECONOMICS": REPORT / "economics.yml",
}
"""What analysts edit, by the parameter that puts a file of their own in its place."""

DEVICES = ("/proc/", "/sys/", "/dev/")
"""Where things look like files that are none: reading them may wait for ever."""


MOST_BYTES = 4 << 30
"""No file that is read here needs more; said before a huge one is read, were it only for its hash."""


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
    path, here = path.resolve(), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def home_of(text: str) -> Path:
    """The path that a text names, ``~`` being somebody's home folder if there is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody is called so: then it is an ordinary letter
        return Path(text)


def package_folder(name: str) -> Path:
    """The folder of an installed package, found without importing it.

    Raises:
        RenderError: it is not installed.
    """
    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise RenderError(f"the package {name} is not installed; run `make env`")
    return Path(found.submodule_search_locations[0])
