"""Tables of more rows than are analysed at once: the run is on a sample of them, and every customer is placed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from seg_utils.core import marked_yaml, paths
from seg_utils.core.artefacts import read_notes
from seg_utils.core.parameters import Parameters
from seg_utils.core.table_address import FOLDER
from seg_utils.pipeline import console
from seg_utils.pipeline.layout import Layout
from seg_utils.pipeline.runner import Pipeline
from seg_utils.pipeline.stages import PlainStage

LEAST_BYTES = 1 << 20
"""Smaller files hold no more rows than are analysed at once; they are not looked into."""


def sampled(parameters: Parameters) -> Parameters:
    """The same request on the sample of a large table, not made yet; as it was where the table is not large."""
    files = paths.parts(parameters.data)
    if sum(file.stat().st_size for file in files) < LEAST_BYTES:
        return parameters
    from seg_utils.data import population  # pandas: only where there is something to look into

    if not population.is_large(parameters.data):
        return parameters
    return _on_sample(parameters)


def sampled_as(run: Path, parameters: Parameters, features: Sequence[str]) -> Parameters:
    """A month's request on those of its customers whom the sample of the run holds, or would hold; as it was where the
    run was made on all.

    Args:
        run: folder of the run.
        features: those that its model compares customers by.

    Raises:
        DataError: the table cannot be read as customers.
    """
    bound = read_notes(run / "population.json").get("bound")
    if bound is None:
        return parameters
    asked = replace(parameters, features=tuple(features))
    month = _on_sample(asked, bound)
    draw(asked, month.data, bound)
    return month


def _on_sample(parameters: Parameters, *more: object) -> Parameters:
    name = paths.slug(paths.stem_of(parameters.data)) or "customers"
    choices = (parameters.data, parameters.features, parameters.describe, paths.catalogue("DICTIONARY"), *more)
    own = paths.short_hash(" ".join(map(str, choices)))
    sample = parameters.outputs / FOLDER / f"{name}-{own}" / f"{name}.parquet"
    return replace(parameters, data=sample, columns=None)  # the sample's columns have the dictionary's names


def draw(parameters: Parameters, sample: Path, bound: int | None = None) -> None:
    """Bring the sample up to date with its table.

    Args:
        bound: see ``population.write``.

    Raises:
        DataError: the table cannot be read as customers.
    """
    stage = PlainStage(
        name="population",
        module="seg_utils.data.population",
        folder=sample.parent,
        reads=(parameters.data, paths.catalogue("DICTIONARY"), *((parameters.columns,) if parameters.columns else ())),
        writes=(sample.name, "population.json", "all"),
        parameters={
            "source": parameters.data,
            "sample": sample,
            "columns": parameters.columns,
            "features": parameters.features,
            "describe": parameters.describe,
            "bad_rows": parameters.bad_rows,
            **({} if bound is None else {"bound": bound}),
        },
    )
    why = "is too large to be analysed whole; it is sampled"
    if bound is not None:
        why = "is compared by the sample of customers that the run rests on; make score places everybody"
    console.stage_line("population", f"{parameters.data.name} {why}")
    with Pipeline() as pipeline:
        pipeline.export(stage)


def placing(sample: Path, layout: Layout, k: int | None) -> PlainStage:
    """The stage that places every customer by the model of a run on their sample."""
    run = layout.run(k)
    return PlainStage(
        name="population",
        module="seg_utils.strategy.population",
        folder=run,
        reads=(
            sample.with_name("population.json"),
            layout.dataset / "customers.parquet",
            run / "model.json",
            run / "assignments.parquet",
            paths.catalogue("DICTIONARY"),
            paths.catalogue("ECONOMICS"),
            *marked_yaml.named_files(paths.catalogue("ECONOMICS"), "measured"),
        ),
        writes=("population.csv", "population_profiles.csv", "population.json", "all_customers"),
        parameters={
            "known": sample.with_name("population.json"),
            "dataset": layout.dataset,
            "run": run,
            "market": layout.market,
        },
    )
