"""Every customer of a large table gets the segment that the model gives; sums of all are those that pandas adds up."""

import shutil
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering, strategy
from seg_utils.clustering import OUTLIERS
from seg_utils.clustering.partition import by_exemplars, in_order
from seg_utils.core.artefacts import read_json, write_csv, write_json
from seg_utils.data import load, sample
from seg_utils.data import population as large
from seg_utils.features import feature_space
from seg_utils.scoring import model
from seg_utils.strategy import assumptions, campaign_draw, population
from seg_utils.strategy.grouping import rows, valued

CAMPAIGN = "spring"
KINDS = ["premium", "one_off_buyers", "cash_advance_dependent", "transactors"]
DECIDED = pd.DataFrame({"segment": range(4), "decision": ["make", "not now", "care", "try"]})
WORDS = {"colour": 0, "description": "They do as they do.", "share": 0.2, "actions": {"now": "Call", "later": "Write"}}


def with_outliers(X):
    """Four segments of X and, in none, the twentieth of the customers farthest from their centre."""
    found = clustering.kmeans(X, 4, seed=1, min_starts=5, max_starts=5)
    far = ((X - found.centroids[found.labels]) ** 2).sum(axis=1)
    labels = np.where(far > np.quantile(far, 0.95), OUTLIERS, found.labels)
    order = in_order(X)
    condensed = by_exemplars(X[order], X[order], labels[order])
    back = np.empty_like(labels)
    back[order] = condensed.labels
    return replace(condensed, labels=back)


def planned(run, customers, labels):
    """What a run leaves behind of a campaign on its customers."""
    people = [
        {"segment": segment, "size": int((labels == segment).sum()), "persona_id": kind, "persona": f"P{segment}"}
        | {"no_move": None, "colour": segment}
        for segment, kind in enumerate(KINDS)
    ]
    write_json(run / "personas.json", people)
    write_csv(run / "strategy.csv", DECIDED)


def drawn_as(run, customers, labels):
    """The run's campaign, to be drawn among others."""
    people = read_json(run / "personas.json")
    return campaign_draw.learnt(CAMPAIGN, strategy.Valuation(customers, labels, people, assumptions.load()), DECIDED)


@pytest.fixture(scope="module")
def placed(tmp_path_factory):
    """Folders of a sample and of a run on it, and what was written of all, who come in three parts."""
    folder = tmp_path_factory.mktemp("bank")
    generated = sample.generate(3000, seed=5)[0]
    generated.loc[::50, "BALANCE"] = -12.5
    generated.to_parquet(folder / "bank.parquet")
    known, run = folder / "known", folder / "run"
    known.mkdir()
    run.mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(large, "SAMPLED", 1000)
        large.write(folder / "bank.parquet", known / "bank.parquet")
        [whole] = (known / "all").glob("*.parquet")
        for number, start in enumerate((0, 800, 2500)):
            pd.read_parquet(whole).iloc[start : [800, 2500, 3000][number]].to_parquet(
                known / "all" / f"p{number}.parquet"
            )
        whole.unlink()
        patched.setattr(population, "ROWS", 301)
        customers = load(known / "bank.parquet").frame
        customers.to_parquet(folder / "customers.parquet")
        fitted = feature_space.fit(customers, scale="log", impute="median")
        found = with_outliers(fitted.transform(customers))
        made = model.build(customers, fitted, found, algorithm="hdbscan", seed=1)
        made.described([WORDS | {"persona": f"P{segment}"} for segment in range(4)]).save(run / "model.json")
        assigned = made.place(customers).assign(customer_id=customers["customer_id"])
        assigned.to_parquet(run / "assignments.parquet")
        planned(run, customers, assigned["segment"].to_numpy())
        population.write(known / "population.json", folder, run, "us", CAMPAIGN)
    return run, pd.read_parquet(known / "all"), made, customers


