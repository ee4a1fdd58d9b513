"""The driver: from a checked request to the files of a report, and nothing runs that need not."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import TypeVar

from seg_utils.core import parameters as allowed
from seg_utils.core import paths, result_folders
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.artefacts import read_json, read_notes
from seg_utils.core.errors import NoSegmentsError, ParameterError, UserError
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import console, large, stages
from seg_utils.pipeline.notebooks.execution import prepare
from seg_utils.pipeline.runner import Pipeline, is_stale
from seg_utils.pipeline.state import fingerprint, manifest, records
from seg_utils.pipeline.state.layout import Layout, claimed_layout, layout
from seg_utils.reporting import rendering

# Findings that are also told on the terminal, as are columns that were set aside
TOLD = ("bad_rows", "lone", "left_out", "no_id", "limits", "other_currency")


Made = TypeVar("Made")


def _by_own_catalogues(command: Callable[[Parameters], Made]) -> Callable[[Parameters], Made]:
    """A command during which the request's own dictionary, personas and economics are in force."""

    @wraps(command)
    def run(parameters: Parameters) -> Made:
        with parameters.in_force():
            return command(parameters)

    return run


@_by_own_catalogues
def report(parameters: Parameters) -> list[Path]:
    """Bring a report up to date and return its files. Raises UserError: of a kind that says what is wrong;
    whatever was made before stands."""
    renderer = rendering.choose(parameters.renderer, parameters.quarto)
    if renderer.note:
        console.stage_line("renderer", renderer.note)
    whole, (parameters, folders) = parameters.data, _begin(parameters)
    if parameters.k and _asked_k(parameters) is None:
        console.stage_line("K", f"K={parameters.k} is not looked at: {parameters.algorithm} finds its own number")
    with Pipeline() as pipeline:
        _check_catalogues(parameters, folders)
        pipeline.bring_up_to_date(stages.eda(parameters, folders))
        _check_k(parameters, folders)
        pipeline.bring_up_to_date(stages.k_selection(parameters, folders))
        k = wanted_k(parameters, folders)
        pipeline.bring_up_to_date(stages.clustering(parameters, folders, k))
        pipeline.bring_up_to_date(stages.personas(folders, k))
        pipeline.bring_up_to_date(stages.exports(folders, k))
        everybody = [] if parameters.data == whole else [large.placing(parameters.data, folders, k)]
        for stage in everybody:
            pipeline.bring_up_to_date(stage)
        last = stages.report(parameters, folders, k, everybody)
        pipeline.bring_up_to_date(last)
        of_run = folders.dataset, folders.space, folders.run(k)
        pages = stages.rendering(last, parameters.formats, renderer, of_run)
        pipeline.bring_up_to_date(pages)
        pipeline.wait_for_copies()
        manifest.write(folders.run(k), parameters, _found_k(folders.run(k)), renderer, pipeline.artefacts)
    _tell_of_periods(folders.run(k))
    return pages.artefacts


def _tell_of_periods(run: Path) -> None:
    """Say which periods of a run its model did not place, since it has changed."""
    if (run / result_folders.PERIODS).is_dir():
        from seg_utils.pipeline.commands.series import Series, out_of_step  # only where there are any

        for text in out_of_step(Series(run)):
            console.stage_line("periods", text)


@_by_own_catalogues
def compare(parameters: Parameters) -> list[Path]:
    """Bring a comparison of algorithms and scales up to date and return its files, the page to read last. Raises
    UserError: of a kind that says what is wrong; whatever was made before stands."""
    parameters, folders = _begin(parameters)
    with Pipeline() as pipeline:
        pipeline.bring_up_to_date(stages.eda(parameters, folders))
        _check_k(parameters, folders)
        k = parameters.k
        if k is None:
            pipeline.bring_up_to_date(stages.k_selection(parameters, folders))
            k = recommended_k(folders)
        stage = stages.compare(parameters, folders, k)
        pipeline.bring_up_to_date(stage)
        pipeline.wait_for_copies()
    return [*(stage.folder / name for name in stage.writes), stage.executed.with_suffix(".html")]


