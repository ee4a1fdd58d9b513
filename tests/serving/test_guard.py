"""Who may ask, how much may be sent, and how slowly."""

import asyncio
import contextlib
import select
import socket
import time

import httpx
import pytest

from seg_utils.serving import app, server
from seg_utils.serving.guard import Limits, OpenRequests
from seg_utils.serving.model_reload import ModelReloader

OPEN = ("/", "/docs", "/redoc", "/openapi.json", "/health", "/assets/page.js")
CLOSED = (("POST", "/predict"), ("POST", "/predict/batch"), ("GET", "/segments"), ("GET", "/form"))


def raw(client, sent, patience=60.0):
    """Send bytes as they are, and pause for seconds; what comes back until the other side hangs up."""
    answered = b""
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=patience) as connection:
        for part in sent:
            if isinstance(part, bytes):
                connection.sendall(part)
            elif select.select([connection], [], [], part)[0]:
                break  # the answer is here already
        while chunk := connection.recv(65536):
            answered += chunk
    return answered


def answered(connection):
    """Whether one whole answer of /health comes."""
    got = b""
    while not got.endswith(b'"problem":null}') and (chunk := connection.recv(65536)):
        got += chunk
    return got.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:99", "localhost", "LOCALHOST:8000", "[::1]:8000"])
