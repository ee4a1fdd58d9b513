from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils import strategy
from seg_utils.data import sample
from seg_utils.strategy import assumptions as reading
from seg_utils.strategy.campaigns import Valuation, compute
from seg_utils.strategy.formulas import NOTHING, SEGMENTS

from . import plain_economics as plain

MOVES = sorted(plain.moves())
NOBODY = np.zeros(100, dtype=bool)


@pytest.fixture(scope="module")
def portfolio():
    return sample.generate(400, seed=11)[0].reset_index(drop=True)


def economics(*given):
    return Valuation(*given).economics()


def with_move(assumptions, persona_id, **changes):
    return replace(
        assumptions, moves=assumptions.moves | {persona_id: replace(assumptions.move(persona_id), **changes)}
    )


@pytest.mark.parametrize("market", ["us", "uk"])
@pytest.mark.parametrize("persona", MOVES)
def test_every_move_is_the_formulas(portfolio, market, persona):
    labels, held_out = np.arange(400) % 2, np.arange(400) % 5 == 0
    people = [{"segment": number, "persona": f"P{number}", "persona_id": persona, "size": 200} for number in (0, 1)]
    found = economics(portfolio, labels, people, reading.load(market=market), held_out).set_index("segment")
    customers, not_contacted = portfolio.to_dict("records"), set(np.flatnonzero(held_out).tolist())
    for segment in (0, 1):
        inside = np.flatnonzero(labels == segment).tolist()
        expected = plain.campaign(customers, inside, not_contacted, plain.moves()[persona], market)
        if expected["contacted"] == 0:
            assert found.at[segment, "contacted"] == 0
            assert found.at[segment, "campaign_value_base"] == 0
            continue
        for name, value in expected.items():
            assert found.at[segment, name] == pytest.approx(value), name


def test_some_moves_are_worth_contacting_some_customers(portfolio, assumptions):
    """Else the comparison above would compare nothing."""
    people = [{"segment": 0, "persona": "P", "persona_id": name, "size": 400} for name in MOVES]
    contacted = [
        Valuation(portfolio, np.zeros(400, dtype=int), [one], assumptions).worth_contacting.sum() for one in people
    ]
    assert sum(0 < number < 400 for number in contacted) >= 5


def test_at_break_even_a_campaign_brings_nothing(portfolio, assumptions):
    people = [{"segment": 0, "persona": "P", "persona_id": "revolvers", "size": 400}]
    labels, nobody = np.zeros(400, dtype=int), np.zeros(400, dtype=bool)
    row = economics(portfolio, labels, people, assumptions, nobody).iloc[0]
    assert 0 < row["break_even_effect"] < row["effect_base"]
    at_break_even = {"low": row["break_even_effect"], "base": row["effect_base"], "high": row["effect_high"]}
    changed = with_move(assumptions, "revolvers", effect=at_break_even)
    again = economics(portfolio, labels, people, changed, nobody).iloc[0]
    assert again["campaign_value_base"] == row["campaign_value_base"] > 0
    assert again["campaign_value_low"] == pytest.approx(0, abs=1e-9)


def test_customers_held_out_are_not_counted(portfolio, assumptions):
    people = [{"segment": 0, "persona": "P", "persona_id": "revolvers", "size": 400}]
    labels = np.zeros(400, dtype=int)
    everyone, half = (
        economics(portfolio, labels, people, assumptions, held_out).iloc[0]
        for held_out in (np.zeros(400, dtype=bool), np.arange(400) % 2 == 0)
    )
    assert everyone["worth_contacting"] == half["worth_contacting"] == everyone["contacted"]
    assert 0 < half["contacted"] < everyone["contacted"]
    assert half["campaign_value_base"] < everyone["campaign_value_base"]


def test_only_those_who_answer_are_called(customers, labels, people, assumptions):
    move = assumptions.move("premium")
    assert (move.first, move.then) == (("email",), ("call",))
    expected = assumptions["contact_email"] + assumptions["answer_rate"] * assumptions["contact_call"]
    row = economics(customers, labels, [people[0] | {"persona_id": "premium"}, *people[1:]], assumptions, NOBODY).iloc[
        0
    ]
    assert row["contact_cost"] == pytest.approx(expected)
    assert all("call" not in move.first for move in assumptions.moves.values())


def test_takers_who_would_have_come_anyway_are_paid_for(customers, labels, people, assumptions):
    """The benefit is paid to all takers whatever the effect."""
    dear = {"low": 0.0, "base": 0.9, "high": 0.9}
    giving = with_move(assumptions, "transactors", takers=0.1, benefit=5.0, effect=dear).changed("benefit_scale", 2)
    row = economics(customers, labels, people, giving, NOBODY).iloc[0]
    assert row["offer_cost"] == pytest.approx(0.1 * 5 * 2)
    assert row["contacted"] == 50
    assert row["campaign_cost"] == pytest.approx(50 * (1.0 + row["contact_cost"]))
    assert row["campaign_value_low"] == pytest.approx(-row["campaign_cost"])


