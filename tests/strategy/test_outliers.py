"""Customers in no segment: shares are of all customers, and no row is theirs."""

import numpy as np
import pytest

from seg_utils import strategy


@pytest.fixture
def with_outliers(labels):
    """The last ten of the third segment are in none."""
    return np.where(np.arange(100) >= 90, -1, labels)


@pytest.fixture
def fewer(people):
    return [*people[:2], people[2] | {"size": 10, "share": 0.1}]


def test_money_is_of_all_customers(customers, with_outliers):
    table = strategy.money(customers, with_outliers)
    assert table["segment"].tolist() == [0, 1, 2]
    assert table["customers_share"].tolist() == [0.5, 0.3, 0.1]
    np.testing.assert_allclose(table["purchases_share"], [50 / 60, 0, 5 / 60])


def test_concentration_names_a_segment(customers, with_outliers):
    customers.loc[90:, "CASH_ADVANCE"] = 1e6
    table = strategy.concentration(customers, strategy.money(customers, with_outliers)).set_index("measure")
    assert table.at["cash_advances", "segment"] == 1
    assert table.at["cash_advances", "top_share"] > 0.9


def test_value_is_a_share_of_all_customers_value(customers, with_outliers, fewer, labels, people, assumptions):
    nobody = np.zeros(len(customers), dtype=bool)
    some = strategy.Valuation(customers, with_outliers, fewer, assumptions, nobody).economics()
    everyone = strategy.Valuation(customers, labels, people, assumptions, nobody).economics()
    assert some["segment"].tolist() == [0, 1, 2]
    total = everyone["segment_value"].sum()
    np.testing.assert_allclose(some["value_share"], some["segment_value"] / total)
    assert some.at[2, "value_share"] == pytest.approx(everyone.at[2, "value_share"] / 2)
