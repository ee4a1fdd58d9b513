"""The driver: what is out of date runs, in the order of the road, and nothing else does."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from seg_utils import parameters as allowed
from seg_utils import paths, rendering
from seg_utils.artefacts import read_json, sweep
from seg_utils.errors import NoSegmentsError, UserError
from seg_utils.parameters import Parameters
from seg_utils.pipeline import console, fingerprint, manifest, record, stages
from seg_utils.pipeline.execute import execute
from seg_utils.pipeline.layout import Layout, claim, layout
from seg_utils.pipeline.lock import folder_lock
from seg_utils.pipeline.stages import Stage
from seg_utils.provenance import versions

LOG = "run.log"


def report(parameters: Parameters) -> dict[str, Path]:
    """Bring a report up to date and return its files by format.

    Raises:
        UserError: of a kind that says what is wrong; whatever was made before stands.
    """
    renderer = rendering.choose(parameters.renderer, parameters.quarto)
    folders = layout(parameters)
    console.stop_line("customers", f"{parameters.data.name}, results under {folders.dataset}")
    with ThreadPoolExecutor(1) as copier:
        road = Road(copier)
        first = stages.eda(parameters, folders)
        road.before(first, lambda: _check_customers(parameters, folders))
        road.bring_up_to_date(first)
        _check_k(parameters, folders)
        road.bring_up_to_date(stages.k_selection(parameters, folders))
        k = parameters.k or recommended_k(folders)
        road.bring_up_to_date(stages.clustering(parameters, folders, k))
        road.bring_up_to_date(stages.personas(folders, k))
        last = stages.report(parameters, folders, k)
        road.bring_up_to_date(last)
        rendered = road.render(last, parameters.formats, renderer)
        road.finish()
    artefacts = [*road.artefacts, *rendered.values()]
    manifest.write(folders.run(k) / "manifest.json", parameters, k, {"name": renderer.name, "version": renderer.version}, artefacts, folders.dataset)
    return rendered


def where(parameters: Parameters) -> Path:
    """The folder of a run, without running anything."""
    folders = layout(parameters)
    return folders.run(parameters.k or recommended_k(folders))


def recommended_k(folders: Layout) -> int:
    """What the evidence recommends.

    Raises:
        UserError: the evidence has not been gathered yet, or it says that there are no segments.
    """
    path = folders.space / "k_verdict.json"
    if not path.exists():
        raise UserError(
            "K=auto has no folder before its first run; run `make report` first or name one, for example K=7"
        )
    verdict = read_json(path)
    if verdict["recommended_k"] is None:
        raise NoSegmentsError(f"{verdict['sentence']} To make a report all the same, name a K, for example K=4.")
    return verdict["recommended_k"]


class Road:
    """Runs stops that are out of date, and copies executed notebooks to HTML while the next stop runs."""

    def __init__(self, copier: ThreadPoolExecutor) -> None:
        self._copier = copier
        self._copies: list[Future[None]] = []
        self.artefacts: list[Path] = []

    def before(self, stage: Stage, check: Any) -> None:
        """Call ``check`` if the stage is about to run."""
        if record.stale(record.path_of(stage.folder, stage.name), inputs(stage), stage.artefacts):
            check()

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

    def render(self, stage: Stage, formats: tuple[str, ...], renderer: Any) -> dict[str, Path]:
        """Render the executed report into the stage's folder."""
        files = {name: stage.folder / f"report.{name}" for name in formats}
        kept = record.path_of(stage.folder, "render")
        now = render_inputs(stage, formats, renderer)
        with folder_lock(stage.folder, lambda: console.stop_line("render", "waiting for another run")):
            if why := record.stale(kept, now, files.values()):
                kept.unlink(missing_ok=True)
                with console.timed("render", why, stage.folder / LOG):
                    rendering.render(stage.executed, stage.folder, formats, renderer)
                record.write(kept, now, files.values())
            else:
                console.stop_line("render", "up to date")
        return files

    def finish(self) -> None:
        """Wait for the HTML copies; an error in one is raised here."""
        for copy in self._copies:
            copy.result()

    def _copy(self, stage: Stage) -> None:
        html = stage.executed.with_suffix(".html")
        self.artefacts.append(html)
        kept = record.path_of(stage.folder, f"{stage.name}.html")
        now = fingerprint.files([stage.executed]) | {"package nbconvert": versions()["nbconvert"]}
        if record.stale(kept, now, [html]):
            self._copies.append(self._copier.submit(_copy_and_record, stage.executed, html, kept, now))


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


def render_inputs(stage: Stage, formats: tuple[str, ...], renderer: Any) -> dict[str, str]:
    """All that the rendered report depends on, by name."""
    theme = sorted(path for path in (paths.REPORT / "theme").rglob("*") if path.is_file())
    return (
        {"formats": " ".join(formats), "renderer": f"{renderer.name} {renderer.version}"}
        | fingerprint.files([stage.executed, *theme])
        | fingerprint.modules(["seg_utils.rendering"])
        | _packages()
    )


def _packages() -> dict[str, str]:
    return {f"package {name}": number for name, number in versions().items()}


def _copy_and_record(notebook: Path, html: Path, kept: Path, now: dict[str, str]) -> None:
    rendering.analyst_copy(notebook, html)
    record.write(kept, now, [html])


def _check_customers(parameters: Parameters, folders: Layout) -> None:
    """Refuse a bad file before any notebook starts, and note whose folder it is going to be."""
    from seg_utils import customers  # pandas: only when there is something to read

    loaded = customers.load(
        parameters.data,
        columns=parameters.columns,
        features=parameters.features or None,
        bad_rows=parameters.bad_rows,
    )
    allowed.check_enough_customers(parameters.k, len(loaded.frame), parameters.data.name)
    claim(folders.dataset, parameters.data)


def _check_k(parameters: Parameters, folders: Layout) -> None:
    n_customers = read_json(folders.dataset / "quality.json")["n_customers"]
    allowed.check_enough_customers(parameters.k, n_customers, parameters.data.name)
