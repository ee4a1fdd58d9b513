"""What ``make claims`` does: find the public file, measure, write the page and the table."""

from collections.abc import Callable, Iterable
from pathlib import Path

from seg_utils import data
from seg_utils.claims import catalogue, ledger
from seg_utils.core import parameters, paths
from seg_utils.core.errors import ParameterError
from seg_utils.data import fetch

TAKES = ("DATA",)


def run(words: Iterable[str], tell: Callable[[str], None], folder: Path = paths.DOCS) -> list[Path]:
    """Measure every claim and write ``claims.csv`` and ``claims.md`` into a folder; returns their paths.

    Args:
        words: ``NAME=value``; DATA alone may be given, since methods and seeds are those of the catalogue.

    Raises:
        UserError: another parameter is given, or the public file is not there or not what it should be.
    """
    given = parameters.as_given(words, TAKES, "the claims are measured as they are published")
    known = catalogue.load()
    return ledger.write(folder, known, ledger.make(known, data.load(public_file(given)), tell))


def public_file(given: dict[str, str], raw: Path = paths.RAW) -> Path:
    """The file to measure: the one given, or the one that ``make data`` has fetched.

    Raises:
        ParameterError: there is none.
    """
    if "DATA" in given:
        return parameters.from_mapping(given).data
    if not (raw / fetch.NAME).exists():
        raise ParameterError(
            f"data/raw/{fetch.NAME} is not there, and the claims are about that file; "
            "run make data to fetch it, or name it with DATA=path/to/file.csv"
        )
    return raw / fetch.NAME
