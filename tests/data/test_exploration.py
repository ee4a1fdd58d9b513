"""Payment behaviour, at its thresholds."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import skew

from seg_utils.data import exploration

CUSTOMERS = pd.DataFrame(
    {
        "BALANCE": [500.0, 500.0, 500.0, 500.0, -20.0, 100.0],
        "CREDIT_LIMIT": [1000.0, 1000.0, 250.0, 1000.0, 1000.0, 0.0],
        "PAYMENTS": [300.0, 110.0, 111.0, 0.0, 300.0, 50.0],
        "MINIMUM_PAYMENTS": [100.0, 100.0, 100.0, 100.0, 100.0, np.nan],
        "PRC_FULL_PAYMENT": [0.5, 0.49, 0.0, 0.0, 1.0, 0.0],
    }
)


def test_each_customer_pays_in_one_way():
    kinds = ["full payers", "minimum payers", "revolvers", "paid nothing", "full payers", "revolvers"]
    assert exploration.payment_kinds(CUSTOMERS).tolist() == kinds


def test_utilisation_is_of_the_limit_nothing_in_credit_and_unknown_without_a_limit():
    np.testing.assert_array_equal(exploration.utilisation(CUSTOMERS), [0.5, 0.5, 2.0, 0.5, 0.0, np.nan])


def test_the_table_counts_every_way_to_pay_and_has_medians():
    table = exploration.payment_table(CUSTOMERS.drop(index=3))
    assert list(table) == ["payment", "customers", "share", "utilisation", "balance"]
    table = table.set_index("payment")
    assert table.index.tolist() == list(exploration.PAYMENT_KINDS)
    assert table["customers"].tolist() == [2, 2, 1, 0]
    assert table["share"].tolist() == [0.4, 0.4, 0.2, 0.0]
    assert table.at["full payers", "balance"] == 240.0


def test_payments_show_only_where_every_column_is_there():
    assert exploration.can_show_payments(CUSTOMERS)
    assert not any(exploration.can_show_payments(CUSTOMERS.drop(columns=name)) for name in CUSTOMERS)


def test_skewed_amounts_with_zeros_are_called_so_and_told_their_transformation():
    amounts = pd.DataFrame({"BALANCE": [0.0] * 30 + [10.0] * 60 + [5000.0] * 3, "TENURE": [6.0, 12.0, 9.0] * 31})
    table = exploration.shapes(amounts).set_index("feature")
    assert table["shape"].tolist() == ["zero-heavy and skewed", "even"]
    assert table["transform"].tolist() == ["log1p", "none"]
    assert table.loc["BALANCE", ["median", "maximum", "zeros"]].tolist() == [10.0, 5000.0, 30 / 93]
    assert table.at["BALANCE", "skewness"] == pytest.approx(skew(amounts["BALANCE"], bias=False))
    assert table.at["BALANCE", "skewness_log1p"] == pytest.approx(skew(np.log1p(amounts["BALANCE"]), bias=False))
