"""The folders of a run, nested as results depend on one another: ``outputs/<dataset>/<space>/k<K>``.

The space's folder names scale, imputation and encoder (``log-median-enc64-32-8``), the run's the algorithm where it is
not K-Means (``gmm-k7``; ``dbscan``, which finds its own number) and a look inside a segment (``k7-sub2``).
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from seg_utils import paths
from seg_utils.artefacts import read_json, sha256, write_json
from seg_utils.parameters import Parameters

SOURCE = "source.json"
BUNDLED = "sample"
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
    """Choose the folders for a request. Reads which file owns a folder, writes nothing."""
    dataset = _dataset_folder(parameters)
    return Layout(dataset, dataset / _space_name(parameters), parameters.algorithm, parameters.subsegment)


def claim(dataset: Path, data: Path) -> None:
    """Note whose results a dataset folder holds, so that another file never shares it unnoticed."""
    owner = {"path": str(data), "sha256": sha256(data)}
    if not (dataset / SOURCE).exists() or read_json(dataset / SOURCE) != owner:
        write_json(dataset / SOURCE, owner)


def slug(name: str) -> str:
    """Lower case, every run of characters other than a-z and 0-9 one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _dataset_folder(parameters: Parameters) -> Path:
    name = slug(parameters.data.stem)
    if parameters.features:
        name += f"-features-{_short_hash(' '.join(sorted(parameters.features)))}"
    if parameters.data == paths.SAMPLE:
        return parameters.outputs / name.replace(slug(paths.SAMPLE.stem), BUNDLED, 1)
    folder = parameters.outputs / name
    if name and not name.startswith(BUNDLED) and _may_use(folder, parameters.data):
        return folder
    return parameters.outputs / f"{name or 'customers'}-{_short_hash(str(parameters.data))}"


def _may_use(folder: Path, data: Path) -> bool:
    if not (folder / SOURCE).exists():
        return True
    owner = read_json(folder / SOURCE)
    return owner["path"] == str(data) or owner["sha256"] == sha256(data)


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
