"""The bundled campaign: the same each time, readable, and its planted effects are found."""

import pandas as pd
import pytest

from seg_utils.strategy.results import responses, sample_campaign


@pytest.fixture(scope="module")
def drawn() -> tuple[pd.DataFrame, pd.DataFrame]:
    return sample_campaign.generate()


def test_the_same_each_time(drawn, tmp_path):
    sample_campaign.write(tmp_path)
    read = responses.read(tmp_path / "responses.csv")
    assert (read.outcomes, read.yes_no) == (("purchases",), frozenset())
    assert (read.frame["contacted"] == (drawn[0]["contacted"] == "yes")).all()
    pd.testing.assert_series_equal(read.frame["purchases"], drawn[0]["purchases"])
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "campaign.csv"), drawn[1], check_dtype=False)


def test_effects_are_those_planted(drawn):
    responses, truth = drawn
    change = truth.groupby("persona_id")[["without", "contacted"]].sum()
    effect = change["contacted"] / change["without"] - 1
    for kind, planted in effect.items():
        assert planted == pytest.approx(sample_campaign.EFFECTS.get(kind, 0.0), abs=1e-3)
    reached = (responses["contacted"] == "yes") & ~truth["control_group"]
    assert reached.sum() / (~truth["control_group"]).sum() == pytest.approx(1 - sample_campaign.NOT_REACHED, abs=0.01)
    assert truth["control_group"].mean() == pytest.approx(0.2, abs=0.02)
    assert responses["purchases"].isna().mean() == pytest.approx(sample_campaign.LOST, abs=0.005)
