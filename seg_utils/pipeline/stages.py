"""The stages of the pipeline: what makes each, what it reads, what it writes, which parameters it takes."""

from collections.abc import Sequence
from pathlib import Path

from seg_utils.core import marked_yaml, paths, result_folders
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline.stage import Stage
from seg_utils.pipeline.state import manifest
from seg_utils.pipeline.state.layout import Layout
from seg_utils.reporting.rendering import Renderer

MONTH = "06_month"

# What a period leaves as tables
MONTH_TABLES = ("membership", "movers", "migration", "bridge", "shift", "drift", "segment_descriptors")

# What of a period all periods side by side are made of
MONTH_READ_AGAIN = (*(f"{name}.parquet" for name in (*MONTH_TABLES, "customers")), "quality.json", "decision.json")

EXPORTED = ("customers_scored", "segment_profiles", "segment_descriptors", "strategy")

# The tables for business intelligence
EXPORTS = (
    *(f"bi/{name}.{end}" for name in EXPORTED for end in ("parquet", "csv")),
    *(f"bi/data_dictionary.{end}" for end in ("csv", "md")),
)


def texts() -> list[Path]:
    """The templates of everything that is written in Markdown."""
    return sorted(paths.TEXTS.glob("*.md"))


def within(folder: Path, *names: str) -> tuple[Path, ...]:
    """Files of a folder."""
    return tuple(folder / name for name in names)


def economics() -> tuple[Path, ...]:
    """The prices and effects in force, and the measured campaigns that they name."""
    assumed = paths.catalogue("ECONOMICS")
    return (assumed, *marked_yaml.named_files(assumed, "measured"))


def source(parameters: Parameters) -> tuple[Path, ...]:
    """The customers file, what its columns are where that is said, and what features are."""
    named = (parameters.columns,) if parameters.columns else ()
    return (parameters.data, *named, paths.catalogue("DICTIONARY"))


def eda(parameters: Parameters, layout: Layout) -> Stage:
    """01: the customers file becomes validated customers."""
    return Stage(
        name="01_eda",
        notebook=paths.NOTEBOOKS / "01_eda.ipynb",
        folder=layout.dataset,
        reads=source(parameters),
        writes=("customers.parquet", "quality.json", "descriptors.parquet"),
        parameters={
            "data": parameters.data,
            "columns": parameters.columns,
            "features": list(parameters.features),
            "describe": list(parameters.describe),
            "bad_rows": parameters.bad_rows,
            "dataset": layout.dataset,
        },
    )


def k_selection(parameters: Parameters, layout: Layout) -> Stage:
    """02: the evidence for every number of segments."""
    return Stage(
        name="02_k_selection",
        notebook=paths.NOTEBOOKS / "02_k_selection.ipynb",
        folder=layout.space,
        reads=(*within(layout.dataset, "customers.parquet", "quality.json"), paths.catalogue("DICTIONARY")),
        writes=("space.json", "k_scores.csv", "k_verdict.json", "scale_stability.csv", "scale_agreement.csv"),
        parameters={
            "dataset": layout.dataset,
            "space": layout.space,
            "scale": parameters.scale,
            "impute": parameters.impute,
            "encoder": list(parameters.encoder),
            "kmax": parameters.kmax,
            "evidence": parameters.evidence,
            "seed": parameters.seed,
        },
    )


def clustering(parameters: Parameters, layout: Layout, k: int | None) -> Stage:
    """03: one segment for each customer, and how far to trust it."""
    soft = ("memberships.parquet",) if ALGORITHMS[parameters.algorithm].memberships else ()
    return Stage(
        name="03_clustering",
        notebook=paths.NOTEBOOKS / "03_clustering.ipynb",
        folder=layout.run(k),
        reads=(
            layout.dataset / "customers.parquet",
            *within(layout.space, "space.json", "k_verdict.json"),
            paths.catalogue("DICTIONARY"),
        ),
        writes=("clustering.json", "assignments.parquet", "metrics.json", "rules.json", *soft),
        parameters={
            "dataset": layout.dataset,
            "space": layout.space,
            "run": layout.run(k),
            "k": k,
            "algorithm": parameters.algorithm,
            "seed": parameters.seed,
        },
    )


