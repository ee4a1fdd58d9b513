"""Scoring from the command line: files, lines, refusals."""

import json
import sys

import numpy as np
import pandas as pd
import pytest

from seg_utils import __main__ as command_line
from seg_utils import clustering
from seg_utils.core import artefacts
from seg_utils.core.errors import ParameterError
from seg_utils.data import load, sample
from seg_utils.features import feature_space
from seg_utils.pipeline.commands import score as pipeline_score
from seg_utils.scoring import model
from seg_utils.scoring.files import request

K = 3


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """Seven hundred customers in a file."""
    path = tmp_path_factory.mktemp("in put's") / "New customers (May).csv"
    sample.generate(700, seed=5)[0].to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def run_folder(new, tmp_path_factory):
    """A run that the same customers were segmented in."""
    frame = load(new).frame
    fitted = feature_space.fit(frame, scale="log", impute="median")
    found = clustering.kmeans(fitted.transform(frame), K, seed=1, min_starts=3, max_starts=3)
    folder = tmp_path_factory.mktemp("outputs") / "old" / "log-median" / "k3"
    folder.mkdir(parents=True)
    model.build(frame, fitted, found, algorithm="kmeans", seed=1).save(folder / "model.json")
    frame[["customer_id"]].assign(segment=found.labels).to_parquet(folder / "assignments.parquet")
    return folder


def score(*words):
    return command_line.main(["score", *words])


def test_scores_stand_in_the_run_folder_under_the_files_name(new, run_folder, capsys):
    assert score(f"DATA={new}", f"MODEL={run_folder}", "COLUMNS=") == 0
    folder = run_folder / "scores" / "new-customers-may"
    said = capsys.readouterr().out.splitlines()
    written = ["scored.csv", "drift.csv", "scoring.json", "moves.csv"]
    assert said[-4:] == [f"{name:<15} {folder / name}" for name in written]
    assert said[0].startswith("700 customers scored; the most, ")
    assert not [line for line in said if line.startswith("warning")]
    moves = pd.read_csv(folder / "moves.csv")
    assert (moves["from_segment"] == moves["to_segment"]).all()
    told = json.loads((folder / "scoring.json").read_text())
    assert (told["customers"], told["rows"], told["input"]["name"]) == (700, 700, new.name)
    assert told["model"]["sha256"] == json.loads((run_folder / "model.json").read_text())["sha256"]
    assert sum(one["customers"] for one in told["segments"]) == 700


def test_the_same_again_is_the_same_to_a_byte(new, run_folder, tmp_path):
    for name in ("a", "b"):
        assert score(f"DATA={new}", f"MODEL={run_folder}", f"OUT={tmp_path / name}") == 0
    for path in sorted((tmp_path / "a").glob("*.*")):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_out_may_name_the_file(new, run_folder, tmp_path, capsys):
    assert score(f"DATA={new}", f"MODEL={run_folder / 'model.json'}", f"OUT={tmp_path / 'x' / 'may.csv'}") == 0
    assert sorted(one.name for one in (tmp_path / "x").glob("[!.]*")) == [
        "may.csv", "may.drift.csv", "may.moves.csv", "may.scoring.json",
    ]  # fmt: skip


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.glob("[!.]*") if path.is_file()}


def test_scorings_in_one_folder_leave_one_another_alone(new, run_folder, tmp_path):
    out = tmp_path / "out"
    before = {}
    for given in ("may.csv", "drift.csv", "june.csv", ""):
        assert score(f"DATA={new}", f"MODEL={run_folder}", f"OUT={out / given}") == (2 if not given else 0)
        assert before.items() <= contents(out).items()
        before = contents(out)
    assert len(before) == 12
    assert score(f"DATA={new}", f"MODEL={run_folder}", f"OUT={out / 'may.CSV'}") == 2  # its companions are may.csv's
    assert contents(out) == before


