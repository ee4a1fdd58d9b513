"""Periods from the command line: what is made, what is refused, and what stands when something fails."""

import json
import subprocess
import sys
from dataclasses import replace
from unittest import mock

import pandas as pd
import pytest

from seg_utils import __main__ as command_line
from seg_utils import strategy
from seg_utils.core import artefacts, paths
from seg_utils.core.errors import ParameterError
from seg_utils.pipeline import driver, stages
from seg_utils.pipeline.commands import month
from seg_utils.pipeline.commands.series import Series, out_of_step, series_of
from seg_utils.pipeline.state import records
from seg_utils.pipeline.state.lock import owned

FIRST, SECOND = "2026-10", "2026-12"


@pytest.fixture(scope="module")
def run_folder(models, tmp_path_factory):
    """What `make report` leaves of a run that periods read."""
    model, customers = models.made(), models.sample().head(models.TRAINED_ON)
    run = tmp_path_factory.mktemp("outputs") / "old" / "log-median" / "k4"
    run.mkdir(parents=True)
    model.save(run / "model.json")
    placed = pd.concat([customers[["customer_id"]], model.place(customers)], axis=1)
    held_out = strategy.control_group(customers["customer_id"], 0.1, "first")
    artefacts.write_parquet(run / "assignments.parquet", placed)
    artefacts.write_csv(run / "segments.csv", placed.assign(campaign="first", control_group=held_out))
    people = [{"segment": key, "persona_id": "revolvers", "no_move": None} for key in range(4)]
    artefacts.write_json(run / "personas.json", people)
    artefacts.write_csv(
        run / "strategy.csv", pd.DataFrame({"segment": range(4), "decision": ["make", *["not now"] * 3]})
    )
    artefacts.write_json(run / "manifest.json", {"parameters": {"MARKET": "us"}})
    artefacts.write_parquet(run.parents[1] / "customers.parquet", customers)
    artefacts.write_json(run.parents[1] / "quality.json", {"source": {"name": "old.csv", "sha256": "old"}})
    return run


@pytest.fixture(scope="module")
def file(models, tmp_path_factory):
    """The customers of a month, some of them gone, all with a little more."""
    folder = tmp_path_factory.mktemp("in put")

    def write(name, more, gone=30):
        frame = models.sample().head(models.TRAINED_ON).iloc[gone:]
        frame = frame.assign(BALANCE=(frame["BALANCE"] * more).round(2)).rename(columns={"customer_id": "CUST_ID"})
        frame.to_csv(folder / name, index=False)
        return folder / name

    return write


def make(run, *words, command="month"):
    return command_line.main([command, f"FROM={run}", *words])


def content(folder):
    """All that a period left, but for the log."""
    files = [
        path for path in folder.rglob("*") if path.is_file() and path.name not in ("run.log", ".lock", ".progress")
    ]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def made(run, period, **decision):
    """A period that is complete, as far as the command line looks at it."""
    folder = run / "periods" / period
    artefacts.write_json(folder / "quality.json", {"source": {"name": "its.csv", "sha256": period}})
    told = {"period": period, "before": "start", "before_sha256": "old", "source": {"sha256": period}}
    told |= {"decision": "refit"}
    told["model"] = artefacts.read_json(run / "model.json")["sha256"][:12]
    artefacts.write_json(folder / "decision.json", told | decision)
    records.write(records.path_of(folder, stages.MONTH), {"notebook": "x"}, [])
    return folder


