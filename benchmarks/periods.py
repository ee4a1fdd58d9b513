"""Periods: what is found of planted years of a customers file (``planted_years``), and a million customers over a year.

Month by month: real moves and flicker beside what was planted; whether bridges and splits of totals are exact; fates of
segments that nothing happened to, and whether the half of a segment that was planted in September is found; drift; the
decision; names that change in segments that nothing happened to; customers on both sides of a control group.

Run: ``python benchmarks/periods.py [--data customers.csv] [--k 6] [--years 6] [--seed 0] [--rows 1000000]``
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from measuring import in_own_process, timed
from planted_years import DRIFT, DRIFTING, FIRST_CAMPAIGN, MONTHS, ODD, SPLIT, Month, noisy, year

from seg_utils import clustering, data, periods, strategy
from seg_utils.core import paths
from seg_utils.data.columns.matching import ID
from seg_utils.features import feature_space
from seg_utils.periods import challenger, decision
from seg_utils.periods.comparison import REAL
from seg_utils.periods.decision import KEEP, REFIT, WATCH
from seg_utils.periods.lineage import KEPT
from seg_utils.scoring import drift
from seg_utils.scoring import model as scoring

PUBLIC = paths.RAW / "CC GENERAL.csv"
SIZES = [0, 1, 2, 3, 4, np.inf]
"""How far planted moves went, in noises."""

FOUND = 0.7
"""Share of the planted half in one segment, and of that segment in the planted half, from which on it was found."""

TOUCHED = 0.2
"""A segment that has so large a share of the planted half among its customers is not as it was."""

GIVEN_UP = 2
"""So many other segments may be merged for it by a challenger of as many segments as there were."""


def main() -> None:
    """Print what is found of what was planted, then minutes and memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=PUBLIC if PUBLIC.exists() else paths.SAMPLE)
    parser.add_argument("--k", type=int, default=6)
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=0, help="customers whose minutes and memory are measured")
    options = parser.parse_args()
    customers = data.load(options.data).frame
    model = fitted(customers, options.k)
    print(f"{options.years} years of {options.data.name}, {len(customers):,} customers, K={options.k}", flush=True)
    if options.years:
        judged = [of_year(model, customers, seed) for seed in range(options.seed, options.seed + options.years)]
        show(pd.concat([months for months, _ in judged]), pd.concat([moved for _, moved in judged], ignore_index=True))
    if options.rows:
        million(model, customers, options.rows)


def show(months: pd.DataFrame, moved: pd.DataFrame) -> None:
    """Print a row a month, and all years together."""
    pd.set_option("display.width", 200, "display.max_colwidth", 200, "display.max_columns", 20)
    by_month = months.groupby("month")[["exact", "lineage", "split", "drift", "right", "renamed", "control"]].sum()
    by_month["decisions"] = months.groupby("month")["decision"].agg(" ".join)
    by_month["fates"] = months.groupby("month")["fates"].agg(" ".join)
    print(by_month.to_string())
    usual = moved[~moved["month"].isin([ODD, ODD + 1])]
    for which, some in (("all months", moved), ("but for July and August", usual), *usual.groupby("noise")):
        planted, real = some[some["planted"]], some[some["real"]]
        found, others = planted.loc[planted["noises"] > 1, "real"], some.loc[~some["planted"], "real"]
        print(f"{which}: {len(planted):,} planted changers moved, {len(found):,} further than the noise: precision "
              f"{real['planted'].mean():.3f}, recall {found.mean():.3f}; of {len(others):,} other moves "
              f"{1 - others.mean():.3f} called flicker")  # fmt: skip
    by_size = planted_recall(usual)
    print(f"recall but for July and August, by how many times the noise they went:\n{by_size.to_string()}")
    print(months[["exact", "lineage", "split", "drift", "right"]].mean().round(3).to_string())
    print(
        f"names changed without a cause {months['renamed'].sum()}, control customers changed {months['control'].sum()}"
    )


def planted_recall(moved: pd.DataFrame) -> pd.DataFrame:
    """How many planted changers went how many times the noise, and the share of them called real."""
    planted = moved[moved["planted"]]
    sizes = pd.cut(planted["noises"], SIZES)
    return planted.groupby(sizes, observed=True)["real"].agg(customers="size", recall="mean").round(3)