def test_names_of_this_machine_are_answered(client, host):
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "", "evil:127.0.0.1"])
def test_other_names_are_refused(client, host):
    """A page of another site whose name points here must not be answered."""
    assert client.get("/health", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("path", [*OPEN, "/predict", "/nothing"])
def test_every_answer_has_the_security_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    styled_by_script = " 'unsafe-inline'" if path == "/redoc" else ""
    assert policy.startswith(f"default-src 'none'; script-src 'self'; style-src 'self'{styled_by_script};")
    assert "unsafe" not in policy.replace(styled_by_script or " ", "")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize("given", [None, "Bearer", "Bearer wrong", "Basic {}", "{}", "Bearer {}x", "Bearer é"])
def test_without_the_token_nothing_about_customers_is_told(guarded, method, path, given, token):
    headers = {} if given is None else {"authorization": given.format(token).encode()}
    response = guarded.request(method, path, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", OPEN)
def test_what_tells_nothing_of_customers_needs_no_token(guarded, path, models):
    response = guarded.get(path)
    assert response.status_code == 200
    assert "Persona" not in response.text


def test_a_wrong_token_is_called_wrong_and_none_is_asked_for(guarded):
    assert guarded.get("/form").json()["detail"].startswith("a token is needed")
    wrong = guarded.get("/form", headers={"authorization": "Bearer wrong"})
    assert wrong.json()["detail"].startswith("the token is wrong")


def test_head_is_answered_as_get_without_a_body(client):
    for path in (*OPEN, "/segments", "/form"):
        asked, got = client.head(path), client.get(path)
        assert (asked.status_code, asked.content) == (200, b"")
        assert asked.headers["content-length"] == got.headers["content-length"]
    assert client.head("/predict").status_code == 405
    assert client.head("/nothing").status_code == 404


def test_head_tells_nothing_without_the_token(guarded):
    assert guarded.head("/segments").status_code == 401


def test_with_the_token_all_is_answered(guarded, token):
    headers = {"authorization": f"Bearer {token}"}
    assert guarded.get("/segments", headers=headers).status_code == 200
    assert guarded.post("/predict", json={"features": {"BALANCE": 1}}, headers=headers).status_code == 200


def test_a_large_body_is_refused_by_its_length(small):
    response = small.post("/predict", content=b" " * 1001)
    assert (response.status_code, response.json()["detail"][:27]) == (413, "the body is larger than 0 KB"[:27])
    assert small.post("/predict/batch", content=b" " * 20_001).status_code == 413
    assert small.post("/segments", content=b" " * 1001).status_code == 413


def test_a_large_body_without_a_length_is_refused_as_it_comes(small):
    pieces = (b" " * 500 for _ in range(1000))
    assert small.post("/predict", content=pieces).status_code == 413


@pytest.mark.parametrize("length", [b"-1", b"x", b"1" * 400])
def test_a_length_that_is_none_is_refused(small, length):
    sent = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + b"\r\n\r\n"
    assert raw(small, [sent]).split(b" ")[1] in (b"400", b"413")


def test_a_slow_body_is_given_up(small):
    started = time.monotonic()
    sent = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    answered = raw(small, [sent])
    assert answered.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in answered
    assert time.monotonic() - started < 3


def test_drops_of_a_body_do_not_buy_time(small):
    drops = [b" ", 0.2] * 100  # the whole body, were there time for it; none falls when the time is over, 0.3 seconds
    sent = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
    assert raw(small, [sent, *drops]).startswith(b"HTTP/1.1 408")


def test_a_client_that_never_finishes_its_headers_is_hung_up_on(small, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    assert raw(small, [b"GET / HTTP/1.1\r\nHost: local"]) == b""
    assert raw(small, []) == b""
    request = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection((small.base_url.host, small.base_url.port), timeout=10) as connection:
        connection.sendall(request)
        assert answered(connection)
        connection.sendall(b"GET /health")
        assert connection.recv(65536) == b""


def test_requests_one_after_the_other_on_a_connection_are_all_answered(small, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    request = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
    with socket.create_connection((small.base_url.host, small.base_url.port), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(request + b"\r\n")
            assert answered(connection)
            time.sleep(0.2)


def test_garbage_is_no_fault_of_the_server(small):
    assert raw(small, [b"\x00\xff garbage\r\n\r\n"]).startswith(b"HTTP/1.1 400")
    assert raw(small, [b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000]).startswith(b"HTTP/1.1 400")


def test_a_client_that_leaves_does_no_harm(small):
    with socket.create_connection((small.base_url.host, small.base_url.port)) as connection:
        connection.sendall(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
    assert small.get("/health").status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(client, method):
    assert client.request(method, "/predict").status_code == 405


def test_many_clients_at_once_are_all_answered(client):
    import concurrent.futures

    def ask(_):
        return httpx.post(f"{client.base_url}/predict", json={"features": {"BALANCE": 1}}, timeout=30).status_code

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert set(pool.map(ask, range(64))) == {200}


ELSEWHERE = [
    {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:1"}, {"origin": "file://"},
    {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
    {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
]  # fmt: skip


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize("path", ["/predict", "/predict/batch", "/drift", "/segments"])
def test_a_page_of_another_origin_cannot_make_it_work(client, headers, path):
    response = client.post(path, content=b'{"features": {"BALANCE": 1}}', headers=headers)
    assert response.status_code == 403
    assert response.json()["detail"].startswith("a page of another site may not ask this server")
    assert client.options(path, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_what_changes_nothing_may_be_linked_to(client, headers):
    assert client.get("/", headers=headers).status_code == 200
    assert client.head("/health", headers=headers).status_code == 200


def test_its_own_page_and_no_browser_may_ask(client):
    own = f"http://{client.base_url.host}:{client.base_url.port}"
    for headers in ({}, {"origin": own}, {"origin": own, "sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}):
        assert client.post("/predict", json={"features": {"BALANCE": 1}}, headers=headers).status_code == 200


def test_a_large_body_must_come_at_some_pace(serving, model_file):
    limits = Limits(seconds=0.3, batch_seconds=60, rate=10_000)
    with serving(app.create(ModelReloader(model_file), limits=limits)) as client:
        sent = b"POST /drift HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 9000\r\n\r\n"
        started = time.monotonic()
        assert raw(client, [sent, *[b" ", 0.1] * 90]).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - started < 3
        assert raw(client, [sent, *[b" " * 1500, 0.1] * 6]).split(b" ")[1] == b"422"


def test_a_request_that_is_not_finished_when_the_server_stops_is_given_up():
    async def stopped(stop):
        open_requests, told = OpenRequests(), []

        async def give_up():
            told.append("given up")

        task = asyncio.create_task(open_requests.answer(asyncio.sleep(60), give_up))
        await asyncio.sleep(0)
        stop(open_requests, task)
        with contextlib.suppress(asyncio.CancelledError):
            await task
        return told, task.cancelled(), task.cancelling()

    assert asyncio.run(stopped(lambda requests, task: requests.stop())) == (["given up"], False, 0)
    assert asyncio.run(stopped(lambda requests, task: task.cancel())) == ([], True, 1), "a client that left"
