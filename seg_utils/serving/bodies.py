"""Request bodies as plain values: strict JSON, or the one file of an upload, always in memory."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any, NoReturn

from fastapi.exceptions import RequestValidationError
from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser

from seg_utils.scoring.inputs import CUSTOMER, Note

SHOWN = 20  # problems that an answer lists


def refuse(*problems: tuple[Sequence[str | int], str], kind: str = "value_error") -> NoReturn:
    """Answer 422 in FastAPI's shape: for each problem where it is, after ``body``, and what is wrong."""
    errors = [{"type": kind, "loc": ["body", *where], "msg": what} for where, what in problems[:SHOWN]]
    raise RequestValidationError(errors)


def in_features(problems: Sequence[Note], *where: str | int) -> list[tuple[Sequence[str | int], str]]:
    """What is wrong with a customer's features, as ``refuse`` takes it."""
    return [
        ([*where, CUSTOMER], note.message)
        if note.field == CUSTOMER
        else ([*where, CUSTOMER, note.field], f"{note.field} {note.message}")
        for note in problems
    ]


def features_of(customer: Any, *where: str | int) -> dict[str, Any]:
    """The features of a customer in a body."""
    if not isinstance(customer, dict):
        refuse((where, 'must be an object such as {"features": {"BALANCE": 1500}}'))
    features = customer.get("features")
    if not isinstance(features, dict):
        refuse(([*where, "features"], "must be an object of numbers by feature name"), kind="missing")
    if unknown := [name for name in customer if name not in ("id", "features")]:
        refuse(([*where, unknown[0][:60]], "is not known here; a customer has features and, if wanted, an id"))
    return features


def parsed(body: bytes) -> Any:
    """The value of a JSON text.

    Stricter than Python: no NaN or Infinity, no name twice, no half characters.
    """
    try:
        value = json.loads(
            body.decode(json.detect_encoding(body)), object_pairs_hook=_object, parse_constant=_no_number
        )
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()  # half a character, escaped, is no text
        return value
    except RecursionError:
        refuse(([], "the JSON is nested too deeply"), kind="json_invalid")
    except ValueError as error:  # also of text that is not UTF-8, and of integers of thousands of digits
        what = error.msg if isinstance(error, json.JSONDecodeError) else _in_one_line(error)
        refuse(([], f"the body is not JSON: {what}"), kind="json_invalid")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise ValueError(f"the name {twice[:60]!r} stands twice")
    return value


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number; use null for a value that is not known")


def _in_one_line(error: ValueError) -> str:
    if isinstance(error, UnicodeError):
        return "it is not UTF-8"
    return "a number is too long" if "digits" in str(error) else str(error)


class _InMemory(MultiPartParser):
    spool_max_size = 1 << 40  # parts stay in memory whatever their size; how large a body may be was decided before


def uploaded(body: bytes, content_type: str) -> bytes:
    """The bytes of the one file in a multipart body; its name and everything else about it is ignored."""
    return asyncio.run(_uploaded(body, content_type))


async def _uploaded(body: bytes, content_type: str) -> bytes:
    parser = _InMemory(Headers({"content-type": content_type}), _stream(body), max_files=1, max_fields=10)
    try:
        form = await parser.parse()
    except (MultiPartException, FormParserError, KeyError, ValueError) as error:
        message = getattr(error, "message", None) or "it is cut short or has no boundary"
        refuse(([], f"the upload cannot be read: {message}"), kind="multipart_invalid")
    try:
        for _, part in form.multi_items():
            if not isinstance(part, str):
                return await part.read()
    finally:
        await form.close()
    refuse((["file"], "send one file, as the field called file"), kind="missing")


async def _stream(body: bytes) -> AsyncIterator[bytes]:
    yield body
    yield b""
