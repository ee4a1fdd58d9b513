"""Every customer of a large table gets the segment that the model gives; sums of all are those that pandas adds up."""

import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering
from seg_utils.core.artefacts import read_json
from seg_utils.data import load, sample
from seg_utils.data import population as large
from seg_utils.features import feature_space
from seg_utils.scoring import model
from seg_utils.strategy import assumptions, population
from seg_utils.strategy.valuing import valued

WORDS = {"colour": 0, "description": "They do as they do.", "share": 0.2, "actions": {"now": "Call", "later": "Write"}}


@pytest.fixture(scope="module")
def placed(tmp_path_factory):
    """Folders of a sample and of a run on it, and what was written of all."""
    folder = tmp_path_factory.mktemp("bank")
    sample.generate(3000, seed=5)[0].to_parquet(folder / "bank.parquet")
    known, run = folder / "known", folder / "run"
    known.mkdir()
    run.mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(large, "SAMPLED", 1000)
        large.write(folder / "bank.parquet", known / "bank.parquet")
        patched.setattr(population, "ROWS", 701)
        customers = load(known / "bank.parquet").frame
        customers.to_parquet(folder / "customers.parquet")
        fitted = feature_space.fit(customers, scale="log", impute="median")
        found = clustering.kmeans(fitted.transform(customers), 4, seed=1, min_starts=5, max_starts=5)
        made = model.build(customers, fitted, found, algorithm="kmeans", seed=1)
        made.described([WORDS | {"persona": f"P{segment}"} for segment in range(4)]).save(run / "model.json")
        made.place(customers).assign(customer_id=customers["customer_id"]).to_parquet(run / "assignments.parquet")
        population.write(known / "population.json", folder, run, "us")
    return run, pd.read_parquet(known / "all"), made, customers


def test_every_customer_is_placed_as_the_model_places_one(placed):
    run, everybody, made, _ = placed
    written = pd.read_parquet(run / "all_customers")
    assert written["customer_id"].tolist() == everybody["customer_id"].tolist()
    expected = made.place(everybody)
    pd.testing.assert_frame_equal(written[list(expected)], expected, check_exact=True)


def test_sizes_and_money_are_those_of_all_customers(placed):
    run, everybody, made, customers = placed
    told = pd.read_csv(run / "population.csv")
    labels = made.place(everybody)["segment"]
    assert told["customers"].tolist() == labels.value_counts().sort_index().tolist()
    value = pd.Series(valued(everybody, assumptions.load())["value"])
    np.testing.assert_allclose(told["value"], value.groupby(labels).sum(), rtol=1e-12)
    np.testing.assert_allclose(told[["customers_share", "sample_share", "value_share", "purchases_share"]].sum(), 1.0)
    sampled = made.place(customers)["segment"].value_counts(normalize=True).sort_index()
    np.testing.assert_allclose(told["sample_share"], sampled)
    assert ((told["customers_share"] - told["sample_share"]).abs() < 2 * told["chance"]).all()
    assert read_json(run / "population.json")["mean_squared_distance"]["all"] == pytest.approx(
        (made.place(everybody)["distance"] ** 2).mean()
    )


def test_medians_of_all_lie_where_the_sample_says_nineteen_times_in_twenty(placed):
    run, everybody, made, _ = placed
    told = pd.read_csv(run / "population_profiles.csv")
    by_segment = everybody.groupby(made.place(everybody)["segment"].to_numpy())
    true = pd.concat({"true": by_segment.median(numeric_only=True).stack()}, axis=1).reset_index()
    both = told.merge(true, left_on=["segment", "feature"], right_on=["level_0", "level_1"])
    assert len(both) == len(told)
    inside = (both["median_low"] <= both["true"]) & (both["true"] <= both["median_high"])
    assert inside.mean() >= 0.9
    means = by_segment.mean(numeric_only=True).stack()
    np.testing.assert_allclose(told["mean"], means.reindex(pd.MultiIndex.from_frame(told[["segment", "feature"]])))


def test_the_same_again_gives_the_same_bytes(placed, monkeypatch):
    run, *_ = placed
    monkeypatch.setattr(population, "ROWS", 701)
    before = {path.name: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    population.write(run.parent / "known" / "population.json", run.parent, run, "us")
    assert {path.name: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
