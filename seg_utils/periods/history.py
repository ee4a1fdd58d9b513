"""All periods side by side: how large segments are, who came and left, and how long customers stay."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd

from seg_utils.core import artefacts
from seg_utils.core.artefacts import read_json
from seg_utils.data.columns.matching import ID
from seg_utils.periods.membership import START, of_run


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


def retention(start: pd.DataFrame, memberships: Sequence[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Who stays, by the period in which they came first.

    Args:
        start: the membership of the run's own customers.
        memberships: of each period, in order.

    Returns:
        One row a cohort and period: ``cohort, period, of`` (customers of the cohort), ``here, retention`` (here as a
        share of them), ``at_risk`` (here in the period before), ``lost`` (of those, not here now), ``attrition``.
    """
    names = [START, *(name for name, _ in memberships)]
    here = [start.set_index(ID)["first_period"], *(one.set_index(ID)["first_period"] for _, one in memberships)]
    sizes = pd.concat(here).groupby(level=0).first().value_counts()
    rows = []
    for place, (earlier, cohorts) in enumerate(pairwise(here), start=1):
        lost = earlier[~earlier.index.isin(cohorts.index)].value_counts()
        present, at_risk = cohorts.value_counts(), earlier.value_counts()
        for cohort in names[: place + 1]:
            of, now, risk, gone = (int(table.get(cohort, 0)) for table in (sizes, present, at_risk, lost))
            if of:
                attrition = gone / risk if risk else float("nan")
                rows.append((cohort, names[place], of, now, now / of, risk, gone, attrition))
    columns = ["cohort", "period", "of", "here", "retention", "at_risk", "lost", "attrition"]
    return pd.DataFrame(rows, columns=columns)


def write(run: Path, folders: Sequence[Path], target: Path) -> list[Path]:
    """Write ``trend``, ``retention`` and ``periods`` as Parquet and CSV and return the CSV files.

    Args:
        run: the run whose segments came first.
        folders: of the periods, in order.
        target: where the tables go.
    """
    memberships = [(folder.name, pd.read_parquet(folder / "membership.parquet")) for folder in folders]
    tables = {
        "trend": trend(folders),
        "retention": retention(of_run(run), memberships),
        "periods": decisions(folders),
    }
    for name, table in tables.items():
        artefacts.write_parquet(target / f"{name}.parquet", table)
        artefacts.write_csv(target / f"{name}.csv", table)
    return [target / f"{name}.csv" for name in tables]
