"""All customers of a table of which a sample was analysed: each placed; sizes, means and money of their segments."""

from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.clustering import OUTLIERS
from seg_utils.core import artefacts
from seg_utils.core.threads import cores, parallel
from seg_utils.data.columns.matching import ID
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
    assigned = pd.read_parquet(run / "assignments.parquet")
    sample = pd.read_parquet(dataset / "customers.parquet").assign(segment=assigned["segment"].to_numpy())
    groups, sums = _place(model, assumed, sorted(known.with_name(ALL).glob("*.parquet")), run / PLACED)
    value = pd.Series(priced(VALUE, assumed.prices, groups)["value"]).groupby(groups["segment"]).sum()
    outliers_last = (sums["segment"] % (len(model.sizes) + 1)).argsort()
    sums = sums.iloc[outliers_last].assign(value=lambda one: one["segment"].map(value)).reset_index(drop=True)
    artefacts.write_csv(run / SEGMENTS, _segments(sums, sample, model))
    artefacts.write_csv(run / PROFILES, _profiles(sums, sample, list(model.space.inputs)))
    distances = {
        "all": float(sums["squared_distance"].sum() / sums["customers"].sum()),
        "sample": float((assigned["distance"] ** 2).mean()),
    }
    artefacts.write_json(run / POPULATION, artefacts.read_json(known) | {"mean_squared_distance": distances})


def _place(
    model: SegmentModel, assumed: Assumptions, files: list[Path], folder: Path
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each customer with segment, confidence and distance as Parquet parts in a folder.

    Returns:
        The sums that the economics are computed from, one row for the customers of a segment and a tenure; and counts,
        means and sums of all, one row a segment.
    """
    inputs = list(model.space.inputs)

    def placed(batch: pa.RecordBatch) -> tuple[pa.Table, pd.DataFrame, pd.DataFrame]:
        customers = batch.to_pandas()
        found = model.place(customers)
        table = pa.table({ID: batch[ID]} | {name: column.to_numpy() for name, column in found.items()})
        rows = pd.DataFrame(grouping.rows(customers, assumed))
        return table, rows.groupby([found["segment"], "tenure"]).sum(), _sums(customers[inputs], found)

    groups: list[pd.DataFrame] = []
    sums: list[pd.DataFrame] = []
    with artefacts.replacing_folder(folder) as temporary:
        for file in files:
            with pq.ParquetFile(file) as source, ExitStack() as closing:
                batches, writer = source.iter_batches(ROWS, use_threads=False), None
                while ahead := list(islice(batches, cores())):
                    for table, group_sums, segment_sums in parallel(placed, ahead):
                        writer = writer or closing.enter_context(pq.ParquetWriter(temporary / file.name, table.schema))
                        writer.write_table(table)
                        groups.append(group_sums)
                        sums.append(segment_sums)
    whole = pd.concat(sums).groupby(level="segment").sum()
    for name in inputs:
        whole[name] /= whole["customers"] - whole[f"{name} missing"]
    return pd.concat(groups).groupby(["segment", "tenure"]).sum().reset_index(), whole.reset_index()


def _sums(values: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Of some customers' values (n, inputs): counts, sums, missing values and sums of what is above zero, one row a
    segment."""
    raw = values.to_numpy(dtype=np.float64)
    absent = np.isnan(raw)
    filled = np.where(absent, 0.0, raw)
    counted = {"customers": np.ones(len(raw)), "squared_distance": found["distance"].to_numpy() ** 2}
    measured = np.column_stack([*counted.values(), filled, absent, filled.clip(min=0)])
    segments, place = np.unique(found["segment"], return_inverse=True)
    members = np.equal.outer(np.arange(len(segments)), place).astype(float)
    names = [*counted, *values, *(f"{name} missing" for name in values), *(f"{name} held" for name in values)]
    return pd.DataFrame(members @ measured, columns=names, index=pd.Index(segments, name="segment"))


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
            "customers": sums["customers"].astype(int),
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