@_by_own_catalogues
def where(parameters: Parameters) -> Path:
    """The folder of a run, without running anything."""
    parameters = large.sampled(parameters)
    folders = layout(parameters)
    return folders.run(wanted_k(parameters, folders))


def wanted_k(parameters: Parameters, folders: Layout) -> int | None:
    """The K to run: the one asked for or the one recommended (see ``recommended_k``); None for an algorithm that finds
    its own. A ParameterError where the segment to look into is not one of K."""
    if ALGORITHMS[parameters.algorithm].finds_k:
        return None
    k = parameters.k or recommended_k(folders)
    allowed.check_subsegment(parameters.subsegment, k)
    return k


def recommended_k(folders: Layout) -> int:
    """What the evidence recommends; a UserError where it has not been gathered yet, a NoSegmentsError where it says
    that there are no segments."""
    verdict = read_notes(folders.space / "k_verdict.json")
    if "recommended_k" not in verdict:
        raise UserError("K=auto has no folder before its first run; run make report first or name one, for example K=7")
    if verdict["recommended_k"] is None:
        nearest = verdict.get("nearest_k") or 2
        raise NoSegmentsError(
            f"{verdict['sentence']} To make a report all the same, name a K, for example K={nearest}."
        )
    return verdict["recommended_k"]


def _begin(asked: Parameters) -> tuple[Parameters, Layout]:
    """Refuse a bad file before any notebook starts, and any folder is made; then take the folders for it.

    Returns:
        The request, on a sample where the table is too large to be analysed whole, and its folders.
    """
    large.bring_in(asked.table, asked.data, asked.columns, may_stay=True)
    parameters = large.sampled(asked)
    if parameters is not asked:
        large.draw(asked, parameters.data)
    first = stages.eda(parameters, layout(parameters))
    if is_stale(first):
        prepare(first.notebook)
        _check_customers(parameters)
    try:
        folders = claimed_layout(parameters)
    except OSError as error:
        raise ParameterError(
            f"OUTPUTS={parameters.outputs} cannot be written ({error.strerror}); OUTPUTS is a folder you may write to, "
            "for example OUTPUTS=outputs"
        ) from None
    console.stage_line("customers", f"{parameters.data.name}, results under {folders.dataset}")
    return parameters, folders


def _check_customers(parameters: Parameters) -> None:
    from seg_utils import data  # pandas: only when there is something to read

    loaded = data.load(
        parameters.data,
        columns=parameters.columns,
        features=parameters.features or None,
        describe=parameters.describe,
        bad_rows=parameters.bad_rows,
    )
    for finding in loaded.findings:
        if finding.action == data.SET_ASIDE or finding.rule in TOLD:
            console.stage_line("customers", finding.message)
    allowed.check_enough_customers(_asked_k(parameters), len(loaded.frame), parameters.data.name)


def _asked_k(parameters: Parameters) -> int | None:
    return None if ALGORITHMS[parameters.algorithm].finds_k else parameters.k


def _found_k(run: Path) -> int:
    return read_json(run / "metrics.json")["k"]


def _check_catalogues(parameters: Parameters, folders: Layout) -> None:
    """Refuse a mistake in the analyst's catalogues before any notebook starts; those that 04 has read are not read."""
    with suppress(UserError):  # no K yet, so that 04 is going to run
        stage = stages.personas(folders, wanted_k(parameters, folders))
        kept = records.path_of(stage.folder, stage.name)
        now = fingerprint.files([*map(paths.catalogue, paths.CATALOGUES), *stages.economics()])
        if now.items() <= records.inputs_of(kept).items():
            return
    from seg_utils.personas import catalogue
    from seg_utils.strategy import assumptions

    assumptions.load(personas=[persona.id for persona in catalogue.load().personas])


def _check_k(parameters: Parameters, folders: Layout) -> None:
    n_customers = read_json(folders.dataset / "quality.json")["n_customers"]
    allowed.check_enough_customers(_asked_k(parameters), n_customers, parameters.data.name)