def test_the_same_out_again_replaces_its_own_and_drops_its_moves(new, run_folder, tmp_path):
    pd.read_csv(new).assign(CUST_ID=range(700)).to_csv(tmp_path / "strangers.csv", index=False)
    for out, moves in (("may.csv", "may.moves.csv"), ("folder", "folder/moves.csv")):
        for data, met in ((new, True), (tmp_path / "strangers.csv", False), (new, True)):
            assert score(f"DATA={data}", f"MODEL={run_folder}", f"OUT={tmp_path / out}") == 0
            assert (tmp_path / moves).is_file() == met


@pytest.mark.parametrize("theirs", ["may.csv", "may.drift.csv", "may.scoring.json", "may.moves.csv"])
@pytest.mark.parametrize("text", ["mine", '{"files": 3}', '{"files": ["may.moves.csv"]}'])
def test_a_file_that_no_scoring_wrote_is_never_overwritten(new, run_folder, tmp_path, capsys, theirs, text):
    (tmp_path / theirs).write_text(text)
    (tmp_path / ".part-theirs").write_text("mine")
    assert score(f"DATA={new}", f"MODEL={run_folder}", f"OUT={tmp_path / 'may.csv'}") == 2
    assert f"would overwrite {theirs}, which no scoring to this OUT wrote" in capsys.readouterr().err
    assert contents(tmp_path) == {theirs: text.encode()}
    assert (tmp_path / ".part-theirs").is_file()


@pytest.mark.parametrize("change", ["sizes", "manifest", "damaged", "no segment"])
def test_customers_of_another_model_are_not_taken_for_this_ones(new, run_folder, tmp_path, capsys, change):
    for name in ("model.json", "assignments.parquet"):
        (tmp_path / name).write_bytes((run_folder / name).read_bytes())
    path = tmp_path / "assignments.parquet"
    frame = pd.read_parquet(path)
    if change == "sizes":
        frame.assign(segment=np.arange(len(frame)) % 7).to_parquet(path)
    elif change == "no segment":
        frame.drop(columns="segment").to_parquet(path)
    elif change == "damaged":
        path.write_text("no table")
    else:
        hashes = {f"log-median/k3/{name}": "0" * 64 for name in ("model.json", "assignments.parquet")}
        (tmp_path / "manifest.json").write_text(json.dumps({"artefacts": hashes}))
    assert score(f"DATA={new}", f"MODEL={tmp_path}", f"OUT={tmp_path / 'out'}") == 0
    said = (
        "note: assignments.parquet beside model.json is damaged or not of this model: moves between segments are left "
        "out; make the report again to get them."
    )
    assert said in capsys.readouterr().out.splitlines()
    assert said in json.loads((tmp_path / "out" / "scoring.json").read_text())["warnings"]
    assert not (tmp_path / "out" / "moves.csv").exists()


def test_customers_that_the_manifest_confirms_are_met_again(new, run_folder, tmp_path):
    hashes = {}
    for name in ("model.json", "assignments.parquet"):
        (tmp_path / name).write_bytes((run_folder / name).read_bytes())
        hashes[f"log-median/k3/{name}"] = artefacts.sha256(run_folder / name)
    (tmp_path / "manifest.json").write_text(json.dumps({"artefacts": hashes}))
    assert score(f"DATA={new}", f"MODEL={tmp_path}", f"OUT={tmp_path / 'out'}") == 0
    assert (tmp_path / "out" / "moves.csv").is_file()


def test_another_file_of_the_same_name_gets_a_folder_of_its_own(new, run_folder, tmp_path, capsys):
    other = tmp_path / new.name
    other.write_bytes(new.read_bytes() + b"\n")
    folders = []
    for data in (new, other, new, other):
        assert score(f"DATA={data}", f"MODEL={run_folder}") == 0
        folders.append(capsys.readouterr().out.splitlines()[-1].rpartition("/")[0])
    assert folders[0] == folders[2] != folders[1] == folders[3]


