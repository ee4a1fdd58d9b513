"""What a run gives to other tools, from its artefacts alone: tables for business intelligence, and the model card."""

from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from seg_utils import strategy
from seg_utils.core import artefacts
from seg_utils.core.artefacts import read_json
from seg_utils.reporting import exports, model_card
from seg_utils.scoring import model


def write(dataset: Path, run: Path) -> None:
    """Write ``bi/`` and ``model_card.md`` into a run folder. Raises ValueError: the model does not place the customers
    it was made from in the segments of ``segments.csv``."""
    segments = model.load(run / "model.json")
    customers = pd.read_parquet(dataset / "customers.parquet")
    assumed = strategy.assumptions.load(market=read_json(run / "portfolio.json")["market"])
    assigned = artefacts.read_csv(run / "segments.csv", ["segment", "control_group"], ["campaign"])
    with threadpool_limits(1):  # the number of threads changes the last bits of a distance
        scored = exports.customers_scored(
            segments,
            customers,
            assigned[["campaign", "control_group"]],
            strategy.customer_values(customers, assumed),
            pd.read_parquet(dataset / "descriptors.parquet"),
        )
    if not (scored["segment"] == assigned["segment"]).all():
        raise ValueError("model.json and segments.csv place customers in different segments")
    profiles = [table for name in ("outliers", "profiles") if len(table := pd.read_csv(run / f"{name}.csv"))]
    money, economics = (pd.read_csv(run / f"{name}.csv") for name in ("money", "economics"))
    plan = pd.read_csv(run / "test_plan.csv", dtype={"pooled_with": "str"})
    plan = plan.fillna({"pooled_with": ""})  # CSV does not tell an empty text from a missing one
    exports.write(
        run,
        {
            "customers_scored": scored,
            "segment_profiles": exports.segment_profiles(segments, pd.concat(profiles)),
            "segment_descriptors": pd.read_parquet(run / "segment_descriptors.parquet"),
            "strategy": exports.strategy_table(
                strategy.table(read_json(run / "personas.json"), money, economics, plan)
            ),
        },
    )
    findings, metrics = read_json(dataset / "quality.json"), read_json(run / "metrics.json")
    card = model_card.page(segments, findings, metrics, artefacts.versions())
    artefacts.write_text(run / model_card.NAME, card)
