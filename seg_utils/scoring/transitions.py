"""Moves between segments: how many customers of the run that the model is from are in which segment now."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS
from seg_utils.core.artefacts import read_json, sha256
from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID
from seg_utils.scoring.model import SegmentModel

COLUMNS = ("from_segment", "from_persona", "to_segment", "to_persona", "customers", "share_of_from")
ASSIGNMENTS = "assignments.parquet"
MANIFEST = "manifest.json"

# What reading a file raises that is not what it was when it was written
DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError, RecursionError)


class Earlier:
    """The segments that customers were in; ``segments`` (n,) of ``ids`` (n,), of ``k`` segments."""

    def __init__(self, ids: pd.Series, segments: np.ndarray, k: int) -> None:
        self._ids = pd.Index(ids)
        self._segments = np.where(segments == OUTLIERS, k, segments)
        self._k = k

    @classmethod
    def of_run(cls, model_file: Path, model: SegmentModel) -> "Earlier | None":
        """The customers that a model was made from, if they still stand beside its file. Raises DataError: those beside
        it are not this model's: the run's manifest names other files, or the segments have other sizes."""
        path = model_file.with_name(ASSIGNMENTS)
        if not path.is_file():
            return None
        try:
            frame = pd.read_parquet(path, columns=[ID, "segment"])
            sizes = frame["segment"].value_counts().to_dict()
            own = sizes == _sizes(model) and _as_in_manifest(model_file, path)
        except DAMAGED:
            own = False
        if not own:
            raise DataError(
                f"{ASSIGNMENTS} beside {model_file.name} is damaged or not of this model: moves between segments are "
                "left out; make the report again to get them"
            )
        return cls(frame[ID], frame["segment"].to_numpy(), len(model.sizes))

    @property
    def ids(self) -> pd.Index:
        """Of the customers."""
        return self._ids

    @property
    def segments(self) -> np.ndarray:
        """The number of each one's segment (n,), ``OUTLIERS`` for none."""
        return np.where(self._segments == self._k, OUTLIERS, self._segments)

    def count(self, ids: pd.Series, segments: np.ndarray) -> np.ndarray:
        """Customers by earlier and present segment, shape (k + 1, k + 1), outliers last; others are not counted."""
        place = self._ids.get_indexer(ids)
        known = place >= 0
        now = np.where(segments == OUTLIERS, self._k, segments)[known]
        counts = np.zeros((self._k + 1, self._k + 1), dtype=np.int64)
        np.add.at(counts, (self._segments[place[known]], now), 1)
        return counts


def _sizes(model: SegmentModel) -> dict[int, int]:
    """Customers by segment, as the model was made; segments without any are left out."""
    sizes = {OUTLIERS: model.outliers} | dict(enumerate(model.sizes))
    return {segment: size for segment, size in sizes.items() if size}


def _as_in_manifest(*written: Path) -> bool:
    """Whether files of a run folder are those of its manifest; yes where there is none."""
    manifest = written[0].with_name(MANIFEST)
    if not manifest.is_file():
        return True
    known = {(Path(name).name, digest) for name, digest in read_json(manifest)["artefacts"].items()}
    return all((path.name, sha256(path)) in known for path in written)


def table(counts: np.ndarray, personas: dict[int, str], segments: Sequence[int] = ()) -> pd.DataFrame:
    """One row a pair of segments that anyone is in, columns ``COLUMNS``; ``counts`` as ``Earlier.count`` gives them.

    ``segments`` are those of the rows and columns of ``counts``; by default 0..k-1 and the outliers, in this order.
    """
    segments = segments or [*range(len(counts) - 1), OUTLIERS]
    rows = []
    for old, now in np.argwhere(counts).tolist():
        first, second = segments[old], segments[now]
        share = counts[old, now] / counts[old].sum()
        rows.append((first, personas[first], second, personas[second], int(counts[old, now]), share))
    return pd.DataFrame(rows, columns=list(COLUMNS))
