"""Where the project's own files are. No side effects: nothing is created or read here."""

import os
import stat
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


def _catalogue(path: Path) -> Path:
    """A catalogue that analysts edit, or its namesake in the folder ``SEG_CATALOGUES``: tests have their own."""
    folder = os.environ.get("SEG_CATALOGUES")
    return Path(folder, path.name) if folder else path


DICTIONARY = _catalogue(PROJECT / "data" / "dictionary.yml")
PERSONAS = _catalogue(REPORT / "personas.yml")
ECONOMICS = _catalogue(REPORT / "economics.yml")

DEVICES = ("/proc/", "/sys/", "/dev/")
"""Where things look like files that are none: reading them may wait for ever."""


MOST_BYTES = 4 << 30
"""No file that is read here needs more; said before a huge one is read, were it only for its hash."""


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
