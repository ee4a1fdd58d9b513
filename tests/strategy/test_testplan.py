from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from seg_utils import strategy
from seg_utils.strategy import testplan
from seg_utils.strategy.definitions import TestDesign
from seg_utils.strategy.testplan import (
    ENOUGH,
    ENOUGH_BY_HALF,
    ENOUGH_TOGETHER,
    NO_CAMPAIGN_PLANNED,
    TOO_SMALL,
    Experiment,
)


def plan_for(assumptions, *segments, share=0.5, spread=1.0, purchases=5_000.0):
    """The plan of segments given as (persona, size); every customer buys, owes and draws about as much."""
    labels = np.repeat(range(len(segments)), [size for _, size in segments])
    random = np.random.default_rng(3)
    about = np.exp(spread * random.normal(size=len(labels)))
    customers = pd.DataFrame(
        {
            "PURCHASES": purchases * about,
            "CASH_ADVANCE": 3_000 * about,
            "BALANCE": 4_000.0,
            "CREDIT_LIMIT": 8_000.0,
            "PRC_FULL_PAYMENT": 0.0,
            "INSTALLMENTS_PURCHASES": 4_000 * about,
        }
    )
    people = [
        {"segment": n, "persona": f"P{n}", "persona_id": persona, "size": size}
        for n, (persona, size) in enumerate(segments)
    ]
    held_out = random.uniform(size=len(labels)) < share
    valuation = strategy.Valuation(customers, labels, people, assumptions, held_out)
    return strategy.test_plan(valuation, valuation.economics()), customers, labels, held_out


@pytest.mark.parametrize(("significance", "power"), [(0.05, 0.8), (0.01, 0.9)])
def test_an_experiment_has_the_power_that_statsmodels_gives_it(significance, power):
    found = Experiment(control=400, treated=900, usual=2_000.0, effect=150.0, variance=1e6)
    effect = 150 / 1e3
    expected = NormalIndPower().power(effect, 400, significance, ratio=900 / 400)
    assert found.power(significance) == pytest.approx(expected, abs=1e-4)
    needed = NormalIndPower().solve_power(effect, power=power, alpha=significance)
    assert found.needed_per_group(significance, power) == pytest.approx(needed, abs=1)
    smallest = found.detectable(significance, power) * 2_000 / 1e3
    at_smallest = NormalIndPower().power(smallest, 400, significance, ratio=900 / 400)
    assert at_smallest == pytest.approx(power, abs=1e-4)


def test_each_move_is_measured_by_what_its_lever_is_about(assumptions):
    segments = [("transactors", 900), ("revolvers", 900), ("cash_advance_dependent", 900), ("near_limit", 900)]
    segments += [("instalment_buyers", 900)]
    plan, customers, labels, _ = plan_for(assumptions, *segments)
    assert plan["measure"].tolist() == [
        "purchases", "closures", "cash_advances", "defaults", "instalment_purchases",
    ]  # fmt: skip
    assert plan.at[1, "usual"] == assumptions["attrition"]
    assert plan.at[2, "usual"] == pytest.approx(customers.loc[labels == 2, "CASH_ADVANCE"].mean())
    assert 0 < plan.at[3, "usual"] < 1
    assert set(plan["months"]) == {12}


def test_what_matters_is_what_pays_or_what_is_guessed_and_for_care_what_is_published(assumptions):
    plan, *_ = plan_for(assumptions, ("revolvers", 900), ("cash_advance_dependent", 900))
    assert plan.at[0, "effect_that_matters"] == pytest.approx(0.10)
    assert plan.at[1, "effect_that_matters"] == pytest.approx(0.06)


def test_fees_given_up_are_no_effect_on_what_another_measure_compares(assumptions):
    giving = replace(assumptions.move("revolvers"), fees_forgone=0.01)
    plan, *_ = plan_for(replace(assumptions, moves=assumptions.moves | {"revolvers": giving}), ("revolvers", 900))
    assert plan.at[0, "measure"] == "closures"
    assert plan.at[0, "effect_that_matters"] == pytest.approx(0.10)


def test_the_plan_of_amounts_by_hand(assumptions):
    """Two groups' means, the variance that earlier amounts do not foretell, significance shared out over the moves."""
    segments = [("cash_advance_dependent", 3_000), ("revolvers", 900)]
    plan, customers, labels, held_out = plan_for(assumptions, *segments)
    row = plan.iloc[0]
    drawn = customers.loc[labels == 0, "CASH_ADVANCE"]
    control = int((held_out & (labels == 0)).sum())
    error = np.sqrt(drawn.var(ddof=0) * (1 - 0.7**2) * (1 / control + 1 / (3_000 - control)))
    assert row["control"] == control
    assert row["moves_tested"] == 2
    z = norm.ppf(1 - 0.05 / 2 / 2)
    assert row["detectable_effect"] == pytest.approx((z + norm.ppf(0.8)) * error / drawn.mean())
    assert row["power_here"] == pytest.approx(norm.cdf(0.06 * drawn.mean() / error - z))
    each = 2 * drawn.var(ddof=0) * (1 - 0.7**2) * ((z + norm.ppf(0.8)) / (0.06 * drawn.mean())) ** 2
    assert row["needed_per_group"] == np.ceil(each)


