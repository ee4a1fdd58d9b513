import pytest

from seg_utils import periods
from seg_utils.scoring import drift as against_training

from .conftest import month


def test_eight_per_cent_on_every_balance_show_like_for_like_only(model, before):
    now = month(before, seed=2)[0]
    now["BALANCE"] *= 1.08
    table = periods.drift(periods.compare(model, before, now), before, now).set_index("feature")
    assert table["shifted"].sum() == 1
    assert table.at["BALANCE", "shifted"]
    assert table.at["BALANCE", "same_change"] == pytest.approx(0.08, abs=0.02)
    assert table.at["BALANCE", "verdict"] == against_training.NO_SHIFT


def test_other_customers_are_no_change_of_the_same(model, before):
    now = before[before["BALANCE"] > before["BALANCE"].median()]
    table = periods.drift(periods.compare(model, before, now), before, now).set_index("feature")
    assert table.at["BALANCE", "mean_now"] > 1.5 * table.at["BALANCE", "mean_before"]
    assert table["same_change"].abs().max() == 0
    assert not table["shifted"].any()