@pytest.mark.end_to_end
def test_periods_follow_one_another_and_stand_whatever_comes(run_folder, file, capsys):
    periods = run_folder / "periods"
    october = file("customers.csv", 1.0)
    assert make(run_folder, f"DATA={october}", f"PERIOD={FIRST}", "FORMATS=html xlsx") == 0
    first = content(periods / FIRST)
    assert {
        "month.html",
        "month.xlsx",
        "membership.csv",
        "movers.parquet",
        "lineage.json",
        "decision.json",
    } <= first.keys()
    assert json.loads(first["decision.json"])["counts"]["gone"] == 30
    capsys.readouterr()

    assert make(run_folder, f"DATA={october}", f"PERIOD={FIRST}", "FORMATS=html xlsx") == 0  # nothing runs
    assert capsys.readouterr().out.count("up to date") == 3
    other = file("customers.csv", 1.08, gone=0)  # the same name every month
    assert make(run_folder, f"DATA={other}", f"PERIOD={FIRST}", "FORMATS=html") == 2
    assert "PERIOD=2026-10 is there already, of another file (customers.csv); to put" in capsys.readouterr().err
    assert content(periods / FIRST) == first
    october = file("october.csv", 1.0)
    assert make(run_folder, f"DATA={october}", f"PERIOD={SECOND}", "FORMATS=html") == 2
    assert "october.csv is byte for byte the file of 2026-10; give DATA= the file of 2026-12" in capsys.readouterr().err
    assert not (periods / SECOND).exists()

    assert make(run_folder, f"DATA={other}", f"PERIOD={SECOND}", "FORMATS=html") == 0
    said = capsys.readouterr().out
    assert "months missing between 2026-10 and 2026-12: 1" in said
    second = content(periods / SECOND)
    decided = json.loads(second["decision.json"])
    assert (decided["before"], decided["counts"]["returned"]) == (FIRST, 30)
    members = pd.read_parquet(periods / SECOND / "membership.parquet")
    held_out = strategy.control_group(members["customer_id"], 0.1, "first")
    assert (members["control_group"] == held_out).all()

    records.path_of(periods / SECOND, stages.MONTH).unlink()  # as a run that is killed leaves it
    (periods / SECOND / "movers.csv").write_text("half a ro")
    assert Series(run_folder).done == [FIRST]
    assert make(run_folder, f"DATA={other}", f"PERIOD={SECOND}", "FORMATS=html") == 0
    assert content(periods / SECOND) == second

    assert make(run_folder, f"DATA={other}", f"PERIOD={FIRST}", "REPLACE=yes", "FORMATS=html") == 0
    assert "2026-12 was compared with another file of 2026-10 than the one that is there now" in capsys.readouterr().out
    assert make(run_folder, "FORMATS=html", command="history") == 0
    assert (periods / "history.html").is_file()
    table = pd.read_csv(periods / "periods.csv")
    assert table["period"].tolist() == [FIRST, SECOND]
    assert pd.read_csv(periods / "retention.csv")["of"].max() == 1200
    assert set(pd.read_csv(periods / "retention.csv")["by"]) == {"first period", "TENURE"}
    assert json.loads((periods / "leaving.json").read_text())["shown"] is False
    assert len(pd.read_csv(periods / "bi" / "membership.csv")) == 1200 + 1200
    described = pd.read_csv(periods / "bi" / "data_dictionary.csv")
    assert set(described["table"]) >= {"membership", "movers", "migration", "bridge", "shift"}


@pytest.fixture
def series(run_folder, tmp_path):
    """The same run without any period."""
    import shutil

    run = tmp_path / "old" / "log-median" / "k4"
    shutil.copytree(run_folder.parents[1], tmp_path / "old", ignore=shutil.ignore_patterns("periods"))
    return Series(run)


def test_a_damaged_file_is_one_line_and_leaves_what_was(series, tmp_path, file, capsys):
    (tmp_path / "bad.csv").write_text("CUST_ID,BALANCE\nC1,x\n")
    assert make(series.run, f"DATA={tmp_path / 'bad.csv'}", f"PERIOD={FIRST}") == 2
    assert make(series.run, f"DATA={tmp_path / 'missing.csv'}", f"PERIOD={FIRST}") == 2
    assert capsys.readouterr().err.count("\n") == 2
    assert not series.folder.exists()


def test_a_file_that_came_in_between_is_not_replaced(series, file, capsys, monkeypatch):
    """Two runs for one period: the second looks again once the first has left the folder to it."""
    october, looked = file("late.csv", 1.0), month._check_customers

    def check(*given):
        looked(*given)
        made(series.run, FIRST)

    monkeypatch.setattr(month, "_check_customers", check)
    assert make(series.run, f"DATA={october}", f"PERIOD={FIRST}") == 2
    assert "PERIOD=2026-10 is there already, of another file (its.csv)" in capsys.readouterr().err
    assert artefacts.read_json(series.folder / FIRST / "quality.json")["source"]["sha256"] == FIRST
    assert series.done == [FIRST]


