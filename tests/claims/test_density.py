"""DBSCAN on points whose clusters are known."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.claims import laboratory

PER_BLOB = 60


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(5)
    near, far = rng.normal(0, 0.2, (PER_BLOB, 2)), rng.normal(3, 0.2, (PER_BLOB, 2))
    return laboratory.dbscan_search({"standard": np.vstack([near, far]), "log": np.vstack([near, near + 0.01])})


def at(found, scale, radius, neighbours):
    [row] = found.query("scale == @scale and radius == @radius and neighbours == @neighbours").itertuples(index=False)
    return row.clusters, row.noise


def test_every_setting_on_every_scale_is_tried(found):
    assert len(found) == 2 * len(laboratory.RADII) * len(laboratory.NEIGHBOURS)
    assert at(found, "standard", 1.0, 5) == (2, 0.0)
    assert at(found, "standard", 4.0, 5)[0] == 1
    assert laboratory.most_dbscan_clusters(found) == 2


def test_the_remark_counts_settings_on_each_scale(found):
    said = laboratory.dbscan_remark(found, "log")
    assert said == "On the log scale none of 24 settings tried gives two such clusters."
    fit = int(((found["clusters"] > 1) & (found["noise"] <= 0.5)).sum())
    assert 1 < fit < 24
    said = laboratory.dbscan_remark(found, "standard")
    assert said.startswith(f"On the standard scale {fit} of 24 settings tried give two or")


def test_a_setting_that_leaves_out_most_customers_does_not_count():
    columns = ["scale", "radius", "neighbours", "clusters", "noise"]
    found = pd.DataFrame([("log", 1.0, 5, 7, 0.51), ("log", 2.0, 5, 2, 0.03)], columns=columns)
    assert laboratory.most_dbscan_clusters(found) == 2
    assert laboratory.dbscan_remark(found, "log") == (
        "On the log scale 1 of 2 settings tried gives two or more: with 5 neighbours and radius 2 there are 2, and 3 % "
        "noise."
    )
    assert laboratory.most_dbscan_clusters(found[:1]) == 0
    at_half = found[:1].assign(noise=0.5)
    assert laboratory.most_dbscan_clusters(at_half) == 7
    assert laboratory.dbscan_remark(at_half, "log").startswith("On the log scale 1 of 1 settings")


@pytest.mark.parametrize(("customers", "clusters"), [(9, 1), (10, 2)])
def test_less_than_a_hundredth_of_the_customers_is_no_cluster(customers, clusters):
    rng = np.random.default_rng(6)
    many, speck = rng.normal(0, 0.2, (1000 - customers, 2)), rng.normal(9, 0.01, (customers, 2))
    assert at(laboratory.dbscan_search({"log": np.vstack([many, speck])}), "log", 1.0, 5)[0] == clusters


def test_customers_left_out_are_no_cluster_however_many():
    far = np.column_stack([np.arange(20.0) * 50, np.full(20, 99.0)])
    found = laboratory.dbscan_search({"log": np.vstack([np.random.default_rng(6).normal(0, 0.2, (80, 2)), far])})
    assert at(found, "log", 1.0, 5) == (1, 0.2)
