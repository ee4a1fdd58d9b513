"""The former segment of customers who are known: that of the last period of the run, or else of the run itself."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from seg_utils.core import parameters
from seg_utils.core.errors import DataError
from seg_utils.core.result_folders import PERIODS
from seg_utils.data.columns.matching import ID
from seg_utils.scoring.answer import segments
from seg_utils.scoring.model import SegmentModel
from seg_utils.scoring.transitions import DAMAGED, Earlier

COLUMNS = ("former_segment", "former_persona")
MEMBERSHIP, LAST_WRITTEN = "membership.parquet", "decision.json"


class Former:
    """The segment, by its key, and its name, of each customer who was met before; ``period`` is empty for the run."""

    def __init__(self, ids: pd.Series, keys: np.ndarray, personas: pd.Series, period: str = "") -> None:
        self._ids, self._keys, self.period = pd.Index(ids), pa.array(keys, pa.int64()), period
        self._personas = pa.array(personas, pa.string()).dictionary_encode()

    @classmethod
    def of_run(cls, model_file: Path, model: SegmentModel) -> "Former | None":
        """The customers of the run that a model file lies in, if there are any. Raises DataError: those who are there
        are damaged, or not of this model."""
        if (file := membership_of(model_file)) is not None:
            try:
                frame = pd.read_parquet(file, columns=[ID, "segment", "persona"])
            except DAMAGED:
                raise DataError(
                    f"{file.name} of {file.parent.name} is damaged: former segments are left out; run make month for "
                    "it again"
                ) from None
            return cls(frame[ID], frame["segment"].to_numpy(), frame["persona"], file.parent.name)
        earlier = Earlier.of_run(model_file, model)
        if earlier is None:
            return None
        names = {number: words.name for number, words in segments(model).items()}
        return cls(earlier.ids, earlier.segments, pd.Series(earlier.segments).map(names))

    def columns(self, ids: pd.Series) -> list[pa.Array]:
        """``COLUMNS`` of customers (n,), null for those who are not known."""
        place = self._ids.get_indexer(ids)
        taken = pa.array(place, mask=place < 0)
        return [self._keys.take(taken), self._personas.take(taken).dictionary_decode()]

    def answers(self, ids: pd.Series) -> list[dict[str, Any] | None]:
        """The same as plain values for JSON."""
        keys, names = (column.to_pylist() for column in self.columns(ids))
        return [
            None if key is None else {"cluster_id": key, "cluster_name": name, "period": self.period or None}
            for key, name in zip(keys, names, strict=True)
        ]


def membership_of(model_file: Path) -> Path | None:
    """The membership of the last period of the run that a model file lies in; None where there is no period."""
    folder = model_file.parent
    run = folder.parent if folder.name == PERIODS else folder.parents[1] if folder.parent.name == PERIODS else folder
    whole = (path.parent.name for path in (run / PERIODS).glob(f"*/{LAST_WRITTEN}"))
    last = max(filter(parameters.PERIOD.fullmatch, whole), default=None)
    return None if last is None else run / PERIODS / last / MEMBERSHIP
