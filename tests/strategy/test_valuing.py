from dataclasses import replace

import numpy as np
import pytest

from seg_utils import strategy
from seg_utils.strategy import valuing


@pytest.fixture
def priced(assumptions):
    """Round prices to reckon with."""
    prices = {
        "months_covered": 12, "interchange": 0.01, "apr": 0.2, "cash_advance_fee": 0.04, "funding_cost": 0.05,
        "loss_rate": 0.1, "servicing_cost": 10, "margin": 0.5, "contact_call": 1, "base_response": 0.1,
    }  # fmt: skip
    for name, value in prices.items():
        assumptions = assumptions.changed(name, value)
    return assumptions


def test_annual_value_by_hand(customers, labels, people, priced):
    table = strategy.economics(customers, labels, people, priced).set_index("segment")
    first, second, third = (table.loc[segment] for segment in range(3))
    assert first["interchange"] == 10
    assert first["interest"] == 0
    assert first["value_per_customer"] == pytest.approx(10 - 5 - 10)
    assert second["interest"] == 400
    assert second["losses"] == -200
    assert second["value_per_customer"] == pytest.approx(400 + 120 - 100 - 200 - 10)
    assert third["interest"] == 40
    assert second["segment_value"] == pytest.approx(30 * 210)
    assert table["value_share"].sum() == pytest.approx(1)


def test_campaign_value_and_break_even_by_hand(customers, labels, people, priced):
    table = strategy.economics(customers, labels, people, priced).set_index("segment")
    uplift = priced.move("cash_advance_dependent").uplift["base"]
    responder = 200 * uplift
    assert table.at[1, "responder_value_base"] == pytest.approx(responder)
    assert table.at[1, "campaign_value_base"] == pytest.approx(30 * 0.1 * responder - 30)
    assert table.at[1, "break_even_response"] == pytest.approx(1 / responder)
    at_break_even = priced.changed("base_response", 1 / responder)
    again = strategy.economics(customers, labels, people, at_break_even).set_index("segment")
    assert again.at[1, "campaign_value_base"] == pytest.approx(0)


def test_no_response_breaks_even_where_a_contact_costs_more_than_a_responder_brings(customers, labels, people, priced):
    for name in priced.items:
        priced = priced.changed(name, 1e6) if name.startswith("contact_") else priced
    table = strategy.economics(customers, labels, people, priced)
    assert table["break_even_response"].isna().all()
    assert (table["campaign_value_base"] < 0).tolist() == [True, True, False]  # nobody contacts the unnamed


def test_every_channel_of_a_move_is_paid_and_every_responder_given_the_benefit(customers, labels, people, priced):
    person = people[1] | {"persona_id": "near_limit"}
    priced = priced.changed("contact_app", 0.25).changed("benefit_scale", 2)
    row = strategy.economics(customers, labels, [people[0], person, people[2]], priced).loc[1]
    move = priced.move("near_limit")
    assert move.channels == ("call", "app")
    assert row["contact_cost"] == 1.25
    assert row["benefit"] == 2 * move.benefit > 0
    for case in ("low", "base", "high"):
        responder = 200 * move.uplift[case] - 2 * move.benefit
        assert row[f"responder_value_{case}"] == pytest.approx(responder)
        assert row[f"campaign_value_{case}"] == pytest.approx(30 * (0.1 * responder - 1.25))


def with_move(assumptions, persona_id, **changes):
    return replace(
        assumptions, moves=assumptions.moves | {persona_id: replace(assumptions.move(persona_id), **changes)}
    )


@pytest.mark.parametrize(
    ("lever", "gained"),
    [
        ("interchange", 0),
        ("interest", 0.5 * 400),
        ("cash_fees", 0.5 * 120),
        ("average_interchange", 0.5 * 6),
        ("losses", 200),
        ("value", 210),
    ],
)
def test_margin_is_of_extra_income_alone(customers, labels, people, priced, lever, gained):
    priced = with_move(priced, "cash_advance_dependent", lever=lever, benefit=0)
    uplift = priced.move("cash_advance_dependent").uplift["base"]
    row = strategy.economics(customers, labels, people, priced).loc[1]
    assert row["responder_value_base"] == pytest.approx(gained * uplift)


