"""All periods side by side: how large segments are, who came and left, how long customers stay (cohorts with their
numbers at risk), and where customers are some steps later."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyarrow import parquet

from seg_utils.core import artefacts, dictionary
from seg_utils.core.artefacts import read_json
from seg_utils.core.result_folders import HISTORY
from seg_utils.data.columns.descriptors import MOST_LEVELS
from seg_utils.data.columns.matching import ID
from seg_utils.periods import leaving
from seg_utils.periods.membership import START, of_run
from seg_utils.scoring import model as scoring
from seg_utils.scoring import model_path

FIRST_PERIOD = "first period"
MISSING = "missing"

# Who was there: the name and the membership of each period in order, that of the run's own customers first
Memberships = Sequence[tuple[str, pd.DataFrame]]


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
        decision = read_json(folder / "decision.json")
        rows.append(
            {**{name: decision[name] for name in ("period", "model", "before")}, **decision["counts"]}
            | {name: decision[name] for name in ("signal", "decision", "loss")}
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
    memberships = [(START, of_run(run)), *members]
    about, likely = _leaving(run, folders, memberships)
    written = trend(folders), _retention(run, folders, memberships), decisions(folders), rates(memberships), likely
    tables = dict(zip(HISTORY, written, strict=True))
    for name, table in tables.items():
        artefacts.write_parquet(target / f"{name}.parquet", table)
        artefacts.write_csv(target / f"{name}.csv", table)
    artefacts.write_json(target / "leaving.json", about)
    return [target / f"{name}.csv" for name in tables]


def _retention(run: Path, folders: Sequence[Path], members: Memberships) -> pd.DataFrame:
    """Cohorts by the first period, by how long the card was held then, and by each descriptor."""
    tenure = dictionary.load().relations.months
    groups = {FIRST_PERIOD: first_periods(members)}
    values: dict[str, list[pd.Series]] = {}
    for folder in (run.parents[1], *folders):
        customers = _columns(folder / "customers.parquet", lambda name: name == tenure)
        described = _columns(folder / "descriptors.parquet", lambda name: name != ID)
        for name, column in (*customers.items(), *described.items()):
            values.setdefault(name, []).append(column)
    return retention(members, groups | {name: by_first_value(column) for name, column in values.items()})


def _columns(path: Path, wanted: Callable[[str], bool]) -> dict[str, pd.Series]:
    """Some columns of a table of customers, indexed by id; none where there is no such file."""
    if not path.is_file():
        return {}
    names = [name for name in parquet.read_schema(path).names if wanted(name)]
    return dict(pd.read_parquet(path, columns=[ID, *names]).set_index(ID).items())


def _leaving(run: Path, folders: Sequence[Path], memberships: Memberships) -> tuple[dict[str, Any], pd.DataFrame]:
    if len(folders) < leaving.FEWEST_PERIODS:
        return leaving.likely([], [], seed=0)
    model = scoring.load(run / model_path.NAME)
    movers = [pd.read_parquet(folder / "movers.parquet", columns=[ID, "status", "kind"]) for folder in folders]
    snapshots = [
        leaving.snapshot(pd.read_parquet(folder / "customers.parquet"), members, model.space, after)
        for folder, (_, members), after in zip((run.parents[1], *folders), memberships, (*movers, None), strict=True)
    ]
    return leaving.likely(snapshots, [name for name, _ in memberships], seed=model.seed)


def retention(members: Memberships, groups: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Who stays, by cohorts of any kind.

    Args:
        members: at least two.
        groups: by what cohorts are formed; the cohort of each customer, indexed by id.

    Returns:
        One row a kind of cohort, cohort and period: ``by, cohort, period, of`` (customers of the cohort seen so far),
        ``here, retention`` (here as a share of them), ``at_risk`` (here in the period before), ``lost`` (of those, not
        here now), ``attrition``.
    """
    ids = [pd.Index(membership[ID]) for _, membership in members]
    seen, rows = ids[0], []
    for (name, _), (before, now) in zip(members[1:], pairwise(ids), strict=True):
        seen = seen.union(now, sort=False)
        for by, cohort in groups.items():
            counted = [cohort.reindex(who).value_counts() for who in (seen, now, before, before.difference(now))]
            for label in _in_order(cohort):
                of, present, risk, lost = (int(count.get(label, 0)) for count in counted)
                if of:
                    attrition = lost / risk if risk else float("nan")
                    rows.append((by, label, name, of, present, present / of, risk, lost, attrition))
    columns = ["by", "cohort", "period", "of", "here", "retention", "at_risk", "lost", "attrition"]
    return pd.DataFrame(rows, columns=columns)


