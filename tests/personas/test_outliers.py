"""Shares of segments where some customers are in none."""

import numpy as np
import pandas as pd
import pytest

from seg_utils import personas
from seg_utils.clustering import OUTLIERS
from seg_utils.reporting import narrative


def test_shares_are_of_all_customers(planted, profiles, catalogue, people):
    customers, labels = planted
    twice = pd.concat([customers] * 2, ignore_index=True)
    half = personas.match(twice, np.concatenate([labels, np.full(len(labels), OUTLIERS)]), profiles, catalogue)
    assert [one["share"] for one in half] == pytest.approx([one["share"] / 2 for one in people])
    assert [one["persona"] for one in half] == [one["persona"] for one in people]


def test_page_one_says_of_whom_a_share_is(people):
    verdict, metrics = {"recommended_k": 7}, {"stability": {"grades": ["firm"] * len(people)}}
    table = shares_of(people)
    assert " of them, the smallest" in narrative.findings(people, table, verdict, metrics)[0]
    half = [one | {"share": one["share"] / 2} for one in people]
    assert " of all customers, the smallest" in narrative.findings(half, table, verdict, metrics)[0]


def shares_of(people):
    return pd.DataFrame(
        {
            "segment": [one["segment"] for one in people],
            "persona": [one["persona"] for one in people],
            "customers_share": [one["share"] for one in people],
        }
    )