def personas(layout: Layout, k: int | None) -> Stage:
    """04: who the segments are, what to do, and what sub-groups there are where they are asked for."""
    run = layout.run(k)
    inside = () if layout.subsegment is None else ("subsegments.csv", "subsegments.json")
    return Stage(
        name="04_personas",
        notebook=paths.NOTEBOOKS / "04_personas.ipynb",
        folder=run,
        reads=(
            *within(layout.dataset, "customers.parquet", "quality.json", "descriptors.parquet"),
            *within(run, "clustering.json", "assignments.parquet", "metrics.json"),
            layout.space / "k_verdict.json",
            paths.catalogue("DICTIONARY"),
            paths.catalogue("PERSONAS"),
            *economics(),
        ),
        writes=(
            "model.json",
            "segments.csv",
            "profiles.csv",
            "personas.json",
            "strategy.csv",
            "money.csv",
            "concentration.csv",
            "economics.csv",
            "economics.json",
            "portfolio.json",
            "sensitivity.csv",
            "assumptions.csv",
            "left_out.json",
            "test_plan.csv",
            "outliers.csv",
            "segment_descriptors.parquet",
            *inside,
        ),
        parameters={
            "dataset": layout.dataset,
            "space": layout.space,
            "run": run,
            "subsegment": layout.subsegment,
            "market": layout.market,
            "campaign": layout.campaign,
        },
    )


def exports(layout: Layout, k: int | None) -> Stage:
    """The tables for business intelligence and the model card; nothing that is shown in the report."""
    run = layout.run(k)
    tables = ("segments", "profiles", "outliers", "money", "economics", "test_plan")
    return Stage(
        name="exports",
        module="seg_utils.reporting.run_exports",
        folder=run,
        reads=(
            *within(layout.dataset, "customers.parquet", "quality.json", "descriptors.parquet"),
            *(run / f"{name}.json" for name in ("model", "metrics", "personas", "portfolio", "left_out")),
            *(run / f"{name}.csv" for name in tables),
            run / "segment_descriptors.parquet",
            paths.catalogue("DICTIONARY"),
            *economics(),
            paths.COLUMNS,
            *texts(),
        ),
        writes=(*EXPORTS, "model_card.md"),
        parameters={"dataset": layout.dataset, "run": run},
    )


def compare(parameters: Parameters, layout: Layout, k: int) -> Stage:
    """05: algorithms and scales side by side; beside the pipeline, no stage of it."""
    target = result_folders.of_comparison(layout.space, k)
    return Stage(
        name="05_compare",
        notebook=paths.NOTEBOOKS / "05_compare.ipynb",
        folder=target,
        reads=(*within(layout.dataset, "customers.parquet", "quality.json"), paths.catalogue("DICTIONARY")),
        writes=("compare.csv", "agreement.csv", "compare.json"),
        parameters={
            "dataset": layout.dataset,
            "target": target,
            "k": k,
            "scale": parameters.scale,
            "impute": parameters.impute,
            "encoder": list(parameters.encoder),
            "seed": parameters.seed,
        },
    )


