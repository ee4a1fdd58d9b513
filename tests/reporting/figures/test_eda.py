"""What the figures of a customers file say."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.reporting.figures import eda

from .saying import said


@pytest.fixture
def customers():
    balance = np.linspace(0, 999, 200)
    return pd.DataFrame(
        {
            "BALANCE": balance,
            "CREDIT_LIMIT": np.full(200, 1000.0),
            "PAYMENTS": balance,
            "MINIMUM_PAYMENTS": balance / 10,
            "PRC_FULL_PAYMENT": np.where(np.arange(200) < 50, 1.0, 0.0),
        }
    )


def test_a_bar_says_from_where_to_where_in_the_features_unit_and_how_many(customers):
    told = said(eda.distributions(customers[["BALANCE", "PRC_FULL_PAYMENT"]]))
    assert len(told) == 2 * eda.BINS
    assert told[0] == "Balance · $0 to $0.26 · 1 customer"
    assert told[eda.BINS - 1].startswith("Balance · $793 to $999 · ")
    assert told[-1] == "Full-payment share · 97 % to 100 % · 50 customers"
    counted = [int(text.split(" · ")[-1].split()[0]) for text in told[: eda.BINS]]
    assert sum(counted) == 200


def test_a_cell_says_which_two_features_and_their_correlation():
    names = ["BALANCE", "PAYMENTS"]
    correlation = pd.DataFrame([[1, -0.5], [-0.5, 1]], index=names, columns=names)
    assert said(eda.correlations(correlation))[1] == "Balance and Payments · correlation −0.50"


def test_payment_kinds_say_their_customers(customers):
    told = said(eda.payments(customers))
    assert told[0].startswith("Balance as a share of the credit limit · 0 % to ")
    assert told[eda.BINS :][-1] == "Full payers · 50 customers"
