"""Hostile requests beside well-formed ones: what is answered, how long /health takes meanwhile, memory, and the end.

The server is a process of its own on loopback, with a model of the bundled customers. One request in two is
well-formed. Memory is measured after some hundred well-formed requests of every kind, and again after all. At the end
the server is told to stop while large bodies are being read.

Run: ``python benchmarks/hostile_requests.py [--requests 20000] [--clients 16] [--seed 1]``
"""

import argparse
import asyncio
import gzip
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
from serving import make_model

from seg_utils.core.paths import SAMPLE

LARGE = 30_000_000
# One request in so many is large, and one is slow
RARELY = 1000

PATIENCE = 120.0
# Stands for the status of an answer that did not come in that time
LATE = 599

HEALTH_EVERY = 0.02
# Well-formed requests before memory is measured first
WARM = 400

LINES = SAMPLE.read_text().splitlines()
CSV = "\n".join(LINES[:30]).encode()
JSON_BODIES = (
    b"[" * 30_000, b'{"features":' * 5000, b'{"features": {"BALANCE": ' + b"9" * 5000 + b"}}",
    b'{"features": {"BALANCE": 1e999}}', b'{"features": {"BALANCE": NaN}}', b'{"features": {"BALANCE": -0.0}}',
    b'{"features": {"\\ud800": 1}}', b'{"features": {"BALANCE": "\\udfff"}}', b'{"features": {"\xed\xa0\x80": 1}}',
    b'[{"id": "\xed\xa0\x80", "features": {"BALANCE": 1}}]', b'[{"id": "\\ud800", "features": {"BALANCE": 1}}]',
    b'{"features": {' + b",".join(b'"k%d": 1' % i for i in range(4000)) + b"}}",
    b'{"features": {' + b",".join(b'"k": 1' for _ in range(6000)) + b"}}",
    b'{"features": {"' + "a\u0301\u0323".encode() * 9000 + b'": 1}}', b"", b"null", b"0", b'""', b"[]", b"[[]]", b"{}",
    b'{"features": []}', b'{"features": {"BALANCE": {}}}', b'{"features": {"BALANCE": true}}',
    b'{"id": {}, "features": 1}',
    b"\xff\xfe[\x00]\x00", b"\x00" * 100, b'[{"id": 1, "features": {"BALANCE": 1}}]', b'{"features": {"BALANCE": 1}} x',
    b'[{"features": {}}]', b'{"features": {"BALANCE": 1' + b"0" * 400 + b"}}", b"1" * 60_000,
)  # fmt: skip
CSV_BODIES = (
    CSV.replace(b"\n", b"\n" + b"$" + b" " * 8000 + b"x,", 1), CSV + b"\n" + b"9" * 60_000,
    CSV + b'\n"' + b"x" * 200_000,
    CSV.replace(b".", b"\0"), CSV.replace(b",", b";").replace(b".", b","), CSV.decode().encode("utf-16"),
    b"\n" * 200_000, b"," * 200_000, CSV + b"," * 200_000, CSV + b"\n" * 200_000, b"BALANCE\n" * 50_000,
    b",".join(b"BALANCE_FREQUENCY%d" % i for i in range(10_000)) + b"\n1",
    CSV.replace(b"SYN", "é\u0301\ud7ff".encode()),
    b"\x1f\x8b" + b"\0" * 50, b"PK\x03\x04" + b"\0" * 50, b"PAR1", b"<html>", b"{}", b"", b"\xef\xbb\xbf",
    b"'" * 100_000,
    CSV.replace(b"\n", b"\r"), CSV + b"\nA," + b",".join([b"1e309"] * 17), CSV + b"\nA" + b",-1" * 17, CSV[:-9],
    CSV[:200],
)  # fmt: skip
LARGE_BODIES = (
    ("application/json", b"[" + b"[]," * (LARGE // 3) + b"[]]"), ("application/json", b"[" * LARGE),
    ("application/json", b'["' + b"x" * LARGE + b'"]'), ("application/json", b"[" + b"0," * (LARGE // 2) + b"0]"),
    ("text/csv", CSV + b"\n" * LARGE), ("text/csv", CSV + b'\n"' + b"x" * LARGE), ("text/csv", CSV + b"x" * LARGE),
    ("text/csv", LINES[0].encode() + b"\n" + b"\n".join(b"A%d" % i + b",$ 1 x" * 17 for i in range(300_000))[:LARGE]),
)  # fmt: skip
TYPES = (
    b"application/json",
    b"text/csv",
    b"multipart/form-data",
    b"multipart/form-data; boundary=x",
    b"text/html",
    b"\xe9",
    b"",
)
PATHS = (b"/predict", b"/predict/batch", b"/drift")
DISPOSITION = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n'
UPLOAD = DISPOSITION + b"Content-Type: text/csv\r\n\r\n%s\r\n--x--\r\n"


def main(arguments: list[str] | None = None) -> None:
    """Print what was answered, the times of /health, memory before and after, and how the server ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        good = make_model(Path(folder) / "model.json")
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "seg_utils", "serve", "PORT=0", f"MODEL={folder}"]
        with log.open("w") as errors:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            port = int(re.search(r":(\d+) ", process.stdout.readline())[1])
            asyncio.run(measured(process, port, good, options, log))
        finally:
            process.kill()
            process.wait()


async def measured(
    process: subprocess.Popen, port: int, good: list[bytes], options: argparse.Namespace, log: Path
) -> None:
    """Ask, and say what came of it."""
    chance = random.Random(options.seed)
    for _ in range(WARM // options.clients):
        await asyncio.gather(*(asked(port, well_formed(good, chance)) for _ in range(options.clients)))
    await asyncio.sleep(5)
    before, statuses, waited = memory(process), Counter(), []
    probing = asyncio.create_task(probe(port, waited))
    left = iter(range(options.requests))

    async def client() -> None:
        for number in left:
            kind, parts, slow = some(number, good, chance)
            statuses[kind, await asked(port, parts, slow)] += 1

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(options.clients)))
    took = time.perf_counter() - start
    probing.cancel()
    await asyncio.sleep(5)
    after = memory(process)
    ended = await end(process, port)
    p50, p99 = np.percentile(waited, [50, 99]) * 1000
    print(f"{options.requests:,} requests in {took:.0f} s by {options.clients} clients")
    for (kind, status), count in sorted(statuses.items()):
        print(f"  {kind:<12}{status or 'hung up':>8}{count:8,}")
    print(f"5xx: {sum(count for (_, status), count in statuses.items() if status >= 500)}")
    print(f"/health, {len(waited):,} times: p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {max(waited) * 1000:.0f} ms")
    for held, when in ((before, "before"), (after, "after")):
        each = ", ".join(f"{size:.0f}" for size in held)
        print(f"memory {when}: {sum(held):.0f} MB ({each}: the process that listens, those that read bodies)")
    tracebacks = log.read_text().count("Traceback")
    print(f"ended {ended:.1f} s after SIGTERM with {process.returncode}; {tracebacks} tracebacks in the log")


def some(number: int, good: list[bytes], chance: random.Random) -> tuple[str, bytes, bool]:
    """The kind of a request, its bytes, and whether its client stops in the middle."""
    if number % RARELY == RARELY // 2:
        kind, body = LARGE_BODIES[number // RARELY % len(LARGE_BODIES)]
        return "large", request(PATHS[1 + number // RARELY % 2], body, kind.encode()), False
    if number % RARELY == RARELY // 4:
        return "slow", request(b"/predict/batch", CSV, b"text/csv"), True
    if number % 2:
        return "well-formed", well_formed(good, chance), False
    return "hostile", chance.choice(HOSTILE)(chance), False


def well_formed(good: list[bytes], chance: random.Random) -> bytes:
    """One customer, or some as CSV or JSON."""
    if chance.random() < 0.5:
        return request(b"/predict", chance.choice(good), b"application/json")
    some = b"[" + b",".join(good[:30]) + b"]"
    return request(chance.choice(PATHS[1:]), *chance.choice([(CSV, b"text/csv"), (some, b"application/json")]))


def request(path: bytes, body: bytes, kind: bytes, more: bytes = b"", method: bytes = b"POST") -> bytes:
    """A request as bytes."""
    head = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
    return head % (method, path, kind, len(body), more) + body


def bodies(chance: random.Random) -> bytes:
    """An odd body of some type."""
    if chance.random() < 0.5:
        return request(chance.choice(PATHS), chance.choice(JSON_BODIES), b"application/json")
    return request(chance.choice(PATHS), chance.choice(CSV_BODIES), chance.choice(TYPES[1:2] * 5 + TYPES))


def mangled(chance: random.Random) -> bytes:
    """A good body with some bytes changed, left out or doubled."""
    body = bytearray(CSV)
    for _ in range(chance.randrange(1, 9)):
        place = chance.randrange(len(body))
        body[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4)) + chance.choice(
            [b'"', b"\n", b",", b""]
        )
    return request(chance.choice(PATHS[1:]), bytes(body), b"text/csv")


def uploads(chance: random.Random) -> bytes:
    """A multipart body that is cut short, odd or packed."""
    whole = UPLOAD % (
        chance.choice([b"a.csv", b"../../x", b"\xff", b'"']),
        chance.choice([CSV, gzip.compress(CSV), b""]),
    )
    body = chance.choice(
        [whole, whole[: chance.randrange(len(whole))], whole * 3, whole.replace(b"\r\n", b"\n"), b"--x" * 9000]
    )
    return request(chance.choice(PATHS[1:]), body, chance.choice(TYPES[2:4]))


def transfers(chance: random.Random) -> bytes:
    """Chunks, encodings and lengths that do not fit."""
    head = b"POST /predict/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\nConnection: close\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
    return chance.choice([
        chunked + b"".join(b"1\r\n%c\r\n" % byte for byte in CSV) + b"0\r\n\r\n",
        chunked + b"zz\r\n", chunked + b"-1\r\n\r\n", chunked + b"f" * 40 + b"\r\n", chunked + b"5\r\nab\r\n0\r\n\r\n",
        head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(gzip.compress(CSV)) + gzip.compress(CSV),
        head + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", head + b"Content-Length: -5\r\n\r\n",
        head + b"Content-Length: 99999999999\r\n\r\n",
        head + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        head + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}", head + b"Content-Length: \xd9\xa3\r\n\r\nabc",
    ])  # fmt: skip


def heads(chance: random.Random) -> bytes:
    """Odd request lines and headers."""
    return chance.choice([
        request(b"/predict", b"{}", b"application/json", b"X: " + b"y" * 30_000 + b"\r\n"), b"\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        request(b"/predict", b"{}", b"application/json", b"Origin: http://evil.example\r\n"),
        b"\x16\x03\x01" + b"\0" * 50,
        request(b"/predict", b"{}", b"application/json", b"Accept: \xff\r\nAuthorization: \xff\r\nCookie: \xff\r\n"),
        request(b"/%ff%00/../..//etc/passwd", b"", b""),
        request(b"/assets/..%2f..%2fmodel.json", b"", b"", method=b"GET"),
        request(b"/predict?" + b"a=b&" * 2000, b"{}", b"application/json"), request(b"*", b"", b"", method=b"OPTIONS"),
        request(b"/predict", b"{}", b"application/json", b"Upgrade: websocket\r\n"),
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /predict HTTP/1.1\r\n\r\n{}", request(b"/health", b"x" * 70_000, b"", method=b"GET"),
        request(b"/segments", b"", b"", method=b"BREW"), b"GET /health HTTP/1.0\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ])  # fmt: skip


HOSTILE: tuple[Callable[[random.Random], bytes], ...] = (bodies, bodies, mangled, uploads, transfers, heads)


async def asked(port: int, sent: bytes, slow: bool = False) -> int:
    """The status of the answer, 0 where there is none; of an answer, all of it is taken."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(sent[: len(sent) // 2] if slow else sent)
                if sent.count(b"\r\n\r\n") == 0 or b"Connection: close" not in sent:
                    writer.write_eof()
                await writer.drain()
                answer = await reader.readline()
                while await reader.read(1 << 16):
                    pass
            finally:
                writer.close()
        return int(answer.split()[1]) if answer else 0
    except ConnectionError:
        return 0
    except TimeoutError:
        return LATE


async def probe(port: int, waited: list[float]) -> None:
    """Ask for /health again and again; the seconds each answer took."""
    while True:
        start = time.perf_counter()
        await asked(port, request(b"/health", b"", b"", method=b"GET"))
        waited.append(time.perf_counter() - start)
        await asyncio.sleep(HEALTH_EVERY)


async def end(process: subprocess.Popen, port: int) -> float:
    """Tell the server to stop while it reads large bodies; seconds until it has ended."""
    busy = [asyncio.create_task(asked(port, request(b"/drift", body, kind.encode()))) for kind, body in LARGE_BODIES]
    await asyncio.sleep(1)
    start = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    await asyncio.to_thread(process.wait)
    took = time.perf_counter() - start
    await asyncio.gather(*busy)
    return took


def memory(process: subprocess.Popen) -> list[float]:
    """Megabytes of a process and of each that it started; what they share is divided among them."""
    there = psutil.Process(process.pid)
    return [one.memory_full_info().pss / 2**20 for one in [there, *there.children(recursive=True)]]


if __name__ == "__main__":
    main()
