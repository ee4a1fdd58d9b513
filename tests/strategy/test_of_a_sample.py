"""Customers who are a sample of a table: what is added up is of all, what is said of one customer stays."""

import numpy as np
import pandas as pd
import pytest

from seg_utils import strategy
from seg_utils.data import sample

STANDS_FOR = 2.6
KINDS = ["revolvers", "cash_advance_dependent"]

AMOUNTS = [f"campaign_value_{case}" for case in ("low", "base", "high")] + ["segment_value", "campaign_cost"]
COUNTS = ["worth_contacting", "contacted"]
OF_ONE = ["value_per_customer", "lifetime_value", "value_share", "lever_value", "cost_each", "break_even_effect"]


@pytest.fixture(scope="module")
def customers():
    return sample.generate(600, seed=3)[0].reset_index(drop=True)


@pytest.fixture
def told(customers, assumptions):
    """``economics``, ``sensitivity``, ``plan`` and ``portfolio`` of these customers alone, and of those whom they stand
    for."""
    labels, held_out = np.arange(600) % 2, np.arange(600) % 5 == 0

    def tell(stands_for):
        people = [
            {"segment": number, "persona": kind, "persona_id": kind, "size": round(300 * stands_for)}
            for number, kind in enumerate(KINDS)
        ]
        valuation = strategy.Valuation(customers, labels, people, assumptions, held_out, stands_for)
        economics = valuation.economics()
        return {
            "economics": economics.set_index("segment"),
            "sensitivity": valuation.sensitivity().set_index("name"),
            "plan": strategy.test_plan(valuation, economics).set_index("segment"),
            "portfolio": strategy.portfolio(customers, assumptions, stands_for=stands_for),
        }

    return tell(1.0), tell(STANDS_FOR)


def test_amounts_and_counts_are_of_all_and_what_one_customer_brings_stays(told):
    few, all_of_them = (tables["economics"] for tables in told)
    assert (few["contacted"] > 0).all()
    pd.testing.assert_frame_equal(all_of_them[AMOUNTS], few[AMOUNTS] * STANDS_FOR)
    pd.testing.assert_frame_equal(all_of_them[COUNTS], (few[COUNTS] * STANDS_FOR).round().astype("int64"))
    pd.testing.assert_frame_equal(all_of_them[OF_ONE], few[OF_ONE])
    assert all_of_them["customers"].tolist() == [780, 780]
    few, all_of_them = (tables["sensitivity"] for tables in told)
    totals = ["total_low", "total_high", "span"]
    pd.testing.assert_frame_equal(all_of_them[totals], few[totals] * STANDS_FOR)
    assert all_of_them["best_low"].tolist() == few["best_low"].tolist()


def test_all_customers_together_return_what_the_sample_does(told):
    few, all_of_them = (tables["portfolio"] for tables in told)
    for name in ("value", "balances", "lifetime_value", "lifetime_value_low", "lifetime_value_high"):
        assert all_of_them[name] == pytest.approx(few[name] * STANDS_FOR)
    assert all_of_them["return_on_balances"] == pytest.approx(few["return_on_balances"])


def test_a_test_of_all_finds_more_and_holds_out_whom_the_economics_leave_out(told):
    few, all_of_them = (tables["plan"] for tables in told)
    same = ["usual", "effect_that_matters", "needed_per_group"]
    pd.testing.assert_frame_equal(all_of_them[same], few[same])
    assert (all_of_them["power_here"] > few["power_here"]).all()
    economics = told[1]["economics"]
    assert all_of_them["treated"].tolist() == economics["contacted"].tolist()
    assert (all_of_them["control"] + all_of_them["treated"]).tolist() == economics["worth_contacting"].tolist()
