"""Periods: planted years of the public customers, and a million customers over two periods.

Every year is of its own seed: in each month 3 % of the customers begin to behave like somebody else for good, all
others vary, some leave, join and return. From May on every balance is 8 % larger; July is odd, and over in August: 70 %
of the customers buy nothing; from September on half of a segment behaves like nobody before. What is found is held
against that, July and August apart: what two thirds do, who is left cannot be told from. Names that change are counted,
too: none should but that of the segment that lost half.

Run: ``python benchmarks/periods.py [--years 5] [--rows 1000000]``
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from seg_utils import clustering, data, periods
from seg_utils.core import paths
from seg_utils.features import feature_space
from seg_utils.periods import challenger, decision
from seg_utils.periods.comparison import FLICKER, REAL
from seg_utils.periods.lineage import KEPT
from seg_utils.scoring import drift
from seg_utils.scoring import model as scoring

PUBLIC = paths.RAW / "CC GENERAL.csv"
K = 6
MONTHS = range(2, 13)
AMOUNTS = ["BALANCE", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CASH_ADVANCE", "PAYMENTS", "MINIMUM_PAYMENTS"]
FREQUENCIES = ["PURCHASES_FREQUENCY", "CASH_ADVANCE_FREQUENCY", "PRC_FULL_PAYMENT"]
BOUGHT = ["PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "PURCHASES_TRX", "PURCHASES_FREQUENCY",
          "ONEOFF_PURCHASES_FREQUENCY", "PURCHASES_INSTALLMENTS_FREQUENCY"]  # fmt: skip
DRIFT, ODD, SPLIT = 5, 7, 9


def main() -> None:
    """Print what is found of what was planted, then minutes and memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=PUBLIC if PUBLIC.exists() else paths.SAMPLE)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    customers = data.load(options.data).frame
    model = fitted(customers)
    print(f"{options.years} years of {options.data.name}, {len(customers):,} customers, K={K}")
    table = pd.concat([year(model, customers, seed) for seed in range(options.years)])
    by_month = table.groupby("month")[["real", "flicker", "precision", "recall", "kept", "loss"]].mean()
    by_month[["failing", "renamed"]] = table.groupby("month")[["failing", "renamed"]].sum()
    by_month["decisions"] = table.groupby("month")["decision"].agg(lambda names: " ".join(names))
    print(by_month.round(3).to_string())
    usual = table[~table["month"].isin([ODD, ODD + 1])]
    found, real, beyond, planted = usual[["found", "real", "beyond", "planted"]].sum()
    print(f"but for July and August: {planted:,.0f} planted moves, {beyond:,.0f} of them beyond the noise")
    print(f"precision {found / real:.3f}, recall {usual['found_beyond'].sum() / beyond:.3f} of those beyond the noise")
    if options.rows:
        million(model, customers, options.rows)


def fitted(customers: pd.DataFrame) -> scoring.SegmentModel:
    """The segments of the first month."""
    space = feature_space.fit(customers, scale="log", impute="median")
    found = clustering.kmeans(space.transform(customers), K, seed=42)
    people = periods.identity.people(customers, found.labels)
    return scoring.build(customers, space, found, algorithm="kmeans", seed=42).described(people)


