"""The whole road by other algorithms: outliers, codes, soft membership, sub-groups."""

import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from seg_utils.core import paths
from seg_utils.scoring import model

from .islands import islands

pytestmark = [pytest.mark.end_to_end, pytest.mark.xdist_group("end_to_end")]


def report(data, outputs, *words):
    base = [f"DATA={data}", f"OUTPUTS={outputs}", "KMAX=3", "RENDERER=builtin"]
    command = [sys.executable, "-m", "seg_utils", "report", *base, *words]
    return subprocess.run(command, cwd=paths.PROJECT, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def by_density(tmp_path_factory):
    """A run by DBSCAN, with a K that it does not look at; what it said and its folder."""
    folder = tmp_path_factory.mktemp("density")
    islands().to_csv(folder / "islands.csv", index=False)
    done = report(folder / "islands.csv", folder, "ALGORITHM=dbscan", "K=7", "SUBSEGMENT=1")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, folder / "islands" / "log-median-kmax3" / "dbscan-sub1"


@pytest.fixture(scope="module")
def by_mixture(small_file, tmp_path_factory):
    """A run by a mixture on the codes of an autoencoder, all segments looked into; its folder."""
    folder = tmp_path_factory.mktemp("mixture")
    done = report(small_file, folder, "PRESET=b", "ALGORITHM=gmm", "K=3", "ENCODER=12-4", "SUBSEGMENT=all")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "small-file" / "standard-mean-enc12-4-kmax3" / "gmm-k3-suball"


def test_a_k_that_is_not_looked_at_is_said_to_be(by_density):
    said, run = by_density
    assert "K=7 is not looked at: dbscan finds its own number" in said
    assert json.loads((run / "manifest.json").read_text())["parameters"]["K_chosen_by"] == "algorithm"


def test_outliers_are_a_group_and_no_segment(by_density):
    _, run = by_density
    segments = pd.read_csv(run / "segments.csv")
    metrics = json.loads((run / "metrics.json").read_text())
    out = segments["segment"] == -1
    assert out.sum() == metrics["outliers"] > 20
    assert set(segments.loc[out, "persona"]) == {"Outliers"}
    assert set(segments["campaign"]) == {"first"}
    assert segments.loc[out, "next_segment"].between(0, metrics["k"] - 1).all()
    assert sum(metrics["sizes"]) + metrics["outliers"] == len(segments) == metrics["n_customers"]
    for name in ("strategy.csv", "money.csv", "economics.csv", "test_plan.csv"):
        assert pd.read_csv(run / name)["segment"].tolist() == list(range(metrics["k"])), name
    money = pd.read_csv(run / "money.csv")
    assert money["customers_share"].sum() == pytest.approx(1 - out.mean())
    assert (pd.read_csv(run / "profiles.csv")["segment"] >= 0).all()
    assert (pd.read_csv(run / "outliers.csv")["segment"] == -1).all()


def test_the_report_tells_of_outliers(by_density):
    _, run = by_density
    page = re.sub(r"\s+", " ", (run / "report.html").read_text())
    assert "are unlike any segment and in none" in page
    assert "What sets the outliers apart from all customers" in page


def test_the_saved_model_places_everyone_as_the_run_did(by_density, by_mixture):
    for run in (by_density[1], by_mixture):
        frame = pd.read_parquet(run.parents[1] / "customers.parquet")
        placed = model.load(run / "model.json").place(frame)
        np.testing.assert_array_equal(placed["segment"], pd.read_csv(run / "segments.csv")["segment"])


def test_soft_membership_is_left_for_every_customer(by_mixture):
    memberships = pd.read_parquet(by_mixture / "memberships.parquet")
    probabilities = memberships.drop(columns="customer_id").to_numpy()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)
    segments = pd.read_csv(by_mixture / "segments.csv", dtype={"customer_id": str})
    assert memberships["customer_id"].tolist() == segments["customer_id"].tolist()
    np.testing.assert_array_equal(probabilities.argmax(axis=1), segments["segment"])


def test_the_encoding_is_measured_and_shown(by_mixture):
    told = json.loads((by_mixture / "metrics.json").read_text())["encoding"]
    assert told["sizes"] == [12, 4]
    assert len(told["partitions"]) == 4
    page = (by_mixture / "report.html").read_text()
    assert "Encoded features" in page
    assert "figure-loss" in page
    assert "figure-sureness" in page


def test_rules_are_told_in_features_whatever_was_clustered(by_mixture):
    rules = json.loads((by_mixture / "rules.json").read_text())
    features = {condition["feature"] for rule in rules for condition in rule["conditions"]}
    assert features <= set(model.load(by_mixture / "model.json").space.features)


def test_every_segment_was_looked_into(by_mixture, by_density):
    inside = pd.read_csv(by_mixture / "subsegments.csv", dtype={"customer_id": str})
    assert set(inside["segment"]) == {0, 1, 2}
    assert [one["segment"] for one in json.loads((by_density[1] / "subsegments.json").read_text())] == [1]
    assert "figure-tree-2" in (by_mixture / "report.html").read_text()


def test_where_an_algorithm_finds_no_segments_that_is_one_line(small_file, by_mixture):
    done = report(small_file, by_mixture.parents[2], "ALGORITHM=dbscan", "SCALE=standard", "IMPUTE=mean")
    assert done.returncode == 2
    one_line = r"^error: DBSCAN .* finds .* no segments to report; try ALGORITHM=kmeans$"
    assert re.search(one_line, done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr
