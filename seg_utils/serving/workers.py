"""Processes that read bodies and make answers, so that the one that listens always has time for whoever asks next.

Reading a body of 30 MB holds Python's interpreter lock for seconds, which no thread can help; and a process can be
given up.
"""

import asyncio
import json
import logging
import pickle
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from mmap import mmap
from typing import NamedTuple

from starlette.exceptions import HTTPException

from seg_utils.serving.model_reload import LoadedModel

PROCESSES = 2

# How long a process may think about a part of an answer; the hardest batch within the limits takes a few seconds
JOB_SECONDS = 60.0

TAKING_SECONDS = 30.0  # how long a client may take to take a part of an answer
CHUNKS_AHEAD = 64  # parts of an answer that wait for a slow client, while the process is free for others
PIECE = 64 << 10  # bytes of a body that are handed on at a time
TOO_HARD = "the body takes too long or too much memory to read; send fewer customers at a time"

# A part of an answer; why there is none, as JSON; that all was said; the same by a process that has grown large
CHUNK, REFUSED, END, GROWN = b"c", b"r", b"e", b"g"

_HEAD = struct.Struct(">cQ")
HEAD = _HEAD.size

log = logging.getLogger("uvicorn.error")


class Job(NamedTuple):
    """The length of a body in bytes, its media type with parameters, that of the answer (or none: how the customers
    compare with those of training), and how many customers there may be."""

    length: int
    content_type: str
    wanted: str
    most: int


def framed(kind: bytes, content: bytes) -> bytes:
    return _HEAD.pack(kind, len(content)) + content


def parted(head: bytes) -> tuple[bytes, int]:
    """The kind and the length of the part that follows ``HEAD`` bytes."""
    return _HEAD.unpack(head)


class BrokenOffError(Exception):
    """An answer that had begun cannot be finished."""


class Workers:
    """A few processes that take turns; each is started when it is needed, and anew when it was given up."""

    def __init__(self, count: int = PROCESSES) -> None:
        self._count = count
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        self._all: list[_Worker] = []
        self._filling: set[asyncio.Task] = set()

    async def start(self) -> None:
        """Start them all; those who ask before wait."""
        for _ in range(self._count):
            self._all.append(_Worker())
            await self._all[-1].start()
            self._free.put_nowait(self._all[-1])

    async def stop(self) -> None:
        """Give all of them up, whatever they do."""
        for task in self._filling:
            task.cancel()
        await asyncio.gather(*self._filling, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._all))

    async def answer(
        self, loaded: LoadedModel, job: Job, body: mmap, gone: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """The parts of an answer, the first of them once the whole body, which ``body`` begins with until then, was
        checked. ``gone`` says whether the client went away while it waited for its turn. An HTTPException where the
        body is refused, or took too long; a BrokenOffError where something went wrong after the first part."""
        parts: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(CHUNKS_AHEAD)
        filling = asyncio.create_task(self._fill(parts, loaded, job, body, gone))
        self._filling.add(filling)
        filling.add_done_callback(self._filling.discard)
        try:
            while (part := await parts.get()) is not None:
                if isinstance(part, Exception):
                    raise part
                yield part
        finally:
            filling.cancel()

    async def _fill(
        self, parts: asyncio.Queue, loaded: LoadedModel, job: Job, body: mmap, gone: Callable[[], Awaitable[bool]]
    ) -> None:
        worker = await self._free.get()
        begun = False
        try:
            if not await gone():
                async for part in worker.parts(loaded, job, body):
                    async with asyncio.timeout(TAKING_SECONDS):
                        await parts.put(part)
                    begun = True
            await parts.put(None)
        except HTTPException as refusal:
            await parts.put(refusal)
        except (TimeoutError, OSError, EOFError) as error:  # the process was slow, or the system has ended it
            log.warning("a batch was given up (%s)", type(error).__name__)
            await worker.end()
            await parts.put(BrokenOffError() if begun else HTTPException(413, TOO_HARD))
        finally:
            await worker.settle()
            self._free.put_nowait(worker)


class _Worker:
    """One process, the model that it holds, and whether it is in the middle of something."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._model: tuple[str, int] | None = None
        self._busy = False

    async def start(self) -> None:
        if self._process is not None and self._process.returncode is None:
            return
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "seg_utils.serving.worker", stdin=PIPE, stdout=PIPE, start_new_session=True
        )
        self._model = None

    async def end(self) -> None:
        """Give the process up."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()  # what it had said already, or the pipe would keep waiting

    async def settle(self) -> None:
        """Give the process up if it is in the middle of something."""
        if self._busy:
            await self.end()
            self._busy = False

    async def parts(self, loaded: LoadedModel, job: Job, body: mmap) -> AsyncIterator[bytes]:
        await self.start()
        self._busy = True
        model = None if self._model == loaded.key else (loaded.answerer.model, loaded.former)
        async with asyncio.timeout(JOB_SECONDS):
            self._process.stdin.write(framed(CHUNK, pickle.dumps((model, job))))
            for start in range(0, job.length, PIECE):
                self._process.stdin.write(body[start : min(start + PIECE, job.length)])
                await self._process.stdin.drain()
        self._model = loaded.key
        refusal = None
        while True:
            async with asyncio.timeout(JOB_SECONDS):
                kind, length = parted(await self._process.stdout.readexactly(HEAD))
                content = await self._process.stdout.readexactly(length)
            if kind == CHUNK:
                yield content
            elif kind == REFUSED:
                refusal = HTTPException(**json.loads(content))
            else:
                break
        self._busy = False
        if kind == GROWN:
            await self.end()
            await self.start()
        if refusal is not None:
            raise refusal
