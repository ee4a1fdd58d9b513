"""Runs the stages that are out of date, and copies executed notebooks to HTML while the next stage runs."""

import importlib
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType

from seg_utils.core.artefacts import sweep, versions
from seg_utils.core.errors import StageError
from seg_utils.pipeline import console
from seg_utils.pipeline.notebooks.execution import execute
from seg_utils.pipeline.stage import Stage
from seg_utils.pipeline.state import fingerprint, records
from seg_utils.pipeline.state.lock import FolderLock
from seg_utils.reporting import rendering

LOG = "run.log"


class Pipeline:
    """One run of the pipeline; a context manager that waits for the HTML copies and raises what went wrong in them.

    What the run has brought up to date stays so until its end: it holds the folders together with other runs that need
    nothing changed there, and one that does waits. Folders are held from the outermost inwards by every run, so no two
    wait for each other.
    """

    def __init__(self) -> None:
        self._copier = ThreadPoolExecutor(1)
        self._copies: list[Future[None]] = []
        self._locks: dict[Path, FolderLock] = {}
        self.artefacts: list[Path] = []

    def __enter__(self) -> "Pipeline":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._copier.shutdown(wait=True, cancel_futures=error is not None)
            if error is None:
                self.wait_for_copies()
        finally:
            for lock in self._locks.values():
                lock.release()

    def wait_for_copies(self) -> None:
        """Wait for the HTML copies of the notebooks, and raise what went wrong in them."""
        for copy in self._copies:
            copy.result()

    def bring_up_to_date(self, stage: Stage, check: Callable[[], None] = lambda: None) -> None:
        """Run a stage until what it left behind is what it depends on would give now. ``check`` raises, with the folder
        owned, where that must not be done.

        What it depends on may change while it waits or runs, and another run may come in between: so it looks again.
        """
        folder = stage.folder
        lock = self._locks.setdefault(folder, FolderLock(folder, partial(console.waiting, folder.name)))
        kept = records.path_of(folder, stage.name)
        folders = {kept.parent, *(path.parent for path in stage.artefacts)}
        lock.share()
        sweep(folders)
        ran = False
        # of a stage not done yet, what it depends on is looked at when the folder is this run's own
        while not records.inputs_of(kept) or is_stale(stage):
            lock.own()
            now = inputs(stage)
            if why := records.stale(kept, now, stage.artefacts):
                check()
                kept.unlink(missing_ok=True)
                sweep(folders)
                progress = folder / ".progress"
                progress.unlink(missing_ok=True)
                with console.timed(stage.name, why, folder / LOG, progress):
                    tools = run(stage, progress)
                    _check_written(stage)
                records.write(kept, now, stage.artefacts, tools)
                ran = True
            lock.share()
        if not ran:
            console.stage_line(stage.name, "up to date")
        self.artefacts += stage.artefacts
        if stage.notebook:
            self._copy(stage)

    def _copy(self, stage: Stage) -> None:
        html = stage.executed.with_suffix(".html")
        self.artefacts.append(html)
        kept = records.path_of(stage.folder, f"{stage.name}.html")
        now = fingerprint.files([stage.executed]) | {"package nbconvert": versions()["nbconvert"]}
        if records.stale(kept, now, [html]):
            self._copies.append(self._copier.submit(_copy_and_record, stage.executed, html, kept, now))


def _check_written(stage: Stage) -> None:
    """Say which files a stage did not write that what follows reads."""
    if missing := [path.name for path in stage.artefacts if not path.exists()]:
        raise StageError(
            f"{stage.name} came to its end without writing {', '.join(missing)}; have it write what seg_utils/pipeline/"
            "stages.py says that it writes, or take it off that list"
        )


def run(stage: Stage, progress: Path) -> dict[str, str] | None:
    """Make what a stage writes; returns the tools that it took beside Python packages, if it says."""
    if stage.notebook:
        return execute(stage, progress)
    return importlib.import_module(stage.module).write(**stage.parameters)  # only when there is something to do


def is_stale(stage: Stage) -> bool:
    """Whether a stage is about to run."""
    return bool(records.stale(records.path_of(stage.folder, stage.name), inputs(stage), stage.artefacts))


def inputs(stage: Stage) -> dict[str, str]:
    """All that a stage's result depends on, by name."""
    if stage.notebook:
        code = {"notebook": fingerprint.notebook(stage.notebook)} | fingerprint.notebook_modules(stage.notebook)
    else:
        code = fingerprint.modules([stage.module])
    given = {f"parameter {name}": _text(value) for name, value in stage.parameters.items()}
    environment = {name: os.environ.get(name, "") for name in stage.environment}
    packages = {f"package {name}": number for name, number in versions().items()}
    return code | given | environment | fingerprint.files(stage.reads) | packages


def _text(value: object) -> str:
    """A parameter as text that is the same wherever the results are."""
    if isinstance(value, Path):
        return value.name
    return str([_text(part) for part in value]) if isinstance(value, tuple) else str(value)


def _copy_and_record(notebook: Path, html: Path, kept: Path, now: dict[str, str]) -> None:
    rendering.analyst_copy(notebook, html)
    records.write(kept, now, [html])
