"""A file of new customers placed in a model's segments, some thousand at a time, and how far they are like the old."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from seg_utils.clustering import OUTLIERS
from seg_utils.core import artefacts
from seg_utils.core.threads import streamed
from seg_utils.data.columns.descriptors import beside
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding
from seg_utils.data.streaming.batches import Batches
from seg_utils.scoring import drift, transitions
from seg_utils.scoring.answer import segments
from seg_utils.scoring.drift import Tally
from seg_utils.scoring.former import COLUMNS as FORMER
from seg_utils.scoring.former import Former
from seg_utils.scoring.model import SegmentModel
from seg_utils.scoring.scorer import COLUMNS, Scorer
from seg_utils.scoring.transitions import Earlier

TEXTS = (ID, "persona", "second_persona", "third_persona", "former_persona")  # columns whose text comes from outside
TAKEN = (*COLUMNS, *FORMER)

FORMULA = f"^(?:{artefacts.FORMULA.pattern})"
CSV = pcsv.WriteOptions(include_header=False, quoting_style="needed")


# Of more customers, those whose ids have the lowest hashes are described: a sample in bounded memory
MOST_DESCRIBED = 250_000


class Part(NamedTuple):
    """Some customers scored: lines of CSV, what they add to the counts, and what only describes them."""

    lines: pa.Buffer
    tally: Tally
    moved: np.ndarray | int
    segment: np.ndarray
    described: pd.DataFrame


@dataclass
class Scored:
    """What is known when a file is scored: counts, moves between segments by ``Earlier.count``, findings, and segments
    and descriptors, in parts, of all customers or of a sample of ``MOST_DESCRIBED``, where such were asked for."""

    tally: Tally = field(default_factory=Tally)
    moved: np.ndarray | int = 0
    findings: list[Finding] = field(default_factory=list)
    n_rows: int = 0
    segments: list[np.ndarray] = field(default_factory=list)
    described: list[pd.DataFrame] = field(default_factory=list)

    def add(self, part: Part) -> None:
        """Count some more customers."""
        self.tally.add(part.tally)
        self.moved = self.moved + part.moved
        if part.described.shape[1] > 1:
            self.segments.append(part.segment)
            self.described.append(part.described)
            if sum(map(len, self.segments)) > MOST_DESCRIBED:
                self._sample()

    def _sample(self) -> None:
        described, segments = pd.concat(self.described, ignore_index=True), np.concatenate(self.segments)
        hashes = pd.util.hash_pandas_object(described[ID], index=False, categorize=False).to_numpy()
        lowest = np.sort(hashes.argpartition(MOST_DESCRIBED)[:MOST_DESCRIBED])
        self.described, self.segments = [described.iloc[lowest]], [segments[lowest]]


def score(
    batches: Batches,
    model: SegmentModel,
    target: Path,
    *,
    earlier: Earlier | None = None,
    former: Former | None = None,
    on_progress: Callable[[int], None] = lambda customers: None,
    before_replacing: Callable[[Scored], None] = lambda done: None,
) -> Scored:
    """Write one line a customer to ``target``, in input order, whole or not at all.

    Args:
        batches: the customers, not read yet.
        earlier: the segments that customers were in when the model was made, to count moves from.
        former: the segments that customers were in last, to tell of each.
        on_progress: called with how many customers are scored, now and then.
        before_replacing: called when all are scored and before they are put in place, to write what stands beside
            them: what says whose scores they are is there first, and a failure leaves the former scores.

    Raises:
        DataError: the file cannot be read as customers.
    """
    scorer = Scorer(model)

    def score_part(customers: pd.DataFrame) -> Part:
        return _part(scorer, customers, batches.described, earlier, former)

    columns = [*COLUMNS, *FORMER, *beside(batches.described, TAKEN).values()]
    header = artefacts.csv_text(pd.DataFrame(columns=columns)).encode()
    with artefacts.replacing(target) as temporary:
        for frames in batches.passes(target.parent):
            done = Scored()
            with temporary.open("wb") as stream:
                stream.write(header)
                for part in streamed(score_part, frames):
                    stream.write(part.lines)
                    done.add(part)
                    on_progress(done.tally.customers)
        done.findings, done.n_rows = batches.findings, batches.n_rows
        before_replacing(done)
    return done


def summary(model: SegmentModel, done: Scored) -> dict[str, Any]:
    """Counts, segments and warnings as plain values for ``scoring.json``."""
    counted, personas = done.tally, segments(model)
    numbers = [*range(len(model.sizes)), *([OUTLIERS] if model.outliers or counted.segments[-1] else [])]
    trained = sum(model.sizes) + model.outliers
    return {
        "customers": counted.customers,
        "rows": done.n_rows,
        "outside_training_range": counted.outside,
        "segments": [
            {
                "segment": number,
                "persona": personas[number].name,
                "customers": int(counted.segments[number]),
                "share": float(counted.segments[number] / counted.customers),
                "training_share": (model.outliers if number == OUTLIERS else model.sizes[number]) / trained,
            }
            for number in numbers
        ],
        "segment_shares": drift.of_segments(model, counted),
        "together": drift.together(model, counted),
        "findings": [finding.to_dict() for finding in done.findings],
    }


def moved(model: SegmentModel, done: Scored) -> pd.DataFrame | None:
    """How many were in which segment and are in which now; None where no customer was met before."""
    if np.sum(done.moved) == 0:
        return None
    return transitions.table(done.moved, {number: words.name for number, words in segments(model).items()})


def _part(
    scorer: Scorer, customers: pd.DataFrame, described: list[str], earlier: Earlier | None, former: Former | None
) -> Part:
    table = with_former(scorer.score(customers), former, customers[ID])
    for name, shown in beside(described, TAKEN).items():
        table = table.append_column(shown, _inert(pa.chunked_array([pa.array(customers[name], pa.large_string())])))
    segment, confidence, distance = (table[name].to_numpy() for name in ("segment", "confidence", "distance"))
    for name in TEXTS:
        table = table.set_column(table.column_names.index(name), name, _inert(table[name]))
    sink = pa.BufferOutputStream()
    pcsv.write_csv(table, sink, CSV)
    met = 0 if earlier is None else earlier.count(customers[ID], segment)
    counted = drift.tally(scorer.model, customers, segment, confidence, distance)
    return Part(sink.getvalue(), counted, met, segment, customers[[ID, *described]])


def with_former(scored: pa.Table, former: Former | None, ids: pd.Series) -> pa.Table:
    """Scored customers (n,) with the segments they were in last as further columns, null where that is not known.

    Args:
        ids: of the customers (n,), nothing for those who have none.
    """
    unknown = [pa.nulls(len(scored), pa.int64()), pa.nulls(len(scored), pa.string())]
    columns = unknown if former is None else former.columns(ids)
    for name, column in zip(FORMER, columns, strict=True):
        scored = scored.append_column(name, column)
    return scored


def _inert(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text that a spreadsheet would run gets an apostrophe in front, as in every CSV file of this project."""
    risky = pc.match_substring_regex(texts, FORMULA)
    if not pc.any(risky).as_py():
        return texts
    apostrophe = pa.scalar("'", texts.type)
    return pc.if_else(risky, pc.binary_join_element_wise(apostrophe, texts, pa.scalar("", texts.type)), texts)
