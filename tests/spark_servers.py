"""Servers of Spark for the tests that need real ones: a master with two workers, and a Spark Connect server."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

SECONDS = 120
DEPLOY, CONNECT = "org.apache.spark.deploy", "org.apache.spark.sql.connect.service.SparkConnectServer"


class Standalone(NamedTuple):
    """The address of a master, and the processes of its workers."""

    url: str
    workers: list[subprocess.Popen]


@contextmanager
def standalone(folder: Path, workers: int = 2) -> Iterator[Standalone]:
    """A master with some workers of one core, on this machine."""
    port = _free_port()
    with ExitStack() as stack:
        ports = ["--port", str(port), "--webui-port", "0"]
        stack.enter_context(_started(folder, "master", f"{DEPLOY}.master.Master", "--host", "127.0.0.1", *ports))
        _wait_for(port)
        url = f"spark://127.0.0.1:{port}"
        size = ["--cores", "1", "--memory", "1g", "--webui-port", "0"]
        started = []
        for number in range(workers):
            own = ["--host", "127.0.0.1", "--work-dir", str(folder / f"work{number}"), url]
            work = _started(folder, f"worker{number}", f"{DEPLOY}.worker.Worker", *size, *own)
            started.append(stack.enter_context(work))
        yield Standalone(url, started)


@contextmanager
def connect(folder: Path) -> Iterator[str]:
    """A Spark Connect server with two threads; yields its address."""
    port = _free_port()
    settings = [f"spark.connect.grpc.binding.port={port}", "spark.ui.enabled=false"]
    given = [word for setting in settings for word in ("--conf", setting)]
    with _started(
        folder, "connect", f"{DEPLOY}.SparkSubmit", "--master", "local[2]", "--class", CONNECT, *given, CONNECT
    ):
        _wait_for(port)
        yield f"sc://127.0.0.1:{port}"


def kill(process: subprocess.Popen) -> None:
    """End a process with all that it started, at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def _started(folder: Path, name: str, *words: str) -> Iterator[subprocess.Popen]:
    home = Path(find_spec("pyspark").origin).parent
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [home / "bin" / "spark-class", *words],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(port: int) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server of Spark did not start")