def test_shares_of_a_total_that_is_a_loss_are_not_told(placed):
    _, _, made, customers = placed
    sums = pd.DataFrame({"segment": [0, 1], "customers": [9, 1], "contacted": 0, "held_out": 0, "value": [10.0, -11.0]})
    sample = customers.assign(segment=0)
    assert population._segments(sums, sample, made)["value_share"].isna().all()
    assert population._segments(sums.assign(value=[10.0, -5.0]), sample, made)["value_share"].tolist() == [2.0, -1.0]


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
    assert told["segment"].tolist() == [0, 1, 2, 3, OUTLIERS]
    assert told["persona"].tolist() == ["P0", "P1", "P2", "P3", "Outliers"]
    by_segment = labels.value_counts().reindex(told["segment"])
    assert told["customers"].tolist() == by_segment.tolist()
    value = pd.Series(valued(everybody, assumptions.load())["value"]).groupby(labels).sum().reindex(told["segment"])
    np.testing.assert_allclose(told["value"], value, rtol=1e-12)
    np.testing.assert_allclose(told["value_share"], value / value.sum())
    owed = everybody["BALANCE"].clip(lower=0).groupby(labels).sum().reindex(told["segment"])
    np.testing.assert_allclose(told["balances_share"], owed / owed.sum())
    share = by_segment.to_numpy() / 3000
    np.testing.assert_allclose(told["customers_share"], share)
    np.testing.assert_allclose(told["chance"], 1.96 * np.sqrt(share * (1 - share) / len(customers)))
    sampled = made.place(customers)["segment"].value_counts(normalize=True).reindex(told["segment"])
    np.testing.assert_allclose(told["sample_share"], sampled)
    distances = read_json(run / "population.json")["mean_squared_distance"]
    for name, whose in (("all", everybody), ("sample", customers)):
        assert distances[name] == pytest.approx((made.place(whose)["distance"] ** 2).mean())


def test_a_share_is_told_of_what_customers_are_compared_by_and_of_nothing_else(placed, tmp_path):
    run, everybody, _, customers = placed
    few = tmp_path / "few"
    few.mkdir()
    for name in ("known", "customers.parquet"):
        (tmp_path / name).symlink_to(run.parent / name)
    space = feature_space.fit(customers, scale="log", impute="median", features=["BALANCE", "PAYMENTS"])
    found = clustering.kmeans(space.transform(customers), 4, seed=1, min_starts=5, max_starts=5)
    made = model.build(customers, space, found, algorithm="kmeans", seed=1)
    made.described([WORDS | {"persona": f"P{segment}"} for segment in range(4)]).save(few / "model.json")
    assigned = made.place(customers).assign(customer_id=customers["customer_id"])
    assigned.to_parquet(few / "assignments.parquet")
    planned(few, customers, assigned["segment"].to_numpy())
    population.write(tmp_path / "known" / "population.json", tmp_path, few, "us", CAMPAIGN)
    told = pd.read_csv(few / "population.csv")
    owed = everybody["BALANCE"].clip(lower=0).groupby(made.place(everybody)["segment"]).sum()
    np.testing.assert_allclose(told["balances_share"], owed / owed.sum())
    assert "purchases_share" not in told


def test_medians_of_all_lie_where_the_sample_says_nineteen_times_in_twenty(placed):
    run, everybody, made, customers = placed
    told = pd.read_csv(run / "population_profiles.csv")
    by_segment = everybody.groupby(made.place(everybody)["segment"].to_numpy())
    true = pd.concat({"true": by_segment.median(numeric_only=True).stack()}, axis=1).reset_index()
    both = told.merge(true, left_on=["segment", "feature"], right_on=["level_0", "level_1"])
    assert len(both) == len(told)
    inside = (both["median_low"] <= both["true"]) & (both["true"] <= both["median_high"])
    assert inside.mean() >= 0.9
    missing = everybody["MINIMUM_PAYMENTS"].isna().groupby(made.place(everybody)["segment"]).sum()
    of_minimum = told[told["feature"] == "MINIMUM_PAYMENTS"].set_index("segment")
    assert of_minimum["missing"].to_dict() == missing.to_dict()
    members = customers.loc[(made.place(customers)["segment"] == 1).to_numpy(), "MINIMUM_PAYMENTS"].dropna()
    half_width = 0.98 / len(members) ** 0.5
    expected = members.quantile([0.5 - half_width, 0.5, 0.5 + half_width]).tolist()
    assert of_minimum.loc[1, ["median_low", "sample_median", "median_high"]].tolist() == pytest.approx(expected)
    means = by_segment.mean(numeric_only=True).stack()
    np.testing.assert_allclose(told["mean"], means.reindex(pd.MultiIndex.from_frame(told[["segment", "feature"]])))