def test_a_first_reading_has_the_power_that_statsmodels_gives_it(assumptions):
    plan, *_ = plan_for(assumptions, ("revolvers", 900), share=0.3)
    row = plan.iloc[0]
    effect = proportion_effectsize(0.05 + row["first_reading"], 0.05)
    power = NormalIndPower().power(effect, row["control"], 0.05, ratio=row["treated"] / row["control"])
    assert power == pytest.approx(0.8, abs=1e-4)
    assert row["natural_response"] == 0.05


def test_closures_by_hand(assumptions):
    plan, *_ = plan_for(assumptions, ("revolvers", 900))
    needed = 2 * 0.06 * 0.94 * ((norm.ppf(0.975) + norm.ppf(0.8)) / 0.006) ** 2
    assert plan.at[0, "needed_per_group"] == np.ceil(needed)
    assert plan.at[0, "verdict"] == TOO_SMALL


@pytest.mark.parametrize(
    ("size", "share", "spread", "verdict"),
    [(4_000, 0.5, 0.3, ENOUGH), (1_000, 0.02, 0.2, ENOUGH_BY_HALF), (200, 0.5, 1.5, TOO_SMALL)],
)
def test_the_verdict_on_one_segment(assumptions, size, share, spread, verdict):
    plan, *_ = plan_for(assumptions, ("cash_advance_dependent", size), share=share, spread=spread)
    row = plan.iloc[0]
    assert row["verdict"] == verdict
    assert (row["power_here"] >= 0.8) == (verdict == ENOUGH)
    assert (2 * row["needed_per_group"] <= row["worth_contacting"]) == (verdict != TOO_SMALL)


def test_segments_of_the_same_measure_are_pooled_where_that_helps(assumptions):
    care = ("cash_advance_dependent", 500)
    plan, *_ = plan_for(assumptions, care, care, care, ("revolvers", 500), spread=0.4)
    assert plan["verdict"].tolist() == [*[ENOUGH_TOGETHER] * 3, TOO_SMALL]
    assert plan["pooled_with"].tolist() == ["P1 and P2", "P0 and P2", "P0 and P1", ""]
    assert (plan["pooled_power"].iloc[:3] >= 0.8).all()
    assert (plan["power_here"].iloc[:3] < 0.8).all()


def test_light_spenders_are_to_buy_what_the_average_customer_buys(assumptions):
    plan, customers, labels, _ = plan_for(assumptions, ("dormant", 500), ("revolvers", 500), purchases=1e6)
    usual = customers.loc[labels == 0, "PURCHASES"].mean()
    expected = 0.01 * customers["PURCHASES"].mean() / usual
    assert plan.at[0, "effect_that_matters"] == pytest.approx(expected)


def test_nobody_is_tested_where_there_is_no_campaign(assumptions):
    plan, *_ = plan_for(assumptions, ("unnamed", 500), ("dormant", 300), purchases=10.0)
    for row in plan.to_dict("records"):
        assert row["verdict"] == NO_CAMPAIGN_PLANNED
        assert (row["control"], row["treated"], row["worth_contacting"]) == (0, 0, 0)
        assert np.isnan(row["needed_per_group"])


def test_groups_are_those_worth_contacting(assumptions):
    plan, *_ = plan_for(assumptions, ("transactors", 800), ("revolvers", 800), spread=1.5)
    assert (plan["control"] + plan["treated"] == plan["worth_contacting"]).all()
    assert 0 < plan.at[0, "worth_contacting"] < 800


@pytest.mark.parametrize(
    ("power", "needed", "together", "verdict"),
    [(0.8, 999, 0.0, ENOUGH), (0.79, 100, 0.9, ENOUGH_BY_HALF), (0.79, 101, 0.8, ENOUGH_TOGETHER),
     (0.79, 101, 0.79, TOO_SMALL), (0.79, 101, None, TOO_SMALL)],
)  # fmt: skip
def test_a_verdict_is_the_first_that_holds(power, needed, together, verdict):
    """150 held out and 50 contacted may be two groups of a hundred."""
    own = SimpleNamespace(
        power=lambda significance: power, needed_per_group=lambda significance, wanted: needed, control=150, treated=50
    )
    pooled = None if together is None else SimpleNamespace(power=lambda significance: together)
    assert testplan._verdict(own, pooled, 0.05, 0.8) == verdict
    assert testplan._verdict(None, pooled, 0.05, 0.8) == NO_CAMPAIGN_PLANNED


@pytest.mark.parametrize(("control", "treated"), [(2, 50), (50, 2), (40, 60), (1_000, 4_000)])
def test_the_first_reading_is_what_two_groups_of_these_sizes_show(control, treated):
    design = TestDesign(power=0.8, significance=0.05, correlation=0.5, control_share=0.1, natural_response=0.05)
    response = testplan.smallest_response(control, treated, design)
    effect = NormalIndPower().solve_power(nobs1=control, ratio=treated / control, alpha=0.05, power=0.8)
    assert proportion_effectsize(0.05 + response, 0.05) == pytest.approx(effect, rel=1e-3)


@pytest.mark.parametrize(("control", "treated"), [(1, 50), (50, 1), (0, 50), (2, 2)])
def test_groups_too_small_for_any_response_have_no_first_reading(control, treated):
    design = TestDesign(power=0.8, significance=0.05, correlation=0.5, control_share=0.1, natural_response=0.05)
    assert np.isnan(testplan.smallest_response(control, treated, design))
