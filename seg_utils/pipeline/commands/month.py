"""Periods from the command line: a month's file against the one before, all of them side by side, a challenger adopted.

Everything lies under ``periods/`` in the folder of the run whose segments are in force, because all of it depends on
that run: a folder a period, the models that were adopted, and the tables of the history.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from seg_utils.core import parameters as allowed
from seg_utils.core import words
from seg_utils.core.artefacts import read_json, read_notes, sha256, sweep
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import console, large, stages
from seg_utils.pipeline.commands.series import Series, out_of_step, series_of
from seg_utils.pipeline.runner import Pipeline, is_stale
from seg_utils.pipeline.stage import Stage
from seg_utils.pipeline.state import manifest, records
from seg_utils.reporting import rendering
from seg_utils.scoring import model_path

# Catalogues of one's own that a month needs again: the model holds the dictionary alone
OWN = ("PERSONAS", "ECONOMICS")

PAGES_BY = ("FORMATS", "RENDERER", "QUARTO")
ASKED = ("DATA", "TABLE", "PERIOD", "FROM", "REPLACE")
READS = (*ASKED, *OWN, "COLUMNS", "DESCRIBE", "BAD_ROWS", "CAMPAIGN", *PAGES_BY)

# Formats of all periods on a page: slides and workbook are made of a run, and a workbook of a month
PAGES = ("html", "pdf", "docx")

EXAMPLE = "make month DATA=nov.csv PERIOD=2026-11"
MONTHS = 12


def month(assignments: Iterable[str]) -> list[Path]:
    """Bring a period up to date and return its report's files. Raises UserError: of a kind that says what is
    wrong; earlier periods stand."""
    given = allowed.as_given(assignments, (*READS, "OUTPUTS"), "the run has decided it, or it is not for a month")
    asked = _with_pages(allowed.from_mapping(given), (*PAGES, "xlsx"))
    if missing := [name for name in ("DATA", "PERIOD") if name not in given]:
        raise ParameterError(f"{missing[0]}= is missing; for example {EXAMPLE}")
    series = series_of(asked)
    _check_own(series, asked)
    with model_path.its_dictionary(series.run / model_path.NAME), asked.in_force():
        return _month(series, asked, given.get("CAMPAIGN"))


def _check_own(series: Series, asked: Parameters) -> None:
    """Refuse a month by other catalogues than its run's."""
    made_with = read_json(series.run / manifest.NAME)["parameters"]
    for name in OWN:
        given = getattr(asked, name.lower())
        if made_with.get(name) and given is None:
            raise ParameterError(
                f"{name}= is missing: {series.run.name} was made with {made_with[name]}; give it again, as "
                f"{name}={made_with[name]}"
            )
        if given is not None and not made_with.get(name):
            raise ParameterError(f"{name}={given.name} is not what {series.run.name} was made with; leave it out")


def _month(series: Series, asked: Parameters, campaign: str | None) -> list[Path]:
    renderer = rendering.choose(asked.renderer, asked.quarto)
    on_sample = large.bound_of(series.run) is not None
    large.bring_in(asked.table, asked.data, asked.columns, may_stay=on_sample)
    space = model_path.read(series.in_force(asked.period)).space
    asked = large.sampled_as(series.run, _described(series, asked, space.inputs), space.features)
    stage = _stage(series, asked, campaign)
    report = stages.month_report(stage)
    _check_whole(series, [path for path in (*stage.reads, *report.reads) if path.parent != stage.folder])
    if is_stale(stage):
        _check_place(series, asked)
        _check_customers(series, asked, stage)
    console.stage_line("period", f"{asked.period} of {asked.data.name}, results under {stage.folder}")
    with Pipeline() as pipeline:
        pipeline.bring_up_to_date(stage, partial(_check_place, series, asked))  # another run may have come in between
        pipeline.bring_up_to_date(report)
        of_periods = stage.folder, *map(stage.folder.with_name, stage.parameters["earlier"])
        pages = stages.rendering(report, asked.formats, renderer, of_periods)
        pipeline.bring_up_to_date(pages)
    for text in out_of_step(series):
        console.stage_line("period", text)
    return pages.artefacts


def _check_whole(series: Series, files: Iterable[Path]) -> None:
    """Refuse to go on from a period of which a file is damaged or gone."""
    for path in files:
        period = path.parent
        if period.parent == series.folder and not records.is_as_written(records.path_of(period, stages.MONTH), path):
            raise DataError(
                f"{path.name} of {period.name} is not as make month wrote it; run make month for {period.name} again, "
                "with the same file"
            )


def _described(series: Series, asked: Parameters, inputs: Sequence[str]) -> Parameters:
    """The same request, by the columns that described the period before where it names none, if the file has them."""
    if asked.describe:
        return asked
    from seg_utils import periods  # pandas: only where there is something to read

    before = _before(series, asked.period)
    described, lacking = periods.described_before(asked.data, inputs, before, asked.columns)
    if lacking:
        text = f"{asked.data.name} does not have {words.listing(lacking)}, by which segments were described before"
        console.stage_line("customers", text)
    return replace(asked, describe=tuple(described))


