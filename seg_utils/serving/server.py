"""The server process: an address to listen on, patience with slow clients, and a clean end."""

import asyncio
import errno
import ipaddress
import logging
import socket
from contextlib import suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from seg_utils.core.errors import ParameterError
from seg_utils.serving import app as application
from seg_utils.serving.model_reload import ModelReloader

HEAD_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 30
FINISH_SECONDS = 4
STOP_SECONDS = 6  # after a signal, answers may be finished for so long; after a little more, all connections are closed
CONNECTIONS = 500
HEAD_BYTES = 16 << 10
AT_A_TIME, AT_A_TIME_IN_CHUNKS = 16 << 10, 1 << 10  # bytes of a connection that are read before others have their turn
BACKLOG = 256
SHORTEST_TOKEN = 16


class Protocol(H11Protocol, asyncio.BufferedProtocol):
    """HTTP/1.1 that hangs up on a client whose request line and headers are not here in time.

    It takes little at a time, so that others have their turn: each chunk of a body takes 20 microseconds to read,
    however small it is.
    """

    _hang_up: asyncio.TimerHandle | None = None

    def get_buffer(self, sizehint: int) -> memoryview:
        in_chunks = any(name == b"transfer-encoding" for name, _ in self.headers or ())
        self._room = memoryview(bytearray(AT_A_TIME_IN_CHUNKS if in_chunks else AT_A_TIME))
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(bytes(self._room[:nbytes]))

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._hang_up = self.loop.call_later(HEAD_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        """Some of a request is here."""
        super().data_received(data)
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering and self._hang_up is not None:
            self._hang_up.cancel()
            self._hang_up = None
        elif not answering and self._hang_up is None:
            self._hang_up = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._hang_up is not None:
            self._hang_up.cancel()
        super().connection_lost(exc)


class Server(uvicorn.Server):
    """A server that ends in time, whatever its clients do."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let requests under way be finished for a while, then answer that there is no more time."""
        stop = asyncio.get_running_loop().call_later(FINISH_SECONDS, self.config.app.state.open_requests.stop)
        closing = asyncio.get_running_loop().call_later(FINISH_SECONDS + 1, self._hang_up)
        await super().shutdown(sockets)
        stop.cancel()
        closing.cancel()

    def _hang_up(self) -> None:
        """Close connections whose client does not take its answer."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def serve(path: Path, *, host: str, port: int, token: str | None) -> None:
    """Serve a model until SIGINT or SIGTERM, at an address of this machine (any but loopback needs a token) and a port,
    0 for any that is free. A ParameterError where a token is missing or too short, or the address is not to be had; a
    DataError where the model cannot be read."""
    loopback = is_loopback(host)
    check_token(host, token)
    reloader = ModelReloader(path)
    listening = listen(host, port)
    app = application.create(reloader, hosts=application.LOOPBACK if loopback else None, token=token)
    address, port = listening.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    print(
        f"serving {reloader.path.parent} at http://{shown}:{port}  (documentation at /docs; Ctrl-C stops)", flush=True
    )
    run(app, listening)


def run(app: FastAPI, listening: socket.socket) -> None:
    """Answer requests on a listening socket until a signal says to stop; requests under way are finished first."""
    with suppress(KeyboardInterrupt):  # uvicorn raises the signal again when all is done, where it is not ignored
        around(app).run(sockets=[listening])
    print("stopped", flush=True)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of the log is worth it: strangers who speak no HTTP must not be able to fill it."""
    return "Invalid HTTP request" not in record.getMessage()


def around(app: FastAPI) -> Server:
    """The server of an application, with our patience and limits."""
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    return Server(config)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_token(host: str, token: str | None) -> None:
    """Refuse an address that others can reach without a token worth the name. Raises ParameterError: there is none, or
    it is short or no plain text."""
    if token is None and not is_loopback(host):
        raise ParameterError(
            f"HOST={host} lets other machines ask; give a TOKEN of at least {SHORTEST_TOKEN} characters that they must "
            "bring, for example TOKEN=$(openssl rand -hex 16), or leave HOST out"
        )
    if token is not None and (len(token) < SHORTEST_TOKEN or not token.isascii() or " " in token):
        raise ParameterError(
            f"TOKEN is too weak; it needs at least {SHORTEST_TOKEN} ASCII characters without spaces, "
            "for example TOKEN=$(openssl rand -hex 16)"
        )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ParameterError: the address is not to be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # only to sockets that say TCP does asyncio give TCP_NODELAY, without which each answer waits 40 ms
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise ParameterError(
                f"HOST={host} is no address of this machine; HOST is one of those, for example HOST=127.0.0.1 for this "
                "machine alone, or HOST=0.0.0.0 for all of them"
            ) from None
        reason = str(error.strerror or error).lower()
        example = port + 1 if 1024 <= port < 65535 else 8000
        raise ParameterError(
            f"HOST={host} PORT={port} cannot be listened on ({reason}); name another, for example PORT={example}"
        ) from None
    return listening
