"""All customers of a table of which a sample was analysed: each placed, and contacted or held out by the campaign;
sizes, means and money of their segments."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.clustering import OUTLIERS
from seg_utils.core import artefacts
from seg_utils.core.artefacts import read_json
from seg_utils.core.parameters import table_address
from seg_utils.core.threads import streamed
from seg_utils.data import database
from seg_utils.data.columns.matching import ID
from seg_utils.data.loading import POPULATION
from seg_utils.data.population import ALL
from seg_utils.data.streaming import workers
from seg_utils.data.streaming.workers import Made, Task
from seg_utils.scoring import model as scoring
from seg_utils.scoring.model import SegmentModel
from seg_utils.strategy import assumptions, campaign_draw, grouping
from seg_utils.strategy.campaign_draw import Campaign
from seg_utils.strategy.campaigns import Valuation
from seg_utils.strategy.decisions import CONTACT, HELD_OUT
from seg_utils.strategy.formulas import VALUE, priced
from seg_utils.strategy.overview import measures

PLACED = "all_customers"  # the folder of Parquet parts with each customer's segment
SEGMENTS, PROFILES = "population.csv", "population_profiles.csv"
ROWS = 50_000
SCHEMA = pa.schema(
    [
        (ID, pa.string()),
        ("segment", pa.int64()),
        ("confidence", pa.float64()),
        ("next_segment", pa.int64()),
        ("distance", pa.float64()),
        ("campaign", pa.string()),
        ("control_group", pa.bool_()),
        ("campaign_part", pa.string()),
    ]
)
REPEATED = ["campaign", "campaign_part"]  # columns of few values, which Parquet keeps once each
NINETEEN_IN_TWENTY = 1.96


def write(known: Path, dataset: Path, run: Path, market: str, campaign: str) -> None:
    """Place all customers by the run's model, draw the run's campaign among them, and write what their segments are and
    hold.

    Args:
        known: the ``POPULATION`` file beside the sample and the parts of all customers.
        dataset: folder of the sample's ``customers.parquet``.
        run: folder of the run, which gets ``PLACED``, ``SEGMENTS`` (one row a segment, outliers as the last),
            ``PROFILES`` (one row a segment and feature) and ``POPULATION``.
        market: whose prices the values rest on.
        campaign: the name of the campaign.
    """
    model, assumed = scoring.load(run / "model.json"), assumptions.load(market=market)
    people, decided = read_json(run / "personas.json"), pd.read_csv(run / "strategy.csv")
    assigned = pd.read_parquet(run / "assignments.parquet")
    customers, labels = pd.read_parquet(dataset / "customers.parquet"), assigned["segment"].to_numpy()
    sample = customers.assign(segment=labels)
    drawn = campaign_draw.learnt(campaign, Valuation(customers, labels, people, assumed), decided)
    groups, sums = _place(model, drawn, known, run / PLACED)
    value = pd.Series(priced(VALUE, assumed.prices, groups)["value"]).groupby(groups["segment"]).sum()
    outliers_last = (sums["segment"] % (len(model.sizes) + 1)).argsort()
    sums = sums.iloc[outliers_last].assign(value=lambda one: one["segment"].map(value)).reset_index(drop=True)
    artefacts.write_csv(run / SEGMENTS, _segments(sums, sample, model))
    artefacts.write_csv(run / PROFILES, _profiles(sums, sample, list(model.space.inputs)))
    distances = {
        "all": float(sums["squared_distance"].sum() / sums["customers"].sum()),
        "sample": float((assigned["distance"] ** 2).mean()),
    }
    artefacts.write_json(run / POPULATION, read_json(known) | {"mean_squared_distance": distances})


def _place(model: SegmentModel, campaign: Campaign, known: Path, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each customer with segment, confidence, distance and part in the campaign as Parquet files in a folder.

    Returns:
        The sums that the economics are computed from, one row for the customers of a segment and a tenure; and counts,
        means and sums of all, one row a segment.
    """
    task, everybody = partial(placed, model=model, campaign=campaign), known.with_name(ALL)
    with artefacts.replacing_folder(folder) as temporary:
        if table := table_address.named_in(read_json(known)):
            with database.engine(folder.parent, table) as engine:
                customers = database.of_spark(database.parquet(engine, everybody))
                notes = workers.run(customers, task, SCHEMA, temporary)
        else:
            notes = list(_placed_here(task, sorted(everybody.glob("*.parquet")), temporary))
    groups, sums = (pd.concat([pd.DataFrame(note[name]) for note in notes]) for name in ("groups", "sums"))
    whole = sums.groupby("segment").sum()
    for name in model.space.inputs:
        whole[name] /= whole["customers"] - whole[f"{name} missing"]
    return groups.groupby(["segment", "tenure"]).sum().reset_index(), whole.reset_index()


