"""Many customers in one request: JSON or CSV in, JSON, NDJSON or CSV out, streamed."""

import asyncio
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pandas as pd
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from starlette.exceptions import HTTPException

from seg_utils.artefacts import csv_text
from seg_utils.customers.batches import Batches
from seg_utils.customers.match import ID
from seg_utils.errors import DataError
from seg_utils.scoring.inputs import Inputs, Reading
from seg_utils.serving import schemas
from seg_utils.serving.bodies import features_of, in_features, parsed, refuse, uploaded
from seg_utils.serving.guard import Limits
from seg_utils.serving.keeper import Keeper, Kept

AT_A_TIME = 1000
"""Customers that are placed, and sent, at a time."""

BODIES_AT_A_TIME = 4
"""Batches that are held in memory while they are read; others wait for their turn."""

LONGEST_ID = 200
JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
MULTIPART = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"
"""What curl calls JSON unless it is told better."""

PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"PAR1")
"""How zip and gzip archives, workbooks and Parquet files begin."""

HINTS = (
    (re.compile(r"[,;]? ?\bor [^;,]*?\b(?:BAD_ROWS|COLUMNS|FEATURES|IMPUTE)=\S*(?: \([^)]*\))?"), ""),
    (re.compile(r"\.xlsx(?: without a password)? or CSV|CSV or \.xlsx|\.xlsx(?: without a password)?"), "CSV"),
)
"""What a message about a file advises that a request has not, and what stands there instead."""

Batch = tuple[pd.DataFrame, list[Reading]]
"""Customers (customer_id and the model's features, NaN where missing), and what is to be told of each."""


@dataclass(frozen=True)
class MemoryFile:
    """As much of a path as reading a customers file needs; nothing of an upload is written anywhere."""

    data: bytes
    name: str = "the file"

    def is_file(self) -> bool:
        """It is one."""
        return True

    def is_dir(self) -> bool:
        """It is none."""
        return False

    def open(self, mode: str) -> BinaryIO:
        """A new stream of the bytes."""
        return io.BytesIO(self.data)

    def read_bytes(self) -> bytes:
        """The bytes."""
        return self.data


def add(app: FastAPI, path: str, keeper: Keeper, limits: Limits) -> None:
    """Add the address for batches."""
    turns = asyncio.Semaphore(BODIES_AT_A_TIME)

    @app.post(
        path,
        summary="The segments of many customers",
        responses={200: _ANSWERS, 415: schemas.told("Refusal", "Neither JSON nor CSV"), **schemas.REFUSALS},
        openapi_extra=schemas.body(**_BODIES),
    )
    async def predict_batch(request: Request) -> Response:
        """JSON or CSV, the latter also as an upload; the answer is of the same kind unless Accept asks for another.

        All customers are checked before the first answer is sent.
        """
        kept = keeper.kept
        sent = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
        if sent not in READERS:
            raise HTTPException(415, f"send {JSON}, {CSV} or {MULTIPART}, not {sent[:60]}")
        async with turns:
            body = await uploaded(request) if sent == MULTIPART else await request.body()
            found = await asyncio.to_thread(READERS[sent], body, kept.answerer.inputs, limits.customers)
        wanted = _wanted(request.headers.get("accept", ""), CSV if sent in (MULTIPART, CSV) else JSON)
        return StreamingResponse(WRITERS[wanted](kept, *found), media_type=wanted)


def _from_json(body: bytes, inputs: Inputs, most: int) -> Batch:
    customers = parsed(body)
    if not isinstance(customers, list) or not customers:
        refuse(([], 'must be a list of customers such as [{"id": "A1", "features": {"BALANCE": 1500}}]'))
    _check_count(len(customers), most)
    readings, ids, problems = [], [], []
    for place, customer in enumerate(customers):
        readings.append(inputs.read(features_of(customer, place)))
        problems += in_features(readings[-1].problems, place)
        ids.append(customer.get("id", str(place + 1)))
        if not isinstance(ids[-1], str) or len(ids[-1]) > LONGEST_ID:
            problems.append(([place, "id"], f"must be text of at most {LONGEST_ID} characters"))
    if problems:
        refuse(*problems)
    names = [one.name for one in inputs.all]
    frame = pd.DataFrame(np.stack([reading.values for reading in readings]), columns=names)
    frame.insert(0, ID, ids)
    return frame, readings


