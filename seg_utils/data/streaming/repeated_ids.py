"""Ids that stand on rows which are not read together, found in memory that does not grow with the customers."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile

import numpy as np
import pandas as pd

from seg_utils.data.columns.matching import ID

PARTITIONS = 64  # of a billion customers, each holds 125 MB of digests

# Where all partitions but the first begin
BORDERS = np.arange(1, PARTITIONS, dtype=np.uint64) * np.uint64(2**64 // PARTITIONS)

IN_MEMORY = 1 << 16  # bytes of a partition from which on it is on disk
FIRST_KEY, SECOND_KEY = "first hash of id", "other hash of id"


class SpilledIds(ExitStack):
    """Digests of all ids met so far, on disk by their first bits; what was kept is gone where the context ends."""

    def __init__(self, folder: Path | None = None) -> None:
        """``folder`` holds them meanwhile, in files without a name; by default that of the system for such files."""
        super().__init__()
        opened = partial(SpooledTemporaryFile, IN_MEMORY, dir=folder)
        self._files = [self.enter_context(opened()) for _ in range(PARTITIONS)]

    def add(self, ids: pd.Series) -> None:
        """Keep the digests of some customers' ids (n,)."""
        digests = np.sort(_digests(ids, FIRST_KEY))
        for file, part in zip(self._files, np.split(digests, digests.searchsorted(BORDERS)), strict=True):
            file.write(part.tobytes())

    def repeated(self) -> np.ndarray:
        """The digests (m,) that were met more than once, in order."""
        repeated = []
        for file in self._files:
            file.seek(0)
            digests = np.sort(np.frombuffer(file.read(), dtype=np.uint64))
            repeated.append(np.unique(digests[1:][digests[1:] == digests[:-1]]))
        return np.concatenate(repeated)


class RepeatedIds:
    """Customers whose ids stand on several rows, as they were met first.

    An id is known by two digests of 64 bits, as two of a billion ids may well share one.
    """

    def __init__(self, digests: np.ndarray) -> None:
        """``digests`` (m,) of these ids, in order, m > 0."""
        self._digests, self._met = digests, np.zeros(len(digests), dtype=bool)
        self._others, self._values = np.zeros((2, len(digests)), dtype=np.uint64)

    def met(self, customers: pd.DataFrame, features: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Places of customers who were met before with the same values in all ``features``, and with different ones.

        The others are met from now on; ``customers`` holds each of them once.
        """
        digests = _digests(customers[ID], FIRST_KEY)
        places = np.minimum(self._digests.searchsorted(digests), len(self._digests) - 1)
        concerned = np.flatnonzero(self._digests[places] == digests)
        places, rows = places[concerned], customers.iloc[concerned]
        others = _digests(rows[ID], SECOND_KEY)
        values = pd.util.hash_pandas_object(rows[[*features]], index=False).to_numpy()
        before, same = self._met[places] & (self._others[places] == others), self._values[places] == values
        new = ~self._met[places]
        self._others[places[new]], self._values[places[new]] = others[new], values[new]
        self._met[places] = True
        return concerned[before & same], concerned[before & ~same]


def _digests(ids: pd.Series, key: str) -> np.ndarray:
    return pd.util.hash_pandas_object(ids, index=False, hash_key=key, categorize=False).to_numpy()
