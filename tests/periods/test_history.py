"""All periods together: cohorts with their numbers at risk, and where customers are some periods later."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.periods import history
from seg_utils.periods.membership import START

AT_RISK = ["of", "here", "at_risk", "lost"]


def members(segment=0, **first):
    return pd.DataFrame({"customer_id": list(first), "first_period": list(first.values()), "segment": segment})


@pytest.fixture
def here():
    """Three customers, of whom c is away for a period, b leaves and d comes and goes."""
    start = members([0, 0, 1], a=START, b=START, c=START)
    november = members([0, 1, 1], a=START, b=START, d="2026-11")
    return [(START, start), ("2026-11", november), ("2026-12", members([0, 1], a=START, c=START))]


def test_retention_has_its_numbers_at_risk(here):
    table = history.retention(here, {history.FIRST_PERIOD: history.first_periods(here)})
    table = table.set_index(["cohort", "period"])
    assert table.loc[(START, "2026-11"), AT_RISK].tolist() == [3, 2, 3, 1]
    assert table.loc[("2026-11", "2026-11"), AT_RISK].tolist() == [1, 1, 0, 0]
    assert table.loc[(START, "2026-12"), AT_RISK].tolist() == [3, 2, 2, 1]  # c is back, b is lost
    assert table.loc[("2026-11", "2026-12"), AT_RISK].tolist() == [1, 0, 1, 1]
    assert table.loc[("2026-11", "2026-12"), "attrition"] == 1
    assert np.isnan(table.loc[("2026-11", "2026-11"), "attrition"])


def test_cohorts_of_any_kind_hold_everybody_by_the_first_value_known(here):
    first = pd.Series({"a": 6.0, "b": 12.0, "c": np.nan})
    later = pd.Series({"a": 7.0, "c": 12.0, "d": np.nan})
    tenure = history.by_first_value([first, later])
    assert tenure.to_dict() == {"a": "6", "b": "12", "c": "12", "d": "missing"}
    table = history.retention(here, {"TENURE": tenure}).set_index(["cohort", "period"])
    assert table.loc[("6", "2026-12"), AT_RISK].tolist() == [1, 1, 1, 0]
    assert table.loc[("12", "2026-11"), AT_RISK].tolist() == [2, 1, 2, 1]
    assert table.loc[("missing", "2026-12"), AT_RISK].tolist() == [1, 0, 1, 1]
    assert table.groupby("period")["here"].sum().tolist() == [3, 2]


def test_many_numbers_are_cut_at_quartiles_and_many_texts_keep_the_commonest():
    ages = history.by_first_value([pd.Series(np.arange(20.0, 61.0), index=[f"c{i}" for i in range(41)])])
    assert ages.value_counts(sort=False)[["20 to 30", "30 to 40", "40 to 50", "50 to 60"]].tolist() == [11, 10, 10, 10]
    towns = pd.Series([f"town {min(i, 30)}" for i in range(100)], index=range(100))
    folded = history.by_first_value([towns])
    assert folded.nunique() == 12
    assert (folded == "town 30").sum() == 70
    assert (folded == "other").sum() == 20


def test_rates_over_one_and_two_periods_count_whoever_is_at_risk(here):
    table = history.rates(here)
    one = table[table["steps"] == 1].fillna({"to_segment": -9}).set_index(["from_segment", "to_segment"])
    assert one["customers"].to_dict() == {(0, 0): 2, (0, 1): 1, (1, -9): 3}
    assert one.loc[(0, 0), ["at_risk", "rate"]].tolist() == [3, 2 / 3]
    two = table[table["steps"] == 2].fillna({"to_segment": -9}).set_index(["from_segment", "to_segment"])
    assert two["customers"].to_dict() == {(0, 0): 1, (0, -9): 1, (1, 1): 1}  # c is back where it was
    sums = table.groupby(["steps", "from_segment"])["rate"].sum()
    np.testing.assert_allclose(sums, 1)
