"""All artefacts of one run, read once."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.artefacts import read_csv, read_json, read_notes
from seg_utils.core.result_folders import USUAL
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.reporting import markdown, narrative
from seg_utils.strategy import definitions

WORD_JOINER = "\N{WORD JOINER}"


CAUTION = """\
::: {.callout-important title="No segments"}
The evidence finds no segments. What follows describes parts of one cloud of customers; aim no campaign at them.
:::

"""


@dataclass(frozen=True, repr=False)  # a cell that ends in it shows no tables
class Run:
    """What the stages left behind, under the names of the files, but for ``economics.json``: prices, moves and groups
    of customers, ``economics_inputs``. Segments are numbered 0..k-1 throughout, the largest first."""

    quality: dict[str, Any]
    k_scores: pd.DataFrame
    k_verdict: dict[str, Any]
    scale_stability: pd.DataFrame
    scale_agreement: pd.DataFrame
    metrics: dict[str, Any]
    model: dict[str, Any]
    personas: list[dict[str, Any]]
    profiles: pd.DataFrame
    strategy: pd.DataFrame
    money: pd.DataFrame
    concentration: pd.DataFrame
    economics: pd.DataFrame
    economics_inputs: dict[str, Any]
    sensitivity: pd.DataFrame
    assumptions: pd.DataFrame
    test_plan: pd.DataFrame
    portfolio: dict[str, Any]
    rules: list[dict[str, Any]]
    assignments: pd.DataFrame
    segment_descriptors: pd.DataFrame
    outliers: pd.DataFrame | None = None
    subsegments: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)  # why something is not told, by what it is
    campaign: str = USUAL.campaign  # the campaign that customers are held out of
    # What is known of all customers where those analysed are a sample; with the table ``segments``
    population: dict[str, Any] = field(default_factory=dict)

    @property
    def has_money(self) -> bool:
        """Whether anything is said of what customers are worth."""
        return definitions.MONEY not in self.left_out

    @property
    def has_plans(self) -> bool:
        """Whether anything is said of what to do, which is the personas' to say."""
        return definitions.PERSONAS not in self.left_out

    @property
    def customers(self) -> int:
        """How many customers there are: where a sample was analysed, those of the table."""
        return self.population.get("customers", self.quality["n_customers"])

    @property
    def k(self) -> int:
        return len(self.personas)

    @property
    def segments(self) -> range:
        """Segment numbers in order."""
        return range(self.k)

    @property
    def names(self) -> list[str]:
        return [person["persona"] for person in self.personas]

    @property
    def has_segments(self) -> bool:
        """Whether the evidence finds segments at all; if not, those shown are parts of one cloud."""
        return not narrative.no_segments(self.k_verdict)

    def colour(self, segment: int) -> int:
        """The number of a segment's colour, which is its persona's."""
        return self.personas[segment]["colour"]

    def grade(self, segment: int) -> str:
        """How far to trust a segment: ``firm``, ``usable`` or ``do not build on``."""
        return self.metrics["stability"]["grades"][segment]

    def plan(self, segment: int) -> dict[str, str]:
        return self.personas[segment]["strategy"]

    def badge(self, segment: int) -> markdown.Markdown:
        """A segment's grade as a badge; a part of one cloud earns none."""
        if not self.has_segments:
            return markdown.Markdown(f"[{narrative.NO_SEGMENT}]{{.badge .weak}}")
        return graded(self.grade(segment))

    def name(self, segment: int) -> markdown.Markdown:
        """A segment's name with its colour, as Markdown for a cell or a sentence."""
        return markdown.persona(self.names[segment], self.colour(segment))

    def flagged(self, segment: int) -> markdown.Markdown:
        """The same, with the segment's grade where it is not to be built on."""
        weak = f" {self.badge(segment)}" if self.has_segments and self.grade(segment) == WEAK else ""
        return markdown.Markdown(f"{self.name(segment)}{weak}")

    def caution(self) -> markdown.Markdown:
        """What stands above every page that speaks of actions or money where the evidence finds no segments."""
        return markdown.Markdown("" if self.has_segments else CAUTION)

    def profile(self, segment: int) -> pd.DataFrame:
        """Profile rows of one segment, one a feature."""
        return self.profiles[self.profiles["segment"] == segment].reset_index(drop=True)


def graded(grade: str) -> markdown.Markdown:
    return markdown.Markdown(f"[{grade}]{{.badge .{'weak' if grade == WEAK else grade}}}")


def outcome(passes: bool) -> markdown.Markdown:
    return markdown.Markdown("[passes]{.badge .firm}" if passes else "[fails]{.badge .weak}")


OF_SPACE = ("k_scores", "scale_stability", "scale_agreement")
OF_RUN = (
    "profiles", "strategy", "money", "concentration", "economics", "sensitivity", "assumptions", "test_plan",
    "outliers",
)  # fmt: skip


def read(dataset: Path, space: Path, run: Path) -> Run:
    """Read the artefacts of a run from its three folders."""
    known = read_notes(run / "population.json")
    tables = [*(space / f"{name}.csv" for name in OF_SPACE), *(run / f"{name}.csv" for name in OF_RUN)]
    notes = ("metrics", "model", "personas", "portfolio", "rules", "left_out")
    return Run(
        **{file.stem: pd.read_csv(file) for file in tables},
        **{name: read_json(run / f"{name}.json") for name in notes},
        quality=read_json(dataset / "quality.json"),
        k_verdict=read_json(space / "k_verdict.json"),
        economics_inputs=read_json(run / "economics.json"),
        assignments=pd.read_parquet(run / "assignments.parquet"),
        segment_descriptors=pd.read_parquet(run / "segment_descriptors.parquet"),
        subsegments=read_json(inside) if (inside := run / "subsegments.json").exists() else [],
        campaign=read_csv(run / "segments.csv", [], ["campaign"], rows=1)["campaign"].iloc[0],
        population=known | {"segments": pd.read_csv(run / "population.csv")} if known else {},
    )


def show(markdown: str) -> None:
    """Show Markdown in the report notebook, for people and for the renderers alike."""
    from IPython.display import Markdown, display

    display(Markdown(unbroken(markdown)))


def unbroken(markdown: str) -> str:
    """Markdown in which no line ends between a minus sign and its amount: a word joiner holds them together."""
    return re.sub(rf"−(?=\\?{re.escape(dictionary.load().currency or '0')})", f"−{WORD_JOINER}", markdown)