def test_too_few_customers_are_refused_before_a_period_is_touched(series, file, capsys):
    folder = made(series.run, FIRST)
    before = content(folder)
    few = file("few.csv", 1.0, gone=1181)
    assert make(series.run, f"DATA={few}", f"PERIOD={FIRST}", "REPLACE=yes") == 2
    assert "few.csv holds 19 customers; a period needs at least 20, 5 for each of the 4" in capsys.readouterr().err
    assert content(folder) == before
    assert series.done == [FIRST]


def test_a_month_is_described_as_the_period_before_unless_other_columns_are_named(series, file, capsys):
    def described(period, *words):
        asked = {"DATA": str(path), "PERIOD": period} | dict(word.split("=") for word in words)
        return month._described(series, month.allowed.from_mapping(asked), inputs).describe

    inputs = month.model_path.read(series.in_force(FIRST)).space.inputs
    path = file("described.csv", 1.0)
    pd.read_csv(path).assign(channel="web", branch="north").to_csv(path, index=False)
    kept = pd.DataFrame({"customer_id": ["C1"], "CHANNEL": ["web"], "AGE": [30.0]})
    kept.to_parquet(series.run.parents[1] / "descriptors.parquet")
    assert described(FIRST) == ("CHANNEL",)
    assert "described.csv does not have AGE, by which segments were described before" in capsys.readouterr().out
    assert described(FIRST, "DESCRIBE=BRANCH") == ("BRANCH",)
    kept[["customer_id"]].assign(BRANCH="north").to_parquet(made(series.run, FIRST) / "descriptors.parquet")
    assert described(SECOND) == ("BRANCH",)


@pytest.mark.parametrize("name", ["membership.parquet", "bridge.parquet"])  # what 06 reads, what only its report reads
@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"no table")])
def test_a_period_that_is_damaged_is_named_and_nothing_goes_on_from_it(series, file, spoil, name, capsys, monkeypatch):
    folder = made(series.run, FIRST)
    artefacts.write_parquet(folder / name, pd.DataFrame({"segment": [1]}))
    kept = records.path_of(folder, stages.MONTH)
    records.write(kept, {"notebook": "x"}, [folder / name])
    month._check_whole(series, [folder / name])
    spoil(folder / name)
    later = file("later.csv", 1.0)
    for words, command in (((f"DATA={later}", f"PERIOD={SECOND}"), "month"), ((), "history")):
        assert make(series.run, *words, command=command) == 2
        said = capsys.readouterr().err
        assert f"{name} of 2026-10 is not as make month wrote it; run make month for 2026-10 again" in said
        assert said.count("\n") == 1
    assert series.done == [FIRST]
    assert not (series.folder / SECOND).exists()
    monkeypatch.setattr(month, "_check_place", mock.Mock(side_effect=ParameterError("about to be made again")))
    assert make(series.run, f"DATA={later}", f"PERIOD={FIRST}") == 2
    assert "about to be made again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "DATA= is missing; for example make month DATA=nov.csv PERIOD=2026-11"),
        (("PERIOD=November",), "PERIOD=November is not allowed; PERIOD is a year and a month"),
        (("PERIOD=0000-01",), "PERIOD=0000-01 is not allowed; PERIOD is a year and a month"),
        (("K=7",), "K=7 means nothing here: the run has decided it"),
        (("FORMATS=pptx",), "FORMATS=pptx is for make report; here are html, pdf, docx, xlsx"),
    ],
)
def test_a_wrong_word_is_one_line(series, words, message, capsys):
    assert make(series.run, *words) == 2
    assert message in capsys.readouterr().err


def test_the_only_run_is_taken_and_of_several_the_one_that_has_periods(series, tmp_path):
    def chosen():
        return series_of(month.allowed.from_mapping({"OUTPUTS": str(tmp_path)})).run

    assert chosen() == series.run
    other = tmp_path / "new" / "log-median" / "k3"
    other.mkdir(parents=True)
    (other / "model.json").touch()
    with pytest.raises(ParameterError, match="FROM= is missing; FROM is a run folder"):
        chosen()
    made(series.run, FIRST)
    assert chosen() == series.run


