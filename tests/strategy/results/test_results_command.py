"""make results from the command line: files, lines, refusals."""

import io
import json
import shutil
from contextlib import redirect_stdout

import numpy as np
import pandas as pd
import pytest

from seg_utils import __main__ as command_line
from seg_utils.core import artefacts
from seg_utils.strategy.decisions import NO_PART

FILES = ["results.csv", "results.parquet", "measured.yml", "results.json", "results.html"]


def results(*words):
    return command_line.main(["results", *words])


@pytest.fixture(scope="module")
def responses(plan, purchases, tmp_path_factory):
    """A file whose name would be markup in a page."""
    path = tmp_path_factory.mktemp("in put's") / "Responses <b> *spring*.csv"
    held_out = plan.drawn["control_group"].to_numpy()
    frame = purchases.assign(contacted=~held_out, cost=0.02 * ~held_out)
    frame.loc[0, "contacted"] = ~frame.loc[0, "contacted"]
    frame.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def done(responses, run_folder):
    """The folder of results, which no test leaves changed, and what was said when they were made."""
    with redirect_stdout(io.StringIO()) as said:
        assert results(f"DATA={responses}", f"FROM={run_folder}", "CAMPAIGN=Spring", "PERIOD=2026-03") == 0
    return run_folder / "results" / "spring", said.getvalue()


def test_campaigns_and_ids_that_look_like_numbers_or_formulas_are_found(plan, run_folder, tmp_path, capsys):
    dataset = tmp_path / "other"
    shutil.copytree(run_folder.parents[1], dataset)
    run = dataset / run_folder.relative_to(run_folder.parents[1])
    ids = "+49" + plan.drawn["customer_id"]
    customers = plan.customers.assign(customer_id=ids)
    customers.to_parquet(dataset / "customers.parquet")
    artefacts.write_csv(run / "segments.csv", plan.drawn.assign(customer_id=ids, campaign="01"))
    customers.rename(columns={"PURCHASES": "purchases"})[["customer_id", "purchases"]].to_csv(tmp_path / "r.csv")
    assert results(f"DATA={tmp_path / 'r.csv'}", f"FROM={run}", "CAMPAIGN=01") == 0
    assert capsys.readouterr().out.startswith("Campaign 01: ")
    assert (run / "results" / "01" / "results.csv").is_file()


def test_results_stand_in_the_run_folder_under_the_campaigns_name(done):
    folder, said = done
    assert said.splitlines()[-5:] == [f"{name:<15} {folder / name}" for name in FILES]
    assert said.startswith("Campaign spring: ")
    table = pd.read_csv(folder / "results.csv")
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "results.parquet"), table, check_dtype=False)
    written = json.loads((folder / "results.json").read_text())
    assert written["headline"] == said.splitlines()[0].removesuffix(".")
    assert written["verdicts"] == dict(zip(table["persona"], table["verdict"], strict=True))
    assert (written["campaign"], written["period"], written["customers"]) == ("spring", "2026-03", 3000)


def test_the_page_says_what_the_table_does_and_loads_nothing(done):
    folder, said = done
    page = (folder / "results.html").read_text()
    assert said.splitlines()[0].removesuffix(".") in page
    assert "Responses &lt;b&gt; *spring*.csv" in page
    assert "default-src 'none'" in page
    for verdict in pd.read_csv(folder / "results.csv")["verdict"]:
        assert f">{verdict}</span>" in page


def test_the_same_again_is_the_same_to_a_byte(done, responses, run_folder):
    folder, _ = done
    before = {name: (folder / name).read_bytes() for name in FILES}
    assert results(f"DATA={responses}", f"FROM={run_folder}", "PERIOD=2026-03") == 0  # the run's own campaign
    assert {name: (folder / name).read_bytes() for name in FILES} == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["FROM={run}"], "DATA= is missing; DATA is the file of responses"),
        (["DATA={data}"], "FROM= is missing; FROM is a run folder"),
        (["DATA={data}", "FROM={run}/nowhere"], "FROM={run}/nowhere does not exist; FROM is a run folder"),
        (["DATA={data}", "FROM={run}", "CAMPAIGN=autumn"], "CAMPAIGN=autumn was not drawn in that run"),
        (["DATA={data}", "FROM={run}", "PERIOD=March"], "PERIOD=March is not allowed; PERIOD is a year and a month"),
        (["DATA={data}", "FROM={run}", "K=7"], "K=7 means nothing here"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(responses, run_folder, tmp_path, capsys, words, says):
    places = {"run": run_folder, "data": responses}
    given = [word.format(**places) for word in words]
    before = sorted(run_folder.rglob("*"))
    assert results(*given, f"OUTPUTS={tmp_path}") == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"error: {says.format(**places)}")
    assert len(said.err.splitlines()) == 1
    assert sorted(run_folder.rglob("*")) == before


def test_earlier_results_stand_when_a_file_is_refused(done, run_folder, tmp_path, capsys):
    folder, _ = done
    before = {name: (folder / name).read_bytes() for name in FILES}
    (tmp_path / "strangers.csv").write_text("customer_id,outcome\nX1,1\nX2,0\n")
    assert results(f"DATA={tmp_path / 'strangers.csv'}", f"FROM={run_folder}") == 2
    assert "2 ids are of no customer of that run, such as 'X1'" in capsys.readouterr().err
    assert {name: (folder / name).read_bytes() for name in FILES} == before


