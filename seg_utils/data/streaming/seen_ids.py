"""Whether an id was met before in a file that is read in pieces: sixteen bytes a customer, whatever ids look like."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from seg_utils.data.columns.matching import ID


class Digests(NamedTuple):
    """64-bit digests of customers' ids (n,) and of their values (n,).

    Two of a million different ids share a digest in about one of thirty million files.
    """

    ids: np.ndarray
    values: np.ndarray


def digests(frame: pd.DataFrame, features: list[str]) -> Digests:
    """The digests of customers, ``frame`` holding their ids and features."""
    return Digests(_digest(frame[[ID]]), _digest(frame[features]))


class Seen:
    """All customers met so far, in runs sorted by id, each longer than the next."""

    def __init__(self) -> None:
        self._runs: list[Digests] = []

    def repeated(self, new: Digests) -> tuple[np.ndarray, np.ndarray]:
        """Which customers (n,) were met before with the same values, and which with different ones."""
        same, differing = np.zeros((2, len(new.ids)), dtype=bool)
        for run in self._runs:
            place = np.minimum(run.ids.searchsorted(new.ids), len(run.ids) - 1)
            met = run.ids[place] == new.ids
            equal = run.values[place] == new.values
            same |= met & equal
            differing |= met & ~equal
        return same, differing

    def add(self, new: Digests) -> None:
        """Remember customers; each of n is moved about log(n) times."""
        if not len(new.ids):
            return
        while self._runs and len(self._runs[-1].ids) <= len(new.ids):
            last = self._runs.pop()
            new = Digests(*(np.concatenate(pair) for pair in zip(last, new, strict=True)))
        order = new.ids.argsort(kind="stable")
        self._runs.append(Digests(new.ids[order], new.values[order]))


def _digest(frame: pd.DataFrame) -> np.ndarray:
    return pd.util.hash_pandas_object(frame, index=False).to_numpy()