def test_nothing_is_gained_by_keeping_customers_who_bring_nothing(customers, labels, people, priced):
    priced = with_move(priced, "transactors", lever="value", benefit=0)
    row = strategy.economics(customers, labels, people, priced).loc[0]
    assert row["value_per_customer"] == pytest.approx(-5)
    assert row["responder_value_high"] == 0


def test_no_campaign_is_planned_for_customers_whom_no_persona_describes(customers, labels, people, priced):
    assert people[2]["persona_id"] == "unnamed"
    row = strategy.economics(customers, labels, people, priced).loc[2]
    assert row["channels"] == "none"
    assert row["segment_value"] != 0
    assert row["campaign_cost"] == 0
    assert [row[f"campaign_value_{case}"] for case in ("low", "base", "high")] == [0, 0, 0]
    assert np.isnan(row["break_even_response"])


def test_a_call_costs_more_than_a_message(assumptions):
    assert assumptions["contact_call"] > 10 * assumptions["contact_email"]
    assert assumptions.contact_cost(assumptions.move("premium")) > assumptions["contact_call"]


def test_ranks_follow_the_values(customers, labels, people, assumptions):
    table = strategy.economics(customers, labels, people, assumptions)
    for case in ("low", "base", "high"):
        by_rank = table.sort_values(f"rank_{case}")[f"campaign_value_{case}"]
        assert sorted(table[f"rank_{case}"]) == [1, 2, 3]
        assert by_rank.is_monotonic_decreasing


def test_money_scales_with_the_months_the_amounts_cover(customers, labels, people, priced):
    half = strategy.economics(customers, labels, people, priced.changed("months_covered", 6))
    whole = strategy.economics(customers, labels, people, priced)
    np.testing.assert_allclose(half["interchange"], 2 * whole["interchange"])
    np.testing.assert_allclose(half["interest"], whole["interest"])


def test_amounts_of_a_short_tenure_are_of_its_months(customers, priced):
    """A customer of six months has bought in six; twelve are what the amounts cover at most."""
    for tenure, factor in ((6, 2), (12, 1), (24, 1), (0, 1), (np.nan, 1)):
        streams = strategy.valuing.annual_streams(customers.assign(TENURE=tenure), priced)
        assert streams.loc[0, "interchange"] == pytest.approx(10 * factor)
        assert streams.loc[50, "cash_fees"] == pytest.approx(120 * factor)
        assert streams.loc[50, "interest"] == pytest.approx(400)
    half = strategy.valuing.annual_streams(customers.assign(TENURE=8), priced.changed("months_covered", 6))
    assert half.loc[0, "interchange"] == pytest.approx(20)
    without = strategy.valuing.annual_streams(customers.drop(columns="TENURE"), priced)
    assert without.loc[0, "interchange"] == pytest.approx(10)


def test_sensitivity_recomputes_each_end(customers, labels, people, assumptions):
    table = strategy.sensitivity(customers, labels, people, assumptions).set_index("name")
    assert set(table.index) == set(assumptions.items)
    assert table["span"].is_monotonic_decreasing
    at_low = assumptions.changed("contact_email", assumptions.items["contact_email"].low)
    values = strategy.economics(customers, labels, people, at_low)["campaign_value_base"]
    assert table.at["contact_email", "total_low"] == values.clip(lower=0).sum()
    assert table.at["contact_email", "best_low"] == values.idxmax()
    assert table.at["servicing_cost", "span"] == 0


def test_columns_a_run_does_not_use_count_as_nothing(customers, labels, people, assumptions):
    table = strategy.economics(customers.drop(columns="CASH_ADVANCE"), labels, people, assumptions)
    assert (table["cash_fees"] == 0).all()


def test_an_account_in_credit_owes_nothing(customers, priced):
    credit = valuing.annual_streams(customers.assign(BALANCE=-500.0), priced)
    empty = valuing.annual_streams(customers.assign(BALANCE=0.0), priced)
    np.testing.assert_array_equal(credit.to_numpy(), empty.to_numpy())
