"""What a run says on the terminal and in its log: one line as a stage starts, one as it ends, progress in between."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seg_utils.core import progress

POLL_SECONDS = 0.5
PLAIN_EVERY_SECONDS = 10.0  # how often progress is printed where the output is not a terminal that can overwrite a line


def say(text: str) -> None:
    print(text, flush=True)


def stage_line(name: str, text: str) -> None:
    """Print what happens at a stage."""
    say(f"{name:<15} {text}")


def waiting(name: str) -> None:
    """Say that another run has the folder."""
    stage_line(name, "waiting for another run")


@contextmanager
def timed(name: str, why: str, log: Path, watched: Path) -> Iterator[None]:
    """Announce a stage, show the progress it writes to ``watched``, and note its time in ``log``."""
    stage_line(name, f"running ({why})")
    started = time.monotonic()
    finished = threading.Event()
    watcher = threading.Thread(target=_watch, args=(name, watched, finished), daemon=True)
    watcher.start()
    outcome = "stopped after"
    try:
        yield
        outcome = "done in"
    finally:
        finished.set()
        watcher.join()
        seconds = f"{time.monotonic() - started:.1f} s"
        stage_line(name, f"{outcome} {seconds}")
        with log.open("a", encoding="utf-8") as stream:
            stream.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S')} {name} {outcome} {seconds} ({why})\n")


def _watch(name: str, watched: Path, finished: threading.Event) -> None:
    overwrite = sys.stdout.isatty()
    shown, last_printed = "", time.monotonic()
    while not finished.wait(POLL_SECONDS):
        text = progress.latest(watched)
        due = overwrite or time.monotonic() - last_printed >= PLAIN_EVERY_SECONDS
        if not text or text == shown or not due:
            continue
        shown, last_printed = text, time.monotonic()
        line = f"{name:<15} {text}"
        print(f"\r{line:<78}" if overwrite else line, end="" if overwrite else "\n", flush=True)
    if overwrite and shown:
        print(f"\r{'':<78}\r", end="", flush=True)
