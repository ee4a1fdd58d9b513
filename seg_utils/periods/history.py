"""All periods side by side: how large segments are, who came and left, and how long customers stay."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import parquet

from seg_utils.core import artefacts, dictionary
from seg_utils.core.artefacts import read_json
from seg_utils.core.result_folders import HISTORY
from seg_utils.data.columns.matching import ID
from seg_utils.periods import cohorts, leaving
from seg_utils.periods.membership import START, of_run
from seg_utils.scoring import model as scoring
from seg_utils.scoring import model_path


def trend(folders: Sequence[Path]) -> pd.DataFrame:
    """One row a period and segment, periods in order: the bridge of each, ``share`` of the period's customers and what
    its customers have in all of each measure.

    Args:
        folders: of the periods, in order, each named after its period.
    """
    tables = []
    for folder in folders:
        bridge = pd.read_parquet(folder / "bridge.parquet")
        totals = pd.read_parquet(folder / "shift.parquet").pivot(index="segment", columns="measure", values="now")
        bridge["share"] = bridge["now"] / bridge["now"].sum()
        tables.append(bridge.merge(totals, on="segment", how="left", validate="one_to_one"))
    return pd.concat(tables, ignore_index=True)


def decisions(folders: Sequence[Path]) -> pd.DataFrame:
    """One row a period: ``period, model, before, customers, stayed, moved, real, flicker, new, returned, gone, signal,
    decision, loss``."""
    rows = []
    for folder in folders:
        told = read_json(folder / "decision.json")
        rows.append(
            {**{name: told[name] for name in ("period", "model", "before")}, **told["counts"]}
            | {name: told[name] for name in ("signal", "decision", "loss")}
        )
    return pd.DataFrame(rows)


def write(run: Path, folders: Sequence[Path], target: Path) -> list[Path]:
    """Write ``HISTORY`` as Parquet and CSV, and ``leaving.json``, and return the CSV files.

    Args:
        run: the run whose segments came first.
        folders: of the periods, in order.
        target: where the tables go.
    """
    members = [(folder.name, pd.read_parquet(folder / "membership.parquet")) for folder in folders]
    here = [(START, of_run(run)), *members]
    about, likely = _leaving(run, folders, here)
    made = trend(folders), _retention(run, folders, here), decisions(folders), cohorts.rates(here), likely
    tables = dict(zip(HISTORY, made, strict=True))
    for name, table in tables.items():
        artefacts.write_parquet(target / f"{name}.parquet", table)
        artefacts.write_csv(target / f"{name}.csv", table)
    artefacts.write_json(target / "leaving.json", about)
    return [target / f"{name}.csv" for name in tables]


def _retention(run: Path, folders: Sequence[Path], here: cohorts.Here) -> pd.DataFrame:
    """Cohorts by the first period, by how long the card was held then, and by each descriptor."""
    tenure = dictionary.load().relations.months
    groups = {cohorts.FIRST_PERIOD: cohorts.first_periods(here)}
    values: dict[str, list[pd.Series]] = {}
    for folder in (run.parents[1], *folders):
        customers = _columns(folder / "customers.parquet", lambda name: name == tenure)
        described = _columns(folder / "descriptors.parquet", lambda name: name != ID)
        for name, column in (*customers.items(), *described.items()):
            values.setdefault(name, []).append(column)
    return cohorts.retention(here, groups | {name: cohorts.by_first_value(found) for name, found in values.items()})


def _columns(path: Path, wanted: Callable[[str], bool]) -> dict[str, pd.Series]:
    """Some columns of a table of customers, indexed by id; none where there is no such file."""
    if not path.is_file():
        return {}
    names = [name for name in parquet.read_schema(path).names if wanted(name)]
    return dict(pd.read_parquet(path, columns=[ID, *names]).set_index(ID).items())


def _leaving(run: Path, folders: Sequence[Path], here: cohorts.Here) -> tuple[dict[str, Any], pd.DataFrame]:
    if len(folders) < leaving.FEWEST_PERIODS:
        return leaving.likely([], [], seed=0)
    model = scoring.load(run / model_path.NAME)
    movers = [pd.read_parquet(folder / "movers.parquet", columns=[ID, "status", "kind"]) for folder in folders]
    stages = [
        leaving.stage(pd.read_parquet(folder / "customers.parquet"), members, model.space, after)
        for folder, (_, members), after in zip((run.parents[1], *folders), here, (*movers, None), strict=True)
    ]
    return leaving.likely(stages, [name for name, _ in here], seed=model.seed)
