import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from seg_utils import strategy
from seg_utils.strategy import holdout


def shares(assumptions, *sizes, persona_id="revolvers"):
    people = [
        {"segment": n, "persona": f"P{n}", "persona_id": persona_id, "size": size} for n, size in enumerate(sizes)
    ]
    return strategy.hold_out_shares(people, assumptions).tolist()


def test_the_share_is_the_smallest_that_shows_the_response(assumptions):
    """Against statsmodels: response 5 %, 4 points more, power 0.8."""
    for size in (1_300, 2_000, 5_000):
        [share] = shares(assumptions, size)
        effect = proportion_effectsize(0.09, 0.05)
        control = round(size * share)
        power = NormalIndPower().power(effect, control, 0.05, ratio=(size - control) / control)
        smaller = round(size * (share - holdout.SHARE_STEP))
        less = NormalIndPower().power(effect, smaller, 0.05, ratio=(size - smaller) / smaller)
        assert power >= 0.8
        assert less < 0.8 or share == assumptions.test.control_share


def test_small_segments_need_a_larger_share_and_the_smallest_teach_nothing(assumptions):
    assert shares(assumptions, 20_000, 2_000, 1_400, 1_200, 390, 380, 40, 3, 1) == [
        0.1, 0.2, 0.35, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1,
    ]  # fmt: skip


def test_nobody_is_held_out_of_a_campaign_that_is_none(assumptions):
    assert shares(assumptions, 20_000, persona_id="unnamed") == [0.0]


def test_a_control_group_stays_the_same_people():
    ids = [f"C{number:05d}" for number in range(20_000)]
    chosen = strategy.control_group(ids, 0.1, "spring")
    assert chosen.mean() == pytest.approx(0.1, abs=0.01)
    assert (strategy.control_group(ids[::-1], 0.1, "spring")[::-1] == chosen).all()
    assert (strategy.control_group(ids[:50], 0.1, "spring") == chosen[:50]).all()
    larger = strategy.control_group(ids, 0.2, "spring")
    assert larger[chosen].all()


def test_another_campaign_keeps_other_people_aside():
    ids = [f"C{number:05d}" for number in range(20_000)]
    both = strategy.control_group(ids, 0.1, "spring") & strategy.control_group(ids, 0.1, "autumn")
    assert both.mean() == pytest.approx(0.01, abs=0.003)
    assert (strategy.control_group(ids, 0.1) != strategy.control_group(ids, 0.1, "spring")).any()


def test_the_hash_never_changes():
    """A new version of the project must not shuffle running control groups."""
    chosen = strategy.control_group(["C10001", "C10002", "C10003", "é,\n"], 0.5, "salt")
    assert chosen.tolist() == [True, True, False, True]


def test_each_customer_can_have_a_share_of_its_own():
    chosen = strategy.control_group(["a", "b", "c", "d"], np.array([0.0, 1.0, 0.0, 1.0]), "salt")
    assert chosen.tolist() == [False, True, False, True]