def month(
    parameters: Parameters, run: Path, *, model: Path, earlier: list[str], market: str, campaign: str | None
) -> Stage:
    """06: a period's customers beside those of the period before, in the segments in force."""
    target, dataset = result_folders.of_period(run, parameters.period), run.parents[1]
    folders = [result_folders.of_period(run, name) for name in earlier]
    before = folders[-1] if folders else dataset
    return Stage(
        name=MONTH,
        notebook=paths.NOTEBOOKS / f"{MONTH}.ipynb",
        folder=target,
        reads=(
            *source(parameters),
            model,
            *within(before, "customers.parquet", "quality.json", *(["decision.json"] if folders else [])),
            *within(run, "assignments.parquet", "segments.csv", "personas.json", "strategy.csv"),
            *(folder / "membership.parquet" for folder in folders),
            paths.catalogue("PERSONAS"),
            *economics(),
        ),
        writes=(
            "customers.parquet",
            "quality.json",
            "descriptors.parquet",
            *(f"{name}.{end}" for name in MONTH_TABLES for end in ("parquet", "csv")),
            "challenger.json",
            "challenger_recommended.json",
            "lineage.json",
            "decision.json",
        ),
        parameters={
            "data": parameters.data,
            "columns": parameters.columns,
            "describe": list(parameters.describe),
            "bad_rows": parameters.bad_rows,
            "run": run,
            "model": model,
            "before": before,
            "earlier": earlier,
            "period": parameters.period,
            "campaign": campaign,
            "market": market,
            "target": target,
        },
    )


def month_report(computed: Stage) -> Stage:
    """The report of a period, as an executed notebook that is still to be rendered."""
    shown = ("bridge.parquet", "shift.parquet", "decision.json")
    earlier = [
        path for name in computed.parameters["earlier"] for path in within(computed.folder.with_name(name), *shown)
    ]
    return Stage(
        name="month",
        notebook=paths.REPORT / "month.ipynb",
        folder=computed.folder,
        reads=(*within(computed.folder, *computed.writes), *earlier, paths.catalogue("DICTIONARY"), *texts()),
        writes=(),
        parameters={"target": computed.folder, "earlier": computed.parameters["earlier"]},
    )


def history_report(run: Path, periods: list[str]) -> Stage:
    """All periods of a run on one page, as an executed notebook that is still to be rendered."""
    folder = run / result_folders.PERIODS
    return Stage(
        name="history",
        notebook=paths.REPORT / "history.ipynb",
        folder=folder,
        reads=(
            *within(folder, *(f"{name}.parquet" for name in result_folders.HISTORY), "leaving.json"),
            *(folder / name / "decision.json" for name in periods),
            *texts(),
        ),
        writes=(),
        parameters={"folder": folder, "periods": periods},
    )


def report(parameters: Parameters, layout: Layout, k: int | None, everybody: Sequence[Stage] = ()) -> Stage:
    """The stakeholder report, as an executed notebook that is still to be rendered.

    Args:
        everybody: what places all customers where those of ``parameters`` are a sample of them.
    """
    run = layout.run(k)
    presets = sorted(paths.PRESETS.glob("*.yml"))  # the report names the preset that its parameters are those of
    upstream = (
        eda(parameters, layout),
        k_selection(parameters, layout),
        clustering(parameters, layout, k),
        personas(layout, k),
        *everybody,
    )
    return Stage(
        name="report",
        notebook=paths.REPORT / "report.ipynb",
        folder=run,
        reads=(
            *(stage.folder / name for stage in upstream for name in stage.writes),
            paths.catalogue("DICTIONARY"),
            *presets,
            *texts(),
        ),
        writes=(),
        parameters={"dataset": layout.dataset, "space": layout.space, "run": run},
    )


def rendering(report: Stage, formats: tuple[str, ...], renderer: Renderer, folders: tuple[Path, ...] = ()) -> Stage:
    """The report's files, made of its executed notebook: slides and workbook of the artefacts in ``folders`` (see
    ``reporting.rendering.render``)."""
    theme = sorted(path for path in paths.THEME.rglob("*") if path.is_file())
    return Stage(
        name=manifest.RENDERING,
        module="seg_utils.reporting.rendering",
        folder=report.folder,
        reads=(report.executed, *report.reads, *theme),
        writes=tuple(f"{report.name}.{wanted}" for wanted in formats),
        parameters={
            "notebook": report.executed,
            "out_dir": report.folder,
            "formats": formats,
            "renderer": renderer,
            "folders": folders,
            "name": report.name,
        },
        environment=("SOURCE_DATE_EPOCH",),
    )
