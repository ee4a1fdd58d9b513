"""How often a segment's name comes back, on customers that are easily told apart."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.features import feature_space
from seg_utils.personas import survival

LABELS = np.repeat([0, 1], [60, 30])
RANDOM = np.random.default_rng(2)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": [f"c{number}" for number in range(90)],
        "BALANCE": 100 + 8900 * LABELS + RANDOM.normal(size=90),
        "PURCHASES": RANDOM.normal(500, 1, 90),
    }
)


@pytest.fixture
def named(monkeypatch):
    """Shares of repeats in which names survive, where segments are called by how much they owe."""
    asked = []

    def match(customers, labels, profiles, catalogue):
        owed = customers["BALANCE"].groupby(labels).mean()
        asked.append(tuple(customers["customer_id"]))
        return [{"persona": "Rich" if owed[segment] > 1000 else "Poor"} for segment in sorted(owed.index)]

    monkeypatch.setattr(survival, "match", match)
    space = feature_space.fit(CUSTOMERS, scale="standard", impute="median", features=["BALANCE", "PURCHASES"])

    def shares(names, ks):
        return survival.names_survive(CUSTOMERS, LABELS, names, space, None, ks, seed=4)

    return shares, asked


def test_names_survive_as_often_as_their_best_counterparts_bear_them(named):
    shares, asked = named
    assert shares(["Poor", "Rich"], [2, 2, 2]) == [1, 1]
    assert len(set(asked)) == 3, "each repeat draws others"
    assert {len(ids) for ids in asked} == {round(0.632 * 90)}
    assert shares(["Poor", "Poor"], [2, 2]) == [1, 0]
    assert shares(["Rich", "Poor"], [2, 2]) == [0, 0]


def test_each_repeat_is_filled_and_scaled_as_the_whole_was(named, monkeypatch):
    asked, fit = [], feature_space.fit
    monkeypatch.setattr(feature_space, "fit", lambda few, **options: asked.append(options) or fit(few, **options))
    named[0](["Poor", "Rich"], [2, 2])
    assert asked == [{"scale": "standard", "impute": "median", "features": ("BALANCE", "PURCHASES")}] * 2


def test_a_repeat_without_segments_has_no_names(named):
    shares, _ = named
    assert shares(["Poor", "Rich"], [2, None, None, 2]) == [0.5, 0.5]
    assert shares(["Poor", "Rich"], []) == [0, 0]


def test_a_counterpart_is_the_most_alike_not_the_largest():
    labels = np.array([0, 0, 0, 1, 1, 1, 1, 1])
    others = np.array([1, 1, 0, 0, 0, 0, 0, 0])
    assert survival._counterparts(labels, others) == [1, 0]
