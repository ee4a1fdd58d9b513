"""One chunk of a customers file as customers, by the code that reads whole files; chunks are read side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from seg_utils.core.errors import DataError
from seg_utils.data.checks import new_customers
from seg_utils.data.checks.severity import Columns
from seg_utils.data.columns import junk_rows
from seg_utils.data.columns.conversion import Values, convert
from seg_utils.data.columns.duplicate_ids import without_repeats
from seg_utils.data.columns.junk_rows import RunningTotals
from seg_utils.data.columns.matching import ID, Matched
from seg_utils.data.findings import Finding
from seg_utils.data.formats.raw_table import Flaw
from seg_utils.data.streaming.chunks import Chunk


class ReadChunk(NamedTuple):
    """``frame`` (n,): sound customers, each once; ``numbers`` (n,): their place among the chunk's new rows, from 1 on.

    ``rows`` counts new rows; of those, ``well_formed`` had as many cells as columns. ``checked`` holds the ids of all
    rows that ``findings`` are on, and ``evidence`` the shared rows as they were read. Where the file has no ids, they
    are numbers of rows.
    """

    frame: pd.DataFrame
    numbers: np.ndarray
    rows: int
    well_formed: int
    flaws: list[Flaw]
    findings: list[Finding]
    checked: pd.Series
    evidence: pd.DataFrame


@dataclass(frozen=True)
class ChunkReader:
    """Reads chunks whose columns are ``matched``; all must read ``evidence`` as the first one did, once it is known.

    ``before`` is of the customers above, once these are read: totals at the end of the last chunk sum them up, too.
    """

    matched: Matched
    features: Sequence[str]
    evidence: pd.DataFrame | None = None
    before: RunningTotals | None = None

    def read(self, chunk: Chunk) -> ReadChunk:
        """The new customers of a chunk.

        Raises:
            DataError: its cells cannot be understood, do not go with the first chunk's, or are damaged.
        """
        raw = chunk.open().read(*self.matched.places)
        values = convert(raw, self.matched)
        shared = int(chunk.is_shared(values.rows).sum()) if self.before else 0
        junk = junk_rows.junk(values, list(self.features), self.before, shared)
        flaws = [*raw.broken, *values.flaws, *junk]
        evidence = values.frame[chunk.is_evidence(values.rows)].reset_index(drop=True)
        if self.evidence is not None and not evidence.equals(self.evidence):
            raise DataError(
                f"from about row {chunk.header + chunk.before + 1:,} on, numbers or ids are written in another way; "
                "export all customers at once"
            )
        well_formed = ~chunk.is_shared(values.rows)
        frame, numbers, findings, checked = self._customers(values, flaws, well_formed, chunk)
        return ReadChunk(
            frame,
            numbers,
            rows=int(well_formed.sum()) + len({flaw.row for flaw in raw.broken if not chunk.is_shared(flaw.row)}),
            well_formed=int(well_formed.sum()),
            flaws=[replace(flaw, row=int(chunk.place(flaw.row))) for flaw in flaws if not chunk.is_shared(flaw.row)],
            findings=[*raw.findings, *values.findings, *findings],
            checked=checked,
            evidence=evidence,
        )

    def _customers(
        self, values: Values, flaws: list[Flaw], well_formed: np.ndarray, chunk: Chunk
    ) -> tuple[pd.DataFrame, np.ndarray, list[Finding], pd.Series]:
        """Sound new customers, each once, with their numbers; what the checks find in them and the evidence, and the
        ids of both."""
        frame, places = values.frame, chunk.place(values.rows)
        if self.matched.id_column is None:
            frame = frame.assign(**{ID: places.astype("str")})
        sound = ~np.isin(values.rows, [flaw.row for flaw in flaws])
        checked = frame[sound]
        findings = new_customers.check(Columns(checked, list(self.features))) if sound.any() else []
        new = well_formed & sound
        customers = frame.loc[new, [ID, *self.features, *self.matched.described]].reset_index(drop=True)
        repeats: list[Finding] = []
        if len(customers):
            customers, repeats = without_repeats(customers, places[new], self.features)
        return customers, np.cumsum(well_formed)[new], [*findings, *repeats], checked[ID]
