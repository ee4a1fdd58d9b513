"""What every request passes before the application sees it: who may ask, how much may be sent, and how slowly."""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from seg_utils.serving.workers import BrokenOffError

KILOBYTE = 1 << 10
MEGABYTE = 1 << 20

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# For a page whose script writes styles of its own
STYLED_BY_SCRIPT = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

POLICY_NAME = b"content-security-policy"
HEADERS = [
    (POLICY_NAME, POLICY.encode()),
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
    # Bytes a second that a large body must bring, or it is given up before its seconds are over
    rate: int = 64 * KILOBYTE


class OpenRequests:
    """The requests that are being answered, so that the server can end while a client is slow."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task] = set()
        self._stopped = False

    async def answer(self, answering: Awaitable[None], give_up: Callable[[], Awaitable[None]]) -> None:
        """Wait for an answer, or end with ``give_up`` where the server stops before it is finished."""
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            await answering
        except asyncio.CancelledError:
            if not self._stopped:
                raise
            task.uncancel()
            await give_up()
        finally:
            self._tasks.discard(task)

    def stop(self) -> None:
        """Give up what is not finished."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()


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
        open_requests: OpenRequests,
    ) -> None:
        self._app, self._limits, self._batches, self._open = app, limits, batch_paths, tuple(open_paths)
        self._hosts, self._token = hosts, None if token is None else token.encode()
        self._open_requests = open_requests

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
        if refused := self._refused(scope["method"], scope["path"], headers, largest):
            await refused(scope, receive, answer)
            return

        async def give_up() -> None:
            if not answer.begun:
                await _refusal(503, "the server is stopping", {"connection": "close"})(scope, receive, answer)

        seconds = self._limits.batch_seconds if batch else self._limits.seconds
        body = _Body(receive, largest, seconds, self._limits)
        await self._open_requests.answer(self._answered(scope, body, answer), give_up)

    async def _answered(self, scope: Scope, body: Receive, answer: Send) -> None:
        with suppress(BrokenOffError, ClientDisconnect):  # all that is left to do is to hang up
            await self._app(scope, body, answer)

    def _refused(self, method: str, path: str, headers: dict[bytes, bytes], largest: int) -> JSONResponse | None:
        host = PORT.sub("", headers.get(b"host", b"").decode("latin-1").lower())
        if self._hosts is not None and host not in self._hosts:
            return _refusal(400, "this server answers to its own address only, as in http://127.0.0.1")
        if method != "GET" and self._is_from_elsewhere(headers):
            return _refusal(403, "a page of another site may not ask this server; use the page at / or no browser")
        if self._token is not None and not self._is_open(path) and not self._knows_token(headers):
            wrong = b"authorization" in headers
            detail = f"{'the token is wrong' if wrong else 'a token is needed'}: Authorization: Bearer <token>"
            return _refusal(401, detail, {"www-authenticate": "Bearer"})
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length[:20]) > largest:
            return _refusal(413, _too_large(largest), {"connection": "close"})
        return None

    def _is_from_elsewhere(self, headers: dict[bytes, bytes]) -> bool:
        """Whether a browser says that a page of another origin asks; what is no browser says nothing of the kind."""
        site = headers.get(b"sec-fetch-site", b"none").lower()
        if site not in (b"same-origin", b"none"):
            return True
        origin = headers.get(b"origin")
        if origin is None or (self._hosts is None and site == b"same-origin"):  # a proxy may go by another name
            return False
        scheme, _, host = origin.lower().partition(b"://")
        return scheme not in (b"http", b"https") or host != headers.get(b"host", b"").lower()

    def _is_open(self, path: str) -> bool:
        return path == "/" or path.startswith(self._open)

    def _knows_token(self, headers: dict[bytes, bytes]) -> bool:
        scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
        return hmac.compare_digest(given.strip(), self._token) and scheme.lower() == b"bearer"


class _Answer:
    """``send`` that adds the security headers."""

    def __init__(self, send: Send) -> None:
        self._send, self.begun = send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            given = list(message.get("headers", ()))
            has_policy = any(name == POLICY_NAME for name, _ in given)
            message["headers"] = given + [header for header in HEADERS if header[0] != POLICY_NAME or not has_policy]
        await self._send(message)


class _Body:
    """``receive`` that counts bytes and seconds until the body is whole."""

    def __init__(self, receive: Receive, largest: int, seconds: float, limits: Limits) -> None:
        self._receive, self._left, self._largest, self._limits = receive, largest, largest, limits
        self._seconds, self._begun, self._whole = seconds, None, False

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        self._begun = self._begun or asyncio.get_running_loop().time()
        earned = self._limits.seconds + (self._largest - self._left) / self._limits.rate
        seconds = min(self._seconds, earned)
        try:
            async with asyncio.timeout_at(self._begun + seconds):
                message = await self._receive()
        except TimeoutError:
            detail = f"the body was not here after {seconds:.3g} seconds"
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
