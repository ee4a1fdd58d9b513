"""Many customers in one request: their segments as JSON, NDJSON or CSV, streamed; how far they are like training's."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext
from mmap import mmap

from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse

from seg_utils.scoring.former import COLUMNS as FORMER
from seg_utils.scoring.scorer import COLUMNS
from seg_utils.serving import batch_input, schemas
from seg_utils.serving.answers import COMPARISON, NDJSON, SCORED_AND_COMPARED, WARNINGS, WRITERS
from seg_utils.serving.batch_input import CSV, JSON, MULTIPART
from seg_utils.serving.guard import MEGABYTE, Limits
from seg_utils.serving.model_reload import ModelReloader
from seg_utils.serving.workers import Job, Workers

PLACED, COMPARED = "/predict/batch", "/drift"
PATHS = (PLACED, COMPARED)  # the addresses that take many customers
LARGE = MEGABYTE
BODIES_AT_A_TIME = 8  # large bodies that are in memory at a time; others wait for their turn
Ask = Callable[[Request, str], Awaitable[AsyncIterator[bytes]]]


def add(app: FastAPI, reloader: ModelReloader, limits: Limits, workers: Workers) -> None:
    """Add the addresses for batches."""
    turns = asyncio.Semaphore(BODIES_AT_A_TIME)

    async def ask(request: Request, wanted: str) -> AsyncIterator[bytes]:
        """The parts of an answer, once all customers of a request were checked."""
        loaded, kind = reloader.loaded, batch_input.kind(request)
        content_type = request.headers["content-type"] if kind == MULTIPART else kind
        async with turns if _is_large(request) else nullcontext():
            with mmap(-1, limits.batch) as body:  # given back whole at its end; bytes would leave gaps in the heap
                async for chunk in request.stream():
                    body.write(chunk)
                job = Job(body.tell(), content_type, wanted, limits.customers)
                parts = workers.answer(loaded, job, body, request.is_disconnected)
                first = await anext(parts, b"")
        return _after(first, parts)

    _add_placed(app, ask)
    _add_compared(app, ask)


def _is_large(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return not length or int(length) > LARGE


async def _after(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part


def _add_placed(app: FastAPI, ask: Ask) -> None:
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
        usual = CSV if batch_input.kind(request) in (MULTIPART, CSV) else JSON
        wanted = _wanted(request.headers.get("accept", ""), usual)
        return StreamingResponse(await ask(request, wanted), media_type=wanted)


def _add_compared(app: FastAPI, ask: Ask) -> None:
    @app.post(
        COMPARED,
        summary="How far many customers are like those of training",
        responses={
            200: schemas.response("Drift", "Warnings in words, and the numbers"),
            415: _NEITHER,
            **schemas.REFUSALS,
        },
        openapi_extra=schemas.body(**_BODIES),
    )
    async def compare(request: Request) -> Response:
        """What `make score` says of a file: warnings in words, the worst feature first, then notes on the file itself;
        shares of segments beside training's; and each feature's population stability index (PSI)."""
        parts = await ask(request, COMPARISON)
        return Response(b"".join([part async for part in parts]), media_type=JSON)


def _wanted(accept: str, usual: str) -> str:
    named = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return next((kind for kind in named if kind and kind in WRITERS), usual)


_FILE = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
_BODIES = {
    JSON: {"schema": schemas.ref("Customers")},
    CSV: {"schema": {"type": "string"}},
    MULTIPART: {"schema": _FILE},
}
_NEITHER = schemas.response("Refusal", "Neither JSON nor CSV")
_ANSWERS = {
    "description": "One answer a customer, in the order they came",
    "content": {
        JSON: {"schema": schemas.ref("BatchAnswer")},
        NDJSON: {"schema": {"type": "string"}},
        SCORED_AND_COMPARED: {"schema": schemas.ref("ScoredAndCompared")},
        CSV: {
            "schema": {
                "type": "string",
                "description": f"Those of make score and {WARNINGS}: {', '.join((*COLUMNS, *FORMER, WARNINGS))}",
            }
        },
    },
}