def _from_csv(body: bytes, inputs: Inputs, most: int) -> Batch:
    if body.startswith(PACKED):
        raise HTTPException(415, "send plain CSV; packed files and workbooks are for make score")
    names = [one.name for one in inputs.all]
    frames: list[pd.DataFrame] = []
    try:
        for frame in Batches(MemoryFile(body), names):
            frames.append(frame)
            _check_count(sum(map(len, frames)), most)
    except DataError as error:
        refuse(([], _advised(str(error))))
    frame = pd.concat(frames, ignore_index=True)
    values = frame[names].to_numpy(dtype=np.float64)
    return frame, [inputs.noted(row) for row in values]


def _advised(message: str) -> str:
    """A message about a file as a request may be given it."""
    message = message.removeprefix(f"{MemoryFile.name}: ")
    for hint, instead in HINTS:
        message = hint.sub(instead, message)
    return message


def _check_count(count: int, most: int) -> None:
    if count > most:
        raise HTTPException(413, f"more than {most:,} customers; send them in several batches, or use make score")


def _wanted(accept: str, usual: str) -> str:
    named = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return next((kind for kind in named if kind in WRITERS), usual)


def _answers(kept: Kept, frame: pd.DataFrame, readings: list[Reading]) -> Iterator[list[str]]:
    """The answers as JSON, some at a time."""
    ids = frame[ID].tolist()
    for part in _parts(len(ids)):
        values = np.stack([reading.values for reading in readings[part]])
        told = kept.answerer.answers(values, readings[part])
        yield [json.dumps({"id": name, **answer}) for name, answer in zip(ids[part], told, strict=True)]


def _as_json(kept: Kept, frame: pd.DataFrame, readings: list[Reading]) -> Iterator[str]:
    opening = "["
    for answers in _answers(kept, frame, readings):
        yield opening + ",\n".join(answers)
        opening = ",\n"
    yield "]\n"


def _as_ndjson(kept: Kept, frame: pd.DataFrame, readings: list[Reading]) -> Iterator[str]:
    for answers in _answers(kept, frame, readings):
        yield "\n".join([*answers, ""])


def _as_csv(kept: Kept, frame: pd.DataFrame, readings: list[Reading]) -> Iterator[str]:
    for part in _parts(len(frame)):
        table = kept.scorer.score(frame.iloc[part]).to_pandas(integer_object_nulls=True)
        yield csv_text(table, header=part.start == 0)


def _parts(count: int) -> Iterator[slice]:
    return (slice(start, start + AT_A_TIME) for start in range(0, count, AT_A_TIME))


READERS: dict[str, Callable[[bytes, Inputs, int], Batch]] = {
    JSON: _from_json,
    FORM: _from_json,
    CSV: _from_csv,
    MULTIPART: _from_csv,
}
WRITERS: dict[str, Callable[[Kept, pd.DataFrame, list[Reading]], Iterator[str]]] = {
    JSON: _as_json,
    NDJSON: _as_ndjson,
    CSV: _as_csv,
}
_FILE = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
_BODIES = {
    JSON: {"schema": schemas.ref("Customers")},
    CSV: {"schema": {"type": "string"}},
    MULTIPART: {"schema": _FILE},
}
_ANSWERS = {
    "description": "One answer a customer, in the order they came",
    "content": {
        JSON: {"schema": schemas.ref("BatchAnswer")},
        NDJSON: {"schema": {"type": "string"}},
        CSV: {"schema": {"type": "string"}},
    },
}