def test_lower_rates_and_fees_no_longer_earned_are_costs(customers, labels, people, assumptions):
    giving = with_move(assumptions, "cash_advance_dependent", takers=0.1, rate_cut=0.05, fees_forgone=0.06)
    row = economics(customers, labels, people, giving, NOBODY).iloc[1]
    assert row["given_up"] == pytest.approx(0.1 * 0.05 * 2000 + 0.06 * 3000 * giving["cash_advance_fee"])


def test_care_is_for_all_whom_it_concerns_and_ranked_last(customers, labels, people, assumptions):
    customers.loc[50:54, "CASH_ADVANCE"] = 0.0
    table = economics(customers, labels, people, assumptions, NOBODY)
    assert table["purpose"].tolist() == ["profit", "care", "profit"]
    assert table["worth_contacting"].tolist()[1] == 25
    assert table["rank_base"].tolist()[1] == 3
    rich = assumptions.changed("loss_rate", 0.9)
    assert economics(customers, labels, people, rich, NOBODY)["rank_base"].tolist()[1] == 3


def test_a_customer_who_is_kept_counts_for_years(customers, labels, people, assumptions):
    keeping = with_move(assumptions, "cash_advance_dependent", lever="keep", measure="closures", purpose="profit")
    row = economics(customers, labels, people, keeping, NOBODY).iloc[1]
    annual = strategy.grouping.valued(customers, keeping)["value"]
    assert annual[50] > 0
    years = plain.years_kept(plain.prices())
    assert row["lever_value"] == pytest.approx(annual[50] * keeping["attrition"] * years)
    loss_making = with_move(assumptions, "transactors", lever="keep")
    assert economics(customers, labels, people, loss_making, NOBODY).at[0, "lever_value"] == 0


def test_no_effect_breaks_even_where_a_contact_costs_more_than_there_is(customers, labels, people, assumptions):
    for name in assumptions.items:
        assumptions = assumptions.changed(name, 1e6) if name.startswith("contact_") else assumptions
    table = economics(customers, labels, people, assumptions, NOBODY)
    assert table["break_even_effect"].isna().all()
    assert table.loc[0, ["contacted", "campaign_cost", "campaign_value_base"]].tolist() == [0, 0, 0]


def test_no_campaign_is_planned_for_customers_whom_no_persona_describes(customers, labels, people, assumptions):
    assert people[2]["persona_id"] == "unnamed"
    row = economics(customers, labels, people, assumptions, NOBODY).loc[2]
    assert row["first_channels"] == "none"
    assert row["segment_value"] != 0
    assert row[["contacted", "campaign_cost", "campaign_value_low", "campaign_value_high"]].tolist() == [0, 0, 0, 0]
    assert np.isnan(row["break_even_effect"])


def test_every_range_of_effects_includes_nothing(assumptions):
    assert {move.effect["low"] for move in assumptions.moves.values()} == {0.0}


def test_where_interchange_is_below_rewards_more_spend_brings_nothing(customers, labels, people, assumptions):
    dear = assumptions.changed("rewards", 0.05)
    assert economics(customers, labels, people, dear, NOBODY).at[0, "lever_value"] == 0


def test_sensitivity_recomputes_each_end(portfolio, assumptions):
    labels, held_out = np.arange(400) % 2, np.arange(400) % 5 == 0
    names = ("revolvers", "premium")
    people = [{"segment": n, "persona": f"P{n}", "persona_id": names[n], "size": 200} for n in (0, 1)]
    table = Valuation(portfolio, labels, people, assumptions, held_out).sensitivity().set_index("name")
    assert set(table.index) == set(assumptions.items)
    assert table["span"].is_monotonic_decreasing
    for name, end in (("attrition", "low"), ("contact_call", "high"), ("apr", "low")):
        changed = assumptions.changed(name, getattr(assumptions.items[name], end))
        values = economics(portfolio, labels, people, changed, held_out)["campaign_value_base"]
        assert table.at[name, f"total_{end}"] == pytest.approx(values.clip(lower=0).sum())
        assert table.at[name, f"best_{end}"] == values.idxmax()
    assert table.at["plan_margin", "span"] == 0


def test_outliers_are_contacted_by_nobody(portfolio, assumptions):
    labels = np.where(np.arange(400) < 10, -1, 0)
    people = [{"segment": 0, "persona": "P", "persona_id": "cash_advance_dependent", "size": 390}]
    worth = Valuation(portfolio, labels, people, assumptions).worth_contacting
    assert not worth[:10].any()
    assert worth[10:].any()
    assert (
        economics(portfolio, labels, people, assumptions, np.zeros(400, dtype=bool)).at[0, "contacted"] == worth.sum()
    )