def _before(series: Series, period: str) -> Path:
    """The folder of what a period is compared with: the last period before it, or the run's customers."""
    return series.folder / series.earlier(period)[-1] if series.earlier(period) else series.run.parents[1]


def history(assignments: Iterable[str]) -> list[Path]:
    """Put all periods of a run side by side; returns the tables and the page in each format. Raises ParameterError:
    there is no period yet."""
    takes = ("FROM", *PAGES_BY, "OUTPUTS")
    asked = _with_pages(allowed.from_mapping(allowed.as_given(assignments, takes, "the periods have decided it")))
    series = series_of(asked)
    if not series.done:
        raise ParameterError(f"{series.run} has no period yet; make one, for example {EXAMPLE}")
    from seg_utils import periods  # pandas: only when there is something to read
    from seg_utils.reporting import exports

    renderer = rendering.choose(asked.renderer, asked.quarto)
    folders = [series.folder / name for name in series.done]
    _check_whole(series, [folder / name for folder in folders for name in stages.MONTH_READ_AGAIN])
    with model_path.its_dictionary(series.run / model_path.NAME), Pipeline() as pipeline:
        sweep([series.folder / exports.periods.FOLDER])
        written = periods.history.write(series.run, folders, series.folder)
        written += exports.periods.write(series.run, folders, series.folder)
        report = stages.history_report(series.run, series.done)
        pipeline.bring_up_to_date(report)
        pages = stages.rendering(report, asked.formats, renderer)
        pipeline.bring_up_to_date(pages)
    for text in out_of_step(series):
        console.stage_line("history", text)
    return [*written, *pages.artefacts]


def _with_pages(asked: Parameters, pages: tuple[str, ...] = PAGES) -> Parameters:
    """Refuse formats that are made of a run."""
    if unknown := [name for name in asked.formats if name not in pages]:
        raise ParameterError(f"FORMATS={unknown[0]} is for make report; here are {', '.join(pages)}")
    return asked


def _stage(series: Series, asked: Parameters, campaign: str | None) -> Stage:
    run = read_json(series.run / manifest.NAME)["parameters"]
    return stages.month(
        asked,
        series.run,
        model=series.in_force(asked.period),
        earlier=series.earlier(asked.period),
        market=run["MARKET"],
        campaign=campaign and asked.campaign,
    )


def _check_place(series: Series, asked: Parameters) -> None:
    """Refuse a file that would take another's place, or that is another period's."""
    digest = sha256(asked.data)
    sources = {name: read_notes(series.folder / name / "quality.json").get("source", {}) for name in series.done}
    there = sources.pop(asked.period, None)
    if there and there.get("sha256") != digest and not asked.replace:
        raise ParameterError(
            f"PERIOD={asked.period} is there already, of another file ({there.get('name', 'unknown')}); "
            f"to put {asked.data.name} in its place add REPLACE=yes"
        )
    for name, source in sources.items():
        if source.get("sha256") == digest and not asked.replace:
            raise ParameterError(
                f"{asked.data.name} is byte for byte the file of {name}; give DATA= the file of {asked.period}, or add "
                "REPLACE=yes if nobody has changed in between"
            )


def _check_customers(series: Series, asked: Parameters, stage: Stage) -> None:
    """Refuse a bad file before anything of a period is touched, and say what is odd about it."""
    earlier = series.earlier(asked.period)
    if read_notes(series.run.parents[1] / "quality.json").get("source", {}).get("sha256") == sha256(asked.data):
        console.stage_line("period", f"{asked.data.name} is the very file of the run")
    for before, now in pairwise([*earlier[-1:], asked.period]):
        if missing := _months(now) - _months(before) - 1:
            console.stage_line("period", f"months missing between {before} and {now}: {missing}")
    import pandas as pd

    from seg_utils import periods
    from seg_utils.data.findings import Finding

    model = model_path.read(stage.parameters["model"])
    customers, _, findings = periods.read(
        asked.data, model.space.inputs, describe=asked.describe, columns=asked.columns, bad_rows=asked.bad_rows
    )
    before = pd.read_parquet(stage.parameters["before"] / "customers.parquet")
    name = earlier[-1] if earlier else "the run"
    warnings = [
        finding.message for finding in findings if isinstance(finding, Finding) and finding.severity == "warning"
    ]
    odd = periods.check_against(before, customers, asked.data.name, name, segments=len(model.sizes))
    for text in [*odd, *warnings]:
        console.stage_line("customers", text)


def _months(period: str) -> int:
    year, number = period.split("-")
    return MONTHS * int(year) + int(number)
