"""What a run says on the terminal and in its log."""

import io
import re
import time

import pytest

from seg_utils.core import progress
from seg_utils.pipeline import console
from seg_utils.pipeline.stage import Stage


@pytest.fixture
def stage(tmp_path, monkeypatch):
    """A stage that fails where its source says so."""

    def write(run):
        if source.read_text() == "fail":
            raise RuntimeError("as asked")
        (run / "result.txt").write_text(source.read_text())

    monkeypatch.setattr("seg_utils.reporting.run_exports.write", write)
    source = tmp_path / "in.txt"
    source.write_text("one")
    (tmp_path / "run").mkdir()
    parameters = {"run": tmp_path / "run"}
    module = "seg_utils.reporting.run_exports"
    return Stage("exports", tmp_path / "run", (source,), ("result.txt",), parameters, module=module)


def test_a_stage_says_that_it_runs_or_that_it_is_up_to_date(pipeline, stage, capsys):
    pipeline.bring_up_to_date(stage)
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{'exports':<15} running (not done yet)"
    assert re.fullmatch(rf"{'exports':<15} done in \d+\.\d s", second)
    pipeline.bring_up_to_date(stage)
    assert capsys.readouterr().out == f"{'exports':<15} up to date\n"
    stage.reads[0].write_text("two")
    pipeline.bring_up_to_date(stage)
    assert "in.txt" in capsys.readouterr().out.splitlines()[0]


def test_the_log_keeps_what_was_done_why_and_how_it_ended(pipeline, stage):
    pipeline.bring_up_to_date(stage)
    stage.reads[0].write_text("fail")
    with pytest.raises(RuntimeError):
        pipeline.bring_up_to_date(stage)
    done, stopped = (stage.folder / "run.log").read_text().splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d exports done in \d+\.\d s \(not done yet\)", done)
    assert re.fullmatch(r"\S+ exports stopped after \d+\.\d s \(.*in\.txt.*\)", stopped)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def said(tmp_path, monkeypatch):
    """What is said while a stage of three looks goes on, each at another text."""

    def say(stream, texts):
        monkeypatch.setattr("sys.stdout", stream)
        monkeypatch.setattr(console, "POLL_SECONDS", 0.001)
        told = iter([*texts, texts[-1]])
        seen = []

        def latest(path):
            seen.append(next(told, texts[-1]))
            return seen[-1]

        monkeypatch.setattr(progress, "latest", latest)
        with console.timed("02", "why", tmp_path / "run.log", tmp_path / ".progress"):
            until = time.monotonic() + 20
            while len(seen) <= len(texts) + 1 and time.monotonic() < until:
                time.sleep(0.001)
        return stream.getvalue()

    return say


def test_progress_is_printed_once_a_text_where_lines_stay(said, monkeypatch):
    monkeypatch.setattr(console, "PLAIN_EVERY_SECONDS", 0.0)
    lines = said(io.StringIO(), ["", "k=2 of 20", "k=2 of 20", "k=3 of 20"]).splitlines()
    assert lines[1:-1] == [f"{'02':<15} k=2 of 20", f"{'02':<15} k=3 of 20"]


def test_progress_is_seldom_where_lines_stay(said):
    assert len(said(io.StringIO(), ["k=2 of 20", "k=3 of 20"]).splitlines()) == 2


def test_a_terminal_shows_progress_in_one_line_and_wipes_it_at_the_end(said):
    _, shown = said(Terminal(), ["k=2 of 20", "k=3 of 20"]).split("\n", 1)
    assert shown.split("\r")[1:-1] == [
        f"{'02              k=2 of 20':<78}",
        f"{'02              k=3 of 20':<78}",
        " " * 78,
    ]
