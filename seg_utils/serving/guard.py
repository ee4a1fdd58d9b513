"""What every request passes before the application sees it: who may ask, how much may be sent, and how slowly."""

import asyncio
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KILOBYTE = 1 << 10
MEGABYTE = 1 << 20

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
]
PORT = re.compile(r":\d*\Z")


@dataclass(frozen=True)
class Limits:
    """How much a body may hold in bytes, how many customers a batch, and in how many seconds a body must be here."""

    body: int = 64 * KILOBYTE
    batch: int = 32 * MEGABYTE
    customers: int = 100_000
    seconds: float = 10.0
    batch_seconds: float = 120.0


class Guard:
    """ASGI middleware. ``hosts`` None answers to any name; ``token`` None asks for none.

    A page of another site can have its own name point to this machine (DNS rebinding); the Host header gives it away.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: Limits,
        batch_paths: Collection[str],
        open_paths: Collection[str],
        hosts: Collection[str] | None,
        token: str | None,
    ) -> None:
        self._app, self._limits, self._batches, self._open = app, limits, batch_paths, tuple(open_paths)
        self._hosts, self._token = hosts, None if token is None else token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":  # answered as GET; the server itself leaves the body out
            scope = {**scope, "method": "GET"}
        batch = scope["path"] in self._batches
        largest = self._limits.batch if batch else self._limits.body
        headers = dict(scope["headers"])
        answer = _Answer(send)
        if refused := self._refused(scope["path"], headers, largest):
            await refused(scope, receive, answer)
            return
        seconds = self._limits.batch_seconds if batch else self._limits.seconds
        await self._app(scope, _Body(receive, largest, seconds), answer)

    def _refused(self, path: str, headers: dict[bytes, bytes], largest: int) -> JSONResponse | None:
        host = PORT.sub("", headers.get(b"host", b"").decode("latin-1").lower())
        if self._hosts is not None and host not in self._hosts:
            return _refusal(400, "this server answers to its own address only, as in http://127.0.0.1")
        if self._token is not None and not self._is_open(path) and not self._knows_token(headers):
            wrong = b"authorization" in headers
            detail = f"{'the token is wrong' if wrong else 'a token is needed'}: Authorization: Bearer <token>"
            return _refusal(401, detail, {"www-authenticate": "Bearer"})
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length[:20]) > largest:
            return _refusal(413, _too_large(largest), {"connection": "close"})
        return None

    def _is_open(self, path: str) -> bool:
        return path == "/" or path.startswith(self._open)

    def _knows_token(self, headers: dict[bytes, bytes]) -> bool:
        scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
        return hmac.compare_digest(given.strip(), self._token) and scheme.lower() == b"bearer"


class _Answer:
    """``send`` that adds the security headers."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await self._send(message)


class _Body:
    """``receive`` that counts bytes and seconds until the body is whole."""

    def __init__(self, receive: Receive, largest: int, seconds: float) -> None:
        self._receive, self._left, self._largest = receive, largest, largest
        self._seconds, self._until, self._whole = seconds, None, False

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        self._until = self._until or asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            detail = f"the body was not here after {self._seconds:g} seconds"
            raise HTTPException(408, detail, {"connection": "close"}) from None
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413, _too_large(self._largest), {"connection": "close"})
        self._whole = not message.get("more_body", False)
        return message


def _too_large(largest: int) -> str:
    size = f"{largest // MEGABYTE} MB" if largest >= MEGABYTE else f"{largest // KILOBYTE} KB"
    return f"the body is larger than {size}; send less at a time"


def _refusal(status: int, detail: str, headers: dict[str, Any] | None = None) -> JSONResponse:
    return JSONResponse({"detail": detail}, status, headers)
