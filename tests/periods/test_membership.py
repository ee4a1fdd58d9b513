import pandas as pd
import pytest

from seg_utils import periods, strategy
from seg_utils.core.errors import DataError
from seg_utils.periods import membership


@pytest.fixture(scope="module")
def start(model, before):
    ids = before["customer_id"]
    return pd.DataFrame(
        {
            "customer_id": ids,
            "segment": model.place(before)["segment"],
            "periods_in_segment": 1,
            "first_period": membership.START,
            "campaign": "first",
            "control_group": strategy.control_group(ids, 0.1, "first"),
        }
    )


def made(model, before, now, start, **given):
    found = periods.compare(model, before, now, start["customer_id"])
    usual = {"period": "2026-11", "model_id": "m", "campaign": None, "control_share": 0.1}
    return membership.membership(found, start, membership.ever([start]), **usual | given)


def test_nobody_changes_sides_while_a_campaign_runs_whatever_share_is_held_out_now(model, before, later, start):
    now = later[0]
    members = made(model, before, now, start, control_share=0.5).set_index("customer_id")
    old = start.set_index("customer_id")["control_group"]
    met = members.index.intersection(old.index)
    assert (members.loc[met, "control_group"] == old[met]).all()
    new = members.index.difference(old.index)
    assert members.loc[new, "control_group"].mean() > 0.3
    assert (members["campaign"] == "first").all()


def test_another_campaign_draws_anew(model, before, start):
    members = made(model, before, before, start, campaign="spring")
    assert (members["control_group"] == strategy.control_group(members["customer_id"], 0.1, "spring")).all()
    assert (members["control_group"] != start["control_group"]).any()


def test_periods_in_a_segment_run_on_until_it_changes(model, before, later, start):
    members = made(model, before, later[0], start).set_index("customer_id")
    old = start.set_index("customer_id")["segment"].reindex(members.index)
    assert (members["periods_in_segment"] == (members["segment"] == old).astype(int) + 1).all()
    assert members["first_period"].value_counts().to_dict() == {membership.START: len(before) - 30, "2026-11": 40}


def test_whoever_returns_came_first_when_they_came_first(model, before, start):
    away = before.iloc[50:]
    found = periods.compare(model, away, before, start["customer_id"])
    members = membership.membership(
        found, start.iloc[50:], membership.ever([start]), period="2026-11", model_id="m", campaign=None,
        control_share=0.1,
    )  # fmt: skip
    assert found.counts["returned"] == 50
    assert (members["first_period"] == membership.START).all()
    assert (members["periods_in_segment"].head(50) == 1).all()
    assert (members["control_group"].to_numpy() == start["control_group"].to_numpy()).all()


def test_a_run_without_a_campaign_is_told_to_be_made_again(tmp_path, start):
    start[["customer_id", "segment"]].assign(confidence=0.5).to_parquet(tmp_path / "assignments.parquet")
    start[["customer_id", "segment"]].to_csv(tmp_path / "segments.csv", index=False)
    with pytest.raises(DataError, match="notes no campaign: make the report again"):
        membership.of_run(tmp_path)
