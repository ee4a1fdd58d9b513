"""Many customers in one request: their segments as JSON, NDJSON or CSV, streamed; how far they are like training's."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import numpy as np
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from seg_utils.artefacts import csv_text
from seg_utils.customers.match import ID
from seg_utils.scoring import drift, file
from seg_utils.scoring.file import Scored
from seg_utils.scoring.scored import COLUMNS
from seg_utils.scoring.telling import sentences
from seg_utils.serving import schemas, sent
from seg_utils.serving.guard import Limits
from seg_utils.serving.keeper import Keeper, Kept
from seg_utils.serving.sent import CSV, JSON, MULTIPART, READERS, Batch

PLACED, COMPARED = "/predict/batch", "/drift"
PATHS = (PLACED, COMPARED)
"""The addresses that take many customers."""

AT_A_TIME = 1000
"""Customers that are placed, and sent, at a time."""

BODIES_AT_A_TIME = 4
"""Batches that are held in memory while they are read; others wait for their turn."""

NDJSON = "application/x-ndjson"
WARNINGS = "warnings"
"""The column of CSV answers that ``make score``, which warns of the file, has not."""

BETWEEN = " | "
"""Between the warnings of one customer in CSV."""

Read = Callable[[Request, Kept], Awaitable[Batch]]


def add(app: FastAPI, keeper: Keeper, limits: Limits) -> None:
    """Add the addresses for batches."""
    turns = asyncio.Semaphore(BODIES_AT_A_TIME)

    async def read(request: Request, kept: Kept) -> Batch:
        """All customers of a request, checked."""
        reader = READERS[sent.kind(request)]
        async with turns:
            body = await sent.body(request)
            return await asyncio.to_thread(reader, body, kept.answerer.inputs, limits.customers)

    _add_placed(app, keeper, read)
    _add_compared(app, keeper, read)


def _add_placed(app: FastAPI, keeper: Keeper, read: Read) -> None:
    @app.post(
        PLACED,
        summary="The segments of many customers",
        responses={200: _ANSWERS, 415: _NEITHER, **schemas.REFUSALS},
        openapi_extra=schemas.body(**_BODIES),
    )
    async def predict_batch(request: Request) -> Response:
        """JSON or CSV, the latter also as an upload; the answer is of the same kind unless Accept asks for another.

        All customers are checked before the first answer is sent. Each answer holds what to mind about that customer:
        in JSON as a list, in CSV in the column `warnings`, as `FIELD: message`, several of them with ` | ` between.
        """
        kept = keeper.kept
        batch = await read(request, kept)
        usual = CSV if sent.kind(request) in (MULTIPART, CSV) else JSON
        wanted = _wanted(request.headers.get("accept", ""), usual)
        return StreamingResponse(WRITERS[wanted](kept, batch), media_type=wanted)


def _add_compared(app: FastAPI, keeper: Keeper, read: Read) -> None:
    @app.post(
        COMPARED,
        summary="How far many customers are like those of training",
        responses={200: schemas.told("Drift", "Warnings in words, and the numbers"), 415: _NEITHER, **schemas.REFUSALS},
        openapi_extra=schemas.body(**_BODIES),
    )
    async def compare(request: Request) -> JSONResponse:
        """What `make score` says of a file: warnings in words, the worst feature first, then notes on the file itself;
        shares of segments beside training's; and each feature's population stability index (PSI)."""
        kept = keeper.kept
        batch = await read(request, kept)
        return JSONResponse(await asyncio.to_thread(_compared, kept, batch))


def _compared(kept: Kept, batch: Batch) -> dict[str, Any]:
    """How customers compare with those of training, as ``make score`` tells it."""
    model, done = kept.answerer.model, Scored(findings=list(batch.findings), n_rows=batch.n_rows)
    for part in _parts(len(batch.frame)):
        customers = batch.frame.iloc[part]
        done.tally.add(drift.tally(model, customers, model.locate(customers).segment))
    summary, compared = file.summary(model, done), drift.by_feature(model, done.tally)
    return {
        "customers": summary["customers"],
        "outside_training_range": summary["outside_training_range"],
        "warnings": sentences(summary, compared)[1:],
        "segments": summary["segments"],
        "segment_shares": summary["segment_shares"],
        "features": compared.to_dict("records"),
    }


def _wanted(accept: str, usual: str) -> str:
    named = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return next((kind for kind in named if kind in WRITERS), usual)


def _answers(kept: Kept, batch: Batch) -> Iterator[list[str]]:
    """The answers as JSON, some at a time."""
    ids = batch.frame[ID].tolist()
    for part in _parts(len(ids)):
        readings = batch.readings[part]
        told = kept.answerer.answers(np.stack([reading.values for reading in readings]), readings)
        yield [json.dumps({"id": name, **answer}) for name, answer in zip(ids[part], told, strict=True)]


def _as_json(kept: Kept, batch: Batch) -> Iterator[str]:
    opening = "["
    for answers in _answers(kept, batch):
        yield opening + ",\n".join(answers)
        opening = ",\n"
    yield "]\n"


def _as_ndjson(kept: Kept, batch: Batch) -> Iterator[str]:
    for answers in _answers(kept, batch):
        yield "\n".join([*answers, ""])


def _as_csv(kept: Kept, batch: Batch) -> Iterator[str]:
    for part in _parts(len(batch.frame)):
        table = kept.scorer.score(batch.frame.iloc[part]).to_pandas(integer_object_nulls=True)
        notes = [[f"{one.field}: {one.message}" for one in reading.warnings] for reading in batch.readings[part]]
        table[WARNINGS] = [BETWEEN.join(told) for told in notes]
        yield csv_text(table, header=part.start == 0)


def _parts(count: int) -> Iterator[slice]:
    return (slice(start, start + AT_A_TIME) for start in range(0, count, AT_A_TIME))


WRITERS: dict[str, Callable[[Kept, Batch], Iterator[str]]] = {JSON: _as_json, NDJSON: _as_ndjson, CSV: _as_csv}
_FILE = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
_BODIES = {
    JSON: {"schema": schemas.ref("Customers")},
    CSV: {"schema": {"type": "string"}},
    MULTIPART: {"schema": _FILE},
}
_NEITHER = schemas.told("Refusal", "Neither JSON nor CSV")
_ANSWERS = {
    "description": "One answer a customer, in the order they came",
    "content": {
        JSON: {"schema": schemas.ref("BatchAnswer")},
        NDJSON: {"schema": {"type": "string"}},
        CSV: {
            "schema": {
                "type": "string",
                "description": f"The columns of make score, then {WARNINGS}: {', '.join((*COLUMNS, WARNINGS))}",
            }
        },
    },
}