@pytest.fixture
def sampled(run_folder, plan, tmp_path):
    """The same run as one on every third of its customers, the campaign being drawn among them all."""
    shutil.copytree(run_folder, run := tmp_path / "outputs" / "some" / "log-median" / "k7")
    shutil.rmtree(run / "results", ignore_errors=True)
    artefacts.write_parquet(run.parents[1] / "customers.parquet", plan.customers[::3])
    artefacts.write_csv(run / "segments.csv", pd.read_csv(run / "segments.csv")[::3])
    kept = tmp_path / "outputs" / ".tables" / "some-1a2b3c"
    known = {"customers": 3000, "sampled": 1000}
    artefacts.write_json(run.parents[1] / "source.json", {"path": f"/elsewhere/{kept.name}/some.parquet"})
    artefacts.write_json(kept / "population.json", known)
    artefacts.write_json(run / "population.json", known | {"mean_squared_distance": {"all": 1.0}})
    for number, rows in enumerate((slice(None, 1800), slice(1800, None))):
        artefacts.write_parquet(kept / "all" / f"part-{number}.parquet", plan.customers[rows])
        artefacts.write_parquet(run / "all_customers" / f"part-{number}.parquet", plan.drawn[rows])
    return run


def test_the_campaign_of_a_run_on_a_sample_is_that_of_all_customers(sampled, responses, done):
    assert results(f"DATA={responses}", f"FROM={sampled}") == 0
    folder, _ = done
    assert (sampled / "results" / "spring" / "results.csv").read_bytes() == (folder / "results.csv").read_bytes()


def test_of_a_run_on_a_sample_strangers_are_those_whom_no_part_holds(sampled, tmp_path, capsys):
    (tmp_path / "others.csv").write_text("customer_id,outcome\nX1,1\nSYN-00002,0\n")
    assert results(f"DATA={tmp_path / 'others.csv'}", f"FROM={sampled}") == 2
    said = capsys.readouterr().err
    assert "1 id is of no customer of that run, such as 'X1'; give responses of the 3,000 customers" in said


def test_customers_who_were_read_anew_since_are_not_those_of_the_run(sampled, responses, capsys):
    artefacts.write_json(sampled.parents[2] / ".tables" / "some-1a2b3c" / "population.json", {"customers": 3001})
    assert results(f"DATA={responses}", f"FROM={sampled}") == 2
    said = capsys.readouterr().err
    assert "all customers were placed by another run, or of another table" in said
    assert "make the report again" in said


def test_results_of_another_file_take_their_place_only_when_asked(done, responses, run_folder, tmp_path, capsys):
    folder, _ = done
    before = {name: (folder / name).read_bytes() for name in FILES}
    pd.read_csv(responses).head(2900).to_csv(tmp_path / "later.csv", index=False)
    words = [f"DATA={tmp_path / 'later.csv'}", f"FROM={run_folder}"]
    assert results(*words) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: CAMPAIGN=spring has results already, of another file (Responses <b> *spring*.csv)")
    assert {name: (folder / name).read_bytes() for name in FILES} == before
    assert results(*words, "REPLACE=yes") == 0
    assert json.loads((folder / "results.json").read_text())["customers"] == 2900
    assert results(f"DATA={responses}", f"FROM={run_folder}", "PERIOD=2026-03", "REPLACE=yes") == 0
    assert {name: (folder / name).read_bytes() for name in FILES} == before


@pytest.fixture
def period(run_folder, plan):
    """A period of the run: some of its customers, who moved, two in a segment that came later, and new ones."""
    folder = run_folder / "periods" / "2026-02"
    members = plan.drawn.iloc[1000:].copy()
    members.loc[members.index[:50], "segment"] = 0
    members.loc[members.index[50], ["segment", "campaign_part"]] = 12, NO_PART
    joined = members.head(200).assign(customer_id=[f"NEW-{number}" for number in range(200)])
    members = pd.concat([members, joined], ignore_index=True)
    customers = pd.concat([plan.customers.iloc[1000:], plan.customers.iloc[1000:1200]], ignore_index=True)
    artefacts.write_parquet(folder / "membership.parquet", members)
    artefacts.write_parquet(folder / "customers.parquet", customers.assign(customer_id=members["customer_id"]))
    yield folder
    shutil.rmtree(folder.parent)


def test_a_campaign_may_be_that_of_a_period_with_those_who_joined(period, run_folder, tmp_path, capsys):
    members = pd.read_parquet(period / "membership.parquet")
    held_out = members["control_group"].to_numpy()
    frame = members[["customer_id"]].assign(purchases=np.arange(len(members)) % 97 + 3.0, contacted=~held_out)
    frame.to_csv(tmp_path / "march.csv", index=False)
    assert results(f"DATA={tmp_path / 'march.csv'}", f"FROM={period}", "PERIOD=2026-03") == 0
    said = capsys.readouterr().out
    assert "2 customers of the file are neither to be contacted by the plan nor held out of it" in said
    table = pd.read_csv(period / "results" / "spring" / "results.csv")
    assert table["customers"].sum() == len(members) - 2
    assert (table["segment"] < 7).all()
    assert not (run_folder / "results" / "spring" / "march.csv").exists()
    written = json.loads((period / "results" / "spring" / "results.json").read_text())
    assert written["model"]["run"] == "k7"
    (period / "membership.parquet").write_bytes(b"half")
    assert results(f"DATA={tmp_path / 'march.csv'}", f"FROM={period}") == 2
    assert "run make month for it again" in capsys.readouterr().err
    (period / "membership.parquet").unlink()
    assert results(f"DATA={tmp_path / 'march.csv'}", f"FROM={period}") == 2
    assert "lacks membership.parquet; FROM is the folder of a whole run" in capsys.readouterr().err
