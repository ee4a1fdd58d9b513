"""A period's customers file: read by the rules of scoring, and set beside the period before it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from seg_utils.core import dictionary, words
from seg_utils.core.errors import DataError
from seg_utils.core.parameters import MIN_SEGMENT_CUSTOMERS, table_address
from seg_utils.data import loading
from seg_utils.data.columns import descriptors
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding
from seg_utils.data.streaming.batches import Batches
from seg_utils.data.wording import show

# Below this share of the former customers met again, it is told: churn is seldom so large, a change of ids is
FEW_KNOWN = 0.5

# From this factor on between like customers' typical amounts, the unit has changed and not the customers
OTHER_UNIT = 5.0

FIRST_ROWS = 1000  # rows among which a challenger mostly finds enough different customers
LEAST_PAIRS = 30  # customers with an amount above 0 in both periods that a factor rests on


def read(
    path: Path,
    inputs: Sequence[str],
    *,
    describe: Sequence[str] = (),
    columns: Path | None = None,
    bad_rows: str = "stop",
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Customers of a period: ``customer_id`` and the model's inputs in original units; ``customer_id`` and the columns
    that only describe; and what was found in the file. Raises DataError: the file cannot be read as customers of the
    model, or has no ids."""
    batches = Batches(path, inputs, describe=describe, columns=columns, bad_rows=bad_rows)
    if not batches.has_ids:
        raise DataError(
            f"{path.name} has no column of customer ids, so nobody can be met again; export it with the ids, "
            f"under the name {dictionary.load().id_name}"
        )
    everyone = pd.concat(list(batches), ignore_index=True)
    described = descriptors.typed(everyone[[ID, *batches.described]])
    findings = [*loading.sampled(path, "month"), *batches.findings]
    return everyone.drop(columns=batches.described), described, findings


def described_before(
    path: Path, inputs: Sequence[str], before: Path, columns: Path | None = None
) -> tuple[list[str], list[str]]:
    """The columns that described customers before, those that a period's file has and those that it lacks.

    Args:
        path: the period's file.
        inputs: the model's.
        before: folder of the period or data set before, with ``descriptors.parquet`` where any was kept.
        columns: a mapping of other column names.
    """
    kept = before / "descriptors.parquet"
    names = [name for name in pq.read_schema(kept).names if name != ID] if kept.is_file() else []
    if not names:
        return [], []
    left = table_address.left_there(path)  # in Spark: what it holds is known, and it is no file
    there = table_address.columns(path) if left else Batches(path, inputs, columns=columns).file_names
    lacking = descriptors.lacking(names, there)
    return [name for name in names if name not in lacking], lacking


def check_against(
    before: pd.DataFrame, now: pd.DataFrame, source: str, before_name: str, *, segments: int = 1
) -> list[str]:
    """What is odd about a period beside the one before it, in sentences.

    Args:
        segments: how many a challenger is to form.

    Raises:
        DataError: there are too few customers, none is met again, fewer differ than there are segments, or amounts are
            in another unit.
    """
    if len(now) < (least := MIN_SEGMENT_CUSTOMERS * segments):
        raise DataError(
            f"{source} holds {words.plural(len(now), 'customer')}; a period needs at least {least}, "
            f"{MIN_SEGMENT_CUSTOMERS} for each of the {segments} segments that are fitted on it: export all customers "
            "of the period"
        )
    place = pd.Index(before[ID]).get_indexer(now[ID])
    met = int((place >= 0).sum())
    if not met:
        raise DataError(
            f"{source} holds none of the {words.count(len(before))} customers of {before_name}; ids there look like "
            f"{show(before[ID].iloc[0])}, here like {show(now[ID].iloc[0])}: export it with the same ids"
        )
    figures = now.drop(columns=ID)
    seldom_alike = len(figures.head(FIRST_ROWS).drop_duplicates()) >= segments  # all rows of a million take seconds
    if not seldom_alike and (different := len(figures.drop_duplicates())) < segments:
        raise DataError(
            f"{source} holds {words.plural(different, 'different customer')}, too few for the {segments} segments that "
            "are fitted on it to see whether those in force still hold; export all customers of the period"
        )
    factors = _factors(before.iloc[place[place >= 0]], now[place >= 0])
    off = {name: factor for name, factor in factors.items() if max(factor, 1 / factor) >= OTHER_UNIT}
    if off and len(off) == len(factors):
        typical = float(np.median([*off.values()]))
        raise DataError(
            f"amounts in {source} are about {typical:.3g} times those of the same customers in {before_name}: "
            "another currency or unit; export it in the unit of the periods before"
        )
    notes = [
        f"{dictionary.load().label(name)} is typically {factor:.3g} times that of the same customers in {before_name}: "
        "make sure that it means the same"
        for name, factor in off.items()
    ]
    if met < FEW_KNOWN * len(before):
        notes.insert(
            0, f"only {words.percent(met / len(before))} of the customers of {before_name} are in {source} again"
        )
    return notes


def _factors(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, float]:
    """The typical ratio of each amount of the same customers, rows in the same order."""
    factors = {}
    for feature in dictionary.load().features:
        if feature.kind != "amount" or feature.name not in now:
            continue
        old, new = before[feature.name].to_numpy(), now[feature.name].to_numpy()
        pairs = (old > 0) & (new > 0)
        if pairs.sum() >= LEAST_PAIRS:
            factors[feature.name] = float(np.median(new[pairs] / old[pairs]))
    return factors