def placed(tables: Iterable[pa.Table], model: SegmentModel, campaign: Campaign) -> Made:
    """Customers as ``SCHEMA`` says and, in a note, the sums over them: a task of ``workers``."""
    groups, sums = [], []
    for table in tables:
        customers = table.to_pandas()
        placed_customers = model.place(customers)
        rows = grouping.rows(customers, campaign.assumptions)
        drawn = campaign.drawn(customers[ID], rows, placed_customers["segment"])
        found = pd.concat([placed_customers, drawn], axis=1)
        yield pa.table({ID: table[ID]} | {name: found[name].to_numpy() for name in SCHEMA.names if name != ID})
        groups.append(pd.DataFrame(rows).groupby([found["segment"], "tenure"]).sum())
        sums.append(_sums(customers[list(model.space.inputs)], found))
    if groups:
        added = {"groups": pd.concat(groups).groupby(["segment", "tenure"]), "sums": pd.concat(sums).groupby("segment")}
        yield {name: rows.sum().reset_index().to_dict("list") for name, rows in added.items()}


def _placed_here(task: Task, files: list[Path], folder: Path) -> Iterator[dict[str, Any]]:
    """The task in this process: a file for each of ``files``, and all notes."""
    for file in files:
        target = folder / file.name
        with pq.ParquetFile(file) as source, pq.ParquetWriter(target, SCHEMA, use_dictionary=REPEATED) as writer:
            tables = (pa.Table.from_batches([batch]) for batch in source.iter_batches(ROWS, use_threads=False))
            for table, note in streamed(lambda table: [*task([table])], tables):
                writer.write_table(table.cast(SCHEMA))
                yield note


def _sums(values: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Of some customers' values (n, inputs): counts, sums, missing values and sums of what is above zero, one row a
    segment."""
    segment = found["segment"]
    by_segment = values.groupby(segment)
    customers = by_segment.size()
    return pd.concat(
        [
            customers.rename("customers"),
            (found["distance"] ** 2).groupby(segment).sum().rename("squared_distance"),
            (found["campaign_part"] == CONTACT).groupby(segment).sum().rename("contacted"),
            (found["campaign_part"] == HELD_OUT).groupby(segment).sum().rename("held_out"),
            by_segment.sum(),
            by_segment.count().rsub(customers, axis=0).add_suffix(" missing"),
            values.clip(lower=0).groupby(segment).sum().add_suffix(" held"),
        ],
        axis=1,
    )


def _segments(sums: pd.DataFrame, sample: pd.DataFrame, model: SegmentModel) -> pd.DataFrame:
    """Sizes, shares and money of all beside the sample's shares, and how far these could be off by chance."""
    names = {number: words["persona"] for number, words in enumerate(model.segments)} | {OUTLIERS: "Outliers"}
    share, total = sums["customers"] / sums["customers"].sum(), sums["value"].sum()
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
            "contacted": sums["contacted"].astype(int),
            "held_out": sums["held_out"].astype(int),
            "value": sums["value"],
            "value_share": sums["value"] / (total if total > 0 else np.nan),
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
