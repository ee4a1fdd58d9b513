"""Periods from the command line: a month's file against the one before, all of them side by side, a challenger adopted.

Everything lies under ``periods/`` in the folder of the run whose segments are in force, because all of it depends on
that run: a folder a period, the models that were adopted, and the tables of the history.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from seg_utils.core import parameters as allowed
from seg_utils.core import result_folders, words
from seg_utils.core.artefacts import read_json, read_notes, sha256, write_json
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import console, large, manifest, records, source_table, stages
from seg_utils.pipeline.lock import owned
from seg_utils.pipeline.runner import Pipeline, is_stale
from seg_utils.reporting import rendering
from seg_utils.scoring import model_path

OWN = ("PERSONAS", "ECONOMICS")
"""Catalogues of one's own that a month needs again: the model holds the dictionary alone."""

PAGES_BY = ("FORMATS", "RENDERER", "QUARTO")
ASKED = ("DATA", "TABLE", "PERIOD", "FROM", "REPLACE")
READS = (*ASKED, *OWN, "COLUMNS", "DESCRIBE", "BAD_ROWS", "CAMPAIGN", *PAGES_BY)
ADOPTED = "adopted.json"
PAGES = ("html", "pdf", "docx")
"""Formats of all periods on a page: slides and workbook are made of a run, and a workbook of a month."""

EXAMPLE = "make month DATA=nov.csv PERIOD=2026-11"
MONTHS = 12


@dataclass(frozen=True)
class Series:
    """The periods of a run."""

    run: Path

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.run / result_folders.PERIODS

    @property
    def done(self) -> list[str]:
        """The periods that are complete, in order."""
        kept = sorted(self.folder.glob(f"*/{records.path_of(Path(), stages.MONTH)}"))
        names = [path.parents[1].name for path in kept if records.inputs_of(path)]
        return [name for name in names if allowed.PERIOD.fullmatch(name)]

    def earlier(self, period: str) -> list[str]:
        """Those before a period."""
        return [name for name in self.done if name < period]

    @property
    def adopted(self) -> list[dict[str, str]]:
        """What was adopted when: ``period, reason, model``, oldest first."""
        return read_json(self.folder / ADOPTED) if (self.folder / ADOPTED).is_file() else []

    def in_force(self, period: str) -> Path:
        """The model that a period's customers are placed by: the last that was adopted before it."""
        models = [self.folder / one["model"] for one in self.adopted if one["period"] < period]
        return models[-1] if models else self.run / model_path.NAME


def month(assignments: Iterable[str]) -> dict[str, Path]:
    """Bring a period up to date and return its report's files by format.

    Raises:
        UserError: of a kind that says what is wrong; earlier periods stand.
    """
    given = allowed.as_given(assignments, (*READS, "OUTPUTS"), "the run has decided it, or it is not for a month")
    asked = _with_pages(allowed.from_mapping(given), (*PAGES, "xlsx"))
    if missing := [name for name in ("DATA", "PERIOD") if name not in given]:
        raise ParameterError(f"{missing[0]}= is missing; for example {EXAMPLE}")
    series = _series(asked)
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


def _month(series: Series, asked: Parameters, campaign: str | None) -> dict[str, Path]:
    renderer = rendering.choose(asked.renderer, asked.quarto)
    source_table.bring_in(asked.table, asked.data, asked.columns)
    space = model_path.read(series.in_force(asked.period)).space
    asked = large.sampled_as(series.run, _described(series, asked, space.inputs), space.features)
    stage = _stage(series, asked, campaign)
    _check_whole(series, stage.reads)
    if is_stale(stage):
        _check(series, asked, stage)
    console.stage_line("period", f"{asked.period} of {asked.data.name}, results under {stage.folder}")
    with Pipeline() as pipeline:
        pipeline.bring_up_to_date(stage)
        report = stages.month_report(stage)
        pipeline.bring_up_to_date(report)
        files = pipeline.render(report, asked.formats, renderer)
    for text in _out_of_step(series):
        console.stage_line("period", text)
    return files


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
    there, lacking = periods.described_before(asked.data, inputs, before, asked.columns)
    if lacking:
        text = f"{asked.data.name} does not have {words.listing(lacking)}, by which segments were described before"
        console.stage_line("customers", text)
    return replace(asked, describe=tuple(there))


