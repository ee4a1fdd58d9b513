import numpy as np
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


def test_means_and_medians_are_of_everyone_and_of_those_who_are_in_both(model, before):
    now = month(before, seed=5)[0].iloc[100:].assign(TENURE=7.0)
    now.loc[now.index[::9], "MINIMUM_PAYMENTS"] = None
    table = periods.drift(periods.compare(model, before, now), before, now).set_index("feature")
    same = before.iloc[100:].reset_index(drop=True), now.reset_index(drop=True)
    for name in ("BALANCE", "MINIMUM_PAYMENTS", "TENURE"):
        row, (old, new) = table.loc[name], (frame[name] for frame in same)
        expected = [before[name].mean(), now[name].mean(), before[name].median(), now[name].median()]
        assert row[["mean_before", "mean_now", "median_before", "median_now"]].tolist() == pytest.approx(expected)
        expected = [old.mean(), new.mean(), old.median(), new.median()]
        assert row[[f"same_{one}_{when}" for one in ("mean", "median") for when in ("before", "now")]].tolist() == (
            pytest.approx(expected)
        )
        change = (new - old).dropna()
        assert row["same_change"] == pytest.approx(change.mean() / abs(old.mean()))
        assert row["standard_errors"] == pytest.approx(change.mean() / (change.std(ddof=0) / len(change) ** 0.5))


@pytest.mark.parametrize(("change", "noise", "shifted"), [(0.049, 0.0, False), (0.051, 0.0, True), (-0.051, 0.0, True),
                                                          (0.06, 1.5, False)])  # fmt: skip
def test_news_is_a_change_of_five_in_a_hundred_that_is_no_chance(model, before, change, noise, shifted):
    spread = before["CREDIT_LIMIT"].mean() * noise * np.where(np.arange(len(before)) % 2, 1, -1)
    now = before.assign(CREDIT_LIMIT=before["CREDIT_LIMIT"] + change * before["CREDIT_LIMIT"].mean() + spread)
    now["CREDIT_LIMIT"] += np.arange(len(before)) % 3 - 1.0
    found = periods.drift(periods.compare(model, before, now), before, now).set_index("feature").loc["CREDIT_LIMIT"]
    assert found["shifted"] == shifted