def test_a_periods_folder_stands_for_its_run_and_no_model_alone_for_one(series):
    folder = made(series.run, FIRST)
    assert series_of(month.allowed.from_mapping({"FROM": str(folder)})) == series
    (series.run / "manifest.json").unlink()
    with pytest.raises(ParameterError, match="is no folder of a run that make report made"):
        series_of(month.allowed.from_mapping({"FROM": str(series.run)}))


def test_a_challenger_is_in_force_for_what_comes_after_it_with_a_reason(series, capsys):
    folder = made(series.run, FIRST)
    made(series.run, SECOND)
    artefacts.write_json(folder / "challenger.json", artefacts.read_json(series.run / "model.json"))
    assert make(series.run, f"PERIOD={FIRST}", command="adopt") == 2
    assert make(series.run, "REASON=x", command="adopt") == 2
    assert "PERIOD= is missing; name the one" in capsys.readouterr().err
    assert make(series.run, "PERIOD=2026-11", "REASON=x", command="adopt") == 2
    assert "known are 2026-10, 2026-12" in capsys.readouterr().err
    assert make(series.run, f"PERIOD={FIRST}", "REASON=the second bad month", command="adopt") == 0
    said = capsys.readouterr().out
    assert "run make month again for 2026-12" in said
    assert "though" not in said
    assert make(series.run, f"PERIOD={SECOND}", "REASON=x", command="adopt") == 2
    assert "2026-12 was compared with start, but the period before it is 2026-10: run" in capsys.readouterr().err
    assert [one["reason"] for one in series.adopted] == ["the second bad month"]
    assert series.in_force(FIRST) == series.run / "model.json"
    assert series.in_force(SECOND) == series.folder / "adopted-2026-10.json"


def test_a_second_adoption_takes_no_reason_away_unasked(series, capsys):
    folder = made(series.run, FIRST, decision="keep")
    artefacts.write_json(folder / "challenger.json", artefacts.read_json(series.run / "model.json"))
    for _ in range(2):  # the same again is no other
        assert make(series.run, f"PERIOD={FIRST}", "REASON=the first", command="adopt") == 0
        assert "adopted-2026-10.json, though the decision of 2026-10 was to keep" in capsys.readouterr().out
    assert out_of_step(series) == []
    assert make(series.run, f"PERIOD={FIRST}", "REASON=again", command="adopt") == 2
    assert "PERIOD=2026-10 was adopted already (the first); to adopt it anew" in capsys.readouterr().err
    assert [one["reason"] for one in series.adopted] == ["the first"]
    assert make(series.run, f"PERIOD={FIRST}", "REASON=again", "REPLACE=yes", command="adopt") == 0
    assert [one["reason"] for one in series.adopted] == ["again"]
    another = artefacts.read_json(series.run / "model.json") | {"seed": 9}
    artefacts.write_json(folder / "challenger.json", another)  # as another file in the period's place leaves it
    assert "what was adopted from 2026-10 was fitted on another file" in out_of_step(series)[0]
    assert make(series.run, f"PERIOD={FIRST}", "REASON=again", command="adopt") == 2


def test_an_adoption_that_was_killed_is_none(series):
    """The model was written, the reason was not; then another challenger is adopted."""
    folder = made(series.run, FIRST)
    model = artefacts.read_json(series.run / "model.json")
    artefacts.write_json(folder / "challenger.json", model)
    artefacts.write_json(series.folder / f"adopted-{FIRST}.json", model | {"seed": 9})
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    (series.folder / f".part-{killed.pid}-adopted.json").touch()
    assert make(series.run, f"PERIOD={FIRST}", "REASON=x", command="adopt") == 0
    assert artefacts.read_json(series.in_force(SECOND)) == model
    assert not [*series.folder.glob(".part-*")]


def test_an_adoption_waits_for_another_one(series):
    folder = made(series.run, FIRST)
    artefacts.write_json(folder / "challenger.json", artefacts.read_json(series.run / "model.json"))
    words = [sys.executable, "-m", "seg_utils", "adopt", f"FROM={series.run}", f"PERIOD={FIRST}", "REASON=x"]
    with owned(series.folder, lambda: None):
        waiting = subprocess.Popen(words, cwd=paths.PROJECT, stdout=subprocess.PIPE, text=True)
        assert "waiting for another run" in waiting.stdout.readline()
        assert series.adopted == []
    assert "periods after" in waiting.communicate(timeout=60)[0]
    assert waiting.returncode == 0
    assert len(series.adopted) == 1


