"""A process that imports what notebooks need and turns copies of itself into their kernels.

To import pandas, scikit-learn and seaborn takes a kernel two seconds; a copy of a process that has them takes none.
Run by its path, so that it holds nothing of this package: each kernel imports that as it then is.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
from types import FrameType
from typing import Any

STANDARD_ERROR = 2

# pandas shows that many of a table in a notebook, but none too many for its width where it takes itself to be in a
# terminal, as it does here
COLUMNS = 20


def serve() -> None:
    """Answer each request for a kernel, one line of JSON, with the number of the process that has become it, until the
    last; a request without a kernel's arguments is for the imports alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for whoever asked for kernels to end them
    signal.signal(signal.SIGCHLD, _wait_for_ended)
    for line in sys.stdin:
        request = json.loads(line)
        for name in request["imports"]:
            with contextlib.suppress(Exception):  # no module but a name in one, or the notebook will say what is wrong
                importlib.import_module(name)
        if "arguments" not in request:
            continue
        server, kernel = os.getpid(), os.fork()
        if not kernel:
            _become_kernel(server, request)
        print(kernel, flush=True)


def _wait_for_ended(number: int, frame: FrameType | None) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become_kernel(server: int, request: dict[str, Any]) -> None:
    """Run the kernel that a request names in this process, and end with it."""
    try:
        os.setsid()  # signals to the kernel reach what it starts, and nobody else
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(STANDARD_ERROR, 1)  # standard output belongs to the server's answers
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        if pandas := sys.modules.get("pandas"):
            pandas.set_option("display.max_columns", COLUMNS)
        sys.argv = ["ipykernel_launcher", *request["arguments"], f"--IPKernelApp.parent_handle={server}"]
        from ipykernel.kernelapp import launch_new_instance

        launch_new_instance()
    finally:
        os._exit(1)


if __name__ == "__main__":
    serve()