def _before(series: Series, period: str) -> Path:
    """The folder of what a period is compared with: the last period before it, or the run's customers."""
    return series.folder / series.earlier(period)[-1] if series.earlier(period) else series.run.parents[1]


def history(assignments: Iterable[str]) -> list[Path]:
    """Put all periods of a run side by side; returns the tables and the page in each format.

    Raises:
        ParameterError: there is no period yet.
    """
    takes = ("FROM", *PAGES_BY, "OUTPUTS")
    asked = _with_pages(allowed.from_mapping(allowed.as_given(assignments, takes, "the periods have decided it")))
    series = _series(asked)
    if not series.done:
        raise ParameterError(f"{series.run} has no period yet; make one, for example {EXAMPLE}")
    from seg_utils import periods  # pandas: only when there is something to read
    from seg_utils.reporting import exports

    renderer = rendering.choose(asked.renderer, asked.quarto)
    folders = [series.folder / name for name in series.done]
    _check_whole(series, [folder / name for folder in folders for name in stages.MONTH_READ_AGAIN])
    with model_path.its_dictionary(series.run / model_path.NAME), Pipeline() as pipeline:
        written = periods.history.write(series.run, folders, series.folder)
        written += exports.periods.write(series.run, folders, series.folder)
        page = stages.history_report(series.run, series.done)
        pipeline.bring_up_to_date(page)
        files = pipeline.render(page, asked.formats, renderer)
    for text in _out_of_step(series):
        console.stage_line("history", text)
    return [*written, *files.values()]


def adopt(assignments: Iterable[str]) -> str:
    """Put a period's challenger in force for all periods after it; returns what was done, in a sentence.

    Raises:
        ParameterError: the period is not there, or no reason is given.
    """
    takes = ("PERIOD", "REASON", "FROM", "K", "REPLACE", "OUTPUTS")
    given = allowed.as_given(assignments, takes, "a challenger has decided it")
    asked = allowed.from_mapping(given)
    series = _series(asked)
    if not asked.period:
        raise ParameterError("PERIOD= is missing; name the one whose challenger is meant, for example PERIOD=2026-11")
    if asked.period not in series.done:
        known = ", ".join(series.done) or "none"
        raise ParameterError(f"PERIOD={asked.period} is no period of {series.run}; known are {known}")
    if not asked.reason:
        raise ParameterError('REASON= is missing; say why, for example REASON="two periods running called for it"')
    with (
        owned(series.folder, partial(console.waiting, "adopt")),
        model_path.its_dictionary(series.run / model_path.NAME),
    ):
        name = _adopt(series, asked, _challenger(series, asked, recommended="K" in given and asked.k is None))
    again = [name for name in series.done if name > asked.period]
    more = f"; run make month again for {', '.join(again)}, which were placed by another" if again else ""
    return f"periods after {asked.period} are placed by {series.folder / name}{more}"


def _challenger(series: Series, asked: Parameters, *, recommended: bool) -> Path:
    """The challenger of so many segments as are asked for; unless that is said, of as many as there were."""
    folder = result_folders.of_period(series.run, asked.period)
    files = {name: folder / f"{name}.json" for name in ("challenger", "challenger_recommended")}
    if recommended or asked.k is None:
        return files["challenger_recommended" if recommended else "challenger"]
    sizes = {len(model_path.read(file).sizes): file for file in reversed(files.values()) if file.is_file()}
    if asked.k not in sizes:
        known = " and ".join(map(str, sorted(sizes)))
        raise ParameterError(f"K={asked.k} has no challenger in {asked.period}; there are some of {known} segments")
    return sizes[asked.k]


