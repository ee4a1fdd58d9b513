"""The model in use, and its successor: a new ``model.json`` takes over between two requests, a bad one never does."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID
from seg_utils.scoring import former, model_path
from seg_utils.scoring.answer import Answerer
from seg_utils.scoring.former import Former
from seg_utils.scoring.model import SegmentModel
from seg_utils.scoring.payload import form
from seg_utils.scoring.scorer import Scorer

log = logging.getLogger("uvicorn.error")


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model with what answers need of it; a request uses the same one from its beginning to its end."""

    answerer: Answerer
    scorer: Scorer
    sha256: str
    form: dict[str, Any]
    former: Former | None = None

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from any other of this process: another period's membership makes another."""
        return self.sha256, id(self.former)

    @classmethod
    def of(cls, model: SegmentModel, former: Former | None = None) -> "LoadedModel":
        """What answers need of a model, and where known customers were last. Raises DataError: it lacks something that
        an answer needs."""
        try:
            loaded = cls(Answerer(model), Scorer(model), model.to_dict()["sha256"], form(model), former)
            typical = {feature.name: feature.typical for feature in loaded.answerer.inputs.all}
            reading = loaded.answerer.inputs.read(typical)
            loaded.answerer.answer(reading)
            loaded.scorer.score(pd.DataFrame([{ID: "", **typical}]))
        except Exception as error:  # whatever a model may lack shows here, and not in an answer
            raise DataError(
                f"the model is not complete ({type(error).__name__}: {error}); make the report again to get one"
            ) from None
        return loaded


class ModelReloader:
    """The model of a file, loaded anew where the file has changed."""

    def __init__(self, path: Path) -> None:
        """Load a model file. Raises DataError: it is no model, or does not fit this version."""
        self.path = path
        self._stamp = self._stamped()
        self.loaded = self._load()
        self.problem: str | None = None
        """Why the newest file on disk is not in use, if so."""

    def refresh(self) -> None:
        """Take over what the file holds now, if it has changed and is a model."""
        stamp = self._stamped()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self.loaded, self.problem = self._load(), None
            log.info("now serving model %s", self.loaded.sha256[:12])
        except (DataError, OSError) as error:
            self.problem = str(error) if isinstance(error, DataError) else f"{self.path.name} cannot be read"
            log.warning("still serving model %s: %s", self.loaded.sha256[:12], self.problem)

    def _load(self) -> LoadedModel:
        model = model_path.read(self.path)  # once: a second look at the file could find another model's hash
        try:
            return LoadedModel.of(model, self._former(model))
        except DataError as error:
            raise DataError(f"{self.path.name}: {error}") from None

    def _former(self, model: SegmentModel) -> Former | None:
        try:
            return Former.of_run(self.path, model)
        except DataError as error:
            log.warning("%s", error)
            return None

    def _stamped(self) -> list[tuple[int, int, int] | None]:
        return [_stamp(file) for file in (self.path, former.membership_of(self.path)) if file is not None]


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
