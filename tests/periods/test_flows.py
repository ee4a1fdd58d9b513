from types import SimpleNamespace

import pandas as pd
import pytest

from seg_utils import periods
from seg_utils.periods import identity
from seg_utils.periods.comparison import GONE, NEW, RETURNED
from seg_utils.strategy import assumptions


@pytest.fixture(scope="module")
def found(model, before, later):
    return periods.compare(model, before, later[0], known=["NEW-0"])


@pytest.fixture(scope="module")
def amounts(before, later):
    assumed = assumptions.load()
    return periods.amounts(before, assumed), periods.amounts(later[0], assumed)


def test_every_bridge_sums(found, before, later):
    bridge = periods.bridge(found)
    came, left = bridge[[NEW, RETURNED, "moved_in"]].sum(axis=1), bridge[["moved_out", GONE]].sum(axis=1)
    assert (bridge["before"] + came - left == bridge["now"]).all()
    assert bridge[["before", "now"]].sum().tolist() == [len(before), len(later[0])]
    assert bridge["flicker_in"].sum() == bridge["flicker_out"].sum() == found.counts["flicker"]
    assert bridge["persona"].tolist() == bridge["segment"].map(identity.names(found.model)).tolist()


def test_flows_add_up_to_everybody_and_to_everything(found, amounts):
    table = periods.migration(found, *amounts)
    assert table["customers"].sum() == len(found.movers)
    assert table[["real", "flicker"]].sum().tolist() == [found.counts["real"], found.counts["flicker"]]
    for when, frame in zip(("before", "now"), amounts, strict=True):
        for name in frame:
            assert table[f"{name}_{when}"].sum() == pytest.approx(frame[name].sum(), rel=1e-12)
    within = table.dropna(subset=["from_segment", "to_segment"])
    assert within.groupby("from_segment")["share_of_from"].sum().round(12).eq(1).all()
    assert within["share_of_met"].sum() == pytest.approx(1)
    assert set(table.loc[table["from_segment"].isna(), "from_persona"]) == {NEW, RETURNED}
    assert set(table.loc[table["to_segment"].isna(), "to_persona"]) == {GONE}


def test_every_total_is_taken_apart_exactly(found, amounts):
    shift = periods.shift(found, *amounts)
    parts = shift[["before", *periods.flows.PARTS]].sum(axis=1)
    pd.testing.assert_series_equal(parts, shift["now"], check_names=False, rtol=1e-12, atol=1e-6)
    sums = shift.groupby("measure")[["before", "now"]].sum()
    for when, frame in zip(("before", "now"), amounts, strict=True):
        assert sums[when].to_dict() == pytest.approx(frame.sum().to_dict())


def test_each_cause_is_told_as_what_it_is(model, before):
    assumed = assumptions.load()

    def parts(now):
        found = periods.compare(model, before, now)
        shift = periods.shift(found, periods.amounts(before, assumed), periods.amounts(now, assumed))
        return shift[shift["measure"] == "balances"][[*periods.flows.PARTS]].sum().round(6)

    fewer = parts(before.iloc[100:])
    assert fewer["customer_base"] == pytest.approx(-before["BALANCE"].head(100).sum())
    assert fewer[["mix", "behaviour"]].tolist() == [0, 0]
    richer = before.assign(BALANCE=before["BALANCE"] + 0.01)
    behaviour = parts(richer)
    assert behaviour["behaviour"] == pytest.approx(0.01 * len(before))
    assert behaviour["customer_base"] == 0


def test_a_credit_counts_as_nothing_owed_and_a_gap_as_nothing(before):
    some = before.head(4).assign(BALANCE=[-50.0, None, 0.0, 70.0])
    assert periods.amounts(some, assumptions.load())["balances"].tolist() == [0, 0, 0, 70]
    assert periods.amounts(some, assumptions.load())["value"].notna().all()


def test_who_moved_is_mix_and_who_changed_where_they_are_is_behaviour():
    """Two segments; one customer with 30 goes from the first to the second, where the one there rises from 10 to 20."""
    ids = pd.Index([*"abcde"], name="customer_id")
    movers = pd.DataFrame(
        {"customer_id": ids, "status": ["stayed", "moved", "stayed", NEW, GONE],
         "segment_before": pd.array([0, 0, 1, None, 1], "Int64"), "segment_now": pd.array([0, 1, 1, 1, None], "Int64")}
    )  # fmt: skip
    before = pd.DataFrame({"balances": [30.0, 30.0, 10.0, 7.0]}, index=pd.Index([*"abce"], name="customer_id"))
    now = pd.DataFrame({"balances": [30.0, 30.0, 20.0, 5.0]}, index=pd.Index([*"abcd"], name="customer_id"))
    words = [{"persona": name, "actions": {"now": ""}, "colour": 0, "description": "", "share": 0.5} for name in "AB"]
    model = SimpleNamespace(segments=words, centroids=[0, 0], sizes=[2, 1])
    table = periods.shift(SimpleNamespace(movers=movers, model=model), before, now).set_index("segment")
    assert table.loc[0, ["before", "customer_base", "mix", "behaviour", "now"]].tolist() == [60, 0, -30, 0, 30]
    assert table.loc[1, ["before", "customer_base", "mix", "behaviour", "now"]].tolist() == [17, -2, 17.5, 22.5, 55]
