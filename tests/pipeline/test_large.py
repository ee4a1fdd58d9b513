"""A table of more rows than are analysed at once is sampled, and only when something about it has changed."""

import signal
import subprocess
import sys

import pandas as pd
import pytest

from seg_utils import periods
from seg_utils.core.artefacts import read_json
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


def test_a_month_is_compared_by_the_customers_of_the_runs_sample_whatever_its_own_size(asked, tmp_path, capsys):
    run_sample = large.sampled(asked)
    large.draw(asked, run_sample.data)
    run = tmp_path / "run"
    features = ["BALANCE", "PURCHASES"]
    assert large.sampled_as(run, asked, features) is asked  # made on all
    run.mkdir()
    (run_sample.data.with_name("population.json")).rename(run / "population.json")
    later = pd.read_csv(asked.data).iloc[60:]
    later.to_csv(tmp_path / "nov.csv", index=False)
    month = large.sampled_as(run, Parameters(data=tmp_path / "nov.csv", outputs=asked.outputs), features)
    assert "nov.csv is compared by the sample of customers that the run rests on" in capsys.readouterr().out
    ids = pd.read_parquet(run_sample.data)["customer_id"]
    assert pd.read_parquet(month.data)["customer_id"].tolist() == [one for one in ids if one in set(later["CUST_ID"])]
    _, _, findings = periods.read(month.data, features)
    assert findings[0].message.startswith("Of 240 customers, the ")


def test_a_sample_is_drawn_again_only_when_the_table_has_changed(asked, capsys):
    found = large.sampled(asked)
    for said in ("running (not done yet)", "up to date"):
        large.draw(asked, found.data)
        assert said in capsys.readouterr().out
    pd.read_csv(asked.data).head(200).to_csv(asked.data, index=False)
    large.draw(asked, found.data)
    assert "Großbank 1.csv changed)" in capsys.readouterr().out
    assert pd.read_parquet(found.data)["customer_id"].max() <= "SYN-00200"


def test_a_table_that_changes_while_it_is_read_is_read_again_and_that_is_said(asked, capsys, monkeypatch):
    found, write = large.sampled(asked), population.write

    def write_while_others_do(*arguments, **options):
        write(*arguments, **options)
        monkeypatch.setattr(population, "write", write)
        pd.read_csv(asked.data).head(200).to_csv(asked.data, index=False)

    monkeypatch.setattr(population, "write", write_while_others_do)
    large.draw(asked, found.data)
    assert "Großbank 1.csv changed)" in capsys.readouterr().out
    assert read_json(found.data.with_name("population.json"))["customers"] == 200


ENDED = """
import os, resource, signal, sys
from pathlib import Path
from seg_utils.__main__ import main
from seg_utils.data import population
from seg_utils.pipeline import large
population.AT_ONCE, population.SAMPLED, large.LEAST_BYTES = 100, 50, 100
write_parts = population._write_parts
def killed(*arguments):
    write_parts(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "killed":
    population._write_parts = killed
else:
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
sys.exit(main(["report", "K=3", *sys.argv[2:]]))
"""


@pytest.mark.parametrize("how", ["killed", "no space"])
def test_nothing_counts_of_a_run_that_is_killed_or_has_no_space(asked, how, capsys):
    found = large.sampled(asked)
    words = [f"DATA={asked.data}", f"OUTPUTS={asked.outputs}"]
    ended = subprocess.run([sys.executable, "-c", ENDED, how, *words], capture_output=True, text=True)
    if how == "killed":
        assert ended.returncode == -signal.SIGKILL
        assert [path.name for path in found.data.parent.iterdir() if path.name.startswith(".part-")]
    else:
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
        assert "free the space or mend the path and run the same command again" in ended.stderr
    large.draw(asked, found.data)
    assert "running (not done yet)" in capsys.readouterr().out
    kept = [path for path in found.data.parent.iterdir() if not path.name.startswith((".record", ".lock"))]
    assert {path.name for path in kept} >= {"all", "population.json", found.data.name}
    assert not [path for path in kept if path.name.startswith(".part-")]
    assert read_json(found.data.with_name("population.json"))["customers"] == 300
