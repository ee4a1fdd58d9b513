"""The process that notebooks' kernels are copies of, as seen from the one that runs notebooks."""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from seg_utils.core.errors import UserError
from seg_utils.pipeline.state import fingerprint

PROGRAM = Path(__file__).with_name("kernel_server.py")

# Whose modules are imported once for all kernels: long to import, and nothing of theirs runs until it is called
SHARED = ("IPython", "matplotlib", "numpy", "pandas", "scipy", "seaborn", "sklearn")

ALWAYS = ("ipykernel.kernelapp", "ipykernel.ipkernel")


def imports(notebook: Path) -> list[str]:
    """What the kernel of a notebook needs, and what the notebook imports of the ``SHARED`` packages, modules or what is
    in them."""
    names = fingerprint.notebook_imports(notebook)
    return [*ALWAYS, *sorted(name for name in names if name.partition(".")[0] in SHARED)]


@dataclass
class ForkedKernel:
    """A kernel as ``subprocess.Popen`` would show it; the server waits for its end."""

    pid: int
    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """Nothing while it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 1
        return None

    def wait(self) -> int:
        """Its end, which jupyter_client asks for once ``poll`` has seen it."""
        return 1

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class Server:
    """The process that kernels are copies of; it ends with this one."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", str(PROGRAM)]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(command, start_new_session=True, **pipes)
        self._requests: Any = self._process.stdin
        self._answers: Any = self._process.stdout
        atexit.register(self._end)

    def kernel(self, request: dict[str, Any]) -> ForkedKernel:
        """A process that becomes the kernel of a request. Raises UserError: the server is no more."""
        self._send(request)
        if not (answer := self._answers.readline()):
            raise UserError(
                "the process that starts notebooks was ended from outside, for want of memory perhaps; run again"
            )
        return ForkedKernel(int(answer))

    def prepare(self, modules: list[str]) -> None:
        """Have it import modules while this process goes on."""
        self._send({"imports": modules})

    def _send(self, request: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._requests.write(json.dumps(request) + "\n")
            self._requests.flush()

    def _end(self) -> None:
        self._process.kill()  # whoever is told of a mistake need not wait for its imports; to a signal it may be deaf
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._requests.close()
        self._answers.close()


@cache
def server() -> Server:
    """The one of this process, with the environment in which it is first asked for."""
    return Server()
