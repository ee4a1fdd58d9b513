"""The periods of a run: which there are, which model places whom, and what was made of something that has changed."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from seg_utils.core import parameters as allowed
from seg_utils.core import result_folders
from seg_utils.core.artefacts import read_json, read_notes
from seg_utils.core.errors import ParameterError
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import stages
from seg_utils.pipeline.state import manifest, records
from seg_utils.scoring import model_path

ADOPTED = "adopted.json"
CHALLENGERS = ("challenger", "challenger_recommended")


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
        models = [self.folder / adoption["model"] for adoption in self.adopted if adoption["period"] < period]
        return models[-1] if models else self.run / model_path.NAME


def series_of(asked: Parameters) -> Series:
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


def out_of_step(series: Series) -> list[str]:
    """What was made of something else than is there now, periods and adoptions, with what to do."""
    replaced = [
        f"what was adopted from {adoption['period']} was fitted on another file than the one that is there now: "
        f"run make adopt for {adoption['period']} again with REPLACE=yes"
        for adoption in series.adopted
        if read_notes(series.folder / adoption["model"])
        not in [read_notes(series.folder / adoption["period"] / f"{name}.json") for name in CHALLENGERS]
    ]
    return [*periods_out_of_step(series), *replaced]


def periods_out_of_step(series: Series) -> list[str]:
    """Periods that were compared with something else than what is before them now, or placed by another model."""
    decisions: list[dict[str, Any]] = [read_json(series.folder / name / "decision.json") for name in series.done]
    reasons = {
        now["period"]: f"was compared with {now['before']}, but the period before it is {before['period']}"
        if now["before"] != before["period"]
        else f"was compared with another file of {before['period']} than the one that is there now"
        for before, now in pairwise(decisions)
        if (now["before"], now["before_sha256"]) != (before["period"], before["source"]["sha256"])
    } | {
        now["period"]: "was placed by a model that is no longer in force for it"
        for now in decisions
        if not model_path.sha256(series.in_force(now["period"])).startswith(now["model"])
    }
    return [f"{period} {reason}: run make month for {period} again" for period, reason in sorted(reasons.items())]