def test_a_challenger_of_another_number_of_segments_is_named_by_it(series, models, capsys):
    folder = made(series.run, FIRST)
    same = artefacts.read_json(series.run / "model.json")
    artefacts.write_json(folder / "challenger.json", same)
    three = replace(models.made(), sizes=(500, 400, 300), centroids=models.made().centroids[:3])
    assert len(three.sizes) == 3
    with mock.patch.object(
        month.model_path, "read", lambda file: three if "recommended" in file.name else models.made()
    ):
        artefacts.write_json(folder / "challenger_recommended.json", same | {"seed": 3})
        words = [f"PERIOD={FIRST}", "REASON=x"]
        assert make(series.run, *words, "K=9", command="adopt") == 2
        assert "K=9 has no challenger in 2026-10; there are some of 3 and 4 segments" in capsys.readouterr().err
        for k, seed in (("3", 3), ("4", same["seed"]), ("auto", 3)):
            assert make(series.run, *words, f"K={k}", "REPLACE=yes", command="adopt") == 0
            assert artefacts.read_json(series.in_force(SECOND))["seed"] == seed


def test_a_month_is_valued_anew_when_a_campaign_has_measured_its_effects(series, monkeypatch, tmp_path):
    def now():
        asked = month.allowed.from_mapping({"PERIOD": FIRST})
        return month._stage(series, asked, None).reads

    before = now()
    economics = tmp_path / "economics.yml"
    text = paths.catalogue("ECONOMICS").read_text(encoding="utf-8")
    economics.write_text(f"{text}\nmeasured: spring.yml\n", encoding="utf-8")
    (tmp_path / "spring.yml").write_text("moves: {}\n", encoding="utf-8")
    monkeypatch.setenv("SEG_ECONOMICS", str(economics))
    assert set(now()) - set(before) == {economics, tmp_path / "spring.yml"}


def test_a_period_that_was_compared_with_another_is_told(series, capsys):
    made(series.run, FIRST)
    made(series.run, SECOND, before=FIRST, before_sha256="another")
    told = "2026-12 was compared with another file of 2026-10 than the one that is there now"
    assert out_of_step(series) == [f"{told}: run make month for 2026-12 again"]
    made(series.run, SECOND, before="2026-09", before_sha256="another")
    told = "2026-12 was compared with 2026-09, but the period before it is 2026-10"
    assert out_of_step(series) == [f"{told}: run make month for 2026-12 again"]
    made(series.run, SECOND, before=FIRST, before_sha256=FIRST)
    assert out_of_step(series) == []


def test_a_period_that_a_former_model_placed_is_told(series):
    folder = made(series.run, FIRST)
    made(series.run, SECOND, before=FIRST, before_sha256=FIRST)
    challenger = artefacts.read_json(series.run / "model.json") | {"sha256": "another"}
    for name in ("challenger.json", "adopted.json"):
        artefacts.write_json(folder / name, challenger)
    adopted = {"period": FIRST, "reason": "x", "model": f"{FIRST}/adopted.json"}
    artefacts.write_json(series.folder / "adopted.json", [adopted])
    told = "2026-12 was placed by a model that is no longer in force for it"
    assert out_of_step(series) == [f"{told}: run make month for 2026-12 again"]


def test_a_report_names_the_periods_that_another_model_placed(series, capsys):
    driver._tell_of_periods(series.run)
    made(series.run, FIRST)
    driver._tell_of_periods(series.run)
    assert capsys.readouterr().out == ""
    made(series.run, FIRST, model="another")
    driver._tell_of_periods(series.run)
    assert "2026-10 was placed by a model that is no longer in force for it: run make month" in capsys.readouterr().out


def test_a_history_needs_a_period(series, capsys):
    assert make(series.run, "FORMATS=xlsx", command="history") == 2
    assert "FORMATS=xlsx is for make report; here are html, pdf, docx" in capsys.readouterr().err
    assert make(series.run, command="history") == 2
    assert "has no period yet; make one, for example make month" in capsys.readouterr().err
