"""Which model is meant: a run folder, or a model file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from seg_utils.core import artefacts, paths
from seg_utils.core.errors import DataError, ParameterError

if TYPE_CHECKING:  # a model takes a second to import; saying that there is none must not
    from seg_utils.scoring.model import SegmentModel

NAME = "model.json"
MOST_LISTED = 8


def model_file(given: str, outputs: Path, parameter: str = "MODEL") -> Path:
    """The model file that ``MODEL=``, or another ``parameter``, names: a run folder or the file itself. Raises
    ParameterError: there is none; the message lists the runs under ``outputs``, or under the folder that was given."""
    allowed = f"{parameter} is a run folder or its model.json"
    if not given.strip():
        raise ParameterError(f"{parameter}= is missing; {allowed}; {_listed(outputs)}")
    path = paths.home_of(given)
    file = path / NAME if path.is_dir() else path
    problem = paths.problem(file)
    if problem is None:
        return file.resolve()
    problem = "is a folder without a model" if path.is_dir() else problem
    within = path if path.is_dir() and runs(path) else outputs
    raise ParameterError(f"{parameter}={given} {problem}; {allowed}; {_listed(within)}")


def runs(folder: Path) -> list[Path]:
    """The run folders below a folder, in order; as results nest, they are at most three levels down."""
    return sorted({path.parent for depth in ("*", "*/*", "*/*/*") for path in folder.glob(f"{depth}/{NAME}")})


def read(path: Path) -> "SegmentModel":
    """The model, if this version of the package can feed it. Raises DataError: the file is no model, is another
    version's, was changed, or has features that are not known here."""
    from seg_utils.core import dictionary
    from seg_utils.scoring import model

    loaded = model.load(path)
    known = dictionary.load()
    described = {*known.names, *(feature.name for feature in known.derived)}
    unknown = [name for name in loaded.space.columns if name not in described]
    if unknown:
        raise DataError(
            f"{path.name} was made from {', '.join(unknown)}, which {paths.shown(paths.catalogue('DICTIONARY'))} does "
            "not describe; make the report again to get a model that fits"
        )
    return loaded


@contextmanager
def its_dictionary(path: Path) -> Iterator[None]:
    """Put the dictionary that a model was made with in force, where it is one of its own."""
    from seg_utils.core import dictionary

    with paths.in_force(DICTIONARY=path if dictionary.text_of_model(path) is not None else None):
        yield


def sha256(path: Path) -> str:
    """The hash that a model carries of its own content."""
    return artefacts.read_json(path)["sha256"]


def _listed(folder: Path) -> str:
    folders = runs(folder)
    shown = paths.shown(folder)
    if not folders:
        return f"there is none under {shown} yet: make report first"
    more = f" and {len(folders) - MOST_LISTED} more" if len(folders) > MOST_LISTED else ""
    return f"runs under {shown}: {', '.join(paths.shown(path) for path in folders[:MOST_LISTED])}{more}"
