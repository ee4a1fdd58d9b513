"""Customers that appear twice, and what is done about them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding
from seg_utils.data.wording import listing, plural, show

RULE = "duplicate_rows"
"""The rule of findings on customers that stand more than once."""


def without_repeats(
    frame: pd.DataFrame, rows: np.ndarray, features: Sequence[str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Customers once each: rows of an id with the same values in all ``features`` are kept once.

    Raises:
        DataError: rows of one id differ.
    """
    if _ascending(id_texts(frame[ID])):  # numbered customers, at a fraction of the cost of looking for repeats
        return frame, []
    repeated = frame[ID].duplicated(keep="first").to_numpy()
    if not repeated.any():
        return frame, []
    ids = frame[ID][repeated]
    concerned = frame[frame[ID].isin(ids)]
    distinct = concerned.drop_duplicates([ID, *features])
    conflicting = distinct[ID][distinct[ID].duplicated()].unique()
    if len(conflicting):
        stand = [f"{show(customer)} (rows {_rows_of(frame, rows, customer)})" for customer in conflicting[:5]]
        more = f" and {len(conflicting) - 5:,} more" if len(conflicting) > 5 else ""
        raise DataError(
            f"{plural(len(conflicting), 'id stands', 'ids stand')} on rows with different values: "
            f"{', '.join(stand)}{more}; keep one row a customer"
        )
    distinct_ids = ids.unique()
    words = {"ids": listing(distinct_ids)}
    finding = Finding(
        "warning", RULE, ID, len(ids), tuple(distinct_ids[:5].tolist()), action="kept once", parameters=words
    )
    return frame[~repeated].reset_index(drop=True), [finding]


def id_texts(ids: pd.Series) -> pa.ChunkedArray:
    texts = pa.array(ids, pa.large_string())  # without a copy, as pandas holds them so already
    return texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([texts])


def _ascending(ids: pa.ChunkedArray) -> bool:
    """Whether each id is longer than the one before or as long and greater: numbered ids are, and none repeats then."""
    longer = np.diff(pc.binary_length(ids).to_numpy())
    if longer.min(initial=0) < 0:
        return False
    greater = pc.greater(ids[1:], ids[:-1]).to_numpy()
    return bool((greater | (longer > 0)).all())


def _rows_of(frame: pd.DataFrame, rows: np.ndarray, customer: str) -> str:
    return ", ".join(f"{row:,}" for row in rows[(frame[ID] == customer).to_numpy()][:3])


class Digests(NamedTuple):
    """64-bit digests of customers' ids (m,) and of their values (m,), and the ``places`` (m,) of these customers.

    Two of a million different ids share a digest in about one of thirty million files.
    """

    ids: np.ndarray
    values: np.ndarray
    places: np.ndarray


def digests(frame: pd.DataFrame, features: list[str], among: np.ndarray | None = None) -> Digests:
    """The digests of customers, ``frame`` holding their ids and features.

    Args:
        among: digests of the ids that may stand on several rows, so that no other customers count; by default all may.
    """
    if among is not None and not len(among):
        return Digests(*np.empty((2, 0), dtype=np.uint64), np.empty(0, dtype=np.intp))
    ids = of_ids(frame[ID])
    places = np.arange(len(ids)) if among is None else np.flatnonzero(np.isin(ids, among))
    return Digests(ids[places], _digest(frame[features].iloc[places]), places)


def of_ids(ids: pd.Series) -> np.ndarray:
    """64-bit digests (n,) of ids."""
    return _digest(ids.to_frame())


class SeenIds:
    """All customers met so far, in runs sorted by id, each longer than the next."""

    def __init__(self) -> None:
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []

    def repeated(self, new: Digests) -> tuple[np.ndarray, np.ndarray]:
        """Places of customers who were met before with the same values, and with different ones."""
        same, differing = np.zeros((2, len(new.ids)), dtype=bool)
        for ids, values in self._runs:
            place = np.minimum(ids.searchsorted(new.ids), len(ids) - 1)
            met = ids[place] == new.ids
            equal = values[place] == new.values
            same |= met & equal
            differing |= met & ~equal
        return new.places[same], new.places[differing]

    def add(self, new: Digests) -> None:
        """Remember customers; each of n is moved about log(n) times."""
        run = new.ids, new.values
        if not len(new.ids):
            return
        while self._runs and len(self._runs[-1][0]) <= len(run[0]):
            last = self._runs.pop()
            run = tuple(np.concatenate(pair) for pair in zip(last, run, strict=True))
        order = run[0].argsort(kind="stable")
        self._runs.append((run[0][order], run[1][order]))


def _digest(frame: pd.DataFrame) -> np.ndarray:
    return pd.util.hash_pandas_object(frame, index=False).to_numpy()
