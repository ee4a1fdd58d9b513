"""Requests per second of POST /predict, beside a bare FastAPI endpoint that only calls scikit-learn's KMeans.predict.

Both run under the same server with the same settings, each in a process of its own, and are asked in short turns by the
same clients over loopback; a busy machine is busy for both, so look at the ratios. The model is made from the bundled
customers.

Run: ``python benchmarks/serving.py [--seconds 0.5] [--rounds 12] [--clients 8]``
"""

import argparse
import asyncio
import json
import multiprocessing
import socket
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from seg_utils.core.paths import SAMPLE

K = 7


def main(arguments: list[str] | None = None) -> None:
    """Print one line a server, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args(arguments)
    took: dict[str, list[float]] = {"KMeans.predict": [], "POST /predict": []}
    with tempfile.TemporaryDirectory() as folder:
        model_path = Path(folder) / "model.json"
        bodies = make_model(model_path)
        started = dict(zip(took, (start(bare, model_path), start(ours, model_path)), strict=True))
        try:
            for _, port in started.values():
                asyncio.run(load(port, bodies, options.clients, options.seconds))  # warm
            cpu = {name: -seconds_of(process) for name, (process, _) in started.items()}
            for _ in range(options.rounds):
                for name, (_, port) in started.items():
                    took[name] += asyncio.run(load(port, bodies, options.clients, options.seconds))
            cpu = {name: cpu[name] + seconds_of(process) for name, (process, _) in started.items()}
        finally:
            for process, _ in started.values():
                process.terminate()
                process.join()
    print(f"{options.clients} clients, {options.rounds} turns of {options.seconds:g} s each")
    print(f"{'':<16}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}")
    for name, times in took.items():
        p50, p99 = np.percentile(times, [50, 99]) * 1000
        rate = len(times) / (options.rounds * options.seconds)
        print(f"{name:<16}{rate:12.0f}{p50:9.2f}{p99:9.2f}{cpu[name] / len(times) * 1000:9.3f}")
    (plain, plain_cpu), (full, full_cpu) = ((len(took[name]), cpu[name] / len(took[name])) for name in took)
    print(f"POST /predict answers {full / plain:.2f} of the bare one's requests; by CPU {plain_cpu / full_cpu:.2f}")


def seconds_of(process: multiprocessing.Process) -> float:
    """CPU seconds that a process has used."""
    import psutil

    used = psutil.Process(process.pid).cpu_times()
    return used.user + used.system


def make_model(path: Path) -> list[bytes]:
    """Write a model of the bundled customers; gives back some of them as request bodies."""
    from seg_utils import clustering, data
    from seg_utils.features import feature_space
    from seg_utils.scoring import model

    frame = data.load(SAMPLE).frame
    fitted = feature_space.fit(frame, scale="log", impute="median")
    found = clustering.kmeans(fitted.transform(frame), K, seed=42)
    model.build(frame, fitted, found, algorithm="kmeans", seed=42).save(path)
    some = frame[list(fitted.features)].dropna().head(200).to_dict("records")
    return [json.dumps({"features": customer}).encode() for customer in some]


def start(serve, model_path: Path) -> tuple[multiprocessing.Process, int]:
    """A server in a process of its own, and the port it listens on."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(model_path, there), daemon=True)
    process.start()
    return process, here.recv()


def ours(model_path: Path, ready: Connection) -> None:
    """This package's server."""
    from seg_utils.serving import app, server
    from seg_utils.serving.model_reload import ModelReloader

    answer(app.create(ModelReloader(model_path)), server, ready)


def bare(model_path: Path, ready: Connection) -> None:
    """FastAPI, a dictionary of numbers, and the segment's number."""
    from fastapi import FastAPI
    from pydantic import BaseModel
    from sklearn.cluster import KMeans

    from seg_utils.scoring import model
    from seg_utils.serving import server

    class Customer(BaseModel):
        features: dict[str, float]

    made = model.load(model_path)
    fitted = KMeans(K, init=made.centroids, n_init=1, max_iter=1).fit(made.centroids)
    names = made.space.inputs
    app = FastAPI()

    @app.post("/predict")
    async def predict(customer: Customer) -> dict[str, int]:
        row = np.array([[customer.features[name] for name in names]])
        return {"cluster_id": int(fitted.predict(row)[0])}

    answer(app, server, ready)


def answer(app, server, ready: Connection) -> None:
    """Listen on a free port, say which, and serve."""
    listening: socket.socket = server.listen("127.0.0.1", 0)
    ready.send(listening.getsockname()[1])
    server.run(app, listening)


async def load(port: int, bodies: list[bytes], clients: int, seconds: float) -> list[float]:
    """Ask over and over for some seconds on as many connections; the seconds each answer took."""
    took: list[float] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(client(port, bodies[number:] + bodies[:number], until, took) for number in range(clients)))
    return took


async def client(port: int, bodies: list[bytes], until: float, took: list[float]) -> None:
    """One connection that is kept alive."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = 0
    while (now := time.perf_counter()) < until:
        body = bodies[turn % len(bodies)]
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
        writer.write(f"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\n{kind}\r\n\r\n".encode() + body)
        answered = await reader.readuntil(b"\r\n\r\n")
        if not answered.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answered.decode())
        fields = dict(line.split(": ", 1) for line in answered.decode().lower().split("\r\n")[1:] if ": " in line)
        await reader.readexactly(int(fields["content-length"]))
        took.append(time.perf_counter() - now)
        turn += 1
    writer.close()
    await writer.wait_closed()


if __name__ == "__main__":
    main()
