"""Runs the stops that are out of date, and copies executed notebooks to HTML while the next stop runs."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from seg_utils import paths, rendering
from seg_utils.artefacts import sweep
from seg_utils.pipeline import console, fingerprint, record
from seg_utils.pipeline.execute import execute
from seg_utils.pipeline.lock import folder_lock
from seg_utils.pipeline.stages import Stage
from seg_utils.provenance import versions
from seg_utils.rendering import Renderer

LOG = "run.log"


class Road:
    """One run along the road; a context manager that waits for the HTML copies and raises what went wrong in them."""

    def __init__(self) -> None:
        self._copier = ThreadPoolExecutor(1)
        self._copies: list[Future[None]] = []
        self.artefacts: list[Path] = []

    def __enter__(self) -> "Road":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._copier.shutdown(wait=True, cancel_futures=error is not None)
        if error is None:
            for copy in self._copies:
                copy.result()

    def bring_up_to_date(self, stage: Stage) -> None:
        """Run a stage unless what it left behind is what it would leave behind now."""
        kept = record.path_of(stage.folder, stage.name)
        with folder_lock(stage.folder, lambda: console.stop_line(stage.name, "waiting for another run")):
            if why := record.stale(kept, now := inputs(stage), stage.artefacts):
                kept.unlink(missing_ok=True)
                sweep(stage.folder)
                progress = stage.folder / ".progress"
                progress.unlink(missing_ok=True)
                with console.timed(stage.name, why, stage.folder / LOG, progress):
                    execute(stage, progress)
                record.write(kept, now, stage.artefacts)
            else:
                console.stop_line(stage.name, "up to date")
        self.artefacts += stage.artefacts
        self._copy(stage)

    def render(self, stage: Stage, formats: tuple[str, ...], renderer: Renderer) -> dict[str, Path]:
        """Render the executed report into the stage's folder; returns the files by format."""
        files = {name: stage.folder / f"report.{name}" for name in formats}
        kept = record.path_of(stage.folder, "render")
        now = render_inputs(stage, formats, renderer)
        with folder_lock(stage.folder, lambda: console.stop_line("render", "waiting for another run")):
            if why := record.stale(kept, now, files.values()):
                kept.unlink(missing_ok=True)
                with console.timed("render", why, stage.folder / LOG):
                    rendering.render(stage.executed, stage.folder, formats, renderer, _artefact_folders(stage))
                record.write(kept, now, files.values())
            else:
                console.stop_line("render", "up to date")
        self.artefacts += files.values()
        return files

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
