"""What goes between the process that listens and those that read: parts of known length, and what is asked for."""

import struct
from typing import NamedTuple

CHUNK, REFUSED, END, GROWN = b"c", b"r", b"e", b"g"
"""A part of an answer; why there is none, as JSON; that all was said; the same by a process that has grown large."""

_HEAD = struct.Struct(">cQ")
HEAD = _HEAD.size


class Job(NamedTuple):
    """The length of a body in bytes, its media type with parameters, that of the answer (or none: how the customers
    compare with those of training), and how many customers there may be."""

    length: int
    content_type: str
    wanted: str
    most: int


def framed(kind: bytes, content: bytes) -> bytes:
    """A part as it is sent."""
    return _HEAD.pack(kind, len(content)) + content


def parted(head: bytes) -> tuple[bytes, int]:
    """The kind and the length of the part that follows ``HEAD`` bytes."""
    return _HEAD.unpack(head)
