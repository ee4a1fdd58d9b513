"""Sub-groups inside a segment."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from seg_utils.core.errors import ParameterError
from seg_utils.evaluation.resampling import stability
from seg_utils.features import feature_space
from seg_utils.personas import subgroups

RANDOM = np.random.default_rng(4)
BALANCE = [100.0, 6000.0, 600.0, 600.0, 600.0]
PURCHASES = [500.0, 500.0, 40.0, 900.0, 9000.0]
SIZES = [150, 150, 200, 140, 90]
KIND = np.repeat(np.arange(5), SIZES)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": [f"c{number}" for number in range(sum(SIZES))],
        "BALANCE": np.repeat(BALANCE, SIZES) * RANDOM.lognormal(0, 0.15, sum(SIZES)),
        "PURCHASES": np.repeat(PURCHASES, SIZES) * RANDOM.lognormal(0, 0.15, sum(SIZES)),
    }
)
# Segment 0 holds three kinds of customers, segment 1 two; a third has too few to look into
LABELS = np.where(KIND >= 2, 0, 1)
LABELS[np.flatnonzero(KIND == 1)[:20]] = 2
X = feature_space.fit(CUSTOMERS, scale="log", impute="median").transform(CUSTOMERS)
NAMES = ["Spenders", "Owers", "Few"]


@pytest.fixture(scope="module")
def everything():
    return subgroups.look(CUSTOMERS, X, LABELS, NAMES, "all", seed=1)


def test_planted_sub_groups_are_found_and_hold(everything):
    told, table = everything
    assert [len(one["subgroups"]) for one in told] == [3, 2, 0]
    assert [one["holds"] for one in told] == [True, True, False]
    inside = table[table["segment"] == 0]
    kinds = KIND[inside.index.to_numpy()] if inside.index.equals(table.index) else KIND[LABELS == 0]
    assert adjusted_rand_score(kinds, inside["subgroup"]) > 0.99


def test_sub_groups_are_numbered_by_size_and_described_in_original_units(everything):
    told, table = everything
    first = told[0]
    assert [one["size"] for one in first["subgroups"]] == [200, 140, 90]
    assert sum(one["share"] for one in first["subgroups"]) == pytest.approx(1.0)
    [chosen] = [one for one in first["candidates"] if one["number"] == 3]
    assert chosen["smallest_share"] == pytest.approx(90 / 430)
    medians = [one["medians"]["PURCHASES"] for one in first["subgroups"]]
    members = table[table["segment"] == 0]
    for number, median in enumerate(medians):
        ids = members.loc[members["subgroup"] == number, "customer_id"]
        own = CUSTOMERS.set_index("customer_id").loc[ids, "PURCHASES"].median()
        assert median == pytest.approx(own)
    assert first["subgroups"][2]["sets_apart"][0]["feature"] == "PURCHASES"
    assert first["subgroups"][2]["sets_apart"][0]["direction"] == "high"


def test_one_row_a_customer_of_the_segment_in_input_order():
    told, table = subgroups.look(CUSTOMERS, X, LABELS, NAMES, 1, seed=1)
    assert [one["segment"] for one in told] == [1]
    assert table["customer_id"].tolist() == CUSTOMERS.loc[LABELS == 1, "customer_id"].tolist()
    assert set(table["persona"]) == {"Owers"}


def test_no_segment_asked_for_is_nothing():
    told, table = subgroups.look(CUSTOMERS, X, LABELS, NAMES, None, seed=1)
    assert told == []
    assert table.empty


def test_a_segment_that_is_not_there_is_refused():
    with pytest.raises(ParameterError, match="SUBSEGMENT=3 is not one of the 3 segments"):
        subgroups.look(CUSTOMERS, X, LABELS, NAMES, 3, seed=1)


def test_the_order_of_the_customers_does_not_matter(everything):
    order = np.random.default_rng(2).permutation(len(X))
    told, table = subgroups.look(
        CUSTOMERS.iloc[order].reset_index(drop=True), X[order], LABELS[order], NAMES, "all", seed=1
    )
    assert json.dumps(told[0]["tree"]) == json.dumps(everything[0][0]["tree"])
    both = table.merge(everything[1], on="customer_id")
    assert (both["subgroup_x"] == both["subgroup_y"]).all()


def test_one_cloud_holds_no_sub_groups():
    cloud = np.random.default_rng(3).normal(size=(len(X), 2))
    told, _ = subgroups.look(CUSTOMERS, cloud, np.zeros(len(X), dtype=int), ["All"], 0, seed=1)
    assert not told[0]["holds"]
    assert told[0]["subgroups"]


def test_the_cut_of_the_tree_parts_as_many_branches(everything):
    for told in everything[0][:2]:
        tree, number = told["tree"], len(told["subgroups"])
        feet = {x[end] for x, y in zip(tree["x"], tree["y"], strict=True) for end in (0, 3) if y[end] == 0}
        assert sorted(feet) == [5 + 10 * leaf for leaf in range(len(tree["leaves"]))]
        crossing = sum(int(y[end] < tree["cut"] < y[1]) for y in tree["y"] for end in (0, 3))
        assert crossing == number
        assert sum(tree["leaves"]) == told["customers"]


@pytest.mark.parametrize(
    ("customers", "distinct", "found"), [(60, 60, True), (59, 59, False), (60, 5, False), (60, 6, True)]
)
def test_a_segment_of_too_few_or_too_equal_customers_is_not_looked_into(customers, distinct, found):
    some = np.random.default_rng(3).normal(size=(distinct, 2))[np.arange(customers) % distinct]
    labels = np.zeros(customers, dtype=int)
    told, _ = subgroups.look(CUSTOMERS.head(customers), some, labels, ["All"], 0, seed=1)
    assert (told[0]["tree"] is not None) == found


def test_each_sub_group_has_its_own_stability(monkeypatch):
    """Two hundred far from a cloud that is cut where it happens to be."""
    monkeypatch.setattr(subgroups, "NUMBERS", (3,))
    random = np.random.default_rng(9)
    far, cloud = random.normal(size=(200, 2)) / 5 + 30, random.normal(size=(300, 2))
    told, _ = subgroups.look(CUSTOMERS.head(500), np.vstack([cloud, far]), np.zeros(500, dtype=int), ["All"], 0, seed=1)
    first, *others = told[0]["subgroups"]
    assert (first["size"], first["jaccard"], first["grade"]) == (200, 1.0, stability.FIRM)
    assert all(one["jaccard"] < 0.8 for one in others)


def test_a_customer_far_from_all_others_is_a_leaf_of_one():
    random = np.random.default_rng(8)
    far = np.vstack([random.normal(size=(80, 2)), [[60.0, 60.0]]])
    told, _ = subgroups.look(CUSTOMERS.head(81), far, np.zeros(81, dtype=int), ["All"], 0, seed=1)
    leaves = told[0]["tree"]["leaves"]
    assert 1 in leaves
    assert sum(leaves) == 81


def test_beyond_the_named_size_the_tree_is_a_samples(monkeypatch, everything):
    monkeypatch.setattr(subgroups, "MOST_ROWS", 200)
    told, table = subgroups.look(CUSTOMERS, X, LABELS, NAMES, 0, seed=1)
    assert sum(told[0]["tree"]["leaves"]) == 200
    assert adjusted_rand_score(KIND[LABELS == 0], table["subgroup"]) > 0.99
    assert [one["size"] for one in told[0]["subgroups"]] == [200, 140, 90]
