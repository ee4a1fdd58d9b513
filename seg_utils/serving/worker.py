"""A process that answers batches: jobs come in on standard input, the parts of answers go out on standard output."""

import json
import os
import pickle
from collections.abc import Callable, Iterator

import psutil
import scipy.stats  # noqa: F401 - now, so that what it takes is not counted as kept by the first answer on drift
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from seg_utils.serving import answers, batch_input
from seg_utils.serving.model_reload import LoadedModel
from seg_utils.serving.workers import CHUNK, END, GROWN, HEAD, REFUSED, Job, framed, parted

GROWN_BYTES = 16 << 20  # a process that has kept so much of what its answers took is given up, and its memory with it
NICENESS = 5  # whoever asks something small comes first


def main() -> None:
    """Answer until standard input ends."""
    os.nice(NICENESS)
    jobs, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of an answer
    loaded: LoadedModel | None = None
    most = 0
    while head := jobs.read(HEAD):
        model, job = pickle.loads(jobs.read(parted(head)[1]))  # from the process that started this one
        if model is not None:
            loaded, most = LoadedModel.of(*model), _resident_bytes() + GROWN_BYTES
        for kind, part in _answer(loaded, job, jobs.read(job.length)):
            replies.write(framed(kind, part))
            replies.flush()
        replies.write(framed(GROWN if _resident_bytes() > most else END, b""))
        replies.flush()


def _resident_bytes() -> int:
    """Bytes that this process holds. Not the most it has held: that counts from its parent's, which it inherits."""
    return psutil.Process().memory_info().rss


def _answer(loaded: LoadedModel, job: Job, body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of one answer, or why there is none."""
    try:
        for part in parts(loaded, job, body):
            yield CHUNK, part
    except RequestValidationError as error:
        yield REFUSED, _refusal(422, error.errors())
    except HTTPException as error:
        yield REFUSED, _refusal(error.status_code, error.detail)
    except MemoryError:
        yield REFUSED, _refusal(413, "the body takes too much memory to read; send fewer customers at a time")


def parts(loaded: LoadedModel, job: Job, body: bytes) -> Iterator[bytes]:
    """The parts of an answer, the first of them once all customers were checked."""
    batch = batch_input.read(body, job, loaded.answerer.inputs)
    make: Callable[..., Iterator[str]] = answers.WRITERS[job.wanted]
    return (part.encode() for part in make(loaded, batch))


def _refusal(status: int, detail: object) -> bytes:
    return json.dumps({"status_code": status, "detail": detail}).encode()


if __name__ == "__main__":
    main()
