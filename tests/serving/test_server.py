"""The command: what it refuses in one line, and how it ends."""

import select
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import httpx
import psutil
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from seg_utils import __main__
from seg_utils.core.errors import ParameterError
from seg_utils.core.paths import SAMPLE
from seg_utils.serving import server, worker
from seg_utils.serving.workers import PROCESSES


@pytest.fixture
def refused(capsys, monkeypatch):
    """What ``python -m seg_utils serve`` says when it does not serve."""
    monkeypatch.setenv("SEG_TOKEN", "")

    def say(*words):
        assert __main__.main(["serve", *map(str, words)]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        return said.err

    return say


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(started, model_file, how):
    process, address = started(f"MODEL={model_file.parent}")
    with httpx.Client() as client:  # a connection that is still open must not keep it
        assert client.get(f"{address}/health").json()["status"] == "ok"
        process.send_signal(how)
        rest, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert (rest, errors) == ("stopped\n", "")


def test_a_token_reaches_it_by_the_environment(started, model_file):
    process, address = started(f"MODEL={model_file}", SEG_TOKEN="0123456789abcdef")
    assert httpx.get(f"{address}/segments").status_code == 401
    headers = {"authorization": "Bearer 0123456789abcdef"}
    assert httpx.get(f"{address}/segments", headers=headers).status_code == 200
    assert "0123456789abcdef" not in " ".join(process.args)


def test_mistakes_are_one_line(refused, model_file, tmp_path):
    assert "MODEL= is missing" in refused()
    assert f"MODEL={tmp_path} is a folder without a model" in refused(f"MODEL={tmp_path}")
    assert "PORT=http is not allowed; PORT is a whole number" in refused(f"MODEL={model_file}", "PORT=http")
    assert "HOST=0.0.0.0 lets other machines ask; give a TOKEN" in refused(f"MODEL={model_file}", "HOST=0.0.0.0")


def test_a_port_in_use_is_one_line(refused, model_file):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused(f"MODEL={model_file}", f"PORT={port}")
        assert f"PORT={port} cannot be listened on (address already in use)" in said
        assert f"for example PORT={port + 1}" in said


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_this_machine_needs_no_token(host):
    server.check_token(host, None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_other_machines_need_one(host):
    with pytest.raises(ParameterError, match="give a TOKEN"):
        server.check_token(host, None)
    server.check_token(host, "0123456789abcdef")


@pytest.mark.parametrize("token", ["short", "0123456789abcdé0", "0123456789 abcdef"])
def test_a_weak_token_is_refused(token):
    with pytest.raises(ParameterError, match="TOKEN is too weak"):
        server.check_token("127.0.0.1", token)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_refused(host):
    with pytest.raises(ParameterError, match=f"HOST={host} is no address of this machine; .* HOST=127.0.0.1"):
        server.listen(host, 0)


def test_nothing_but_serving_imports_a_server():
    code = (
        "import sys, seg_utils.__main__, seg_utils.reporting.sections, seg_utils.reporting.rendering.report;"
        "print('fastapi' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


SLACK_BYTES = 8 << 20
HARD = [
    ("application/json", b"[" + b"[]," * 10_000_000 + b"[]]"),
    ("text/csv", b"BALANCE,PURCHASES\n" + b"$ 1 x,$ 2 y\n" * 1_000_000),
    ("text/csv", b"BALANCE,PURCHASES\n" + b"\n" * 20_000_000),
]


def processes(parent):
    """A server's processes and the bytes that each of them holds."""
    there = psutil.Process(parent.pid)
    held = {}
    for process in [there, *there.children()]:
        with suppress(psutil.NoSuchProcess):
            held[process.pid] = process.memory_info().rss
    return held


def test_health_is_answered_while_large_bodies_are_read_and_their_memory_is_given_back(started, model_file):
    process, address = started(f"MODEL={model_file}")
    assert httpx.post(f"{address}/predict/batch", json=[{"features": {"BALANCE": 1}}], timeout=60).status_code == 200
    before = processes(process)
    statuses = []

    def ask(kind, body):
        response = httpx.post(f"{address}/predict/batch", content=body, headers={"content-type": kind}, timeout=60)
        statuses.append(response.status_code)

    waited = []
    threads = [threading.Thread(target=ask, args=hard) for hard in HARD * 2]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        begun = time.perf_counter()
        assert httpx.get(f"{address}/health").json()["status"] == "ok"
        waited.append(time.perf_counter() - begun)
    assert set(statuses) <= {413, 422}
    assert len(statuses) == len(threads)
    assert sorted(waited)[len(waited) // 2] < 0.25 * sum(waited)  # answered many times, and not once at the end
    assert len(waited) > 10
    deadline, kept = time.monotonic() + 30, worker.GROWN_BYTES + SLACK_BYTES
    while max(processes(process).values()) > max(before.values()) + kept:
        assert time.monotonic() < deadline, (before, processes(process))
        time.sleep(0.2)


def test_ordinary_batches_keep_their_processes(started, model_file):
    process, address = started(f"MODEL={model_file}")
    rows = b"".join(SAMPLE.read_bytes().splitlines(keepends=True)[:200])
    seen = set()
    for kind, body in [("application/json", b'[{"features": {"BALANCE": 1}}]'), ("text/csv", rows)] * 2:
        for path in ("/predict/batch", "/drift"):
            answer = httpx.post(f"{address}{path}", content=body, headers={"content-type": kind}, timeout=120)
            assert answer.status_code == 200
            seen |= set(processes(process))
    assert len(seen) == 1 + PROCESSES


def test_health_is_answered_while_a_body_comes_in_chunks_of_one_byte(started, model_file):
    _, address = started(f"MODEL={model_file}")
    head = b"POST /drift HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    answered = 0
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as crumbs, httpx.Client() as client:
        crumbs.sendall(head + b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n")
        while not select.select([crumbs], [], [], 0)[0]:
            answered += client.get(f"{address}/health").status_code == 200
    assert answered > 50


def test_a_slow_client_does_not_keep_it_from_ending(started, model_file):
    process, address = started(f"MODEL={model_file}")
    port = int(address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as slow, httpx.Client() as client:
        slow.sendall(b"POST /drift HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n[")
        assert client.get(f"{address}/health").status_code == 200
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=10)
        assert slow.recv(65536).startswith(b"HTTP/1.1 503")
    assert (process.returncode, rest) == (0, "stopped\n")
    assert "Traceback" not in errors


def test_a_client_that_does_not_take_its_answer_does_not_keep_it_from_ending(monkeypatch):
    monkeypatch.setattr(server, "FINISH_SECONDS", 0.1)
    monkeypatch.setattr(server, "STOP_SECONDS", 600)  # nothing else hangs up meanwhile
    application = FastAPI()
    application.state.open_requests = SimpleNamespace(stop=lambda: None)

    @application.get("/")
    async def long():
        async def parts():
            for _ in range(100):
                yield bytes(1 << 20)

        return StreamingResponse(parts())

    listening, serving = server.listen("127.0.0.1", 0), server.around(application)
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    with socket.create_connection(listening.getsockname()) as deaf:
        deaf.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert deaf.recv(8) == b"HTTP/1.1"
        serving.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def test_strangers_who_speak_no_http_do_not_fill_the_log(started, model_file):
    process, address = started(f"MODEL={model_file}")
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as stranger:
            stranger.sendall(b"\x16\x03\x01\0\r\n\r\n")
            assert stranger.recv(65536).startswith(b"HTTP/1.1 400")
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=10) == ("stopped\n", "")


def test_the_server_trusts_no_forwarded_address_and_says_nothing_of_itself():
    config = server.around(FastAPI()).config
    assert (config.proxy_headers, config.server_header, config.access_log) == (False, False, False)
