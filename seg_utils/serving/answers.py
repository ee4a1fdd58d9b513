"""What is answered about many customers: their segments as JSON, NDJSON or CSV, or how far they are like training's."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core.artefacts import csv_text
from seg_utils.data.columns.matching import ID
from seg_utils.scoring import drift
from seg_utils.scoring.files import scoring
from seg_utils.scoring.files.messages import sentences
from seg_utils.scoring.files.scoring import Scored
from seg_utils.serving.batch_input import CSV, JSON, Batch
from seg_utils.serving.model_reload import LoadedModel

AT_A_TIME = 1000  # customers that are placed, and sent, at a time
NDJSON = "application/x-ndjson"

# The CSV answer and the comparison with training's customers at once, so that a page sends its file once
SCORED_AND_COMPARED = "application/vnd.card-segments.scored+json"

COMPARISON = ""  # what stands for a media type where the customers are to be compared with those of training
WARNINGS = "warnings"  # the column of CSV answers that ``make score``, which warns of the file, has not
BETWEEN = " | "  # between the warnings of one customer in CSV


def _compared(loaded: LoadedModel, batch: Batch) -> dict[str, Any]:
    """How customers compare with those of training, as ``make score`` tells it."""
    model, done = loaded.answerer.model, Scored(findings=list(batch.findings), n_rows=batch.n_rows)
    for part in _parts(len(batch.frame)):
        customers = batch.frame.iloc[part]
        placed = model.place(customers)[["segment", "confidence", "distance"]].to_numpy().T
        done.tally.add(drift.tally(model, customers, placed[0].astype(int), *placed[1:]))
    summary, compared = scoring.summary(model, done), drift.by_feature(model, done.tally)
    return {
        "customers": summary["customers"],
        "outside_training_range": summary["outside_training_range"],
        "warnings": sentences(summary, compared)[1:],
        "segments": summary["segments"],
        "segment_shares": summary["segment_shares"],
        "together": summary["together"],
        "features": compared.to_dict("records"),
    }


def _answers(loaded: LoadedModel, batch: Batch) -> Iterator[list[str]]:
    """The answers as JSON, some at a time."""
    ids = batch.frame[ID].tolist()
    for part in _parts(len(ids)):
        readings = batch.readings[part]
        placed = loaded.answerer.answers(np.stack([reading.values for reading in readings]), readings)
        yield [
            json.dumps({"id": name, **answer, "former_segment": last})
            for name, answer, last in zip(ids[part], placed, former(loaded, batch.own_ids[part]), strict=True)
        ]


def former(loaded: LoadedModel, ids: list[str]) -> list[dict[str, Any] | None]:
    """The segments that customers were in last, None for those who are not known."""
    return [None] * len(ids) if loaded.former is None else loaded.former.answers(pd.Series(ids, dtype="str"))


def _as_json(loaded: LoadedModel, batch: Batch) -> Iterator[str]:
    opening = "["
    for answers in _answers(loaded, batch):
        yield opening + ",\n".join(answers)
        opening = ",\n"
    yield "]\n"


def _as_ndjson(loaded: LoadedModel, batch: Batch) -> Iterator[str]:
    for answers in _answers(loaded, batch):
        yield "\n".join([*answers, ""])


def _as_csv(loaded: LoadedModel, batch: Batch) -> Iterator[str]:
    for part in _parts(len(batch.frame)):
        own_ids = pd.Series(batch.own_ids[part], dtype="str")
        scored = scoring.with_former(loaded.scorer.score(batch.frame.iloc[part]), loaded.former, own_ids)
        table = scored.to_pandas(integer_object_nulls=True)
        notes = [[f"{note.field}: {note.message}" for note in reading.warnings] for reading in batch.readings[part]]
        table[WARNINGS] = [BETWEEN.join(texts) for texts in notes]
        yield csv_text(table, header=part.start == 0)


def _parts(count: int) -> Iterator[slice]:
    return (slice(start, start + AT_A_TIME) for start in range(0, count, AT_A_TIME))


def _as_comparison(loaded: LoadedModel, batch: Batch) -> Iterator[str]:
    yield json.dumps(_compared(loaded, batch), ensure_ascii=False, separators=(",", ":"))


def _as_both(loaded: LoadedModel, batch: Batch) -> Iterator[str]:
    yield f'{{"drift": {json.dumps(_compared(loaded, batch))}, "scored": "'
    for text in _as_csv(loaded, batch):
        yield json.dumps(text)[1:-1]
    yield '"}\n'


# What makes an answer of each media type, part by part
WRITERS: dict[str, Callable[[LoadedModel, Batch], Iterator[str]]] = {
    JSON: _as_json,
    NDJSON: _as_ndjson,
    CSV: _as_csv,
    COMPARISON: _as_comparison,
    SCORED_AND_COMPARED: _as_both,
}
