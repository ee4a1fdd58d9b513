"""The stops of the road: which notebook, what it reads, what it writes, which parameters it takes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seg_utils import paths
from seg_utils.parameters import Parameters
from seg_utils.pipeline.layout import Layout


@dataclass(frozen=True)
class Stage:
    """One notebook of the road. ``parameters`` that are paths are told to it relative to ``folder``."""

    notebook: Path
    folder: Path
    reads: tuple[Path, ...]
    writes: tuple[str, ...]
    parameters: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of the stop: that of its notebook."""
        return self.notebook.stem

    @property
    def executed(self) -> Path:
        """The executed notebook, kept for the analyst."""
        return self.folder / "notebooks" / self.notebook.name

    @property
    def artefacts(self) -> list[Path]:
        """Everything the stop leaves behind."""
        return [self.folder / name for name in self.writes] + [self.executed]


def eda(parameters: Parameters, layout: Layout) -> Stage:
    """01: the customers file becomes validated customers."""
    columns = parameters.columns
    return Stage(
        notebook=paths.NOTEBOOKS / "01_eda.ipynb",
        folder=layout.dataset,
        reads=(parameters.data, paths.DICTIONARY, *((columns,) if columns else ())),
        writes=("customers.parquet", "quality.json"),
        parameters={
            "data": parameters.data,
            "columns": columns,
            "features": list(parameters.features),
            "bad_rows": parameters.bad_rows,
            "dataset": layout.dataset,
        },
    )


def k_selection(parameters: Parameters, layout: Layout) -> Stage:
    """02: the evidence for every number of segments."""
    return Stage(
        notebook=paths.NOTEBOOKS / "02_k_selection.ipynb",
        folder=layout.space,
        reads=(layout.dataset / "customers.parquet", paths.DICTIONARY),
        writes=("k_scores.csv", "k_verdict.json", "scale_stability.csv", "scale_agreement.csv"),
        parameters={
            "dataset": layout.dataset,
            "space": layout.space,
            "scale": parameters.scale,
            "impute": parameters.impute,
            "kmax": parameters.kmax,
            "seed": parameters.seed,
        },
    )


def clustering(parameters: Parameters, layout: Layout, k: int) -> Stage:
    """03: one segment for each customer, and how far to trust it."""
    return Stage(
        notebook=paths.NOTEBOOKS / "03_clustering.ipynb",
        folder=layout.run(k),
        reads=(layout.dataset / "customers.parquet", layout.space / "k_verdict.json", paths.DICTIONARY),
        writes=("clustering.json", "assignments.parquet", "metrics.json", "rules.json"),
        parameters={
            "dataset": layout.dataset,
            "space": layout.space,
            "run": layout.run(k),
            "k": k,
            "scale": parameters.scale,
            "impute": parameters.impute,
            "seed": parameters.seed,
        },
    )


def personas(layout: Layout, k: int) -> Stage:
    """04: who the segments are, and what to do."""
    run = layout.run(k)
    return Stage(
        notebook=paths.NOTEBOOKS / "04_personas.ipynb",
        folder=run,
        reads=(
            layout.dataset / "customers.parquet",
            *(run / name for name in ("clustering.json", "assignments.parquet", "metrics.json")),
            paths.DICTIONARY,
            paths.PERSONAS,
            paths.ECONOMICS,
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
            "sensitivity.csv",
            "assumptions.csv",
            "test_plan.csv",
        ),
        parameters={"dataset": layout.dataset, "run": run},
    )


def report(parameters: Parameters, layout: Layout, k: int) -> Stage:
    """The stakeholder report, as an executed notebook that is still to be rendered."""
    run = layout.run(k)
    upstream = (
        eda(parameters, layout),
        k_selection(parameters, layout),
        clustering(parameters, layout, k),
        personas(layout, k),
    )
    return Stage(
        notebook=paths.REPORT / "report.ipynb",
        folder=run,
        reads=(*(stage.folder / name for stage in upstream for name in stage.writes), paths.DICTIONARY),
        writes=(),
        parameters={"dataset": layout.dataset, "space": layout.space, "run": run},
    )
