"""A campaign on three thousand bundled customers, the planted personas being the segments."""

import numpy as np
import pandas as pd
import pytest

from seg_utils import strategy
from seg_utils.core.artefacts import write_csv, write_json
from seg_utils.data import sample
from seg_utils.strategy.decisions import CONTACT, HELD_OUT
from seg_utils.strategy.results import plan as campaign_plan

KINDS = [kind.name for kind in sample.PERSONAS]
CAMPAIGN = "spring"


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """What a run leaves behind of a campaign."""
    dataset = tmp_path_factory.mktemp("outputs") / "some"
    run = dataset / "log-median" / "k7"
    run.mkdir(parents=True)
    customers, truth = sample.generate(3000, seed=11)
    customers = customers.rename(columns={"CUST_ID": "customer_id"})
    labels = truth["persona_id"].map(KINDS.index).to_numpy()
    people = [
        {
            "segment": segment,
            "size": int((labels == segment).sum()),
            "persona_id": kind,
            "persona": kind.replace("_", " ").capitalize(),
            "colour": segment,
            "no_move": None,
        }
        for segment, kind in enumerate(KINDS)
    ]
    assumed = strategy.assumptions.load()
    held_out = strategy.control_group(customers["customer_id"], assumed.test.control_share, CAMPAIGN)
    valuation = strategy.Valuation(customers, labels, people, assumed, held_out)
    economics = valuation.economics()
    customers.to_parquet(dataset / "customers.parquet")
    drawn = customers[["customer_id"]].assign(segment=labels, campaign=CAMPAIGN, control_group=held_out)
    drawn["campaign_part"] = np.where(held_out, HELD_OUT, CONTACT)
    write_csv(run / "segments.csv", drawn)
    write_json(run / "personas.json", people)
    write_json(run / "portfolio.json", {"market": "us"})
    write_json(run / "model.json", {"sha256": "0" * 64})
    write_csv(run / "economics.csv", economics)
    write_csv(run / "test_plan.csv", strategy.test_plan(valuation, economics))
    return run


@pytest.fixture(scope="session")
def plan(run_folder) -> campaign_plan.Plan:
    return campaign_plan.read(run_folder)


@pytest.fixture(scope="session")
def purchases(plan) -> pd.DataFrame:
    """A quarter's purchases; those contacted who are premium buy half as much again, nobody else changes."""
    rng = np.random.default_rng(3)
    usual = plan.customers["PURCHASES"] / 4 * np.exp(rng.normal(0, 0.3, len(plan.customers)))
    premium = (plan.drawn["segment"] == KINDS.index("premium")) & ~plan.drawn["control_group"]
    return plan.drawn[["customer_id"]].assign(purchases=usual * (1 + 0.5 * premium))
