"""What may be asked of scoring a file, checked before anything starts."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from seg_utils.core import parameters, paths
from seg_utils.core.errors import ParameterError
from seg_utils.core.parameters.table_address import TableAddress
from seg_utils.scoring.model_path import model_file

TAKES = ("DATA", "TABLE", "MODEL", "COLUMNS", "DESCRIBE", "BAD_ROWS", "OUT", "OUTPUTS")
TABLE = ".csv"


@dataclass(frozen=True)
class Request:
    """A checked request; ``model`` is the model file, ``out`` None where the run folder keeps the scores."""

    data: Path
    table: TableAddress | None
    model: Path
    columns: Path | None
    bad_rows: str
    out: Path | None
    describe: tuple[str, ...] = ()


def parse(assignments: Iterable[str]) -> Request:
    """Check ``NAME=value`` words; an empty value means the default. Raises ParameterError: names the value, what is
    allowed and an example."""
    given = parameters.as_given(assignments, TAKES, "the model has decided it, or it is not for a file")
    if "DATA" not in given:
        raise ParameterError("DATA= is missing; DATA is the file of customers to score, for example DATA=new.csv")
    checked = parameters.from_mapping(given)
    model = model_file(checked.model, checked.outputs)
    out = _out(checked.out, paths.parts(checked.data), model)
    return Request(checked.data, checked.table, model, checked.columns, checked.bad_rows, out, checked.describe)


def _out(given: str, data: list[Path], model: Path) -> Path | None:
    if not given:
        return None
    out = paths.home_of(given).resolve()
    if out in (*data, model):
        raise ParameterError(f"OUT={given} would overwrite what is read; OUT is a folder or another .csv file")
    folder = next(path for path in (out, *out.parents) if path.is_dir() or (path.is_file() and path != out))
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        problem = "may not be written to" if folder.is_dir() else "is a file, no folder"
        raise ParameterError(f"OUT={given} cannot be written: {folder} {problem}; name another, for example OUT=scores")
    if out.is_file() and out.suffix.lower() != TABLE:
        raise ParameterError(f"OUT={given} is a file; OUT is a folder or a .csv file, for example OUT=scores")
    return out
