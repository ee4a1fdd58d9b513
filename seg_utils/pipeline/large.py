"""Tables of a database, brought in; of those with more rows than are analysed at once the run is on a sample of them,
and every customer is placed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from seg_utils.core import paths
from seg_utils.core.artefacts import read_notes
from seg_utils.core.parameters import Parameters, table_address
from seg_utils.core.parameters.table_address import FOLDER, TableAddress
from seg_utils.pipeline import console, stages
from seg_utils.pipeline.runner import Pipeline
from seg_utils.pipeline.stage import Stage
from seg_utils.pipeline.state.layout import Layout

LEAST_BYTES = 1 << 20  # smaller files hold no more rows than are analysed at once; they are not looked into


def sampled(parameters: Parameters) -> Parameters:
    """The same request on the sample of a large table, which ``draw`` is to make; as it was where it is not large."""
    if table_address.left_there(parameters.data):
        return _on_sample(parameters)
    files = paths.parts(parameters.data)
    if sum(file.stat().st_size for file in files) < LEAST_BYTES:
        return parameters
    from seg_utils.data import population  # pandas: only where there is something to look into

    if not population.is_large(parameters.data):
        return parameters
    return _on_sample(parameters)


def sampled_as(run: Path, parameters: Parameters, features: Sequence[str]) -> Parameters:
    """The request for a month of a run that was made on a sample: on those of the month's customers alone whose ids
    hash as low as those in that sample, who are drawn into a file of their own. The request as it was where the run was
    made on all. ``features`` are those that the run's model compares customers by. A DataError where the table cannot
    be read as customers."""
    bound = bound_of(run)
    if bound is None:
        return parameters
    asked = replace(parameters, features=tuple(features))
    month = _on_sample(asked, bound)
    draw(asked, month.data, bound)
    return month


def bound_of(run: Path) -> int | None:
    """The largest hash of the customers whom a run was made on; None where that was all of them."""
    return read_notes(run / "population.json").get("bound")


def _on_sample(parameters: Parameters, *more: object) -> Parameters:
    name = paths.slug(paths.stem_of(parameters.data)) or "customers"
    choices = (parameters.data, parameters.features, parameters.describe, paths.catalogue("DICTIONARY"), *more)
    own = paths.short_hash(" ".join(map(str, choices)))
    sample = parameters.outputs / FOLDER / f"{name}-{own}" / f"{name}.parquet"
    return replace(parameters, data=sample, columns=None)  # the sample's columns have the dictionary's names


def draw(parameters: Parameters, sample: Path, bound: int | None = None) -> None:
    """Bring the sample (up to the hash ``bound``) up to date with its table; a DataError where that cannot be read as
    customers."""
    left = table_address.left_there(parameters.data)
    source = parameters.data.with_name(table_address.NOTE) if left else parameters.data
    stage = Stage(
        name="population",
        module="seg_utils.data.population",
        folder=sample.parent,
        reads=stages.source(replace(parameters, data=source)),
        writes=(sample.name, "population.json", _whole("all", left)),
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
        pipeline.bring_up_to_date(stage)


def _whole(folder: str, left: TableAddress | None) -> str:
    """What stands for a folder of all customers: itself, or where they stayed in Spark, that all of it was written.

    To look into the folder would bring all customers to this machine.
    """
    return folder if left is None else f"{folder}/_SUCCESS"


def placing(sample: Path, layout: Layout, k: int | None) -> Stage:
    """The stage that places every customer by the model of a run on their sample, and draws its campaign among all."""
    run, left = layout.run(k), table_address.named_in(read_notes(sample.with_name("population.json")))
    return Stage(
        name="population",
        module="seg_utils.strategy.population",
        folder=run,
        reads=(
            sample.with_name("population.json"),
            layout.dataset / "customers.parquet",
            *stages.within(run, "model.json", "assignments.parquet", "personas.json", "strategy.csv"),
            paths.catalogue("DICTIONARY"),
            *stages.economics(),
        ),
        writes=(
            *("population.csv", "population_profiles.csv", "population.json"),
            _whole("all_customers", left),
        ),
        parameters={
            "known": sample.with_name("population.json"),
            "dataset": layout.dataset,
            "run": run,
            "market": layout.market,
            "campaign": layout.campaign,
        },
    )


def bring_in(table: TableAddress | None, file: Path, columns: Path | None, *, may_stay: bool = False) -> None:
    """Bring the file up to date with the table that it stands for, if it stands for one (see ``database.bring_in``); a
    table of Spark that has more rows than are analysed at once ``may_stay`` there."""
    if table is None:
        return
    from seg_utils.data import database, population  # pandas and the engine: only when there is a table to read

    console.stage_line("table", f"{table}: counting its rows, and reading them where they have changed")
    rows = database.bring_in(table, file, columns, most=population.AT_ONCE if may_stay else None)
    where = f"read into {file}" if file.exists() else "stay there"
    console.stage_line("table", f"{table}: {'unchanged' if rows is None else f'{rows:,} rows {where}'}")
