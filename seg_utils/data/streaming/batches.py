"""A customers file of any length, some customers at a time: the rules of ``load``, in memory that does not grow."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from seg_utils.core.errors import DataError
from seg_utils.core.threads import cores, parallel
from seg_utils.data.checks import new_customers
from seg_utils.data.columns import duplicate_ids, matching
from seg_utils.data.columns.duplicate_ids import SeenIds
from seg_utils.data.columns.junk_rows import RunningTotals
from seg_utils.data.columns.matching import ID
from seg_utils.data.columns.unreadable_cells import Flaws
from seg_utils.data.findings import Finding
from seg_utils.data.streaming import chunks
from seg_utils.data.streaming.chunk_reading import ChunkReader, ReadChunk
from seg_utils.data.streaming.running_findings import RunningFindings
from seg_utils.data.wording import listing, plural

MAP_IT = "map its name with COLUMNS=mapping.yml (a line for each, their name: CANONICAL_NAME)"


class Batches:
    """New customers for a model, read once and in order; counts and findings are complete when all are read.

    Iterating yields frames of customer_id and the features in original units, NaN where missing.
    """

    def __init__(
        self,
        path: Path,
        features: Sequence[str],
        *,
        describe: Sequence[str] = (),
        columns: Path | None = None,
        bad_rows: str = "stop",
        repeated: np.ndarray | None = None,
        rows: int = chunks.ROWS,
    ) -> None:
        """Look at the header and decide which column is which.

        Args:
            features: the inputs of the model; all must be in the file.
            describe: columns to read beside them, as texts; the frames hold them last, by the names of ``described``.
            columns: a mapping of other column names.
            bad_rows: ``stop`` at rows that cannot be read, or ``drop`` and list them.
            repeated: digests of the ids that may stand on several rows; by default all may, and each is remembered.
            rows: about how many rows are read at a time.

        Raises:
            DataError: the file is no table with these columns; the message names the cause.
        """
        self._path, self._features, self._bad_rows = path, list(features), bad_rows
        self.n_rows = self.n_customers = self._well_formed = self._repeats = 0
        self._several = False
        self._known = dict.fromkeys(self._features, 0)
        self._findings = RunningFindings()
        self._flaws = Flaws()
        self._repeated, self._seen = repeated, SeenIds()
        self._totals = RunningTotals(features)
        names = matching.Names(matching.read_mapping(columns) if columns else {})
        with self._named():
            self._chunks = chunks.of(path, names.recognise, rows)
            source = next(iter(self._chunks)).open()
            self._file_names = list(source.names)
            matching.check_present(self._features, source.names, names.spelt_as(source.names), "file", MAP_IT)
            mapping_name = columns.name if columns else ""
            self._matched = matching.match(source.names, self._features, names, mapping_name, describe=describe)
        self._findings.note([*self._chunks.findings, *source.findings, *self._matched.findings])

    @property
    def has_ids(self) -> bool:
        """Whether the file has ids of its own; numbers of rows are none."""
        return self._matched.id_column is not None

    @property
    def file_names(self) -> list[str]:
        """The file's own columns."""
        return self._file_names

    @property
    def described(self) -> list[str]:
        """The columns that only describe."""
        return [*self._matched.described]

    @property
    def findings(self) -> list[Finding]:
        """What was noticed so far."""
        return self._findings.all(self.n_customers, several=self._several)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        with self._named():
            remaining = iter(self._chunks)
            reader = ChunkReader(self._matched, self._features, self._repeated)
            first = reader.read(next(remaining))
            yield self._admitted(first)
            reader = replace(reader, evidence=first.evidence)
            while ahead := list(islice(remaining, cores())):
                self._several = True
                for read in parallel(reader.read, ahead):
                    yield self._admitted(read)
            self._finish()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except DataError as error:
            raise DataError(f"{self._path.name}: {error}") from None

    def _admitted(self, read: ReadChunk) -> pd.DataFrame:
        """The customers of a chunk that no earlier chunk held."""
        self._flaws.add(read.flaws)
        if self._bad_rows == "stop":
            self._flaws.settle(read.rows, self._bad_rows)
        if read.digests is None:
            places = read.frame[ID]
            frame = read.frame.assign(**{ID: (read.numbers + self._well_formed).astype("str")})
        else:
            frame = self._without_earlier(read)
            places = frame[ID]
        findings = [finding for finding in read.findings if finding.rule != duplicate_ids.RULE]
        self._findings.add(findings, read.checked, places, frame[ID])
        self._known = {name: count + int(frame[name].count()) for name, count in self._known.items()}
        self._totals.add(frame)
        self.n_rows += read.rows
        self._well_formed += read.well_formed
        self.n_customers += len(frame)
        return frame

    def _without_earlier(self, read: ReadChunk) -> pd.DataFrame:
        same, differing = self._seen.repeated(read.digests)
        if len(differing):
            ids = read.frame[ID].iloc[differing]
            raise DataError(
                f"{plural(len(ids), 'id stands', 'ids stand')} on rows with different values: {listing(ids)}, "
                f"last from row {self.n_rows + 2:,} on; keep one row a customer"
            )
        self._seen.add(read.digests)
        within = sum(finding.count for finding in read.findings if finding.rule == duplicate_ids.RULE)
        if not len(same) and not within:
            return read.frame
        self._repeats += len(same) + within
        repeats = Finding("warning", duplicate_ids.RULE, ID, self._repeats, action="kept once", case="in_parts")
        self._findings.note([repeats])
        return read.frame.drop(index=same).reset_index(drop=True)

    def _finish(self) -> None:
        """What only the whole file tells."""
        if not self.n_rows:
            raise DataError("the file has a header but no rows; export the customers again")
        self._findings.note(self._flaws.settle(self.n_rows, self._bad_rows))
        if not self.n_customers:
            raise DataError("no customer is left after dropping bad rows; correct the file")
        if self._several:
            self._totals.check()
        self._findings.note(new_customers.check_filled(self._known, self.n_customers))
