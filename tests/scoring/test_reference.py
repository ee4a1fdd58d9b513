import json

import numpy as np
import pandas as pd
import pytest

from seg_utils.scoring import reference

CUSTOMERS = pd.DataFrame({"BALANCE": [0.0] * 60 + list(range(1, 31)) + [np.nan] * 10})


def test_shares_up_to_each_distinct_decile_sum_to_one():
    described = reference.describe(CUSTOMERS, ("BALANCE",), np.arange(100.0), 7).ranges["BALANCE"]
    assert described.edges[0] == 0.0
    assert described.shares[0] == pytest.approx(60 / 90)
    assert sum(described.shares) == pytest.approx(1.0)
    assert len(described.shares) == len(described.edges) + 1
    assert (described.low, described.high, described.median) == (0.0, 30.0, 0.0)
    assert described.missing == pytest.approx(0.1)


def test_values_on_an_edge_count_below_it():
    assert reference.counts(np.array([0.0, 1.0, 1.5, 2.0, 9.0]), (1.0, 2.0)).tolist() == [2, 2, 1]


def test_a_reference_survives_json():
    described = reference.describe(CUSTOMERS, ("BALANCE",), np.arange(100.0), 7)
    assert reference.Reference.from_dict(json.loads(json.dumps(described.to_dict()))) == described


def test_places_are_between_the_deciles_and_the_middle_where_a_value_is_missing():
    trained = reference.describe(CUSTOMERS, ("BALANCE",), np.arange(100.0), 7).ranges["BALANCE"]
    found = reference.places(np.array([-5.0, 0.0, trained.edges[1], 1e9, np.nan]), trained)
    assert found[:4].tolist() == [0.0, 0.0, 1.0, len(trained.edges)]
    assert found[4] == pytest.approx(np.dot(np.arange(len(trained.shares)), trained.shares))
