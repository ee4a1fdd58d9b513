"""All customers of a table of which a sample was analysed: each placed; sizes, means and money of their segments."""

from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.clustering import OUTLIERS
from seg_utils.core import artefacts
from seg_utils.core.threads import cores, parallel
from seg_utils.data import database
from seg_utils.data.loading import POPULATION
from seg_utils.data.population import ALL
from seg_utils.scoring import model as scoring
from seg_utils.scoring.model import SegmentModel
from seg_utils.strategy import assumptions, grouping
from seg_utils.strategy.definitions import Assumptions
from seg_utils.strategy.formulas import VALUE, priced
from seg_utils.strategy.shares import measures

PLACED = "all_customers"
"""The folder of Parquet parts with each customer's segment."""

SEGMENTS, PROFILES = "population.csv", "population_profiles.csv"
ROWS = 50_000
NINETEEN_IN_TWENTY = 1.96


def write(known: Path, dataset: Path, run: Path, market: str) -> None:
    """Place all customers by the run's model, and write what their segments are and hold.

    Args:
        known: the ``POPULATION`` file beside the sample and the parts of all customers.
        dataset: folder of the sample's ``customers.parquet``.
        run: folder of the run, which gets ``PLACED``, ``SEGMENTS`` (one row a segment, outliers as the last),
            ``PROFILES`` (one row a segment and feature) and ``POPULATION``.
        market: whose prices the values rest on.
    """
    model, assumed = scoring.load(run / "model.json"), assumptions.load(market=market)
    groups = _place(model, assumed, sorted(known.with_name(ALL).glob("*.parquet")), run / PLACED)
    value = pd.Series(priced(VALUE, assumed.prices, groups)["value"]).groupby(groups["segment"]).sum()
    assigned = pd.read_parquet(run / "assignments.parquet")
    sample = pd.read_parquet(dataset / "customers.parquet").assign(segment=assigned["segment"].to_numpy())
    with database.engine(run) as engine:
        placed = database.parquet(engine, run / PLACED)
        sums = _sums(placed, list(model.space.inputs), list(measures(sample[list(model.space.inputs)]).values()))
    outliers_last = (sums["segment"] % (len(model.sizes) + 1)).argsort()
    sums = sums.iloc[outliers_last].assign(value=lambda one: one["segment"].map(value)).reset_index(drop=True)
    artefacts.write_csv(run / SEGMENTS, _segments(sums, sample, model))
    artefacts.write_csv(run / PROFILES, _profiles(sums, sample, list(model.space.inputs)))
    distances = {
        "all": float(sums["squared_distance"].sum() / sums["customers"].sum()),
        "sample": float((assigned["distance"] ** 2).mean()),
    }
    artefacts.write_json(run / POPULATION, artefacts.read_json(known) | {"mean_squared_distance": distances})


def _place(model: SegmentModel, assumed: Assumptions, files: list[Path], folder: Path) -> pd.DataFrame:
    """Each customer with segment, confidence and distance as Parquet parts in a folder.

    Returns:
        The sums that the economics are computed from, one row for the customers of a segment and a tenure.
    """

    def placed(batch: pa.RecordBatch) -> tuple[pa.Table, pd.DataFrame]:
        customers = batch.to_pandas()
        found = model.place(customers)
        table = pa.Table.from_pandas(pd.concat([customers, found], axis=1), preserve_index=False)
        rows = pd.DataFrame(grouping.rows(customers, assumed))
        return table, rows.groupby([found["segment"], "tenure"]).sum()

    groups: list[pd.DataFrame] = []
    with artefacts.replacing_folder(folder) as temporary:
        for file in files:
            with pq.ParquetFile(file) as source, ExitStack() as closing:
                batches, writer = source.iter_batches(ROWS, use_threads=False), None
                while ahead := list(islice(batches, cores())):
                    for table, sums in parallel(placed, ahead):
                        writer = writer or closing.enter_context(pq.ParquetWriter(temporary / file.name, table.schema))
                        writer.write_table(table)
                        groups.append(sums)
    return pd.concat(groups).groupby(["segment", "tenure"]).sum().reset_index()


def _sums(placed: Any, inputs: list[str], held: list[str]) -> pd.DataFrame:
    """Exact counts and sums of all customers, one row a segment, in one pass."""
    features = {name: placed[name].mean() for name in inputs}
    missing = {f"{name} missing": placed[name].isnull().sum() for name in inputs}
    amounts = {f"{name} held": placed[name].clip(lower=0).sum() for name in held}
    return (
        placed.group_by("segment")
        .aggregate(
            customers=placed.count(),
            squared_distance=(placed["distance"] * placed["distance"]).sum(),
            **features,
            **missing,
            **amounts,
        )
        .to_pyarrow()
        .to_pandas()
    )


def _segments(sums: pd.DataFrame, sample: pd.DataFrame, model: SegmentModel) -> pd.DataFrame:
    """Sizes, shares and money of all beside the sample's shares, and how far these could be off by chance."""
    names = {number: words["persona"] for number, words in enumerate(model.segments)} | {OUTLIERS: "Outliers"}
    share = sums["customers"] / sums["customers"].sum()
    sampled = sums["segment"].map(sample["segment"].value_counts(normalize=True)).fillna(0.0)
    held = {
        f"{measure}_share": sums[f"{name} held"] / max(sums[f"{name} held"].sum(), 1e-300)
        for measure, name in measures(sample).items()
        if f"{name} held" in sums
    }
    return pd.DataFrame(
        {
            "segment": sums["segment"],
            "persona": sums["segment"].map(names),
            "customers": sums["customers"],
            "customers_share": share,
            "sample_share": sampled,
            "chance": NINETEEN_IN_TWENTY * np.sqrt(share * (1 - share) / len(sample)),
            "value": sums["value"],
            "value_share": sums["value"] / sums["value"].sum(),
            **held,
        }
    )


def _profiles(sums: pd.DataFrame, sample: pd.DataFrame, inputs: list[str]) -> pd.DataFrame:
    """Means of all; medians of the sample, with the order statistics that enclose the median of all nineteen times in
    twenty (the binomial interval of a quantile)."""
    rows = []
    for _, counted in sums.iterrows():
        members = sample[sample["segment"] == counted["segment"]]
        for name in inputs:
            values = members[name].dropna()
            off = NINETEEN_IN_TWENTY * 0.5 / max(len(values), 1) ** 0.5
            low, median, high = (
                values.quantile([max(0.5 - off, 0), 0.5, min(0.5 + off, 1)]) if len(values) else [None] * 3
            )
            rows.append(
                {
                    "segment": int(counted["segment"]),
                    "feature": name,
                    "mean": counted[name],
                    "missing": int(counted[f"{name} missing"]),
                    "sample_median": median,
                    "median_low": low,
                    "median_high": high,
                }
            )
    return pd.DataFrame(rows)
