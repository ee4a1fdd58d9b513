from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from seg_utils import strategy
from seg_utils.strategy.testplan import ENOUGH, ENOUGH_FOR_LARGE, NO_CAMPAIGN_PLANNED, TOO_SMALL


def sized(*sizes: int, persona_id: str = "revolvers") -> list[dict]:
    return [
        {"segment": segment, "persona": f"P{segment}", "persona_id": persona_id, "size": size}
        for segment, size in enumerate(sizes)
    ]


def test_sample_size_is_cohens(assumptions):
    """Cohen's approximation: n = ((z_a/2 + z_b) / h)², h the difference of arcsine roots."""
    plan = strategy.test_plan(sized(10_000), assumptions).iloc[0]
    h = 2 * np.arcsin(np.sqrt(0.09)) - 2 * np.arcsin(np.sqrt(0.05))
    assert plan["natural_response"] == 0.05
    assert plan["minimum_effect"] == 0.04
    assert plan["needed_per_group"] == int(np.ceil(2 * ((1.959964 + 0.841621) / h) ** 2))


def test_the_detectable_effect_has_the_wanted_power(assumptions):
    plan = strategy.test_plan(sized(5_000), assumptions).iloc[0]
    effect = proportion_effectsize(plan["natural_response"] + plan["detectable_effect"], plan["natural_response"])
    power = NormalIndPower().power(effect, plan["control"], 0.05, ratio=plan["treated"] / plan["control"])
    assert power == pytest.approx(0.8, abs=1e-6)


def test_the_control_group_responds_without_the_move_whatever_the_move_brings(assumptions):
    plan, other = (
        strategy.test_plan(sized(5_000), one) for one in (assumptions, assumptions.changed("base_response", 1))
    )
    pd.testing.assert_frame_equal(plan, other)
    design = replace(assumptions.test, natural_response=0.2)
    assert strategy.test_plan(sized(5_000), replace(assumptions, test=design))["natural_response"].tolist() == [0.2]


def test_a_segment_that_half_and_half_finds_large_effects_in_is_tested_so(assumptions):
    plan = strategy.test_plan(sized(1_300, 1_200, 450, 390, 380), assumptions)
    assert plan["verdict"].tolist() == [ENOUGH, *[ENOUGH_FOR_LARGE] * 3, TOO_SMALL]
    assert plan["control_share"].tolist()[1:] == [0.5, 0.5, 0.5, 0.1]
    assert plan["control"].tolist()[1:4] == [600, 225, 195]
    found = plan["detectable_effect"].iloc[1:4]
    assert ((found > 0.04) & (found <= 0.08)).all()


def test_half_is_tried_from_any_control_share(assumptions):
    """1,254 customers find the minimum effect by half alone."""
    design = replace(assumptions.test, control_share=0.12)
    plan = strategy.test_plan(sized(1_254), replace(assumptions, test=design))
    assert plan.loc[0, ["control_share", "verdict"]].tolist() == [0.5, ENOUGH]


def test_nobody_is_kept_from_a_campaign_that_is_none(assumptions):
    plan = strategy.test_plan(sized(20_000, persona_id="unnamed"), assumptions)
    counted = strategy.counted(plan, np.zeros(20_000, dtype=int), np.zeros(20_000, dtype=bool), assumptions)
    for row in (plan.iloc[0], counted.iloc[0]):
        assert row["verdict"] == NO_CAMPAIGN_PLANNED
        assert row[["customers", "control_share", "control", "treated"]].tolist() == [20_000, 0, 0, 0]
        assert np.isnan(row["detectable_effect"])


def test_the_plan_counts_the_customers_who_are_flagged(assumptions):
    plan = strategy.test_plan(sized(3_000, 900, 40), assumptions)
    labels = np.repeat([0, 1, 2, -1], [3_000, 900, 40, 7])
    flags = np.zeros(len(labels), dtype=bool)
    flags[:700] = flags[3_000:3_460] = True
    counted = strategy.counted(plan, labels, flags, assumptions)
    assert counted["control"].tolist() == [700, 460, 0]
    assert counted["treated"].tolist() == [2_300, 440, 40]
    row = counted.iloc[0]
    effect = proportion_effectsize(row["natural_response"] + row["detectable_effect"], row["natural_response"])
    assert NormalIndPower().power(effect, 700, 0.05, ratio=2_300 / 700) == pytest.approx(0.8, abs=1e-5)
    assert np.isnan(counted.loc[2, "detectable_effect"])
    same = [name for name in plan if name not in ("control", "treated", "detectable_effect")]
    pd.testing.assert_frame_equal(counted[same], plan[same])


def test_small_segments_need_a_larger_control_and_the_smallest_teach_nothing(assumptions):
    plan = strategy.test_plan(sized(20_000, 2_000, 1_400, 300, 40, 3, 1), assumptions)
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
