"""Where scores go: never half, never in the place of something else; the former ones stand until new ones are whole."""

import os
import subprocess
import sys

import pandas as pd
import pytest

from seg_utils.core.artefacts import PART
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.data.streaming.batches import Batches
from seg_utils.scoring.files import output_files, request, scoring
from seg_utils.scoring.transitions import Earlier

KILLED = """
import os, signal, sys
from pathlib import Path
from seg_utils.scoring import model
from seg_utils.data.streaming.batches import Batches
from seg_utils.scoring.files import scoring
made = model.load(Path(sys.argv[1]))
batches = Batches(Path(sys.argv[2]), made.space.features, rows=100)
scoring.score(batches, made, Path(sys.argv[3]), on_progress=lambda customers: os.kill(os.getpid(), signal.SIGKILL))
"""


def score(made, path, target, **options):
    return scoring.score(Batches(path, made.space.features, rows=100), made, target, **options)


def test_a_scoring_that_is_killed_half_way_leaves_the_former_scores(made, trained, csv_of, run_folder, tmp_path):
    target = tmp_path / "out" / "may.csv"
    score(made, csv_of(trained), target)
    former = target.read_bytes()
    words = [run_folder / "model.json", tmp_path / "new.csv", target]
    done = subprocess.run([sys.executable, "-c", KILLED, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == -9, done.stderr
    assert target.read_bytes() == former
    [left] = [path for path in target.parent.iterdir() if path != target]
    assert left.name.startswith(PART)
    output_files.files(target).sweep()
    assert list(target.parent.iterdir()) == [target]


def test_what_stands_beside_is_written_before_scores_take_their_place(made, trained, csv_of, tmp_path):
    target, seen = tmp_path / "scored.csv", []
    target.write_text("former")

    def beside(done):
        seen.append((target.read_text(), done.tally.customers, done.n_rows))

    score(made, csv_of(trained), target, before_replacing=beside)
    assert seen == [("former", len(trained), len(trained))]
    assert len(pd.read_csv(target)) == len(trained)


def test_scores_are_not_put_in_place_where_what_stands_beside_cannot_be_written(made, trained, csv_of, tmp_path):
    target = tmp_path / "scored.csv"
    target.write_text("former")

    def full(done):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        score(made, csv_of(trained), target, before_replacing=full)
    assert target.read_text() == "former"
    assert not list(tmp_path.glob(f"{PART}*"))


def out(given, data, run_folder):
    return request.parse([f"DATA={data}", f"MODEL={run_folder}", f"OUT={given}"]).out


def test_the_input_is_refused_under_any_name_it_has(trained, csv_of, run_folder, tmp_path, monkeypatch):
    data = csv_of(trained)
    (tmp_path / "link.csv").symlink_to(data)
    monkeypatch.chdir(tmp_path)
    for given in (data, "new.csv", tmp_path / "link.csv", f"{tmp_path}/x/../new.csv", run_folder / "model.json"):
        with pytest.raises(ParameterError, match="would overwrite what is read"):
            out(given, data, run_folder)
    with pytest.raises(ParameterError, match="would overwrite what is read"):
        out(data, tmp_path / "link.csv", run_folder)


def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_is_read(
    trained, csv_of, run_folder, tmp_path, monkeypatch
):
    data = csv_of(trained)
    for given in (f"{data}/deep/scores", f"{data}/may.csv"):
        with pytest.raises(ParameterError, match=r"cannot be written: .*new\.csv is a file, no folder; name another"):
            out(given, data, run_folder)
    new = tmp_path / "a" / "b" / "may.csv"
    assert out(new, data, run_folder) == new
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(ParameterError, match=f"cannot be written: {tmp_path} may not be written to; name another"):
        out(new, data, run_folder)


def test_somebody_elses_home_that_is_none_is_an_ordinary_name(trained, csv_of, run_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = csv_of(trained)
    asked = request.parse([f"DATA={data}", f"MODEL={run_folder}", "OUT=~nosuchuser/x"])
    assert asked.out == tmp_path / "~nosuchuser" / "x"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"files": 3}', "\udcff", "[" * 100_000])
def test_a_damaged_summary_says_nothing_of_earlier_scores(tmp_path, text):
    (tmp_path / "scoring.json").write_text(text, errors="surrogateescape")
    assert output_files.files(tmp_path).earlier == set()


@pytest.mark.parametrize("how", ["cut", "empty", "text", "nested", "manifest"])
def test_damaged_assignments_are_named_and_moves_left_out(made, trained, run_folder, tmp_path, how):
    for name in ("model.json", "assignments.parquet"):
        (tmp_path / name).write_bytes((run_folder / name).read_bytes())
    path = tmp_path / "assignments.parquet"
    assert Earlier.of_run(tmp_path / "model.json", made)
    segments = trained[["customer_id"]]
    if how == "cut":
        path.write_bytes(path.read_bytes()[:-900])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        segments.assign(segment="one").to_parquet(path)
    elif how == "nested":
        segments.assign(segment=[[1]] * len(segments)).to_parquet(path)
    else:
        (tmp_path / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(
        DataError, match=r"assignments\.parquet beside model\.json is damaged .*; make the report again"
    ):
        Earlier.of_run(tmp_path / "model.json", made)
