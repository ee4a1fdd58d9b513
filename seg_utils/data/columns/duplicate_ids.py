"""Customers that appear twice, and what is done about them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding
from seg_utils.data.wording import listing, plural, show

RULE = "duplicate_rows"  # the rule of findings on customers that stand more than once


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