@pytest.mark.parametrize("name", ["scoring.json", "source.json"])
def test_damaged_notes_of_earlier_scores_are_made_anew(new, run_folder, tmp_path, name):
    (tmp_path / "model.json").write_bytes((run_folder / "model.json").read_bytes())
    assert score(f"DATA={new}", f"MODEL={tmp_path}") == 0
    notes = tmp_path / "scores" / "new-customers-may" / name
    before = notes.read_bytes()
    notes.write_bytes(before[:30])
    assert score(f"DATA={new}", f"MODEL={tmp_path}") == 0
    assert notes.read_bytes() == before


def test_a_scoring_that_is_killed_before_its_end_is_made_good_by_the_next(new, run_folder, tmp_path, monkeypatch):
    out = f"OUT={tmp_path / 'may.csv'}"
    with monkeypatch.context() as dying:
        dying.setattr(pipeline_score, "write_csv", lambda path, frame: sys.exit("killed"))
        with pytest.raises(SystemExit):
            score(f"DATA={new}", f"MODEL={run_folder}", out)
    assert not (tmp_path / "may.csv").exists()
    assert score(f"DATA={new}", f"MODEL={run_folder}", out) == 0
    assert len(pd.read_csv(tmp_path / "may.csv")) == 700


def test_drifted_customers_are_warned_of_in_plain_lines_the_worst_first(new, run_folder, tmp_path, capsys):
    frame = pd.read_csv(new)
    frame["CREDIT_LIMIT"] *= 3
    frame["MINIMUM_PAYMENTS"] = frame["MINIMUM_PAYMENTS"].mask(np.arange(len(frame)) % 4 == 0)
    frame.to_csv(tmp_path / "new.csv", index=False)
    assert score(f"DATA={tmp_path / 'new.csv'}", f"MODEL={run_folder}", f"OUT={tmp_path / 'out'}") == 0
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning")]
    assert said[0].startswith("warning: Credit limit: large shift (PSI ")
    assert "lie outside the training range, $" in said[0]
    assert "missing in 27 % of customers, 3 % in training" in said[1]
    drift = pd.read_csv(tmp_path / "out" / "drift.csv").set_index("feature")
    assert drift.at["CREDIT_LIMIT", "verdict"] == "large shift"
    assert json.loads((tmp_path / "out" / "scoring.json").read_text())["warnings"][: len(said)] == said


