"""Raw columns to one frame of numbers and ids, and the list of what could not be converted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.core import dictionary
from seg_utils.core.errors import DataError
from seg_utils.data.columns import descriptors
from seg_utils.data.columns.matching import ID, Matched
from seg_utils.data.findings import Finding
from seg_utils.data.formats import number_parsing
from seg_utils.data.formats.raw_table import Column, Flaw, RawTable, holds
from seg_utils.data.wording import plural, show

SPREADSHEET_ID = r"^[0-9]([.,][0-9]+)?E\+[0-9]+$"
FLOAT_ID = r"^[0-9]+\.0$"
LOST_IDS = 0.01  # a share of ids in scientific notation that no id scheme explains


@dataclass(frozen=True)
class Values:
    """``frame`` (n rows): customer_id where the file has ids, features, descriptors; ``rows`` (n,): their places.

    ``sums`` holds the sum of each column that came as numbers, NaN where a value is missing.
    """

    frame: pd.DataFrame
    rows: np.ndarray
    sums: dict[str, float] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def convert(raw: RawTable, matched: Matched) -> Values:
    """Numbers and ids of all rows. Raises DataError: the decimal sign is uncertain, two columns for one feature differ,
    or ids lost their digits."""
    sources = {name: _one_column(name, places, raw) for name, places in matched.features.items()}
    kinds = {feature.name: feature.kind for feature in dictionary.load().features}
    parsed = number_parsing.parse(
        {name: column.texts for name, column in sources.items() if column.texts is not None}, kinds
    )
    arrays: dict[str, pa.ChunkedArray | np.ndarray] = {}
    flaws: list[Flaw] = []
    for name, column in sources.items():
        arrays[name] = _numbers(column, parsed.get(name))
        cells = parsed[name].flaws if name in parsed else ()
        flaws += [Flaw(int(raw.rows[cell.position]), name, cell.value, cell.problem) for cell in cells]
    findings = [_twice(name, places) for name, places in matched.features.items() if len(places) > 1]
    findings += [finding for name in parsed for finding in parsed[name].findings]
    if matched.id_column is not None:
        ids, id_findings = _ids(raw.columns[matched.id_column].texts)
        arrays = {ID: ids} | arrays
        findings += id_findings
    arrays |= {name: descriptors.texts(raw.columns[place].texts) for name, place in matched.described.items()}
    frame = pa.table(arrays).to_pandas(split_blocks=True)
    typed = [name for name, column in sources.items() if column.numbers is not None]
    sums = {name: _sum(frame[name].to_numpy()) for name in typed}
    for name in typed:
        if not np.isfinite(sums[name]):  # a finite sum proves that no value is infinite or missing
            flaws += _without_infinity(frame, name, raw.rows)
    return Values(frame, raw.rows, sums, flaws, findings)


def _one_column(name: str, places: Sequence[int], raw: RawTable) -> Column:
    """The column of a feature; several may answer to it when they hold the same cells."""
    first, *others = (raw.columns[place] for place in places)
    for other in others:
        for ours, theirs in ((first.numbers, other.numbers), (first.texts, other.texts)):
            if (ours is None) != (theirs is None) or (ours is not None and not ours.equals(theirs)):
                raise DataError(
                    f"{len(places)} columns answer to {name} and hold different values; rename all but one, "
                    "or say which is meant with COLUMNS=mapping.yml"
                )
    return first


def _twice(name: str, places: Sequence[int]) -> Finding:
    words = {"places": len(places), "used": places[0] + 1, "others": ", ".join(str(place + 1) for place in places[1:])}
    return Finding("info", "duplicate_columns", name, len(places) - 1, action="ignored", parameters=words)


def _numbers(column: Column, parsed: number_parsing.Parsed | None) -> pa.ChunkedArray | np.ndarray:
    """Values of one feature (n,), missing or NaN where there is none or it is flawed."""
    if parsed is None:
        return column.numbers
    if column.numbers is None:
        return parsed.values
    typed = column.numbers.to_numpy()
    return np.where(np.isnan(typed), parsed.values, typed)


def _sum(values: np.ndarray) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return float(values.sum())


def _without_infinity(frame: pd.DataFrame, name: str, rows: np.ndarray) -> list[Flaw]:
    """Infinite values of a column made missing, and named."""
    values = frame[name].to_numpy()
    places = np.flatnonzero(np.isinf(values))
    if len(places):
        frame[name] = np.where(np.isinf(values), np.nan, values)
    return [Flaw(int(rows[i]), name, str(values[i]), "infinite") for i in places]


def _ids(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, list[Finding]]:
    """Ids as text, unchanged but for outer spaces and the ``.0`` of a spreadsheet or data frame; blank ones null.
    Raises DataError: a spreadsheet turned ids into scientific notation."""
    findings = []
    ids = column
    if holds(ids, b" ", b"\t", "\u00a0".encode()):
        ids = pc.utf8_trim(column, " \t\u00a0")
        trimmed = pc.sum(pc.not_equal(ids, column)).as_py() or 0
        if trimmed:
            findings.append(Finding("info", "id_spaces", ID, trimmed, action="trimmed"))
    if pc.min(pc.binary_length(ids)).as_py() == 0:
        ids = pc.if_else(pc.equal(ids, ""), pa.scalar(None, pa.string()), ids)
    if holds(ids, b"E+"):
        lost = ids.filter(pc.match_substring_regex(ids, SPREADSHEET_ID))
        if len(lost) > LOST_IDS * len(ids):
            raise DataError(
                f"{plural(len(lost), 'id was', 'ids were')} shortened to scientific notation by a spreadsheet (such as "
                f"{show(lost[0].as_py())}); format the id column as text and export again"
            )
    if len(ids) > ids.null_count and holds(ids, b".0") and pc.all(pc.match_substring_regex(ids, FLOAT_ID)).as_py():
        findings.append(Finding("info", "id_floats", ID, len(ids), action="trimmed"))
        ids = pc.utf8_slice_codeunits(ids, 0, -2)
    return ids, findings
