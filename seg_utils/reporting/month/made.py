"""All artefacts of one period, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.artefacts import read_json
from seg_utils.periods import history
from seg_utils.periods.flows import PARTS, VALUE
from seg_utils.reporting.markdown import Markdown, persona

FIRST = "the run"  # what stands for the period before the first one


@dataclass(frozen=True, repr=False)  # a cell that ends in it shows no tables
class Month:
    """What the stage left behind; segments go by their keys."""

    decision: dict[str, Any]
    lineage: dict[str, Any]
    quality: dict[str, Any]
    movers: pd.DataFrame
    migration: pd.DataFrame
    bridge: pd.DataFrame
    shift: pd.DataFrame
    drift: pd.DataFrame
    segment_descriptors: pd.DataFrame
    trend: pd.DataFrame

    @property
    def period(self) -> str:
        """Its name."""
        return self.decision["period"]

    @property
    def before(self) -> str:
        """What it is compared with."""
        return FIRST if self.decision["before"] == history.START else self.decision["before"]

    @property
    def counts(self) -> dict[str, int]:
        """Customers by status, and real moves beside flicker."""
        return self.decision["counts"]

    @property
    def colours(self) -> dict[int, int]:
        """The number of each segment's colour, by key."""
        return {segment["key"]: segment["colour"] for segment in self.decision["segments"]}

    @property
    def notes(self) -> list[str]:
        """What is to be known of the file, in sentences without their full stops."""
        sampled = [finding["message"] for finding in self.quality["findings"] if finding["rule"] == "sampled"]
        return [text.rstrip(".") for text in (*sampled, *self.quality["notes"])]

    @property
    def totals(self) -> pd.DataFrame:
        """Each measure before, now and the parts of its change, by its label; value first where it is known."""
        sums = self.shift.groupby("measure")[["before", *PARTS, "now"]].sum()
        labels = {VALUE: "Value a year"} | {measure.name: measure.label for measure in dictionary.load().measures}
        return sums.loc[[name for name in labels if name in sums.index]].rename(index=labels)

    def name(self, key: int) -> Markdown:
        """A segment's name with its colour, as Markdown; outliers have none."""
        called = next((segment["persona"] for segment in self.decision["segments"] if segment["key"] == key), None)
        return Markdown("Outliers") if called is None else persona(called, self.colours[key])


def read(target: Path, earlier: Sequence[str]) -> Month:
    """Read the artefacts of a period from its folder, and of the ``earlier`` periods, in order."""
    folders = [*(target.with_name(name) for name in earlier), target]
    tables = ("movers", "migration", "bridge", "shift", "drift", "segment_descriptors")
    return Month(
        decision=read_json(target / "decision.json"),
        lineage=read_json(target / "lineage.json"),
        quality=read_json(target / "quality.json"),
        **{name: pd.read_parquet(target / f"{name}.parquet") for name in tables},
        trend=history.trend(folders),
    )