def fitted(customers: pd.DataFrame, k: int) -> scoring.SegmentModel:
    """The segments of the first month."""
    space = feature_space.fit(customers, scale="log", impute="median")
    found = clustering.kmeans(space.transform(customers), k, seed=42)
    people = periods.identity.people(customers, found.labels)
    return scoring.build(customers, space, found, algorithm="kmeans", seed=42).described(people)


def of_year(model: scoring.SegmentModel, customers: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a month, and one row a customer who moved: what was found of what was planted."""
    assumed = strategy.assumptions.load()
    memberships = [start(model, customers, assumed.test.control_share)]
    rows, movers, last = [], [], {"segments": []}
    before = usual = customers
    for month in year(model, customers, seed):
        known = periods.membership.ever(memberships)
        found = periods.compare(model, before, month.customers, known.index)
        member = periods.membership.membership(
            found, memberships[-1], known, period=str(month.number), model_id="", campaign=month.campaign,
            control_share=assumed.test.control_share,
        )  # fmt: skip
        memberships.append(member)
        row, last = segments(found, month, before, last)
        row |= {"exact": exact(found, before, month.customers, assumed), "control": both_sides(memberships)}
        rows.append(row | {"month": month.number, "seed": seed})
        movers.append(moves(found, month, usual).assign(month=month.number, noise=month.noise))
        before, usual = month.customers, month.usual
    return pd.DataFrame(rows), pd.concat(movers, ignore_index=True)


def start(model: scoring.SegmentModel, customers: pd.DataFrame, control_share: float) -> pd.DataFrame:
    """The membership of the first month."""
    held_out = strategy.control_group(customers[ID], control_share, FIRST_CAMPAIGN)
    noted = {"periods_in_segment": 1, "first_period": "start", "campaign": FIRST_CAMPAIGN, "control_group": held_out}
    return pd.concat([customers[[ID]], model.place(customers)[["segment", "confidence"]]], axis=1).assign(**noted)


def moves(found: periods.Comparison, month: Month, usual: pd.DataFrame) -> pd.DataFrame:
    """``planted, real`` and ``noises``, how many times the noise they went by their figures without noise, of those
    who moved."""
    moved = found.movers[found.movers["status"] == "moved"]
    before, now = (found.model.locate(one.set_index(ID).loc[moved[ID]]) for one in (usual, month.usual))
    old, new = (found.model.centroids[moved[f"segment_{when}"].astype(int)] for when in ("before", "now"))
    way = (new - old) / np.linalg.norm(new - old, axis=1, keepdims=True)
    went = ((now.coordinates - before.coordinates) * way).sum(axis=1)
    return pd.DataFrame(
        {
            "planted": moved[ID].isin(month.changed).to_numpy(),
            "real": moved["kind"].eq(REAL).to_numpy(),
            "noises": went / moved["noise"].to_numpy(),
        }
    )


def exact(
    found: periods.Comparison, before: pd.DataFrame, now: pd.DataFrame, assumed: strategy.definitions.Assumptions
) -> bool:
    """Whether every bridge sums, and every split of a total."""
    bridge = periods.bridge(found)
    summed = bridge[["before", "new", "returned", "moved_in"]].sum(axis=1) - bridge[["moved_out", "gone"]].sum(axis=1)
    shift = periods.shift(found, periods.amounts(before, assumed), periods.amounts(now, assumed))
    parts = shift[["before", *periods.totals.PARTS]].sum(axis=1)
    everybody = bridge["before"].sum() == len(before) and bridge["now"].sum() == len(now)
    return bool(everybody and summed.eq(bridge["now"]).all() and np.allclose(parts, shift["now"], rtol=1e-9, atol=1e-6))


def both_sides(memberships: list[pd.DataFrame]) -> int:
    """Customers who were on both sides of the control group of the campaign that runs."""
    members = pd.concat(memberships, ignore_index=True)
    members = members[members["campaign"] == memberships[-1]["campaign"].iloc[0]]
    return int((members.groupby(ID)["control_group"].nunique() > 1).sum())


def segments(
    found: periods.Comparison, month: Month, before: pd.DataFrame, last: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was found of the segments, and the decision as ``decision.json`` has it."""
    model, now, k = found.model, month.customers, len(found.model.sizes)
    traced = challenger.fit(model, found.placed_now)
    fresh = challenger.as_model(model, traced, now, k)
    people = periods.identity.people(now, found.placed_now.segment)
    called = periods.identity.renamed(periods.identity.carried(model, last["segments"]), people, last["segments"])[1]
    tally, drifted = periods.tally(found, now), periods.drift(found, before, now)
    decided = decision.judge(
        challenger.summary(model, traced, fresh), periods.bridge(found), drift.of_segments(model, tally),
        drift.together(model, tally), drifted, last if "signal" in last else None,
    )  # fmt: skip
    split_off = now[ID].isin(month.split_off).to_numpy()
    share = pd.Series(split_off).groupby(found.placed_now.segment).mean()
    touched = {*share[share >= TOUCHED].index, month.split}
    lost = [number for number, fate in enumerate(traced.fates) if fate.kind not in KEPT]
    news = drifted.loc[drifted["shifted"], "feature"].tolist()
    row = {
        "fates": "".join(fate.kind[:2] for fate in traced.fates),
        "lineage": month.number == ODD or len({*lost} - touched) <= (0 if month.split is None else GIVEN_UP),
        "split": month.split is None or is_found(challenger.fit(model, found.placed_now, k + 1), split_off),
        "drift": month.number in (ODD, ODD + 1, SPLIT) or (DRIFTING in news) == (month.number == DRIFT),
        "renamed": sum(one["formerly"] is not None and number not in touched for number, one in enumerate(called)),
        "decision": decided["decision"],
        "right": decided["decision"] == (KEEP if month.number < ODD else REFIT if month.number > SPLIT else WATCH),
    }
    return row, decided | {"segments": called}


def is_found(larger: challenger.Challenger, split_off: np.ndarray) -> bool:
    """Whether one of a challenger's segments is the planted half (n,)."""
    labels = larger.clustering.labels
    shared = np.bincount(labels[split_off], minlength=larger.clustering.k)
    into = int(shared.argmax())
    return bool(shared[into] >= FOUND * max(split_off.sum(), (labels == into).sum()))


def million(model: scoring.SegmentModel, customers: pd.DataFrame, rows: int) -> None:
    """Print seconds and peak memory of a plain merge of two periods, and of a year, period by period."""
    with tempfile.TemporaryDirectory() as folder:
        rng = np.random.default_rng(0)
        many = customers.iloc[rng.integers(0, len(customers), rows)].reset_index(drop=True)
        many[ID] = [f"C{number}" for number in range(rows)]
        for month in (1, *MONTHS):
            (noisy(many, rng) if month > 1 else many).to_parquet(f"{folder}/{month}.parquet")
        for what, work, last in (("plain merge of two", merged, 2), ("two", one_by_one, 2), ("twelve", one_by_one, 12)):
            seconds, cost = in_own_process(work, Path(folder), last, model)
            print(f"{rows:,} customers, {what} periods: {cost.wall:.0f} s, {cost.peak:,.0f} MB {seconds}", flush=True)


def merged(folder: Path, *_: object) -> str:
    """The plain merge of two periods."""
    both = [pd.read_parquet(folder / f"{month}.parquet") for month in (1, 2)]
    both[0].merge(both[1], on=ID, how="outer", suffixes=("_before", "_now"))
    return ""


def one_by_one(folder: Path, last: int, model: scoring.SegmentModel) -> str:
    """What 06 does to each period of a year, one after the other; the seconds of each in words."""
    assumed = strategy.assumptions.load()
    files = [folder / f"membership-{month}.parquet" for month in range(1, last + 1)]
    start(model, pd.read_parquet(folder / "1.parquet"), assumed.test.control_share).to_parquet(files[0])
    seconds = [timed(lambda month=month: one_period(folder, files[:month], model))[1] for month in range(2, last + 1)]
    return f"({', '.join(f'{second:.0f}' for second in seconds)})"


def one_period(folder: Path, files: list[Path], model: scoring.SegmentModel) -> None:
    """Compare the last period of these with the one before, and write it; the last file is what is written."""
    assumed = strategy.assumptions.load()
    before, now = (pd.read_parquet(folder / f"{month}.parquet") for month in (len(files) - 1, len(files)))
    memberships = [pd.read_parquet(file) for file in files[:-1]]
    known = periods.membership.ever(memberships)
    found = periods.compare(model, before, now, known.index)
    amounts = [periods.amounts(one, assumed) for one in (before, now)]
    periods.migration(found, *amounts), periods.bridge(found), periods.shift(found, *amounts)
    periods.drift(found, before, now)
    challenger.fit(model, found.placed_now)
    periods.membership.membership(
        found, memberships[-1], known, period=str(len(files)), model_id="", campaign=None,
        control_share=assumed.test.control_share,
    ).to_parquet(files[-1])  # fmt: skip


if __name__ == "__main__":
    main()
