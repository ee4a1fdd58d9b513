"""Progress of long work inside a notebook, for whoever watches the run.

A notebook's own output must not hold progress: it would differ from run to run. So progress goes into the file that
the environment variable names, and nowhere when there is none.
"""

import os
from collections.abc import Callable
from pathlib import Path

VARIABLE = "SEG_UTILS_PROGRESS"


def tell(text: str, done: float) -> None:
    """Say what is being worked on, in a few words, and the share of the work that is done, 0 to 1."""
    if path := os.environ.get(VARIABLE):
        Path(path).write_text(f"{done:4.0%}  {text}", encoding="utf-8")


def part(start: float, end: float) -> Callable[[str, float], None]:
    """``tell`` for work that is only a part of the whole, from a share of the whole that is done to another."""
    return lambda text, done: tell(text, start + (end - start) * done)


def latest(path: Path) -> str:
    """The last progress, empty if there is none yet."""
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""
