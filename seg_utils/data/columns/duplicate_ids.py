"""Customers that appear twice: the cheap proof that none does, and what is done where some do."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding, listing, plural, show

RULE = "duplicate_rows"
"""The rule of findings on customers that stand more than once."""

MOST_SLOTS = 64
"""So many slots an id make a table of numbered ids cheaper than sorting them."""

SAMPLED_IDS = 64
WORD_BYTES = 8
MOST_WORDS = 8
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(29)
"""Any odd multiplier and any shift do: two ids of one digest are only looked at more closely."""


def without_repeats(frame: pd.DataFrame, rows: np.ndarray) -> tuple[pd.DataFrame, list[Finding]]:
    """Customers once each: identical rows are kept once.

    Raises:
        DataError: rows of one id differ.
    """
    if _distinct(id_texts(frame[ID])):
        return frame, []
    repeated = frame[ID].duplicated(keep="first").to_numpy()
    if not repeated.any():
        return frame, []
    ids = frame[ID][repeated]
    concerned = frame[frame[ID].isin(ids)]
    distinct = concerned.drop_duplicates()
    conflicting = distinct[ID][distinct[ID].duplicated()].unique()
    if len(conflicting):
        stand = [f"{show(one)} (rows {_rows_of(frame, rows, one)})" for one in conflicting[:5]]
        more = f" and {len(conflicting) - 5:,} more" if len(conflicting) > 5 else ""
        raise DataError(
            f"{plural(len(conflicting), 'id stands', 'ids stand')} on rows with different values: "
            f"{', '.join(stand)}{more}; keep one row a customer"
        )
    message = (
        f"{plural(len(ids), 'repeated identical row')} left out, each customer kept once: {listing(ids.unique())}."
    )
    finding = Finding("warning", RULE, message, ID, len(ids), tuple(ids.unique()[:5].tolist()), "kept once")
    return frame[~repeated].reset_index(drop=True), [finding]


def id_texts(ids: pd.Series) -> pa.ChunkedArray:
    texts = pa.array(ids, pa.large_string())  # without a copy, as pandas holds them so already
    return texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([texts])


def _distinct(ids: pa.ChunkedArray) -> bool:
    """Whether no id (n,) stands twice, proved at a fraction of the cost of looking for it; no means perhaps."""
    if _ascending(ids):
        return True
    keys = _numbers(ids)
    if keys is None:
        keys = _digests(ids)
    if keys is None:
        return False
    keys = keys - keys.min()
    if keys.max() < MOST_SLOTS * len(keys):
        seen = np.zeros(int(keys.max()) + 1, dtype=bool)
        seen[keys] = True
        return np.count_nonzero(seen) == len(keys)
    keys.sort()
    return bool((keys[1:] != keys[:-1]).all())


def _ascending(ids: pa.ChunkedArray) -> bool:
    """Whether each id is longer than the one before or as long and greater: numbered ids are, and none repeats then."""
    longer = np.diff(pc.binary_length(ids).to_numpy())
    if longer.min(initial=0) < 0:
        return False
    greater = pc.greater(ids[1:], ids[:-1]).to_numpy()
    return bool((greater | (longer > 0)).all())


def _numbers(ids: pa.ChunkedArray) -> np.ndarray | None:
    """What is left of ids (n,) without the beginning that those of a sample share, if that is a number."""
    sample = ids.take(np.linspace(0, len(ids) - 1, SAMPLED_IDS).astype(np.int64)).to_pylist()
    ends = zip(min(sample), max(sample), strict=False)
    shared = next((i for i, (one, other) in enumerate(ends) if one != other), 0)
    try:
        return pc.cast(pc.utf8_slice_codeunits(ids, shared) if shared else ids, pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None


def _digests(ids: pa.ChunkedArray) -> np.ndarray | None:
    """A number for each id (n,), equal for equal ids, if none is long."""
    words = -(-pc.max(pc.binary_length(ids)).as_py() // WORD_BYTES)
    if not 0 < words <= MOST_WORDS:
        return None
    digests = []
    for chunk in pc.ascii_lpad(ids, words * WORD_BYTES, "\0").chunks:
        table = np.frombuffer(chunk.buffers()[2], np.uint64, len(chunk) * words).reshape(len(chunk), words)
        digest = table[:, 0].copy()
        for word in table.T[1:]:
            digest *= MULTIPLIER
            digest ^= digest >> SHIFT
            digest += word
        digests.append(digest)
    return np.concatenate(digests)


def _rows_of(frame: pd.DataFrame, rows: np.ndarray, one: str) -> str:
    return ", ".join(f"{row:,}" for row in rows[(frame[ID] == one).to_numpy()][:3])
