"""Runs the stages that are out of date, and copies executed notebooks to HTML while the next stage runs."""

import importlib
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType

from seg_utils.core import paths
from seg_utils.core.artefacts import sweep, versions
from seg_utils.core.errors import StageError
from seg_utils.pipeline import console
from seg_utils.pipeline.notebooks.execution import execute
from seg_utils.pipeline.stages import PlainStage, Stage
from seg_utils.pipeline.state import fingerprint, manifest, records
from seg_utils.pipeline.state.lock import FolderLock
from seg_utils.reporting import rendering
from seg_utils.reporting.rendering import Renderer

LOG = "run.log"


@dataclass(frozen=True)
class Task:
    """What is done when its record says so: ``run`` makes the artefacts from what ``inputs`` lists and returns the
    tools that it took beside Python packages. ``check`` raises, with the folder owned, where that must not be done."""

    name: str
    folder: Path
    artefacts: list[Path]
    inputs: Callable[[], dict[str, str]]
    run: Callable[[], dict[str, str]]
    progress: Path | None = None
    check: Callable[[], None] = lambda: None


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
        """Run a stage unless what it left behind is what it would leave behind now, or ``check`` raises before."""
        progress = stage.folder / ".progress"

        def run() -> dict[str, str]:
            progress.unlink(missing_ok=True)
            execute(stage, progress)
            return {}

        self._do(Task(stage.name, stage.folder, stage.artefacts, partial(inputs, stage), run, progress, check))
        self._copy(stage)

    def export(self, stage: PlainStage) -> None:
        """Run a stage without a notebook unless what it left behind is what it would leave behind now."""

        def run() -> dict[str, str]:
            importlib.import_module(stage.module).write(**stage.parameters)  # only when there is something to do
            return {}

        self._do(Task(stage.name, stage.folder, stage.artefacts, partial(plain_inputs, stage), run))

    def render(self, stage: Stage, formats: tuple[str, ...], renderer: Renderer) -> dict[str, Path]:
        """Render the executed report into the stage's folder, under its name; returns the files by format."""
        files = {name: stage.folder / f"{stage.name}.{name}" for name in formats}

        def run() -> dict[str, str]:
            folders = _artefact_folders(stage)
            rendering.render(stage.executed, stage.folder, formats, renderer, folders, stage.name)
            return renderer.tools(formats)

        needs = partial(render_inputs, stage, formats, renderer)
        self._do(Task(manifest.RENDERING, stage.folder, list(files.values()), needs, run))
        return files

    def _do(self, task: Task) -> None:
        """Run a task until what it left behind is what it depends on would give now.

        What it depends on may change while it waits or runs, and another run may come in between: so it looks again.
        """
        lock = self._locks.setdefault(task.folder, FolderLock(task.folder, partial(console.waiting, task.folder.name)))
        kept = records.path_of(task.folder, task.name)
        folders = {kept.parent, *(path.parent for path in task.artefacts)}
        lock.share()
        sweep(folders)
        ran = False
        # of a stage not done yet, what it depends on is looked at when the folder is this run's own
        while not records.inputs_of(kept) or records.stale(kept, task.inputs(), task.artefacts):
            lock.own()
            now = task.inputs()
            if why := records.stale(kept, now, task.artefacts):
                task.check()
                kept.unlink(missing_ok=True)
                sweep(folders)
                with console.timed(task.name, why, task.folder / LOG, task.progress):
                    tools = task.run()
                    _check_written(task)
                records.write(kept, now, task.artefacts, tools)
                ran = True
            lock.share()
        if not ran:
            console.stage_line(task.name, "up to date")
        self.artefacts += task.artefacts

    def _copy(self, stage: Stage) -> None:
        html = stage.executed.with_suffix(".html")
        self.artefacts.append(html)
        kept = records.path_of(stage.folder, f"{stage.name}.html")
        now = fingerprint.files([stage.executed]) | {"package nbconvert": versions()["nbconvert"]}
        if records.stale(kept, now, [html]):
            self._copies.append(self._copier.submit(_copy_and_record, stage.executed, html, kept, now))


def _check_written(task: Task) -> None:
    """Say which files a task did not write that what follows reads."""
    if missing := [path.name for path in task.artefacts if not path.exists()]:
        raise StageError(
            f"{task.name} came to its end without writing {', '.join(missing)}; have it write what seg_utils/pipeline/"
            "stages.py says that it writes, or take it off that list"
        )


def is_stale(stage: Stage) -> bool:
    """Whether a stage is about to run."""
    return bool(records.stale(records.path_of(stage.folder, stage.name), inputs(stage), stage.artefacts))


def inputs(stage: Stage) -> dict[str, str]:
    """All that a stage's result depends on, by name."""
    code = {"notebook": fingerprint.notebook(stage.notebook)} | fingerprint.notebook_modules(stage.notebook)
    return code | _parameters(stage) | fingerprint.files(stage.reads) | _packages()


def plain_inputs(stage: PlainStage) -> dict[str, str]:
    """All that the result of a stage without a notebook depends on, by name."""
    return fingerprint.modules([stage.module]) | _parameters(stage) | fingerprint.files(stage.reads) | _packages()


def render_inputs(stage: Stage, formats: tuple[str, ...], renderer: Renderer) -> dict[str, str]:
    """All that the rendered report depends on, by name."""
    theme = sorted(path for path in paths.THEME.rglob("*") if path.is_file())
    return (
        {
            "formats": " ".join(formats),
            "renderer": f"{renderer.name} {renderer.version}",
            "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", ""),
        }
        | fingerprint.files([stage.executed, *stage.reads, *theme])
        | fingerprint.modules(["seg_utils.reporting.rendering"])
        | _packages()
    )


def _artefact_folders(stage: Stage) -> tuple[Path, ...] | None:
    """Where the report's artefacts are, of which slides and workbook are made, not of the pages: dataset, space and run
    folder, or a period's and those of the periods before it."""
    given, names = stage.parameters, ("dataset", "space", "run")
    if given.keys() >= {*names}:
        return tuple(given[name] for name in names)
    return (given["target"], *map(given["target"].with_name, given["earlier"])) if "target" in given else None


def _parameters(stage: Stage | PlainStage) -> dict[str, str]:
    return {
        f"parameter {name}": value.name if isinstance(value, Path) else str(value)
        for name, value in stage.parameters.items()
    }


def _packages() -> dict[str, str]:
    return {f"package {name}": number for name, number in versions().items()}


def _copy_and_record(notebook: Path, html: Path, kept: Path, now: dict[str, str]) -> None:
    rendering.analyst_copy(notebook, html)
    records.write(kept, now, [html])