def first_periods(members: Memberships) -> pd.Series:
    """The period in which each customer came first, indexed by id; categories in the order of the periods."""
    first = _first_known([membership.set_index(ID)["first_period"] for _, membership in members])
    return first.astype(pd.CategoricalDtype([name for name, _ in members], ordered=True))


def by_first_value(values: Sequence[pd.Series]) -> pd.Series:
    """Cohorts by the first value known of each customer, indexed by id; categories in order.

    Numbers of many values are cut at their quartiles, texts of many keep the commonest.

    Args:
        values: of some periods in order, indexed by id; NaN or null where missing.
    """
    numbers = all(column.dtype.kind == "f" for column in values)
    first = _first_known(values if numbers else [column.astype("str").where(column.notna()) for column in values])
    everyone = first.index.union(values[-1].index)
    first = first.reindex(everyone)
    if numbers and first.nunique() > MOST_LEVELS:
        edges = first.quantile([0, 0.25, 0.5, 0.75, 1]).unique()
        names = [f"{low:,.6g} to {high:,.6g}" for low, high in pairwise(edges)]
        labels = pd.cut(first, edges, labels=names, include_lowest=True).astype("object")
    else:
        kept = first.value_counts().head(MOST_LEVELS - 1 if first.nunique() > MOST_LEVELS else MOST_LEVELS).index
        names = [f"{value:g}" if numbers else value for value in sorted(kept)]
        spelt = first.map(lambda value: f"{value:g}") if numbers else first
        labels = spelt.where(spelt.isin(names) | first.isna(), "other")
    labels = labels.where(first.notna(), MISSING)
    return labels.astype(pd.CategoricalDtype([*dict.fromkeys([*names, "other", MISSING])], ordered=True))


def _first_known(values: Sequence[pd.Series]) -> pd.Series:
    known = pd.concat([column.dropna() for column in values])
    return known[~known.index.duplicated()]


def _in_order(cohort: pd.Series) -> list[str]:
    return [label for label in cohort.cat.categories if (cohort == label).any()]


def rates(members: Memberships) -> pd.DataFrame:
    """Where customers of a segment are one, two and more periods later, over all periods that are so far apart.

    Returns:
        One row a number of steps and pair of segments: ``steps, from_segment, to_segment`` (null for gone),
        ``customers, at_risk`` (customers of the segment of whom it is known), ``rate``.
    """
    segments = [membership.set_index(ID)["segment"] for _, membership in members]
    tables = []
    for steps in range(1, len(segments)):
        pairs = pd.concat(
            [
                pd.DataFrame({"from_segment": before, "to_segment": later.reindex(before.index).astype("Int64")})
                for before, later in zip(segments, segments[steps:], strict=False)
            ]
        )
        counted = pairs.value_counts(dropna=False).rename("customers").reset_index()
        tables.append(counted.assign(steps=steps))
    table = pd.concat(tables, ignore_index=True).sort_values(["steps", "from_segment", "to_segment"])
    at_risk = table.groupby(["steps", "from_segment"])["customers"].transform("sum")
    table = table.assign(at_risk=at_risk, rate=table["customers"] / at_risk)
    order = ["steps", "from_segment", "to_segment", "customers", "at_risk", "rate"]
    return table[order].astype({"from_segment": np.int64}).reset_index(drop=True)
