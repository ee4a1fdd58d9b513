"""Many customers as a request sends them: JSON or CSV, read and checked in memory before anything is answered."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

import numpy as np
import pandas as pd
from fastapi import Request
from starlette.exceptions import HTTPException

from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding
from seg_utils.data.streaming.batches import Batches
from seg_utils.scoring.inputs import Inputs, Reading
from seg_utils.serving.bodies import SHOWN, features_of, in_features, parsed, refuse, uploaded
from seg_utils.serving.workers import Job

LONGEST_ID = 200

# A customer is an object in an object; a body that holds so many more lists and objects holds no customers
MOST_NESTED = 20

JSON, CSV = "application/json", "text/csv"
MULTIPART = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"  # what curl calls JSON unless the content type is given

# How zip and gzip archives, workbooks and Parquet files begin
PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"PAR1")

# What a message about a file advises that a request has not, and what stands there instead
HINTS = (
    (re.compile(r"[,;]? ?\bor [^;,]{0,200}?\b(?:BAD_ROWS|COLUMNS|FEATURES|IMPUTE)=\S*(?: \([^)]*\))?"), ""),
    (re.compile(r"\.xlsx(?: without a password)? or CSV|CSV or \.xlsx|\.xlsx(?: without a password)?"), "CSV"),
)


class Batch(NamedTuple):
    """``frame``: customer_id and the model's inputs, NaN where missing; ``readings``: what to mind about each
    customer; ``own_ids``: ids as they were sent, nothing for those who are only numbered; ``findings`` on a file, of
    which ``n_rows`` were read."""

    frame: pd.DataFrame
    readings: list[Reading]
    own_ids: list[str]
    n_rows: int
    findings: Sequence[Finding] = ()


@dataclass(frozen=True)
class MemoryFile:
    """As much of a path as reading a customers file needs; nothing of an upload is written anywhere."""

    data: bytes
    name: str = "the file"

    def open(self, mode: str) -> BinaryIO:
        """A new stream of the bytes."""
        return io.BytesIO(self.data)

    def read_bytes(self) -> bytes:
        """The bytes."""
        return self.data


def kind(request: Request) -> str:
    """The media type of a body that ``READERS`` can read.

    Raises:
        HTTPException: 415, it is of another type.
    """
    media_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if media_type not in READERS:
        raise HTTPException(415, f"send {JSON}, {CSV} or {MULTIPART}, not {media_type[:60]}")
    return media_type


def read(body: bytes, job: Job, inputs: Inputs) -> Batch:
    """All customers of a body, checked.

    Raises:
        RequestValidationError: the body or a customer in it cannot be used.
        HTTPException: it is of another kind, or holds too many customers.
    """
    kind = job.content_type.partition(";")[0].strip().lower()
    if kind == MULTIPART:
        body = uploaded(body, job.content_type)
    return READERS[kind](body, inputs, job.most)


def _from_json(body: bytes, inputs: Inputs, most: int) -> Batch:
    if body.count(b"[") + body.count(b"{") > MOST_NESTED * most:  # in an instant, before they fill the memory
        _check_count(most + 1, most)
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
        if len(problems) >= SHOWN:
            break
    if problems:
        refuse(*problems)
    names = [feature.name for feature in inputs.all]
    frame = pd.DataFrame(np.stack([reading.values for reading in readings]), columns=names)
    frame.insert(0, ID, ids)
    return Batch(frame, readings, [customer.get("id", "") for customer in customers], len(frame))


def _from_csv(body: bytes, inputs: Inputs, most: int) -> Batch:
    if body.startswith(PACKED):
        raise HTTPException(415, "send plain CSV; packed files and workbooks are for make score")
    names = [feature.name for feature in inputs.all]
    try:
        batches = Batches(MemoryFile(body), names)
        for reading in batches.passes():
            frames: list[pd.DataFrame] = []
            for frame in reading:
                frames.append(frame)
                _check_count(sum(map(len, frames)), most)
    except DataError as error:
        refuse(([], _advised(str(error))))
    frame = pd.concat(frames, ignore_index=True)
    values = frame[names].to_numpy(dtype=np.float64)
    own_ids = frame[ID].tolist() if batches.has_ids else [""] * len(frame)
    return Batch(frame, [inputs.noted(row) for row in values], own_ids, batches.n_rows, batches.findings)


def _advised(message: str) -> str:
    """A message about a file as a request may be given it."""
    message = message.removeprefix(f"{MemoryFile.name}: ")
    for hint, instead in HINTS:
        message = hint.sub(instead, message)
    return message


def _check_count(count: int, most: int) -> None:
    if count > most:
        raise HTTPException(413, f"more than {most:,} customers; send them in several batches, or use make score")


# What reads a body of each media type: of a model's inputs, at most so many customers
READERS: dict[str, Callable[[bytes, Inputs, int], Batch]] = {
    JSON: _from_json,
    FORM: _from_json,
    CSV: _from_csv,
    MULTIPART: _from_csv,
}
