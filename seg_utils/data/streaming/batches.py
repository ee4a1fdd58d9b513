"""A customers file of any length, some customers at a time: the rules of ``load``, in memory that does not grow."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from seg_utils.core.errors import DataError
from seg_utils.core.threads import streamed
from seg_utils.data.checks import new_customers
from seg_utils.data.columns import duplicate_ids, matching
from seg_utils.data.columns.junk_rows import RunningTotals
from seg_utils.data.columns.matching import ID
from seg_utils.data.columns.unreadable_cells import Flaws
from seg_utils.data.findings import Finding
from seg_utils.data.streaming.chunk_reading import ChunkReader, ReadChunk
from seg_utils.data.streaming.chunks import ROWS, Chunk, Chunks
from seg_utils.data.streaming.chunks import of as in_chunks
from seg_utils.data.streaming.repeated_ids import RepeatedIds, SpilledIds
from seg_utils.data.streaming.running_findings import RunningFindings
from seg_utils.data.wording import listing, plural

MAP_IT = "map its name with COLUMNS=mapping.yml (a line for each, their name: CANONICAL_NAME)"


class Batches:
    """New customers for a model, read in order; counts and findings are complete when all are read.

    Customers come as frames of customer_id and the features in original units, NaN where missing.
    """

    def __init__(
        self,
        path: Path,
        features: Sequence[str],
        *,
        describe: Sequence[str] = (),
        columns: Path | None = None,
        bad_rows: str = "stop",
        rows: int = ROWS,
        chunks: Chunks | None = None,
    ) -> None:
        """Look at the header and decide which column is which.

        Args:
            features: the inputs of the model; all must be in the file.
            describe: columns to read beside them, as texts; the frames hold them last, by the names of ``described``.
            columns: a mapping of other column names.
            bad_rows: ``stop`` at rows that cannot be read, or ``drop`` and list them.
            rows: about how many rows are read at a time.
            chunks: the rows themselves, where they are in no file.

        Raises:
            DataError: the file is no table with these columns; the message names the cause.
        """
        self._path, self.features, self._bad_rows = path, list(features), bad_rows
        names = matching.Names(matching.read_mapping(columns) if columns else {})
        with self._named():
            self._chunks = chunks or in_chunks(path, names.recognise, rows)
            source = next(iter(self._chunks)).open()
            self.file_names = list(source.names)  # the file's own columns
            matching.check_present(self.features, source.names, names.spelt_as(source.names), "file", MAP_IT)
            mapping_name = columns.name if columns else ""
            self.matched = matching.match(source.names, self.features, names, mapping_name, describe=describe)
        self._of_header = [*self._chunks.findings, *source.findings, *self.matched.findings]
        self._begin()

    def _begin(self, spilled: SpilledIds | None = None, repeated: RepeatedIds | None = None) -> None:
        """Count from nothing: keep ids in the one, or look for them in the other."""
        self.n_rows = self.n_customers = self._well_formed = self._repeats = 0
        self._several = False
        self._findings = RunningFindings()
        self._findings.note(self._of_header)
        self._flaws = Flaws()
        self._spilled, self._repeated = spilled, repeated
        self._totals = RunningTotals(self.features)

    @property
    def has_ids(self) -> bool:
        """Whether the file has ids of its own; numbers of rows are none."""
        return self.matched.id_column is not None

    @property
    def described(self) -> list[str]:
        """The columns that only describe."""
        return [*self.matched.described]

    @property
    def findings(self) -> list[Finding]:
        """What was noticed so far."""
        return self._findings.all(self.n_customers, several=self._several)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """All customers, held in memory until it is clear that no id repeats."""
        frames: list[pd.DataFrame] = []
        for reading in self.passes():
            frames = list(reading)
        return iter(frames)

    def passes(self, folder: Path | None = None) -> Iterator[Iterator[pd.DataFrame]]:
        """All customers, and once more if an id repeats in what is not read together, each once then: the last counts.

        Args:
            folder: where digests of ids are kept meanwhile; by default where the system keeps such files.

        Raises:
            DataError: the file cannot be read as customers.
        """
        with SpilledIds(folder) as spilled:
            self._begin(spilled=spilled)
            yield self._read()
            repeated = spilled.repeated()
        if len(repeated):
            self._begin(repeated=RepeatedIds(repeated))
            yield self._read()

    def _read(self) -> Iterator[pd.DataFrame]:
        with self._named():
            remaining = iter(self._chunks)
            reader = ChunkReader(self.matched, self.features)
            first = reader.read(next(remaining))
            yield self.admitted(first)
            reader = replace(reader, evidence=first.evidence)
            last: list[Chunk] = []
            for read in streamed(reader.read, _but_the_last(remaining, last)):
                self._several = True
                yield self.admitted(read)
            for chunk in last:
                self._several = True
                yield self.admitted(replace(reader, before=self._totals).read(chunk))
            self.finish()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except DataError as error:
            raise DataError(f"{self._path.name}: {error}") from None

    def admitted(self, read: ReadChunk) -> pd.DataFrame:
        """The customers of a chunk that no earlier chunk held."""
        self._flaws.add(read.flaws)
        if self._bad_rows == "stop":
            self._flaws.settle(read.rows, self._bad_rows)
        if self.has_ids:
            frame = self._without_earlier(read)
            places = frame[ID]
            if self._spilled:
                self._spilled.add(places)
        else:
            places = read.frame[ID]
            frame = read.frame.assign(**{ID: (read.numbers + self._well_formed).astype("str")})
        findings = [finding for finding in read.findings if finding.rule != duplicate_ids.RULE]
        self._findings.add(findings, read.checked, places, frame[ID])
        self._totals.add(frame)
        self.n_rows += read.rows
        self._well_formed += read.well_formed
        self.n_customers += len(frame)
        return frame

    def _without_earlier(self, read: ReadChunk) -> pd.DataFrame:
        same, differing = self._repeated.met(read.frame, self.features) if self._repeated else ([], [])
        if len(differing):
            ids = read.frame[ID].iloc[differing]
            raise DataError(
                f"{plural(len(ids), 'id stands', 'ids stand')} on rows with different values: {listing(ids)}, "
                f"last from row {self.n_rows + 2:,} on; keep one row a customer"
            )
        within = sum(finding.count for finding in read.findings if finding.rule == duplicate_ids.RULE)
        if not len(same) and not within:
            return read.frame
        self._note_repeats(len(same) + within)
        return read.frame.drop(index=same).reset_index(drop=True)

    def _note_repeats(self, more: int) -> None:
        self._repeats += more
        if self._repeats:
            repeats = Finding("warning", duplicate_ids.RULE, ID, self._repeats, action="kept once", case="in_parts")
            self._findings.note([repeats])

    def counted(self) -> dict[str, Any]:
        """What was counted and found so far, as plain values."""
        return {
            "rows": self.n_rows,
            "customers": self.n_customers,
            "repeats": self._repeats,
            "known": self._totals.known.tolist(),
            "findings": self._findings.counted(),
            "flaws": self._flaws.counted(),
        }

    def add(self, counted: Mapping[str, Any]) -> None:
        """Count what others read of the same table."""
        self._several = True
        self.n_rows += counted["rows"]
        self.n_customers += counted["customers"]
        self._note_repeats(counted["repeats"])
        self._totals.known += counted["known"]
        self._findings.add_counted(counted["findings"])
        self._flaws.add_counted(counted["flaws"])

    def finish(self) -> None:
        """What only the whole file tells.

        Raises:
            DataError: it holds no customers, or a column holds no value.
        """
        if not self.n_rows:
            raise DataError("the file has a header but no rows; export the customers again")
        self._findings.note(self._flaws.settle(self.n_rows, self._bad_rows))
        if not self.n_customers:
            raise DataError("no customer is left after dropping bad rows; correct the file")
        self._findings.note(new_customers.check_filled(self.features, self._totals.known, self.n_customers))


def _but_the_last(chunks: Iterator[Chunk], last: list[Chunk]) -> Iterator[Chunk]:
    """All chunks but the last one, which is put aside until it is known what stands above it."""
    for chunk in chunks:
        yield from last
        last[:] = [chunk]