def test_a_single_customer_is_scored_and_told_to_be_too_few(new, run_folder, tmp_path, capsys):
    lines = new.read_text().splitlines()
    (tmp_path / "one.csv").write_text("\n".join(lines[:2]) + "\n")
    assert score(f"DATA={tmp_path / 'one.csv'}", f"MODEL={run_folder}", f"OUT={tmp_path}") == 0
    said = capsys.readouterr().out
    assert said.startswith("1 customer scored: Segment ")
    assert said.split("\n")[0].endswith(".")
    assert "the most" not in said
    assert "1 customer is too few to tell whether they are like those of training." in said
    assert len(pd.read_csv(tmp_path / "scored.csv")) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "DATA= is missing; DATA is the file of customers to score"),
        (
            ("K=3",),
            "K=3 means nothing here: the model has decided it, or it is not for a file; what may be given is DATA,",
        ),
        (("BAD_ROWS=maybe",), "BAD_ROWS=maybe is not allowed; BAD_ROWS is one of stop, drop"),
        (("DATA=nowhere.csv",), "DATA=nowhere.csv does not exist"),
    ],
)
def test_a_wrong_request_is_one_line(new, run_folder, capsys, words, said):
    data = [] if not words or words[0].startswith("DATA") else [f"DATA={new}"]
    assert score(*data, f"MODEL={run_folder}", *words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {said}")
    assert err.count("\n") == 1


def test_scores_never_overwrite_what_is_read(new, run_folder):
    with pytest.raises(ParameterError, match="would overwrite what is read"):
        request.parse([f"DATA={new}", f"MODEL={run_folder}", f"OUT={new}"])
    with pytest.raises(ParameterError, match=r"is a file; OUT is a folder or a \.csv file"):
        request.parse([f"DATA={new}", f"MODEL={run_folder}", f"OUT={run_folder / 'assignments.parquet'}"])


def test_a_file_of_a_name_that_scores_have_is_not_overwritten_in_its_own_folder(new, run_folder, tmp_path, capsys):
    for name in ("scored.csv", "drift.csv", "moves.csv"):
        (tmp_path / name).write_bytes(new.read_bytes())
        assert score(f"DATA={tmp_path / name}", f"MODEL={run_folder}", f"OUT={tmp_path}") == 2
        assert f"would overwrite {name}, which is read" in capsys.readouterr().err
        assert (tmp_path / name).read_bytes() == new.read_bytes()


def test_what_is_missing_is_said_to_be_filled_as_in_training(new, run_folder, tmp_path, capsys):
    frame = pd.read_csv(new)
    frame.loc[::2, "BALANCE"] = frame.loc[1::2, "PAYMENTS"] = np.nan
    frame.to_csv(tmp_path / "gaps.csv", index=False)
    assert score(f"DATA={tmp_path / 'gaps.csv'}", f"MODEL={run_folder}", f"OUT={tmp_path / 'out'}") == 0
    assert "IMPUTE=" not in capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "scoring.json").read_text())["findings"]
    gaps = [one["message"] for one in found if one["rule"] == "incomplete_rows"]
    assert gaps
    assert gaps[0].endswith("; the gaps are filled as in training.")


@pytest.mark.parametrize("text", ["[" * 200_000, '{"ari": 0.9}'])
def test_what_is_no_model_is_refused_in_one_line(new, tmp_path, capsys, text):
    (tmp_path / "deep.json").write_text(text)
    assert score(f"DATA={new}", f"MODEL={tmp_path / 'deep.json'}") == 2
    err = capsys.readouterr().err
    assert err.startswith("error: deep.json is not a model of this project")
    assert err.count("\n") == 1


def test_a_model_of_another_version_is_refused_in_one_line(new, tmp_path, capsys):
    (tmp_path / "model.json").write_text('{"schema_version": 1}')
    assert score(f"DATA={new}", f"MODEL={tmp_path}") == 2
    assert "has model schema 1, this version reads 3" in capsys.readouterr().err


def test_what_segments_were_not_made_of_is_told_beside_the_scores(new, run_folder, tmp_path, capsys, monkeypatch):
    beside = pd.read_csv(new).assign(AGE=[25 + i % 40 for i in range(700)], name=[f"n{i}" for i in range(700)])
    beside.to_csv(tmp_path / "new.csv", index=False)
    words = [f"DATA={tmp_path / 'new.csv'}", f"MODEL={run_folder}", f"OUT={tmp_path / 'out'}"]
    assert score(*words, "DESCRIBE=AGE") == 0
    told = pd.read_csv(tmp_path / "out" / "descriptors.csv")
    assert told["customers"].sum() == 700
    assert (told["effect_size"] == "no more than chance").all()
    assert "AGE" in pd.read_csv(tmp_path / "out" / "scored.csv")
    former = (tmp_path / "out" / "scored.csv").read_bytes()
    assert score(*words, "DESCRIBE=name") == 2  # an id: nothing takes the place of the scores that are there
    assert (tmp_path / "out" / "scored.csv").read_bytes() == former
    assert "rests on" not in capsys.readouterr().out
    monkeypatch.setattr(pipeline_score.scoring, "MOST_DESCRIBED", 400)
    assert score(*words, "DESCRIBE=AGE") == 0
    assert "descriptors.csv rests on 400 of 700 customers." in capsys.readouterr().out.splitlines()
    assert score(*words) == 0
    assert not (tmp_path / "out" / "descriptors.csv").exists()
