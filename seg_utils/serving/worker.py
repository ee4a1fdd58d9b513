"""A process that answers batches: jobs come in on standard input, the parts of answers go out on standard output."""

import json
import os
import pickle
import resource
from collections.abc import Callable, Iterator
from typing import BinaryIO

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from seg_utils.serving import answers, sent
from seg_utils.serving.frames import CHUNK, END, HEAD, REFUSED, Job, framed, parted
from seg_utils.serving.keeper import Kept

LARGE_KILOBYTES = 600 << 10
"""A process that has been as large as this goes, and its memory with it."""

NICENESS = 5
"""Whoever asks something small comes first."""


def main() -> None:
    """Answer until standard input ends."""
    os.nice(NICENESS)
    asked, told = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of an answer
    kept: Kept | None = None
    while head := asked.read(HEAD):
        model, job = pickle.loads(asked.read(parted(head)[1]))  # from the process that started this one
        kept = kept if model is None else Kept.of(model)
        _answer(kept, job, told)


def _answer(kept: Kept, job: Job, told: BinaryIO) -> None:
    """Send the parts of one answer, or why there is none."""
    try:
        for part in parts(kept, job):
            told.write(framed(CHUNK, part))
            told.flush()
        large = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > LARGE_KILOBYTES
        told.write(framed(END, b"!" if large else b""))
    except RequestValidationError as error:
        told.write(_refusal(422, error.errors()))
    except HTTPException as error:
        told.write(_refusal(error.status_code, error.detail))
    except MemoryError:
        told.write(_refusal(413, "the body takes too much memory to read; send fewer customers at a time"))
    told.flush()


def parts(kept: Kept, job: Job) -> Iterator[bytes]:
    """The parts of an answer, the first of them once all customers were checked."""
    batch = sent.read(job, kept.answerer.inputs)
    make: Callable[..., Iterator[str]] = answers.WRITERS[job.wanted]
    return (part.encode() for part in make(kept, batch))


def _refusal(status: int, detail: object) -> bytes:
    return framed(REFUSED, json.dumps({"status_code": status, "detail": detail}).encode())


if __name__ == "__main__":
    main()
