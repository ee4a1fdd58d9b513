"""``make results``: what a campaign did, from the run that drew it and the responses that came of it; and ``make
responses``, how the bundled customers answer one."""

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from seg_utils.core import artefacts, parameters, paths, result_folders
from seg_utils.core.errors import ParameterError
from seg_utils.pipeline import console, large
from seg_utils.pipeline.state.lock import owned
from seg_utils.scoring import model_path

RESULTS = "results"
TAKES = ("DATA", "TABLE", "FROM", "CAMPAIGN", "PERIOD", "REPLACE", "OUTPUTS")


def results(words: Iterable[str]) -> list[Path]:
    """Measure a campaign and write its results into ``results/<campaign>/`` of the run, or of the period, that drew
    it; returns what was written.

    Args:
        words: ``NAME=value``, of ``TAKES``.

    Raises:
        UserError: of a kind that says what is wrong; earlier results stand.
    """
    given = parameters.as_given(words, TAKES, "the run has decided it")
    if "DATA" not in given:
        raise ParameterError("DATA= is missing; DATA is the file of responses, for example DATA=responses.csv")
    asked = parameters.from_mapping(given)
    model, period = _origin(asked)
    with model_path.its_dictionary(model):
        return _results(model.parent, period, asked, asked.campaign if "CAMPAIGN" in given else None)


def responses(words: Iterable[str]) -> list[Path]:
    """Have the bundled customers answer the campaign that a run, or a period, drew; returns what was written.

    Args:
        words: ``NAME=value``, of FROM and OUTPUTS.

    Raises:
        UserError: of a kind that says what is wrong.
    """
    given = parameters.as_given(words, ("FROM", "OUTPUTS"), "the run has decided it")
    model, period = _origin(parameters.from_mapping(given))
    from seg_utils.data import sample_months  # pandas: only when there is something to read
    from seg_utils.strategy.results import plan, sample_campaign

    with model_path.its_dictionary(model):
        return sample_campaign.write(plan.read(model.parent, period=period), sample_months.FOLDER)


def _origin(asked: parameters.Parameters) -> tuple[Path, Path | None]:
    """The model of the run that drew a campaign, and the period's folder if one did; a ParameterError where there is
    none."""
    period = paths.home_of(asked.origin).resolve() if asked.origin else Path()
    period = period if period.parent.name == result_folders.PERIODS else None
    origin = str(period.parents[1]) if period else asked.origin
    model = model_path.model_file(origin, asked.outputs, "FROM")
    if problem := artefacts.read_notes(model.with_name("left_out.json")).get("money"):
        raise ParameterError(f"FROM={asked.origin} has no campaign to measure. {problem}")
    return model, period


def _results(run: Path, period: Path | None, asked: parameters.Parameters, campaign_name: str | None) -> list[Path]:
    from seg_utils.strategy.results import analysis, plan, responses  # pandas: only when there is something to read

    campaign = plan.read(run, campaign_name, period)
    large.bring_in(asked.table, asked.data, None)
    outcomes = responses.read(asked.data)
    table = analysis.analyse(campaign, outcomes)
    folder = (period or run) / RESULTS / campaign.campaign
    with owned(folder, partial(console.waiting, "results")):
        artefacts.sweep([folder])
        _check_replaced(folder, asked)
        written = _write(folder, run, asked, campaign, outcomes, table)
    from seg_utils.reporting import campaign_page

    console.say(f"{campaign_page.headline(campaign.campaign, table)}.")
    for sentence in campaign_page.warnings(table, len(outcomes.frame)):
        console.say(f"warning: {sentence}")
    return written


def _check_replaced(folder: Path, asked: parameters.Parameters) -> None:
    """Refuse to put a file's results in the place of another's unasked: reports may rest on what those measured."""
    source = artefacts.read_notes(folder / "results.json").get("input", {})
    if source and source.get("sha256") != artefacts.sha256(asked.data) and not asked.replace:
        raise ParameterError(
            f"CAMPAIGN={folder.name} has results already, of another file ({source.get('name', 'unknown')}); "
            f"to put those of {asked.data.name} in their place add REPLACE=yes"
        )


def _write(
    folder: Path, run: Path, asked: parameters.Parameters, campaign: Any, outcomes: Any, table: pd.DataFrame
) -> list[Path]:
    from seg_utils.reporting import campaign_page
    from seg_utils.strategy.results import measured

    files = [
        folder / name for name in ("results.csv", "results.parquet", "measured.yml", "results.json", "results.html")
    ]
    csv, parquet, yaml, json, html = files
    shown = table.drop(columns=["good", "error"])
    campaign_page.write(campaign, outcomes, table, {"source": asked.data.name, "period": asked.period}, html)
    artefacts.write_csv(csv, shown)
    artefacts.write_parquet(parquet, shown)
    effects = measured.effects(campaign, table, asked.period)
    named = os.path.relpath(yaml, paths.catalogue("ECONOMICS").parent)
    artefacts.write_text(yaml, measured.text(campaign, effects, named))
    artefacts.write_json(
        json,
        {
            "campaign": campaign.campaign,
            "period": asked.period or None,
            "input": {"name": asked.data.name, "sha256": artefacts.sha256(asked.data)},
            "model": {"run": run.name, "sha256": model_path.sha256(run / model_path.NAME)},
            "customers": len(outcomes.frame),
            "significance": campaign.assumptions.test.significance,
            "headline": campaign_page.headline(campaign.campaign, table),
            "warnings": campaign_page.warnings(table, len(outcomes.frame)),
            "verdicts": dict(zip(table["persona"], table["verdict"], strict=True)),
            "measured": effects,
        },
    )
    return files
