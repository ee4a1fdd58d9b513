"""The ledger: every claim measured, judged and written down, so that the same file gives the same bytes."""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from seg_utils import data
from seg_utils.claims import catalogue, page, verdict
from seg_utils.claims.catalogue import OURS, PUBLISHED, Catalogue, Claim
from seg_utils.claims.laboratory import Laboratory
from seg_utils.claims.measurements import MEASUREMENTS
from seg_utils.claims.verdict import Measured
from seg_utils.core import artefacts, parameters, paths
from seg_utils.core.artefacts import versions
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.data import Customers, fetch
from seg_utils.data.fetch import ROWS

CSV = "claims.csv"
PAGE = "claims.md"

DIGITS = 6  # significant digits of a measured value: more would differ from one machine to the next

# Packages that the measured values come from
DECIDING = ("python", "numpy", "pandas", "scikit-learn", "scipy", "kneed")


@dataclass(frozen=True)
class Ledger:
    """What was measured for each entry of the catalogue (None where nothing can tell), on which file, with what."""

    measured: dict[str, Measured | None]
    data_sha256: str
    made_with: str


def make(catalogue: Catalogue, customers: Customers, tell: Callable[[str], None] = lambda text: None) -> Ledger:
    """Measure every entry of the catalogue. Raises DataError: the customers are not those of the public file."""
    if len(customers.frame) != ROWS or customers.synthetic:
        raise DataError(
            f"{customers.path.name} is not the public file ({len(customers.frame):,} customers and not {ROWS:,} real "
            "ones), and the claims are about that file; fetch it with make data, or name it with DATA="
        )
    laboratory = Laboratory(customers.frame, tell)
    measured = {entry.id: measure(entry, laboratory) for entry in catalogue.entries}
    installed = versions()
    made_with = ", ".join(f"{name} {installed[name]}" for name in DECIDING)
    return Ledger(measured, artefacts.sha256(customers.path), made_with)


def measure(entry: Claim, laboratory: Laboratory) -> Measured | None:
    """Measure one entry of the catalogue; None where nothing can tell."""
    if not entry.measure:
        return None
    measured = MEASUREMENTS[entry.measure](laboratory, **dict(entry.arguments))
    best = None if measured.best is None else _rounded(measured.best)
    return Measured(tuple(map(_rounded, measured.values)), measured.runs, best, measured.remark, entry.on_codes)


def table(catalogue: Catalogue, ledger: Ledger) -> pd.DataFrame:
    """The ledger as rows, one an entry of the catalogue; verdicts and sentences are made here, from the values."""
    rows = []
    for entry in catalogue.entries:
        measured = ledger.measured[entry.id]
        rows.append(
            {
                "system": entry.system,
                "id": entry.id,
                "claim": entry.text,
                "expected": entry.expected.text(entry.unit) if entry.expected else "",
                "reading": "" if entry.expected is None else OURS if entry.ours else PUBLISHED,
                "verdict": "" if _is_context(entry) else verdict.judge(entry.expected, measured),
                "sentence": page.sentence_of(entry, measured),
                "values": json.dumps([_written(value) for value in measured.values]) if measured else "",
                "runs": measured.runs if measured else "",
                "best": "" if measured is None or measured.best is None else repr(measured.best),
                "remark": measured.remark if measured else "",
                "other_processors": ("differ" if measured.by_processor else "same") if measured else "",
                "data_sha256": ledger.data_sha256,
                "made_with": ledger.made_with,
            }
        )
    return pd.DataFrame(rows)


def write(folder: Path, catalogue: Catalogue, ledger: Ledger) -> list[Path]:
    """Write ``claims.csv`` and ``claims.md`` into a folder and return their paths."""
    artefacts.write_csv(folder / CSV, table(catalogue, ledger))
    artefacts.write_text(folder / PAGE, page.render(catalogue, ledger.measured, ledger.data_sha256, ledger.made_with))
    return [folder / CSV, folder / PAGE]


def read(path: Path) -> Ledger:
    """What was measured, out of ``claims.csv``."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    measured = {row.id: _measured(row) for row in frame.itertuples()}
    return Ledger(measured, frame["data_sha256"].iloc[0], frame["made_with"].iloc[0])


def _measured(row: object) -> Measured | None:
    if not row.values:
        return None
    values = tuple(math.nan if value is None else float(value) for value in json.loads(row.values))
    return Measured(
        values, row.runs, float(row.best) if row.best else None, row.remark, row.other_processors == "differ"
    )


def _is_context(entry: Claim) -> bool:
    return entry.expected is None and not entry.unchecked


def _written(value: float) -> float | None:
    return None if math.isnan(value) else value


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


TAKES = ("DATA",)


def run(words: Iterable[str], tell: Callable[[str], None], folder: Path = paths.DOCS) -> list[Path]:
    """Measure every claim and write ``claims.csv`` and ``claims.md`` into a folder; returns their paths. Of
    ``NAME=value`` only DATA may be given; a UserError says of what else is given, or that it is not the public file."""
    given = parameters.as_given(words, TAKES, "the claims are measured as they are published")
    known = catalogue.load()
    return write(folder, known, make(known, data.load(public_file(given)), tell))


def public_file(given: dict[str, str], raw: Path = paths.RAW) -> Path:
    """The file to measure: the one given, or the one that ``make data`` has fetched. Raises ParameterError: there is
    none."""
    if "DATA" in given:
        return parameters.from_mapping(given).data
    if not (raw / fetch.NAME).exists():
        raise ParameterError(
            f"data/raw/{fetch.NAME} is not there, and the claims are about that file; "
            "run make data to fetch it, or name it with DATA=path/to/file.csv"
        )
    return raw / fetch.NAME