def test_the_same_from_any_order(portfolio, assumptions):
    order = np.random.default_rng(1).permutation(400)
    labels = np.arange(400) % 2
    people = [{"segment": n, "persona": f"P{n}", "persona_id": "premium", "size": 200} for n in (0, 1)]
    nobody = np.zeros(400, dtype=bool)
    one = economics(portfolio, labels, people, assumptions, nobody)
    shuffled = portfolio.iloc[order].reset_index(drop=True)
    other = economics(shuffled, labels[order], people, assumptions, nobody)
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("name", list(plain.prices()))
def test_another_price_needs_no_other_groups(portfolio, assumptions, name):
    """What workbook and page rely on: the groups at hand, at other prices, give what a new run would give."""
    labels, held_out = np.arange(400) % 4 - 1, np.arange(400) % 5 == 0
    personas = ("revolvers", "cash_advance_dependent", "instalment_buyers")
    people = [{"segment": n, "persona": f"P{n}", "persona_id": one, "size": 100} for n, one in enumerate(personas)]
    at_hand = Valuation(portfolio, labels, people, assumptions, held_out).inputs
    for value in (assumptions.items[name].low, assumptions.items[name].high):
        changed = assumptions.changed(name, value)
        again = economics(portfolio, labels, people, changed, held_out)
        found = compute(at_hand, changed.prices).segments
        for column in SEGMENTS.keys() & set(again.columns):
            np.testing.assert_allclose(found[column], again[column], rtol=1e-12, atol=1e-9)


def test_a_group_is_contacted_or_left_alone_as_one_and_is_of_like_customers(portfolio, assumptions):
    labels = np.zeros(400, dtype=int)
    people = [{"segment": 0, "persona": "P", "persona_id": "transactors", "size": 400}]
    valuation = Valuation(portfolio, labels, people, assumptions)
    groups, group, worth = valuation.inputs["groups"], valuation.group, valuation.worth_contacting
    assert pd.Series(worth).groupby(group).nunique().max() == 1
    assert sum(groups["customers"]) == 400
    whole = portfolio["TENURE"] == 12
    spans = portfolio[whole].groupby(group[whole])["PURCHASES"].agg(["min", "max"]).sort_values("min")
    assert len(spans) > 10
    assert (spans["max"].iloc[:-1].to_numpy() < spans["min"].iloc[1:].to_numpy()).all()


@pytest.mark.parametrize(("persona", "about"), [("premium", "value"), ("transactors", "purchases")])
def test_the_amount_from_which_on_a_contact_is_worth_its_cost_parts_those_contacted_from_the_others(
    portfolio, assumptions, persona, about
):
    people = [{"segment": 0, "persona": "P", "persona_id": persona, "size": 400}]
    labels = np.zeros(400, dtype=int)
    valuation = Valuation(portfolio, labels, people, assumptions)
    row, worth = valuation.economics().iloc[0], valuation.worth_contacting
    amounts = strategy.grouping.valued(portfolio, assumptions)[about]
    average = pd.Series(amounts).groupby(valuation.group).transform("mean").to_numpy()
    assert 0 < worth.sum() < 400
    np.testing.assert_array_equal(worth, average > row["worth_from"])


def test_no_one_amount_decides_where_a_lower_rate_gives_up_income(portfolio, assumptions):
    people = [{"segment": 0, "persona": "P", "persona_id": "revolvers", "size": 400}]
    row = economics(portfolio, np.zeros(400, dtype=int), people, assumptions).iloc[0]
    assert np.isnan(row["worth_from"])


def test_by_what_those_worth_contacting_bring_more(portfolio, assumptions):
    """Two alike but for one thing each: one owes a lot, the other draws cash."""
    people = [{"segment": 0, "persona": "P", "persona_id": "premium", "size": 20}]
    labels = np.zeros(20, dtype=int)
    plain_ones = pd.concat([portfolio.head(1)] * 20, ignore_index=True).assign(
        PURCHASES=100.0, BALANCE=10.0, CASH_ADVANCE=0.0, CREDIT_LIMIT=90000.0, PRC_FULL_PAYMENT=0.0, TENURE=12.0
    )
    for column, said in (("BALANCE", "interest"), ("CASH_ADVANCE", "cash_fees")):
        some = plain_ones.copy()
        some.loc[:9, column] = 20000.0
        row = economics(some, labels, people, assumptions).iloc[0]
        assert (row["worth_contacting"], row["marked_by"]) == (10, said)
    assert economics(plain_ones, labels, people, assumptions).at[0, "marked_by"] == NOTHING
