"""From a customers file to a report, as a user runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from seg_utils.core import paths
from seg_utils.core.artefacts import sha256

pytestmark = [pytest.mark.end_to_end, pytest.mark.xdist_group("end_to_end")]

STOPS = ("01_eda", "02_k_selection", "03_clustering", "04_personas", "exports", "report", "render")


def outcome(said):
    """What each stop said last: done or up to date."""
    lines = [line.split(maxsplit=1) for line in said.splitlines() if line.split()[0] in STOPS]
    return {name: "up to date" if text == "up to date" else text.split()[0] for name, text in lines}


@pytest.mark.parametrize("k", [3, 5])
def test_a_run_leaves_the_files_that_other_tools_rely_on(made, k):
    run, _ = made
    folder = run.space / f"k{k}"
    names = ["model.json", "segments.csv", "metrics.json", "profiles.csv", "personas.json", "strategy.csv"]
    for name in [*names, "report.html", "report.pdf", "manifest.json"]:
        assert (folder / name).stat().st_size > 100, name
    for name in ("customers.parquet", "quality.json"):
        assert (run.space.parent / name).exists(), name
    for name in ("k_scores.csv", "k_verdict.json"):
        assert (run.space / name).exists(), name
    notebooks = [run.space.parent / "01_eda", run.space / "02_k_selection", folder / "03_clustering"]
    for path in [*notebooks, folder / "04_personas", folder / "report"]:
        copy = path.parent / "notebooks" / path.name
        assert copy.with_suffix(".ipynb").exists()
        assert copy.with_suffix(".html").exists()


@pytest.mark.parametrize("k", [3, 5])
def test_every_customer_has_one_segment_in_input_order(made, small_customers, k):
    run, _ = made
    segments = pd.read_csv(run.space / f"k{k}" / "segments.csv", dtype={"customer_id": str})
    assert segments["customer_id"].tolist() == small_customers["CUST_ID"].tolist()
    assert sorted(segments["segment"].unique()) == list(range(k))
    assert segments["confidence"].between(0, 1).all()
    assert (segments["segment"] != segments["next_segment"]).all()
    sizes = segments["segment"].value_counts().sort_index().tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert json.loads((run.space / f"k{k}" / "metrics.json").read_text())["sizes"] == sizes


def test_the_control_group_is_the_same_people_whatever_the_number_of_segments(made):
    run, _ = made
    three, five = (pd.read_csv(run.space / f"k{k}" / "segments.csv") for k in (3, 5))
    assert three["control_group"].equals(five["control_group"])
    assert 0.1 < three["control_group"].mean() < 0.3


def test_the_run_ends_by_saying_where_the_report_is(made):
    run, said = made
    folder = run.space / "k5"
    assert said[5].splitlines()[-2:] == [
        f"{'report.html':<15} {folder / 'report.html'}",
        f"{'report.pdf':<15} {folder / 'report.pdf'}",
    ]


def test_where_names_the_folder_of_the_run(made):
    run, _ = made
    assert run("where", "K=5").stdout == f"{run.space / 'k5'}\n"


def test_another_k_runs_neither_01_nor_02_again(made):
    _, said = made
    assert set(outcome(said[3]).values()) == {"done"}
    assert outcome(said[5]) == dict.fromkeys(STOPS[:2], "up to date") | dict.fromkeys(STOPS[2:], "done")


def test_a_k_that_was_made_before_runs_nothing(made):
    run, _ = made
    before = {
        path: path.stat().st_mtime_ns for path in run.outputs.rglob("*") if path.is_file() and path.name != ".lock"
    }
    done = run("report", "K=3")
    assert outcome(done.stdout) == dict.fromkeys(STOPS, "up to date")
    after = {
        path: path.stat().st_mtime_ns for path in run.outputs.rglob("*") if path.is_file() and path.name != ".lock"
    }
    assert after == before


def test_the_manifest_agrees_with_the_files(made, small_file):
    run, _ = made
    manifest = json.loads((run.space / "k5" / "manifest.json").read_text())
    assert manifest["input"] == {"name": "Small FILE.csv", "sha256": sha256(small_file)}
    assert manifest["parameters"]["K"] == 5
    assert manifest["renderer"]["name"] == "builtin"
    dataset = run.space.parent
    assert {"customers.parquet", "log-median-kmax6/k5/report.pdf"} <= set(manifest["artefacts"])
    assert {name: sha256(dataset / name) for name in manifest["artefacts"]} == manifest["artefacts"]


def test_the_same_in_gives_the_same_out_on_one_core(made, small_file, tmp_path):
    run, _ = made
    again = type(run)(small_file, tmp_path)
    pinned = {"preexec_fn": lambda: os.sched_setaffinity(0, {0})} if hasattr(os, "sched_setaffinity") else {}
    done = again("report", "K=3", **pinned)
    assert done.returncode == 0, done.stderr

    def content(root):
        kept = [
            path for path in root.rglob("*") if path.is_file() and path.name not in ("run.log", ".lock", ".progress")
        ]
        k3 = [path for path in kept if not {"k5"} & set(path.parts)]
        return {path.relative_to(root).as_posix(): sha256(path) for path in k3}

    assert content(tmp_path) == content(run.outputs)


def test_two_runs_at_the_same_time_do_not_disturb_each_other(made, small_file, tmp_path):
    run, _ = made
    again = type(run)(small_file, tmp_path)
    both = [
        subprocess.Popen(again.command("report", f"K={k}"), cwd=paths.PROJECT, stdout=subprocess.DEVNULL)
        for k in (3, 5)
    ]
    assert [process.wait(600) for process in both] == [0, 0]
    for k in (3, 5):
        name = Path(f"small-file/log-median-kmax6/k{k}/report.html")
        assert (tmp_path / name).read_bytes() == (run.outputs / name).read_bytes()


def test_more_segments_than_customers_stop_before_any_notebook(small_customers, tmp_path):
    few = tmp_path / "few.csv"
    small_customers.head(18).to_csv(few, index=False)
    words = [f"DATA={few}", f"OUTPUTS={tmp_path / 'out'}", "K=20"]
    done = subprocess.run(
        [sys.executable, "-m", "seg_utils", "report", *words], cwd=paths.PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "K=20 is too many segments for the 18 customers in few.csv" in done.stderr
    assert not list(tmp_path.rglob("*.ipynb"))
