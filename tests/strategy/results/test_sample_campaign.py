"""The bundled customers' answers: of whom the plan is about, the same each time, with the effects that were planted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils import __main__ as command_line
from seg_utils.core.errors import ParameterError
from seg_utils.data import sample_months
from seg_utils.strategy.decisions import CONTACT, HELD_OUT, NO_PART
from seg_utils.strategy.results import responses, sample_campaign


@pytest.fixture(scope="module")
def in_part(plan):
    """A plan that leaves a third of the customers alone."""
    part = plan.drawn["campaign_part"].mask(np.arange(len(plan.drawn)) % 3 == 0, NO_PART)
    return replace(plan, drawn=plan.drawn.assign(campaign_part=part))


@pytest.fixture(scope="module")
def drawn(in_part) -> tuple[pd.DataFrame, pd.DataFrame]:
    return sample_campaign.generate(in_part)


def test_the_same_each_time(in_part, drawn, tmp_path):
    file, truth = sample_campaign.write(in_part, tmp_path)
    read = responses.read(file)
    assert (read.outcomes, read.yes_no) == (("purchases", "cash_advances", "closures"), {"closures"})
    assert (read.frame["contacted"] == (drawn[0]["contacted"] == "yes")).all()
    pd.testing.assert_series_equal(read.frame["purchases"], drawn[0]["purchases"])
    pd.testing.assert_frame_equal(pd.read_csv(truth), drawn[1], check_dtype=False)


def test_they_are_those_of_the_plan_who_were_contacted_as_it_says_but_for_slips(in_part, drawn):
    answers, plan = drawn[0], in_part.drawn
    aimed_at = plan[plan["campaign_part"] != NO_PART].reset_index(drop=True)
    assert answers["customer_id"].tolist() == aimed_at["customer_id"].tolist()
    contacted = (answers["contacted"] == "yes").groupby(aimed_at["campaign_part"]).mean()
    assert contacted[CONTACT] == pytest.approx(1 - sample_campaign.NOT_REACHED, abs=0.01)
    assert 0 < contacted[HELD_OUT] < 0.01
    assert answers["purchases"].isna().mean() == pytest.approx(sample_campaign.LOST, abs=0.005)


def test_effects_are_those_planted(drawn):
    answers, truth = drawn
    yes = truth.filter(like="closures").eq("yes").astype(float)
    done = truth.assign(**yes).groupby("persona_id")[truth.columns[3:].tolist()].sum()
    for outcome in ("purchases", "cash_advances"):
        effect = done[f"{outcome}_with"] / done[f"{outcome}_without"] - 1
        for kind, change in effect.items():
            planted = sample_campaign.EFFECTS.get(kind, ("", 0.0))
            assert change == pytest.approx(planted[1] if planted[0] == outcome else 0.0, abs=1e-3)
    fewer = done["closures_without"] - done["closures_with"]
    assert fewer["premium"] > 0
    assert fewer.drop("premium").sum() == 0
    known = answers["purchases"].notna()
    which = np.where(answers["contacted"] == "yes", truth["cash_advances_with"], truth["cash_advances_without"])
    assert (answers["cash_advances"] == which)[known].all()


def test_others_customers_are_not_answered_for(plan):
    foreign = replace(plan, drawn=plan.drawn.assign(customer_id="C" + plan.drawn["customer_id"]))
    with pytest.raises(ParameterError, match="no run on the bundled customers"):
        sample_campaign.generate(foreign)


def test_responses_from_the_command_line(run_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sample_months, "FOLDER", tmp_path)
    assert command_line.main(["responses", f"FROM={run_folder}"]) == 0
    assert "responses.csv" in capsys.readouterr().out
    before = (tmp_path / "responses.csv").read_bytes()
    assert command_line.main(["responses", f"FROM={tmp_path}"]) == 2
    assert (tmp_path / "responses.csv").read_bytes() == before
