"""The folders of a run, nested as results depend on one another: ``outputs/<dataset>/<space>/k<K>``.

The space's folder names scale, imputation and encoder (``log-median-enc64-32-8``), the run's the algorithm where it is
not K-Means (``gmm-k7``; ``dbscan``, which finds its own number) and a look inside a segment (``k7-sub2``).
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from seg_utils import paths
from seg_utils.artefacts import read_notes, sha256, write_json
from seg_utils.parameters import Parameters
from seg_utils.pipeline import console
from seg_utils.pipeline.lock import owned

SOURCE = "source.json"
BUNDLED = "sample"
NAMELESS = "customers"
"""The folder of a file in whose name there is no letter from a to z and no digit."""

HASH_LENGTH = 6


@dataclass(frozen=True)
class Layout:
    """Where the artefacts of one customers file in one feature space go."""

    dataset: Path
    space: Path
    algorithm: str = "kmeans"
    subsegment: int | str | None = None

    def run(self, k: int | None) -> Path:
        """The folder of one number of segments; None for an algorithm that finds its own."""
        algorithm = None if self.algorithm == "kmeans" else self.algorithm
        inside = None if self.subsegment is None else f"sub{self.subsegment}"
        number = None if k is None else f"k{k}"
        return self.space / "-".join(part for part in (algorithm, number, inside) if part)


def layout(parameters: Parameters) -> Layout:
    """The folders that a request would get now. Reads which file owns a folder, writes nothing."""
    return _within(_dataset_folder(parameters), parameters)


def claimed_layout(parameters: Parameters) -> Layout:
    """The folders of a request, which from now on are those of its customers file and of no other.

    Raises:
        OSError: the folder for results cannot be written to.
    """
    return _within(claim(partial(_dataset_folder, parameters), parameters.data, parameters.outputs), parameters)


def claim(choose: Callable[[], Path], data: Path, parent: Path) -> Path:
    """Choose a folder below ``parent`` for the results of a file and note whose it is, in one step.

    Two runs at the same moment on two files of the same name must not choose the same folder: they choose one after
    the other. A folder that bears the file's name already is neither locked nor written to.
    """
    owner = {"path": str(data), "sha256": sha256(data)}
    folder = choose()
    if read_notes(folder / SOURCE) != owner:
        with owned(parent, partial(console.waiting, "folder")):
            folder = choose()
            write_json(folder / SOURCE, owner)
    return folder


def folder_for(name: str, data: Path, parent: Path) -> Path:
    """The folder ``name`` below ``parent``, or one with a suffix where that is another file's."""
    folder = parent / name
    owner = read_notes(folder / SOURCE)
    if not owner or owner.get("path") == str(data) or owner.get("sha256") == sha256(data):
        return folder
    return folder_for(f"{name}-{_short_hash(str(data))}", data, parent)


def slug(name: str) -> str:
    """Lower case, every run of characters other than a-z and 0-9 one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _within(dataset: Path, parameters: Parameters) -> Layout:
    return Layout(dataset, dataset / _space_name(parameters), parameters.algorithm, parameters.subsegment)


def _dataset_folder(parameters: Parameters) -> Path:
    name = slug(parameters.data.stem)
    if parameters.features:
        name += f"-features-{_short_hash(' '.join(sorted(parameters.features)))}"
    if parameters.data == paths.SAMPLE:
        return parameters.outputs / name.replace(slug(paths.SAMPLE.stem), BUNDLED, 1)
    if not name or name.startswith(BUNDLED):
        name = f"{name or NAMELESS}-{_short_hash(str(parameters.data))}"
    return folder_for(name, parameters.data, parameters.outputs)


def _space_name(parameters: Parameters) -> str:
    """Scale and imputation, then every choice that is not the default and that the space depends on."""
    default = Parameters()
    name = f"{parameters.scale}-{parameters.impute}"
    if parameters.encoder:
        name += f"-enc{'-'.join(map(str, parameters.encoder))}"
    if parameters.kmax != default.kmax:
        name += f"-kmax{parameters.kmax}"
    if parameters.seed != default.seed:
        name += f"-seed{parameters.seed}"
    return name


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:HASH_LENGTH]
