"""A table of more rows than are analysed at once is sampled, and only when something about it has changed."""

import pandas as pd
import pytest

from seg_utils.core.parameters import Parameters
from seg_utils.data import population, sample
from seg_utils.pipeline import large


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A request on a table that is large."""
    monkeypatch.setattr(population, "AT_ONCE", 100)
    monkeypatch.setattr(population, "SAMPLED", 50)
    monkeypatch.setattr(large, "LEAST_BYTES", 100)
    sample.generate(300, seed=1)[0].to_csv(tmp_path / "Großbank 1.csv", index=False)
    return Parameters(data=tmp_path / "Großbank 1.csv", outputs=tmp_path / "outputs")


def test_a_table_that_fits_is_analysed_whole():
    usual = Parameters()
    assert large.sampled(usual) is usual


def test_a_sample_is_named_after_its_table_and_lies_below_the_results(asked, tmp_path):
    found = large.sampled(asked)
    assert found.data.is_relative_to(tmp_path / "outputs")
    assert found.data.name == "gro-bank-1.parquet"
    (tmp_path / "b").mkdir()
    other = asked.data.rename(tmp_path / "b" / asked.data.name)
    assert large.sampled(Parameters(data=other, outputs=asked.outputs)).data.parent != found.data.parent


def test_a_sample_is_drawn_again_only_when_the_table_has_changed(asked, capsys):
    found = large.sampled(asked)
    for said in ("running (not done yet)", "up to date"):
        large.draw(asked, found.data)
        assert said in capsys.readouterr().out
    pd.read_csv(asked.data).head(200).to_csv(asked.data, index=False)
    large.draw(asked, found.data)
    assert "Großbank 1.csv changed)" in capsys.readouterr().out
    assert pd.read_parquet(found.data)["customer_id"].max() <= "SYN-00200"
