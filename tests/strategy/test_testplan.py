import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from seg_utils import strategy
from seg_utils.strategy.testplan import ENOUGH, TOO_SMALL


def sized(*sizes: int) -> list[dict]:
    return [{"segment": segment, "persona": f"P{segment}", "size": size} for segment, size in enumerate(sizes)]


def test_sample_size_is_cohens(assumptions):
    """Cohen's approximation: n = ((z_a/2 + z_b) / h)², h the difference of arcsine roots."""
    plan = strategy.test_plan(sized(10_000), assumptions).iloc[0]
    h = 2 * np.arcsin(np.sqrt(0.09)) - 2 * np.arcsin(np.sqrt(0.05))
    assert plan["base_response"] == 0.05
    assert plan["minimum_effect"] == 0.04
    assert plan["needed_per_group"] == int(np.ceil(2 * ((1.959964 + 0.841621) / h) ** 2))


def test_the_detectable_effect_has_the_wanted_power(assumptions):
    plan = strategy.test_plan(sized(5_000), assumptions).iloc[0]
    effect = proportion_effectsize(plan["base_response"] + plan["detectable_effect"], plan["base_response"])
    power = NormalIndPower().power(effect, plan["control"], 0.05, ratio=plan["treated"] / plan["control"])
    assert power == pytest.approx(0.8, abs=1e-6)


def test_small_segments_need_a_larger_control_and_the_smallest_teach_nothing(assumptions):
    plan = strategy.test_plan(sized(20_000, 2_000, 1_400, 900, 40, 3, 1), assumptions)
    assert plan["verdict"].tolist() == [ENOUGH] * 3 + [TOO_SMALL] * 4
    assert plan["control_share"].tolist()[0] == 0.1
    assert plan["control_share"].iloc[:3].is_monotonic_increasing
    assert (plan["detectable_effect"].iloc[:3] <= 0.04).all()
    assert not (plan["detectable_effect"].iloc[3:] <= 0.04).any()
    assert (plan["control"] + plan["treated"] == plan["customers"]).all()


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


def test_the_hash_never_changes():
    """A new version of the project must not shuffle running control groups."""
    chosen = strategy.control_group(["C10001", "C10002", "C10003", "é,\n"], 0.5, "salt")
    assert chosen.tolist() == [True, True, False, True]


def test_each_customer_can_have_a_share_of_its_own():
    chosen = strategy.control_group(["a", "b", "c", "d"], np.array([0.0, 1.0, 0.0, 1.0]), "salt")
    assert chosen.tolist() == [False, True, False, True]
