"""The one place where the renderers start another program."""

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from seg_utils.core.errors import RenderError

LINES_OF_OUTPUT = 6
"""Of what a failing program said, these many lines from its error on, or else its last ones, tell why."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TRACE = ("at ", "Stack trace", "WARN")
"""How lines begin that say no more of an error."""


def run(
    arguments: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    text: str = "",
    seconds: float = 300,
) -> str:
    """Run a program without a shell and give back what it printed: to its standard output, or else beside it.

    Args:
        arguments: the executable and its arguments, each passed on as it is.
        folder: working folder of the program.
        environment: the whole environment of the program; defaults to this process's.
        text: handed to its standard input.
        seconds: how long it may take.

    Raises:
        RenderError: it could not be started, took too long or ended with an error.
    """
    name = Path(arguments[0]).name
    try:
        process = subprocess.Popen(
            list(arguments),
            cwd=folder,
            env=None if environment is None else dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise RenderError(f"{arguments[0]} could not be started: {error.strerror or error}") from None
    try:
        output, errors = process.communicate(text.encode("utf-8"), timeout=seconds)
    except BaseException as error:
        _kill(process)
        if isinstance(error, subprocess.TimeoutExpired):
            raise RenderError(f"{name} was stopped: it did not end within {seconds:.0f} seconds") from None
        raise
    if process.returncode != 0:
        raise RenderError(f"{name} ended with code {process.returncode}: {_reason(errors, output)}")
    return (output or errors).decode("utf-8", errors="replace")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Stop a program and all that it started: a launcher's own end would leave what it launched at work."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _reason(*streams: bytes) -> str:
    for stream in streams:
        text = COLOUR.sub("", stream.decode("utf-8", errors="replace"))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        told = [line for line in lines if not line.startswith(TRACE)]
        first = next((number for number, line in enumerate(told) if line.lower().startswith("error")), -LINES_OF_OUTPUT)
        if told:
            return " / ".join(told[first:][:LINES_OF_OUTPUT])
    return "it printed nothing"
