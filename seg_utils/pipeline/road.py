"""Runs the stops that are out of date, and copies executed notebooks to HTML while the next stop runs."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType

from seg_utils import paths, rendering
from seg_utils.artefacts import sweep
from seg_utils.pipeline import console, fingerprint, record
from seg_utils.pipeline.execute import execute
from seg_utils.pipeline.lock import FolderLock
from seg_utils.pipeline.stages import Stage
from seg_utils.provenance import versions
from seg_utils.rendering import Renderer

LOG = "run.log"


class Road:
    """One run along the road; a context manager that waits for the HTML copies and raises what went wrong in them.

    What the run has brought up to date stays so until its end: it holds the folders together with other runs that need
    nothing changed there, and one that does waits. Folders are held from the outermost inwards by every run, so no two
    wait for each other.
    """

    def __init__(self) -> None:
        self._copier = ThreadPoolExecutor(1)
        self._copies: list[Future[None]] = []
        self._locks: dict[Path, FolderLock] = {}
        self.artefacts: list[Path] = []

    def __enter__(self) -> "Road":
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

    def bring_up_to_date(self, stage: Stage) -> None:
        """Run a stage unless what it left behind is what it would leave behind now."""
        progress = stage.folder / ".progress"

        def run() -> None:
            progress.unlink(missing_ok=True)
            execute(stage, progress)

        self._bring_up_to_date(stage.name, stage.folder, stage.artefacts, lambda: inputs(stage), run, progress)
        self._copy(stage)

    def render(self, stage: Stage, formats: tuple[str, ...], renderer: Renderer) -> dict[str, Path]:
        """Render the executed report into the stage's folder; returns the files by format."""
        files = {name: stage.folder / f"report.{name}" for name in formats}

        def run() -> None:
            rendering.render(stage.executed, stage.folder, formats, renderer, _artefact_folders(stage))

        def depends_on() -> dict[str, str]:
            return render_inputs(stage, formats, renderer)

        self._bring_up_to_date("render", stage.folder, list(files.values()), depends_on, run)
        return files

    def _bring_up_to_date(
        self,
        name: str,
        folder: Path,
        artefacts: list[Path],
        depends_on: Callable[[], dict[str, str]],
        run: Callable[[], None],
        progress: Path | None = None,
    ) -> None:
        """Run a stop until what it left behind is what it depends on would give now.

        What it depends on may change while it waits or runs, and another run may come in between: so it looks again.
        """
        lock = self._locks.setdefault(folder, FolderLock(folder, partial(console.waiting, name)))
        kept = record.path_of(folder, name)
        lock.share()
        ran = False
        while record.stale(kept, depends_on(), artefacts):
            lock.own()
            now = depends_on()
            if why := record.stale(kept, now, artefacts):
                kept.unlink(missing_ok=True)
                sweep({path.parent for path in artefacts})
                with console.timed(name, why, folder / LOG, progress):
                    run()
                record.write(kept, now, artefacts)
                ran = True
            lock.share()
        if not ran:
            console.stop_line(name, "up to date")
        self.artefacts += artefacts

    def _copy(self, stage: Stage) -> None:
        html = stage.executed.with_suffix(".html")
        self.artefacts.append(html)
        kept = record.path_of(stage.folder, f"{stage.name}.html")
        now = fingerprint.files([stage.executed]) | {"package nbconvert": versions()["nbconvert"]}
        if record.stale(kept, now, [html]):
            self._copies.append(self._copier.submit(_copy_and_record, stage.executed, html, kept, now))


def is_stale(stage: Stage) -> bool:
    """Whether a stage is about to run."""
    return bool(record.stale(record.path_of(stage.folder, stage.name), inputs(stage), stage.artefacts))


def inputs(stage: Stage) -> dict[str, str]:
    """All that a stage's result depends on, by name."""
    told = {
        f"parameter {name}": value.name if isinstance(value, Path) else str(value)
        for name, value in stage.parameters.items()
    }
    return (
        {"notebook": fingerprint.notebook(stage.notebook)}
        | told
        | fingerprint.files(stage.reads)
        | fingerprint.notebook_modules(stage.notebook)
        | _packages()
    )


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
        | fingerprint.modules(["seg_utils.rendering"])
        | _packages()
    )


def _artefact_folders(stage: Stage) -> tuple[Path, Path, Path]:
    """Where the report's artefacts are: slides and workbook are made of them, not of the pages."""
    return tuple(stage.parameters[name] for name in ("dataset", "space", "run"))


def _packages() -> dict[str, str]:
    return {f"package {name}": number for name, number in versions().items()}


def _copy_and_record(notebook: Path, html: Path, kept: Path, now: dict[str, str]) -> None:
    rendering.analyst_copy(notebook, html)
    record.write(kept, now, [html])
