"""Twelve months of the bundled customers: the same each time, readable, and what was planted is in them."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.data import loading, sample, sample_months
from seg_utils.data.sample_months import CHANGED, DRIFT, LEFT, NEW, PERIODS, RETURNED, SPLIT, SPLIT_OFF, STAYED, Month


@pytest.fixture(scope="module")
def months() -> dict[str, Month]:
    return {month.period: month for month in sample_months.generate()}


def _changes(months: dict[str, Month], period: str) -> pd.DataFrame:
    """Logarithm of this month's figures over last month's, with each customer's event, of those in both."""
    before = months[PERIODS[PERIODS.index(period) - 1]].customers.set_index("CUST_ID")
    now = months[period].customers.set_index("CUST_ID")
    both = before.index.intersection(now.index)
    changes = np.log1p(now.loc[both]) - np.log1p(before.loc[both])
    return changes.assign(event=months[period].truth.set_index("customer_id")["event"].loc[both])


def test_the_same_bytes_each_time(months, tmp_path):
    sample_months.write(tmp_path)
    assert (tmp_path / "2026-01.csv").read_bytes() == sample.SAMPLE.read_bytes()
    again = {period: pd.read_csv(tmp_path / f"{period}.csv") for period in PERIODS}
    for period, month in months.items():
        pd.testing.assert_frame_equal(again[period], month.customers, rtol=1e-9, check_dtype=False)
    written = pd.read_csv(tmp_path / "truth.csv")
    assert len(written) == sum(len(month.truth) for month in months.values())


def test_files_pass_the_loader_with_no_more_than_oddities(months, tmp_path):
    for period in (PERIODS[1], DRIFT["period"], SPLIT["period"], PERIODS[-1]):
        months[period].customers.to_csv(tmp_path / f"{period}.csv", index=False)
        customers = loading.load(tmp_path / f"{period}.csv")
        assert customers.synthetic
        assert {finding.rule for finding in customers.findings if finding.severity != "info"} <= {
            "frequency_range", "purchases_sum", "zeros_together",
        }  # fmt: skip


def test_whoever_is_in_a_file_is_in_its_truth_and_who_left_is_not(months):
    for month in months.values():
        listed = month.truth.set_index("customer_id")["event"]
        assert listed.index.is_unique
        assert set(month.customers["CUST_ID"]) == set(listed.index[listed != LEFT])


def test_events_follow_one_another(months):
    here, gone = set(), set()
    for month in months.values():
        who = {event: set(rows["customer_id"]) for event, rows in month.truth.groupby("event")}
        assert not who[NEW] & (here | gone)
        assert who.get(RETURNED, set()) <= gone
        assert here == set().union(*(who.get(event, set()) for event in (STAYED, CHANGED, SPLIT_OFF, LEFT)))
        gone = (gone | who.get(LEFT, set())) - who.get(RETURNED, set())
        here = set(month.customers["CUST_ID"])
    assert any((month.truth["event"] == RETURNED).any() for month in months.values())


def test_changers_change_their_kind_and_their_figures_and_others_do_not(months):
    period = PERIODS[2]
    kinds = [months[name].truth.set_index("customer_id")["persona_id"] for name in PERIODS[1:3]]
    moved = kinds[1] != kinds[0].reindex(kinds[1].index)
    events = months[period].truth.set_index("customer_id")["event"]
    assert (moved == events.isin([CHANGED, NEW])).all()
    changes = _changes(months, period)
    distance = changes.drop(columns=["event", "TENURE"]).abs().sum(axis=1)
    assert distance[changes["event"] == CHANGED].median() > 5 * distance[changes["event"] == STAYED].median()


def test_one_feature_drifts_for_everybody_in_one_month_and_stays(months):
    drifting = PERIODS.index(DRIFT["period"])
    for place in (drifting - 1, drifting, drifting + 1):
        changes = _changes(months, PERIODS[place])
        stayed = changes[changes["event"] == STAYED]
        expected = np.log(DRIFT["factor"]) if place == drifting else 0.0
        assert stayed["BALANCE"].median() == pytest.approx(expected, abs=0.006)
        assert stayed["PAYMENTS"].median() == pytest.approx(0.0, abs=0.02)


def test_half_a_kind_begins_to_draw_cash_in_one_month(months):
    truth = months[SPLIT["period"]].truth
    split = set(truth.loc[truth["event"] == SPLIT_OFF, "customer_id"])
    left = ((truth["persona_id"] == SPLIT["persona_id"]) & (truth["event"] == STAYED)).sum()
    assert len(split) / (len(split) + left) == pytest.approx(SPLIT["share"], abs=0.05)
    for period, month in months.items():
        cash = month.customers.set_index("CUST_ID")["CASH_ADVANCE"]
        drawing = (cash[cash.index.isin(split)] > 0).mean()
        assert drawing > 0.9 if period >= SPLIT["period"] else drawing < 0.2
        assert (SPLIT_OFF in set(month.truth["event"])) == (period == SPLIT["period"])


def test_purchases_follow_the_seasons(months):
    changes = _changes(months, "2026-12")
    buying = changes[(changes["event"] == STAYED) & (changes["PURCHASES"] != 0)]
    expected = np.log(sample_months.SEASONS[11] / sample_months.SEASONS[10])
    assert buying["PURCHASES"].median() == pytest.approx(expected, abs=0.02)


def test_tenure_grows_by_a_month_until_it_is_full(months):
    before, now = (months[period].customers.set_index("CUST_ID")["TENURE"] for period in PERIODS[3:5])
    both = before.index.intersection(now.index)
    assert (now[both] == (before[both] + 1).clip(upper=sample.FULL_TENURE)).all()


def test_months_counts_and_amounts_agree(months):
    customers = months[PERIODS[-1]].customers
    for name in ("PURCHASES", "ONEOFF_PURCHASES", "PURCHASES_INSTALLMENTS", "CASH_ADVANCE"):
        active = customers[f"{name}_FREQUENCY"] * customers["TENURE"]
        np.testing.assert_allclose(active, active.round(), atol=1e-4)
    for name in ("PURCHASES", "CASH_ADVANCE"):
        active = (customers[f"{name}_FREQUENCY"] * customers["TENURE"]).round()
        assert (customers[f"{name}_TRX"] >= active).all()
        assert ((customers[name] > 0) == (active > 0)).all()
