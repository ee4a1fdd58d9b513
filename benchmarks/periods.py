"""Periods: what is found of planted years of a customers file (``planted_years``), and what many customers cost.

Month by month, all months of all years: real moves and flicker beside what was planted; whether bridges and splits of
totals are exact; fates of segments that nothing happened to, and whether what happened to one in September is found;
drift; the decision; names that change in segments that nothing happened to; customers on both sides of a control group.

What cannot be right or wrong: a segment of which a fifth or more behave otherwise in a month, or did before it, may
have any fate and name in that month (in the odd one, in which most buy nothing, these are all segments of those who
buy); for a kind that is new a challenger of as many segments as there were gives up two at most, and a centre that came
free may split one.

Run: ``python benchmarks/periods.py [--data customers.csv] [--k 6] [--years 8] [--seed 0] [--rows 1000000 --periods 3]``
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from measuring import in_own_process
from planted_years import (
    DRIFT,
    DRIFTING,
    EVENT,
    FIRST_CAMPAIGN,
    LEAVING,
    ODD,
    SPLIT,
    YEARS,
    Month,
    Year,
    months,
    noisy,
)

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
# How far planted moves went, in noises
SIZES = [0, 1, 2, 3, 4, np.inf]

# Share of the planted half in one segment, and of that segment in the planted half, from which on it was found
FOUND = 0.7

# A segment of whose customers, now or before, so large a share behaves otherwise is not as it was
TOUCHED = 0.2


def main() -> None:
    """Print what is found of what was planted, then minutes and memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=PUBLIC if PUBLIC.exists() else paths.SAMPLE)
    parser.add_argument("--k", type=int, default=6)
    parser.add_argument("--years", type=int, default=len(YEARS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=0, help="customers whose minutes and memory are measured")
    parser.add_argument("--periods", type=int, default=3, help="over so many periods")
    options = parser.parse_args()
    customers = data.load(options.data).frame
    model = fitted(customers, options.k)
    print(f"{options.years} years of {options.data.name}, {len(customers):,} customers, K={options.k}", flush=True)
    if options.years:
        judged = [of_year(model, customers, seed) for seed in range(options.seed, options.seed + options.years)]
        show(
            pd.concat([found for found, _ in judged], ignore_index=True),
            pd.concat([moved for _, moved in judged], ignore_index=True),
        )
    if options.rows:
        large(model, customers, options.rows, options.periods)


RIGHT = ["exact", "lineage", "event", "drift", "right"]


def show(found: pd.DataFrame, moved: pd.DataFrame) -> None:
    """Print a row a year, and all years together."""
    pd.set_option("display.width", 200, "display.max_colwidth", 200, "display.max_columns", 20)
    by_year = found.groupby("year", sort=False)[[*RIGHT, "renamed", "control"]].sum()
    by_year.insert(0, "months", found["year"].value_counts())
    for name in ("decisions", "fates"):
        by_year[name] = found.groupby("year")[name].agg(" ".join)
    print(by_year.to_string())
    odd = moved["month"].isin([ODD, ODD + 1]) & moved["odd"]
    for which, some in (
        ("all months", moved), ("the odd month and the one after", moved[odd]), *moved.groupby("year", sort=False)
    ):  # fmt: skip
        planted, real = some[some["planted"]], some[some["real"]]
        beyond, others = planted.loc[planted["noises"] > 1, "real"], some.loc[~some["planted"], "real"]
        print(f"{which}: {len(planted):,} planted changers moved, {len(beyond):,} further than the noise: precision "
              f"{real['planted'].mean():.3f}, recall {beyond.mean():.3f}; of {len(others):,} other moves "
              f"{1 - others.mean():.3f} called flicker")  # fmt: skip
    print(f"recall by how many times the noise they went:\n{planted_recall(moved).to_string()}")
    print(found[RIGHT].mean().round(3).to_string())
    print(
        f"names changed without a cause {found['renamed'].sum()}, control customers changed {found['control'].sum()}; "
        f"{found['judged'].sum()} of {found['segments'].sum()} fates judged"
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
    name, year = [*YEARS.items()][seed % len(YEARS)]
    assumed = strategy.assumptions.load()
    memberships = [start(model, customers, assumed.test.control_share)]
    rows, movers, last = [], [], {"segments": []}
    before = usual = customers
    for month in months(model, customers, year, seed):
        known = periods.membership.ever(reversed(memberships))
        found = periods.compare(model, before, month.customers, known.index)
        member = periods.membership.membership(
            found, memberships[-1], known, period=str(month.number), model_id="", campaign=month.campaign,
            control_share=assumed.test.control_share,
        )  # fmt: skip
        memberships.append(member)
        row, last = segments(found, year, month, before, last)
        row |= {"exact": exact(found, before, month.customers, assumed), "control": both_sides(memberships)}
        rows.append(row | {"month": month.number, "year": f"{seed} {name}"})
        movers.append(moves(found, month, usual).assign(month=month.number, year=f"{seed} {name}", odd=year.odd > 0))
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
    parts = shift[["before", *periods.flows.PARTS]].sum(axis=1)
    everybody = bridge["before"].sum() == len(before) and bridge["now"].sum() == len(now)
    return bool(everybody and summed.eq(bridge["now"]).all() and np.allclose(parts, shift["now"], rtol=1e-9, atol=1e-6))


def both_sides(memberships: list[pd.DataFrame]) -> int:
    """Customers who were on both sides of the control group of the campaign that runs."""
    members = pd.concat(memberships, ignore_index=True)
    members = members[members["campaign"] == memberships[-1]["campaign"].iloc[0]]
    return int((members.groupby(ID)["control_group"].nunique() > 1).sum())


def segments(
    found: periods.Comparison, year: Year, month: Month, before: pd.DataFrame, last: dict[str, Any]
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
    touched = touched_ones(found, month)
    lost = {number for number, fate in enumerate(traced.fates) if fate.kind not in KEPT}
    given_up = 0 if month.segment is None else 2 if year.event == SPLIT else 1
    row = {
        "fates": "".join(fate.kind[:2] for fate in traced.fates),
        "segments": k,
        "judged": k - len(touched),
        "lineage": len(lost - touched) <= given_up,
        "event": month.segment is None or is_found(found, year, month, traced),
        "drift": is_drift_right(drifted, year, month.number),
        "renamed": sum(one["formerly"] is not None and number not in touched for number, one in enumerate(called)),
        "decisions": decided["decision"],
        "right": decided["decision"] in right_decisions(year, month.number),
    }
    return row, decided | {"segments": called}


def touched_ones(found: periods.Comparison, month: Month) -> set[int]:
    """Segments to which something happened that shows this month."""
    people = found.movers.assign(unlike=found.movers[ID].isin(month.unlike))
    shares = [people.groupby(f"segment_{when}")["unlike"].mean() for when in ("before", "now")]
    return {int(number) for share in shares for number in share[share >= TOUCHED].index} | {month.segment} - {None}


def right_decisions(year: Year, number: int) -> tuple[str, ...]:
    """What may be decided: an odd month stops nothing, half a segment of another kind calls for a refit."""
    if year.event and number >= EVENT:
        return (WATCH, REFIT) if year.event != SPLIT else (REFIT,) if number > EVENT else (WATCH,)
    if year.odd and ODD <= number <= ODD + 2:  # the third is the first or the second without a wave of moves
        return (WATCH, KEEP) if number == ODD + 2 else (WATCH,)
    return (KEEP,)


def is_drift_right(drifted: pd.DataFrame, year: Year, number: int) -> bool:
    """Whether the feature that drifts is news in the month in which it does and only then; anything may be in months in
    which something else happens to many."""
    if number in (ODD, ODD + 1, EVENT):
        return True
    news = drifted.loc[drifted["shifted"], "feature"].tolist()
    return (DRIFTING in news) == (number == DRIFT and year.drift != 1)


def is_found(found: periods.Comparison, year: Year, month: Month, traced: challenger.Challenger) -> bool:
    """Whether what happened to a segment is seen: its half as a segment of one more, or that it is no more."""
    if year.event != SPLIT:
        size = (found.placed_now.segment == month.segment).mean()
        return traced.fates[month.segment].kind not in KEPT or size < TOUCHED / len(found.model.sizes)
    half = month.customers[ID].isin(month.happened).to_numpy()
    larger = challenger.fit(found.model, found.placed_now, len(found.model.sizes) + 1).clustering
    shared = np.bincount(larger.labels[half], minlength=larger.k)
    into = int(shared.argmax())
    return bool(shared[into] >= FOUND * max(half.sum(), (larger.labels == into).sum()))


def large(model: scoring.SegmentModel, customers: pd.DataFrame, rows: int, last: int) -> None:
    """Print seconds and peak memory of a plain merge of two periods, and of each period of so many."""
    with tempfile.TemporaryDirectory() as name:
        folder, rng = Path(name), np.random.default_rng(0)
        many = customers.iloc[rng.integers(0, len(customers), rows)].reset_index(drop=True)
        many[ID] = [f"C{number}" for number in range(rows)]
        start(model, many, strategy.assumptions.load().test.control_share).to_parquet(folder / "membership-1.parquet")
        for period in range(1, last + 1):
            here = many[rng.random(rows) >= LEAVING] if period > 1 else many
            (noisy(here, rng) if period > 1 else many).to_parquet(folder / f"{period}.parquet")
        _, cost = in_own_process(merged, folder)
        print(f"{rows:,} customers, plain merge of two periods: {cost.wall:.1f} s, {cost.peak:,.0f} MB", flush=True)
        for period in range(2, last + 1):
            _, cost = in_own_process(one_period, folder, period, model)
            print(f"period {period}: {cost.wall:.1f} s ({cost.cpu:.1f} s CPU), {cost.peak:,.0f} MB", flush=True)


def merged(folder: Path) -> None:
    """The plain merge of two periods."""
    both = [pd.read_parquet(folder / f"{period}.parquet") for period in (1, 2)]
    both[0].merge(both[1], on=ID, how="outer", suffixes=("_before", "_now"))


def one_period(folder: Path, period: int, model: scoring.SegmentModel) -> None:
    """What 06 does to one period of many, but for the recommended number of segments, which rests on as many customers
    whatever there are: compare it with the one before, and write it."""
    assumed = strategy.assumptions.load()
    before, now = (pd.read_parquet(folder / f"{number}.parquet") for number in (period - 1, period))
    files = [folder / f"membership-{number}.parquet" for number in range(period - 1, 0, -1)]
    known = periods.membership.ever(pd.read_parquet(file) for file in files)
    found = periods.compare(model, before, now, known.index)
    amounts = [periods.amounts(one, assumed) for one in (before, now)]
    periods.migration(found, *amounts), periods.bridge(found), periods.shift(found, *amounts)
    periods.drift(found, before, now)
    challenger.fit(model, found.placed_now)
    periods.membership.membership(
        found, pd.read_parquet(files[0]), known, period=str(period), model_id="", campaign=None,
        control_share=assumed.test.control_share,
    ).to_parquet(folder / f"membership-{period}.parquet")  # fmt: skip


if __name__ == "__main__":
    main()
