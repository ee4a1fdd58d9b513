"""Kernels for notebooks: copies of one process that has imported what they need, where the system forks safely."""

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

from jupyter_client.manager import AsyncKernelManager

from seg_utils.core.errors import UserError
from seg_utils.pipeline.state import fingerprint

SERVER = Path(__file__).with_name("kernel_server.py")

# macOS's own libraries do not survive a fork once they are in use; kernels then start from nothing
FORKS = sys.platform == "linux"

# Whose modules are imported once for all kernels: long to import, and nothing of theirs runs until it is called
SHARED = ("IPython", "matplotlib", "numpy", "pandas", "scipy", "seaborn", "sklearn")

ALWAYS = ("ipykernel.kernelapp", "ipykernel.ipkernel")


class ForkingKernelManager(AsyncKernelManager):
    """Starts kernels as copies of the server's process.

    ``imports``: the modules that the server imports before.
    """

    imports: tuple[str, ...] = ()

    async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
        provisioner: Any = self.provisioner
        arguments = kernel_cmd[kernel_cmd.index("-f") :]
        folder, environment = os.fspath(options.get("cwd") or Path.cwd()), dict(options["env"])
        request = {"imports": self.imports, "arguments": arguments, "folder": folder, "environment": environment}
        kernel = _server().kernel(request)
        provisioner.process, provisioner.cwd = kernel, folder
        provisioner.pid = provisioner.pgid = kernel.pid
        self._reconcile_connection_info(provisioner.connection_info)


def manager(notebook: Path) -> type[AsyncKernelManager]:
    """What starts the kernel of a notebook."""
    if not FORKS:
        return AsyncKernelManager
    return type("Manager", (ForkingKernelManager,), {"imports": (*ALWAYS, *imports(notebook))})


def imports(notebook: Path) -> list[str]:
    """What a notebook imports of the ``SHARED`` packages, modules or what is in them."""
    return sorted(name for name in fingerprint.notebook_imports(notebook) if name.partition(".")[0] in SHARED)


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


class _Server:
    """The process that kernels are copies of; it ends with this one."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", str(SERVER)]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(command, start_new_session=True, **pipes)
        self._requests: Any = self._process.stdin
        self._answers: Any = self._process.stdout
        atexit.register(self._end)

    def kernel(self, request: dict[str, Any]) -> ForkedKernel:
        """A process that becomes the kernel of a request. Raises UserError: the server is no more."""
        with contextlib.suppress(BrokenPipeError):
            self._requests.write(json.dumps(request) + "\n")
            self._requests.flush()
        if not (answer := self._answers.readline()):
            raise UserError(
                "the process that starts notebooks was ended from outside, for want of memory perhaps; run again"
            )
        return ForkedKernel(int(answer))

    def _end(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._requests.close()
        self._process.wait()
        self._answers.close()


@cache
def _server() -> _Server:
    return _Server()
