"""A period's challenger adopted: in force for all periods after it, with the reason."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from seg_utils.core import parameters as allowed
from seg_utils.core import result_folders
from seg_utils.core.artefacts import read_json, read_notes, sweep, write_json
from seg_utils.core.errors import ParameterError
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import console
from seg_utils.pipeline.commands.series import ADOPTED, CHALLENGERS, Series, periods_out_of_step, series_of
from seg_utils.pipeline.state.lock import owned
from seg_utils.scoring import model_path


def adopt(assignments: Iterable[str]) -> str:
    """Put a period's challenger in force for all periods after it; returns what was done, in a sentence. Raises
    ParameterError: the period is not there or has to be made again first, or no reason is given."""
    takes = ("PERIOD", "REASON", "FROM", "K", "REPLACE", "OUTPUTS")
    given = allowed.as_given(assignments, takes, "a challenger has decided it")
    asked = allowed.from_mapping(given)
    series = series_of(asked)
    if not asked.period:
        raise ParameterError("PERIOD= is missing; name the one whose challenger is meant, for example PERIOD=2026-11")
    if asked.period not in series.done:
        known = ", ".join(series.done) or "none"
        raise ParameterError(f"PERIOD={asked.period} is no period of {series.run}; known are {known}")
    if not asked.reason:
        raise ParameterError('REASON= is missing; say why, for example REASON="two periods running called for it"')
    if late := [text for text in periods_out_of_step(series) if text.startswith(asked.period)]:
        raise ParameterError(f"{late[0]}; then adopt its challenger")
    with (
        owned(series.folder, partial(console.waiting, "adopt")),
        model_path.its_dictionary(series.run / model_path.NAME),
    ):
        sweep([series.folder])
        name = _adopt(series, asked, _challenger(series, asked, recommended="K" in given and asked.k is None))
    again = [name for name in series.done if name > asked.period]
    more = f"; run make month again for {', '.join(again)}, which were placed by another" if again else ""
    decision = read_json(series.folder / asked.period / "decision.json")["decision"]
    though = "" if decision == "refit" else f", though the decision of {asked.period} was to {decision}"
    return f"periods after {asked.period} are placed by {series.folder / name}{though}{more}"


def _challenger(series: Series, asked: Parameters, *, recommended: bool) -> Path:
    """The challenger of so many segments as are asked for; unless that is said, of as many as there were."""
    folder = result_folders.of_period(series.run, asked.period)
    files = {name: folder / f"{name}.json" for name in CHALLENGERS}
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
    before = next((adoption for adoption in series.adopted if adoption["period"] == asked.period), None)
    content = read_json(challenger)
    if before and not asked.replace and (before != entry or read_notes(series.folder / name) not in ({}, content)):
        raise ParameterError(
            f"PERIOD={asked.period} was adopted already ({before['reason']}); to adopt it anew, for REASON="
            f"{asked.reason}, add REPLACE=yes"
        )
    write_json(series.folder / name, content)
    others = [adoption for adoption in series.adopted if adoption["period"] != asked.period]
    write_json(series.folder / ADOPTED, sorted([*others, entry], key=lambda adoption: adoption["period"]))
    return name