def _adopt(series: Series, asked: Parameters, challenger: Path) -> str:
    """Put a challenger in force unless another is already, or the same for another reason; returns its file's name."""
    model_path.read(challenger)
    name = f"adopted-{asked.period}.json"
    entry = {"period": asked.period, "reason": asked.reason, "model": name}
    before = next((one for one in series.adopted if one["period"] == asked.period), entry)
    content = read_json(challenger)
    if not asked.replace and (before != entry or read_notes(series.folder / name) not in ({}, content)):
        raise ParameterError(
            f"PERIOD={asked.period} was adopted already ({before['reason']}); to adopt it anew, for REASON="
            f"{asked.reason}, add REPLACE=yes"
        )
    write_json(series.folder / name, content)
    others = [one for one in series.adopted if one["period"] != asked.period]
    write_json(series.folder / ADOPTED, sorted([*others, entry], key=lambda one: one["period"]))
    return name


def _with_pages(asked: Parameters, pages: tuple[str, ...] = PAGES) -> Parameters:
    """Refuse formats that are made of a run."""
    if unknown := [name for name in asked.formats if name not in pages]:
        raise ParameterError(f"FORMATS={unknown[0]} is for make report; here are {', '.join(pages)}")
    return asked


def _series(asked: Parameters) -> Series:
    """The periods of the run that is asked for; of the only one where none is named."""
    given = asked.origin
    if not given:
        runs = model_path.runs(asked.outputs)
        begun = [run for run in runs if (run / result_folders.PERIODS).is_dir()] or runs
        given = str(begun[0]) if len(begun) == 1 else ""
    elif Path(given).parent.name == result_folders.PERIODS:  # a period's folder: its run
        given = str(Path(given).parents[1])
    file = model_path.model_file(given, asked.outputs, "FROM")
    if file.parent.parent.name == result_folders.PERIODS or not (file.parent / manifest.NAME).is_file():
        raise ParameterError(
            f"FROM={given} is no folder of a run that make report made; name one, as make where prints it"
        )
    return Series(file.parent)


def _stage(series: Series, asked: Parameters, campaign: str | None) -> stages.Stage:
    run = read_json(series.run / manifest.NAME)["parameters"]
    return stages.month(
        asked,
        series.run,
        model=series.in_force(asked.period),
        earlier=series.earlier(asked.period),
        market=run["MARKET"],
        campaign=campaign and asked.campaign,
    )


def _check(series: Series, asked: Parameters, stage: stages.Stage) -> None:
    """Refuse a bad file, or one that would take another's place, before anything of a period is touched."""
    source, digest = read_notes(stage.folder / "quality.json").get("source", {}), sha256(asked.data)
    if asked.period in series.done and source.get("sha256") != digest and not asked.replace:
        raise ParameterError(
            f"PERIOD={asked.period} is there already, of another file ({source.get('name', 'unknown')}); "
            f"to put {asked.data.name} in its place add REPLACE=yes"
        )
    earlier = series.earlier(asked.period)
    for name, folder in (*((name, series.folder / name) for name in series.done), ("the run", series.run.parents[1])):
        if name != asked.period and read_notes(folder / "quality.json").get("source", {}).get("sha256") == digest:
            console.stage_line("period", f"{asked.data.name} is the very file of {name}")
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


def _out_of_step(series: Series) -> list[str]:
    """Periods that were compared with something else than what is before them now, or placed by another model."""
    told: list[dict[str, Any]] = [read_json(series.folder / name / "decision.json") for name in series.done]
    reasons = {
        now["period"]: f"was compared with {now['before']}, but the period before it is {before['period']}"
        if now["before"] != before["period"]
        else f"was compared with another file of {before['period']} than the one that is there now"
        for before, now in pairwise(told)
        if (now["before"], now["before_sha256"]) != (before["period"], before["source"]["sha256"])
    } | {
        now["period"]: "was placed by a model that is no longer in force for it"
        for now in told
        if not model_path.sha256(series.in_force(now["period"])).startswith(now["model"])
    }
    return [f"{period} {reason}: run make month for {period} again" for period, reason in sorted(reasons.items())]
