"""The folders of a run, nested as results depend on one another: ``outputs/<dataset>/<space>/k<K>``."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from seg_utils.core import result_folders
from seg_utils.core.artefacts import read_notes, sha256, write_json
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import console
from seg_utils.pipeline.state.lock import owned


@dataclass(frozen=True)
class Layout:
    """Where the artefacts of one customers file in one feature space go."""

    dataset: Path
    space: Path
    algorithm: str = "kmeans"
    subsegment: int | str | None = None
    market: str = result_folders.USUAL.market
    campaign: str = result_folders.USUAL.campaign

    def run(self, k: int | None) -> Path:
        """The folder of one number of segments; None for an algorithm that finds its own."""
        return result_folders.of_run(self.space, k, self.algorithm, self.subsegment, self.market, self.campaign)


def layout(parameters: Parameters) -> Layout:
    """The folders that a request would get now. Reads which file owns a folder, writes nothing."""
    return _within(_dataset_folder(parameters), parameters)


def claimed_layout(parameters: Parameters) -> Layout:
    """The folders of a request, which from now on are those of its customers file and of no other; an OSError where the
    folder for results cannot be written to."""
    return _within(claim(partial(_dataset_folder, parameters), parameters.data, parameters.outputs), parameters)


def claim(choose: Callable[[], Path], data: Path, parent: Path) -> Path:
    """Choose a folder below ``parent`` for the results of a file and note whose it is, in one step.

    Two runs at the same moment on two files of the same name must not choose the same folder: they choose one after
    the other. A folder that bears the file's name already is neither locked nor written to.
    """
    owner = {"path": str(data), "sha256": sha256(data)}
    folder = choose()
    if read_notes(folder / result_folders.SOURCE) != owner:
        with owned(parent, partial(console.waiting, parent.name)):
            folder = choose()
            write_json(folder / result_folders.SOURCE, owner)
    return folder


def _dataset_folder(parameters: Parameters) -> Path:
    return result_folders.of_dataset(parameters.data, parameters.outputs, parameters.features)


def _within(dataset: Path, parameters: Parameters) -> Layout:
    space = result_folders.of_space(
        dataset,
        scale=parameters.scale,
        impute=parameters.impute,
        encoder=parameters.encoder,
        kmax=parameters.kmax,
        evidence=parameters.evidence,
        seed=parameters.seed,
    )
    return Layout(dataset, space, parameters.algorithm, parameters.subsegment, parameters.market, parameters.campaign)
