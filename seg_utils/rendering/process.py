"""The one place where the renderers start another program."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from seg_utils.errors import RenderError

LINES_OF_OUTPUT = 6
"""Of what a failing program said, these many lines from its error on, or else its last ones, tell why."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TRACE = ("at ", "Stack trace")


def run(
    arguments: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    text: str = "",
    seconds: float = 300,
) -> str:
    """Run a program without a shell and give back what it printed to its standard output.

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
        ended = subprocess.run(
            list(arguments),
            cwd=folder,
            env=None if environment is None else dict(environment),
            input=text.encode("utf-8"),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except OSError as error:
        raise RenderError(f"{arguments[0]} could not be started: {error.strerror or error}") from None
    except subprocess.TimeoutExpired:
        raise RenderError(f"{name} was stopped: it did not end within {seconds:.0f} seconds") from None
    if ended.returncode != 0:
        raise RenderError(f"{name} ended with code {ended.returncode}: {_reason(ended.stderr, ended.stdout)}")
    return ended.stdout.decode("utf-8", errors="replace")


def _reason(*streams: bytes) -> str:
    for stream in streams:
        text = COLOUR.sub("", stream.decode("utf-8", errors="replace"))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        told = [line for line in lines if not line.startswith(TRACE)]
        first = next((number for number, line in enumerate(told) if line.lower().startswith("error")), -LINES_OF_OUTPUT)
        if told:
            return " / ".join(told[first:][:LINES_OF_OUTPUT])
    return "it printed nothing"
