"""DBSCAN on points whose clusters are known."""

import numpy as np
import pytest

from seg_utils.claims import density
from seg_utils.claims.density import Found, Setting

PER_BLOB = 60


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(5)
    near, far = rng.normal(0, 0.2, (PER_BLOB, 2)), rng.normal(3, 0.2, (PER_BLOB, 2))
    return density.search({"standard": np.vstack([near, far]), "log": np.vstack([near, near + 0.01])})


def test_every_setting_on_every_scale_is_tried(found):
    assert len(found) == 2 * len(density.RADII) * len(density.NEIGHBOURS)
    assert found[Setting("standard", 1.0, 5)] == Found(2, 0.0)
    assert found[Setting("standard", 4.0, 5)].clusters == 1
    assert density.most_clusters(found) == 2


def test_the_remark_counts_settings_on_each_scale(found):
    assert density.remark(found, "log") == "On the log scale none of 24 settings tried gives two such clusters."
    fit = sum(one.comparable for one in found.values())
    assert 1 < fit < 24
    assert density.remark(found, "standard").startswith(f"On the standard scale {fit} of 24 settings tried give two or")


def test_a_setting_that_leaves_out_most_customers_does_not_count():
    found = {Setting("log", 1.0, 5): Found(7, 0.51), Setting("log", 2.0, 5): Found(2, 0.03)}
    assert density.most_clusters(found) == 2
    assert density.remark(found, "log") == (
        "On the log scale 1 of 2 settings tried gives two or more: with 5 neighbours and radius 2 there are 2, and 3 % "
        "noise."
    )
    assert density.most_clusters({Setting("log", 1.0, 5): Found(7, 0.51)}) == 0


def test_a_speck_is_no_cluster():
    rng = np.random.default_rng(6)
    many, speck = rng.normal(0, 0.2, (1000, 2)), rng.normal(9, 0.01, (6, 2))
    assert density.search({"log": np.vstack([many, speck])})[Setting("log", 1.0, 5)].clusters == 1
