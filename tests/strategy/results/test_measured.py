"""What a campaign measured, as a file that the economics can name."""

import re

import numpy as np
import pytest

from seg_utils.core.paths import catalogue
from seg_utils.strategy import assumptions
from seg_utils.strategy.definitions import LEAST_SHARE
from seg_utils.strategy.results import analysis, measured
from seg_utils.strategy.results.responses import Responses


def effects(plan, frame, outcome, *, yes_no=False):
    responses = Responses(frame, (outcome,), frozenset([outcome]) if yes_no else frozenset())
    table = analysis.analyse(plan, responses)
    return measured.effects(plan, table, "2026-03"), table.set_index("persona")


def test_a_lever_takes_the_pooled_lift_of_its_own_measure(plan, purchases):
    found, table = effects(plan, purchases, "purchases")
    assert set(found) == {"transactors", "dormant", "one_off_buyers"}  # the others' moves are not about purchases
    row = table.loc["Transactors"]
    assert found["transactors"]["effect"] == {
        "low": round(row["pooled_low"], 4),
        "base": round(row["pooled_share"], 4),
        "high": round(row["pooled_high"], 4),
    }
    assert found["transactors"]["source"].startswith("measured: campaign spring in 2026-03, ")
    assert (
        f"{row['customers']} customers, {row['control']} of them held out; purchases more by"
        in (found["transactors"]["source"])
    )


def test_those_who_hardly_buy_are_counted_in_an_average_customers_purchases(plan, purchases):
    found, table = effects(plan, purchases, "purchases")
    own = plan.customers["PURCHASES"] * 12 / plan.customers["TENURE"]
    share = own[plan.drawn["segment"] == 4].mean() / own.mean()
    expected = table.loc["Dormant", "pooled_share"] * share
    assert found["dormant"]["effect"]["base"] == pytest.approx(expected, abs=1e-4)


def test_fewer_closures_are_an_effect_above_nothing(plan):
    closes = np.random.default_rng(8).random(3000)
    rate = np.where(plan.drawn["control_group"], 0.4, 0.2)
    found, _ = effects(
        plan, plan.drawn[["customer_id"]].assign(closures=(closes < rate) * 1.0), "closures", yes_no=True
    )
    assert set(found) == {"revolvers", "premium"}
    assert 0 < found["premium"]["effect"]["low"] < found["premium"]["effect"]["base"] < 0.8
    assert re.search("; closures fewer by [0-9.]+ % to [0-9.]+ % ", found["premium"]["source"])


def test_what_may_have_changed_all_or_nothing_takes_no_guess_away(plan):
    closed = np.random.default_rng(8).random(3000) < 0.3
    responses = Responses(
        plan.drawn[["customer_id"]].assign(closures=closed * 1.0), ("closures",), frozenset(["closures"])
    )
    table = analysis.analyse(plan, responses)
    for high, told in ((0.25, set()), (-0.1, {"revolvers", "premium"})):
        unsure = table.assign(pooled_low=LEAST_SHARE, pooled_share=-0.7, pooled_high=high)
        assert set(measured.effects(plan, unsure)) == told


def test_less_cash_drawn_shows_the_fees_forgone_and_no_effect_on_losses(plan):
    drawn = plan.customers["CASH_ADVANCE"] * np.where(plan.drawn["control_group"], 1.0, 0.8)
    found, _ = effects(plan, plan.drawn[["customer_id"]].assign(cash_advances=drawn), "cash_advances")
    assert set(found) == {"cash_advance_dependent"}
    assert found["cash_advance_dependent"]["fees_forgone"] == pytest.approx(0.2, abs=0.05)
    assert "effect" not in found["cash_advance_dependent"]


def test_a_response_says_nothing_of_a_lever(plan):
    answers = (np.random.default_rng(8).random(3000) < 0.3) * 1.0
    assert effects(plan, plan.drawn[["customer_id"]].assign(outcome=answers), "outcome", yes_no=True)[0] == {}


def test_the_economics_read_what_was_written(plan, purchases, tmp_path):
    found, _ = effects(plan, purchases, "purchases")
    (tmp_path / "spring.yml").write_text(measured.text(plan, found, "spring.yml"), encoding="utf-8")
    text = catalogue("ECONOMICS").read_text(encoding="utf-8") + "\nmeasured: [spring.yml]\n"
    (tmp_path / "economics.yml").write_text(text, encoding="utf-8")
    move = assumptions.load(tmp_path / "economics.yml").move("transactors")
    assert move.effect == found["transactors"]["effect"]
    assert move.source == found["transactors"]["source"]
