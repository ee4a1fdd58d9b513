"""A PostgreSQL server of its own for the tests that need a real one; it refuses to run as root, and is another user's
then."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Nothing that a URL would take as it is
PASSWORD = "pass word/@:+%é"

SERVER, MAKE = (shutil.which(name) for name in ("postgres", "initdb"))
USERS = ("postgres", "nobody")
SECONDS = 30


@contextmanager
def opened() -> Iterator[str]:
    """A server that asks for a password; yields the URL of its database without one."""
    user = next(user for user in USERS if _is_known(user)) if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if user:
        shutil.chown(folder, user)
    password = folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    if user:
        shutil.chown(password, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    make = [MAKE, "-D", data, "-U", "analyst", "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "--no-sync"]
    own = {"user": user, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run([*make, "--locale=C.UTF-8"], check=True, **own)
        command = [SERVER, "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1", "-F"]
        with subprocess.Popen(command, **own) as server:
            try:
                _wait_for(server, data / "postmaster.pid")
                yield f"postgres://analyst@127.0.0.1:{port}/postgres"
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_known(user: str) -> bool:
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


def _wait_for(server: subprocess.Popen, state: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        if state.exists() and "ready" in state.read_text(encoding="utf-8"):
            return
        time.sleep(0.1)
    raise RuntimeError("the PostgreSQL server did not start")