def test_the_campaign_is_drawn_among_all_customers_by_the_rule_that_drew_it_in_the_sample(placed):
    run, everybody, _, customers = placed
    written = pd.read_parquet(run / "all_customers").set_index("customer_id")
    assumed = assumptions.load()
    held_out = strategy.control_group(everybody["customer_id"], assumed.test.control_share, CAMPAIGN)
    assert written["control_group"].tolist() == held_out.tolist()
    labels = pd.read_parquet(run / "assignments.parquet")["segment"]
    people = read_json(run / "personas.json")
    worth = strategy.Valuation(customers, labels.to_numpy(), people, assumed).worth_contacting
    own = strategy.control_group(customers["customer_id"], assumed.test.control_share, CAMPAIGN)
    expected = strategy.parts(DECIDED, labels, worth, own)
    assert written.loc[customers["customer_id"], "campaign_part"].tolist() == expected.tolist()
    assert set(expected) == {"contact", "held out", "none"}
    in_parts = written.groupby("segment")["campaign_part"].value_counts()
    assert in_parts[1].index.tolist() == in_parts[OUTLIERS].index.tolist() == ["none"]
    told = pd.read_csv(run / "population.csv").set_index("segment")
    for column, part in (("contacted", "contact"), ("held_out", "held out")):
        counted = (written["campaign_part"] == part).groupby(written["segment"]).sum()
        assert told[column].to_dict() == counted.to_dict()


def test_who_has_more_than_anybody_of_the_sample_counts_to_the_last_band_and_who_has_nobody_alike_is_left_alone(placed):
    run, _, _, customers = placed
    labels = pd.read_parquet(run / "assignments.parquet")["segment"].to_numpy()
    campaign = drawn_as(run, customers, labels)
    drawer = customers[(labels == 2) & (customers["CASH_ADVANCE"] > 0) & (customers["TENURE"] == 12)].head(1)
    others = pd.concat([drawer.assign(CASH_ADVANCE=1e9), drawer.assign(CASH_ADVANCE=0.0), drawer, drawer])
    each = rows(others, campaign.assumptions)
    found = campaign.drawn(others["customer_id"], each, pd.Series([2, 2, OUTLIERS, 1]))
    assert (found["campaign_part"] != "none").tolist()[:3] == [True, False, False]
    unheard_of = replace(campaign, bands={})
    assert (unheard_of.drawn(others["customer_id"], each, pd.Series([2] * 4))["campaign_part"] == "none").all()


def test_the_same_again_gives_the_same_bytes(placed, monkeypatch):
    run, *_ = placed
    monkeypatch.setattr(population, "ROWS", 301)
    before = {path.name: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    population.write(run.parent / "known" / "population.json", run.parent, run, "us", CAMPAIGN)
    assert {path.name: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_customers_who_were_left_in_spark_are_placed_by_its_workers(placed, tmp_path, monkeypatch):
    run, _, made, customers = placed
    labels = pd.read_parquet(run / "assignments.parquet")["segment"].to_numpy()
    campaign = drawn_as(run, customers, labels)
    shutil.copytree(run.parent / "known" / "all", tmp_path / "known" / "all")
    known = tmp_path / "known" / "population.json"
    here = population._place(made, campaign, write(known, {}), tmp_path / "here")
    asked = []

    def work(customers, task, schema, folder):
        asked.append((customers, schema))
        return list(population._placed_here(task, sorted(customers.glob("*.parquet")), folder))

    monkeypatch.setattr(population.database, "engine", lambda folder, table: nullcontext(table))
    monkeypatch.setattr(population.database, "parquet", lambda engine, everybody: everybody / engine.table)
    monkeypatch.setattr(population.database, "of_spark", lambda customers: customers.parent)
    monkeypatch.setattr(population.workers, "run", work)
    note = write(known, {"database": "spark", "table": "customers"})
    there = population._place(made, campaign, note, tmp_path / "there")
    assert asked == [(tmp_path / "known" / "all", population.SCHEMA)]
    for by_workers, by_this_process in zip(there, here, strict=True):
        pd.testing.assert_frame_equal(by_workers, by_this_process)
    assert len(pd.read_parquet(tmp_path / "there")) == 3000


def write(path, note):
    write_json(path, note)
    return path
