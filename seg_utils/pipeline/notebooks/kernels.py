"""Kernels for notebooks: copies of one process that has imported what they need, where the system forks safely."""

import os
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from seg_utils.core.threads import FORKS
from seg_utils.pipeline.notebooks import forking


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
        kernel = forking.server().kernel(request)
        provisioner.process, provisioner.cwd = kernel, folder
        provisioner.pid = provisioner.pgid = kernel.pid
        self._reconcile_connection_info(provisioner.connection_info)


def manager(notebook: Path) -> type[AsyncKernelManager]:
    """What starts the kernel of a notebook."""
    if not FORKS:
        return AsyncKernelManager
    return type("Manager", (ForkingKernelManager,), {"imports": forking.imports(notebook)})
