"""A served model: in this process, and as a server of its own."""

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager

import httpx
import pytest

from seg_utils.serving import app, server
from seg_utils.serving.guard import Limits
from seg_utils.serving.model_reload import ModelReloader

TOKEN = "correct horse battery".replace(" ", "-")


@pytest.fixture(scope="session")
def model_file(models, tmp_path_factory):
    """The file of a small model."""
    path = tmp_path_factory.mktemp("run") / "model.json"
    models.made().save(path)
    return path


@contextmanager
def asking(application):
    """A client of an application that is served by a thread, over loopback."""
    listening = server.listen("127.0.0.1", 0)
    serving = server.around(application)
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=30) as client:
            yield client
    finally:
        serving.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture(scope="session")
def client(model_file):
    """Asks a server with the usual limits."""
    with asking(app.create(ModelReloader(model_file))) as client:
        yield client


@pytest.fixture(scope="session")
def small(model_file):
    """Asks one whose limits a test can reach."""
    limits = Limits(body=1000, batch=20_000, customers=20, seconds=0.3, batch_seconds=0.3)
    with asking(app.create(ModelReloader(model_file), limits=limits)) as client:
        yield client


@pytest.fixture(scope="session")
def guarded(model_file):
    """Asks one that wants a token."""
    with asking(app.create(ModelReloader(model_file), hosts=None, token=TOKEN)) as client:
        yield client


@pytest.fixture(scope="session")
def token():
    """What the guarded server wants."""
    return TOKEN


@pytest.fixture
def serving():
    """Serve an application for one test."""
    return asking


@pytest.fixture
def started():
    """Start ``python -m seg_utils serve …`` and give back the process and its address."""
    running = []

    def start(*words, **environment):
        process = subprocess.Popen(
            [sys.executable, "-m", "seg_utils", "serve", "PORT=0", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"SEG_TOKEN": ""} | environment,
        )
        running.append(process)
        said = process.stdout.readline()
        address = re.search(r"http://\S+", said)
        assert address, said + process.stderr.read()
        return process, address[0]

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


@pytest.fixture(scope="session")
def page_server(model_file):
    """The address of a server of its own that lives as long as the tests."""
    process = subprocess.Popen(
        [sys.executable, "-m", "seg_utils", "serve", "PORT=0", f"MODEL={model_file}"],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"SEG_TOKEN": ""},
    )  # fmt: skip
    try:
        address = re.search(r"http://\S+", process.stdout.readline())[0]
        assert httpx.get(f"{address}/health").status_code == 200
        yield address
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