def year(model: scoring.SegmentModel, customers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row a month: what was found of what was planted."""
    rng = np.random.default_rng(seed)
    usual, here = customers.copy(), np.ones(len(customers), dtype=bool)
    behaviour = customers.columns.drop("customer_id")
    segment = int(rng.integers(K))
    before, known, last, rows = customers, set(customers["customer_id"]), None, []
    for month in MONTHS:
        changed = rng.random(len(usual)) < 0.03
        donors = rng.choice(len(customers), int(changed.sum()))
        usual.loc[changed, behaviour] = customers[behaviour].to_numpy()[donors]
        if month == DRIFT:
            usual["BALANCE"] *= 1.08
        if month == SPLIT:
            half = (model.place(usual)["segment"] == segment) & (rng.random(len(usual)) < 0.5)
            usual.loc[half, "CASH_ADVANCE"] = 8_000.0
            usual.loc[half, ["CASH_ADVANCE_TRX", "CASH_ADVANCE_FREQUENCY"]] = [40, 1.0]
            usual.loc[half, ["INSTALLMENTS_PURCHASES", "PURCHASES_INSTALLMENTS_FREQUENCY"]] = [4_000.0, 1.0]
            usual.loc[half, ["PURCHASES_TRX", "PURCHASES_FREQUENCY"]] = [60, 1.0]
            changed |= half.to_numpy()
        left = here & (rng.random(len(usual)) < 0.01)
        here = (here & ~left) | (~here & (rng.random(len(usual)) < 0.15))
        now = noisy(usual, rng)
        if month == ODD:
            now.loc[rng.random(len(now)) < 0.7, BOUGHT] = 0.0
        now, truth = now[here].reset_index(drop=True), set(usual["customer_id"][changed])
        found = periods.compare(model, before, now, known)
        rows.append(held_against(found, now, before, truth, last) | {"month": month})
        before, last = now, rows[-1].pop("told")
        known |= set(now["customer_id"])
    return pd.DataFrame(rows)


def noisy(usual: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A month's figures around usual ones."""
    now = usual.copy()
    for name in AMOUNTS:
        now[name] *= np.exp(rng.normal(0, 0.08, len(now)))
    for name in FREQUENCIES:
        step = rng.choice([-1, 0, 1], len(now), p=[0.1, 0.8, 0.1]) / 12
        now[name] = np.where(now[name] > 0, (now[name] + step).clip(1 / 12, 1), 0).round(6)
    return now.assign(PURCHASES=now["ONEOFF_PURCHASES"] + now["INSTALLMENTS_PURCHASES"])


def held_against(
    found: periods.Comparison, now: pd.DataFrame, before: pd.DataFrame, truth: set[str], last: dict | None
) -> dict[str, object]:
    """What was found of one month's planted changes, and what was decided."""
    movers = found.movers
    planted = movers["customer_id"].isin(truth) & movers["status"].eq("moved")
    beyond = planted & (movers["crossed"] > movers["noise"])
    real = movers["kind"].eq(REAL)
    traced = challenger.fit(found.model, found.placed_now)
    fresh = challenger.as_model(found.model, traced, now, K)
    lineage = challenger.summary(found.model, traced, fresh)
    former = last["segments"] if last else []
    people = periods.identity.people(now, found.placed_now.segment)
    called = periods.identity.renamed(periods.identity.carried(found.model, former), people, former)[1]
    tally = periods.tally(found, now)
    told = decision.judge(
        lineage,
        periods.bridge(found),
        drift.of_segments(found.model, tally),
        drift.together(found.model, tally),
        periods.drift(found, before, now),
        last,
    )
    return {
        "real": int(real.sum()),
        "flicker": int(movers["kind"].eq(FLICKER).sum()),
        "found": int((real & planted).sum()),
        "planted": int(planted.sum()),
        "beyond": int(beyond.sum()),
        "found_beyond": int((real & beyond).sum()),
        "precision": (real & planted).sum() / max(real.sum(), 1),
        "recall": (real & beyond).sum() / max(beyond.sum(), 1),
        "kept": sum(fate.kind in KEPT for fate in traced.fates),
        "loss": traced.loss,
        "decision": told["decision"],
        "failing": sum(one["failed"] > 0 for one in called),
        "renamed": sum(one["formerly"] is not None for one in called),
        "told": told | {"segments": called},
    }


def million(model: scoring.SegmentModel, customers: pd.DataFrame, rows: int) -> None:
    """Seconds of the comparison beside the plain merge of both periods, and the peak of memory."""
    rng = np.random.default_rng(0)
    many = customers.iloc[rng.integers(0, len(customers), rows)].reset_index(drop=True)
    many["customer_id"] = [f"C{number}" for number in range(rows)]
    later = noisy(many, rng)
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in (("before", many), ("now", later)):
            frame.to_parquet(f"{folder}/{name}.parquet")
        started = time.perf_counter()
        both = [pd.read_parquet(f"{folder}/{name}.parquet") for name in ("before", "now")]
        both[0].merge(both[1], on="customer_id", how="outer", suffixes=("_before", "_now"))
        plain = time.perf_counter() - started
    started = time.perf_counter()
    found = periods.compare(model, many, later)
    compared = time.perf_counter() - started
    periods.bridge(found)
    challenger.fit(model, found.placed_now)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows:,} customers: plain merge {plain:.1f} s, who moved {compared:.1f} s, with challenger {seconds:.1f} s")
    print(f"peak memory {peak:,.0f} MB")


if __name__ == "__main__":
    main()
