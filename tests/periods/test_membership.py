import numpy as np
import pandas as pd
import pytest

from seg_utils import periods, strategy
from seg_utils.core.artefacts import write_csv, write_json
from seg_utils.core.errors import DataError
from seg_utils.periods import membership
from seg_utils.strategy.decisions import CONTACT, HELD_OUT, NO_PART


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


def test_only_whom_a_move_that_goes_first_is_worth_has_a_part(model, before, later, start, tmp_path):
    members = made(model, before, later[0], start)
    members.loc[members.index[:40], "segment"] = 9  # a segment that came later
    people = [{"segment": key, "persona_id": "instalment_buyers", "no_move": None} for key in range(4)]
    write_json(tmp_path / "personas.json", people)
    write_csv(
        tmp_path / "strategy.csv", pd.DataFrame({"segment": range(4), "decision": ["make", "", "not now", "try"]})
    )
    assumed = strategy.assumptions.load()
    parts = membership.campaign_parts(tmp_path, later[0], members, assumed)
    first, held_out = members["segment"].isin([0, 3]), members["control_group"]
    assert (parts[~first] == NO_PART).all()
    labels = members["segment"].where(first, -1).to_numpy()
    worth = strategy.Valuation(later[0], labels, people, assumed).worth_contacting
    assert 0 < (first & worth).sum() < first.sum()
    assert (parts[first & worth] == np.where(held_out, HELD_OUT, CONTACT)[first & worth]).all()
    assert (parts[first & ~worth] == NO_PART).all()


def test_a_campaign_that_looks_like_a_number_keeps_its_name(tmp_path, start):
    start[["customer_id", "segment"]].assign(confidence=0.5).to_parquet(tmp_path / "assignments.parquet")
    drawn = start[["customer_id", "segment"]].assign(campaign="01", control_group=False)
    drawn.to_csv(tmp_path / "segments.csv", index=False)
    assert set(membership.of_run(tmp_path)["campaign"]) == {"01"}


def test_a_run_without_a_campaign_is_told_to_be_made_again(tmp_path, start):
    start[["customer_id", "segment"]].assign(confidence=0.5).to_parquet(tmp_path / "assignments.parquet")
    start[["customer_id", "segment"]].to_csv(tmp_path / "segments.csv", index=False)
    with pytest.raises(DataError, match="notes no campaign: make the report again"):
        membership.of_run(tmp_path)
