"""Who moved: customers of the run that the model is from, who are in another segment now."""

from pathlib import Path

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS
from seg_utils.customers.match import ID

COLUMNS = ("from_segment", "from_persona", "to_segment", "to_persona", "customers", "share_of_from")


class Earlier:
    """The segments that customers were in; ``segments`` (n,) of ``ids`` (n,), of ``k`` segments."""

    def __init__(self, ids: pd.Series, segments: np.ndarray, k: int) -> None:
        self._ids = pd.Index(ids)
        self._segments = np.where(segments == OUTLIERS, k, segments)
        self._k = k

    @classmethod
    def of_run(cls, folder: Path, k: int) -> "Earlier | None":
        """The customers of a run folder, if it still holds them."""
        path = folder / "assignments.parquet"
        if not path.is_file():
            return None
        frame = pd.read_parquet(path, columns=[ID, "segment"])
        return cls(frame[ID], frame["segment"].to_numpy(), k)

    def count(self, ids: pd.Series, segments: np.ndarray) -> np.ndarray:
        """Customers by earlier and present segment, shape (k + 1, k + 1), outliers last; others are not counted."""
        place = self._ids.get_indexer(ids)
        known = place >= 0
        now = np.where(segments == OUTLIERS, self._k, segments)[known]
        counts = np.zeros((self._k + 1, self._k + 1), dtype=np.int64)
        np.add.at(counts, (self._segments[place[known]], now), 1)
        return counts


def table(counts: np.ndarray, personas: dict[int, str]) -> pd.DataFrame:
    """One row a pair of segments that anyone is in, columns ``COLUMNS``; ``counts`` as ``Earlier.count`` gives them."""
    k = len(counts) - 1
    rows = []
    for old, now in np.argwhere(counts).tolist():
        number = [OUTLIERS if one == k else one for one in (old, now)]
        share = counts[old, now] / counts[old].sum()
        rows.append((number[0], personas[number[0]], number[1], personas[number[1]], int(counts[old, now]), share))
    return pd.DataFrame(rows, columns=list(COLUMNS))
