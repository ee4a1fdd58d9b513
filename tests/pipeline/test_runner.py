import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from seg_utils.core.errors import StageError
from seg_utils.pipeline.notebooks.execution import NotebookError
from seg_utils.pipeline.runner import inputs, is_stale
from seg_utils.pipeline.stage import Stage

COUNT = "from pathlib import Path\nwith Path(run, 'count').open('a') as log:\n    log.write('x')"
WRITE = "Path(run, 'result.txt').write_text(Path('../in.txt').read_text())"


@pytest.fixture
def stage(make_stage, tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("one")
    return make_stage(COUNT, WRITE, reads=[source])


def times_run(stage):
    return len((stage.folder / "count").read_text())


def test_a_stage_runs_once_and_then_only_when_something_changed(pipeline, stage, make_stage, tmp_path):
    pipeline.bring_up_to_date(stage)
    pipeline.bring_up_to_date(stage)
    assert times_run(stage) == 1

    (tmp_path / "in.txt").write_text("two")
    pipeline.bring_up_to_date(stage)
    assert times_run(stage) == 2
    assert (stage.folder / "result.txt").read_text() == "two"

    pipeline.bring_up_to_date(make_stage(COUNT, WRITE, "# a changed notebook", reads=stage.reads))
    assert times_run(stage) == 3


def test_a_stage_without_a_notebook_runs_once_and_when_what_it_reads_changed(pipeline, tmp_path, monkeypatch):
    def write(run):
        with (run / "count").open("a") as log:
            log.write("x")

    monkeypatch.setattr("seg_utils.reporting.run_exports.write", write)
    source = tmp_path / "in.txt"
    source.write_text("one")
    (tmp_path / "run").mkdir()
    module = "seg_utils.reporting.run_exports"
    stage = Stage("exports", tmp_path / "run", (source,), ("count",), {"run": tmp_path / "run"}, module=module)
    for text, times in (("one", 1), ("one", 1), ("two", 2)):
        source.write_text(text)
        pipeline.bring_up_to_date(stage)
        assert times_run(stage) == times
    assert stage.artefacts[0] in pipeline.artefacts


def test_what_a_stage_is_given_counts_wherever_it_is_and_column_by_column(tmp_path):
    def given(describe, folder):
        stage = Stage(
            "x", tmp_path, (), (), {"describe": describe, "folders": (folder,)}, module="seg_utils.core.paths"
        )
        return {name: text for name, text in inputs(stage).items() if name.startswith("parameter")}

    assert given(("A", "B"), tmp_path / "a" / "run") == given(("A", "B"), tmp_path / "b" / "run")
    assert given(("A", "B"), tmp_path / "run") != given(("A", "B"), tmp_path / "other")
    assert given(("A", "B"), tmp_path / "run") != given(("A B",), tmp_path / "run")


def test_a_touched_file_of_equal_content_runs_nothing(pipeline, stage, tmp_path):
    pipeline.bring_up_to_date(stage)
    os.utime(tmp_path / "in.txt", (0, 0))
    pipeline.bring_up_to_date(stage)
    assert times_run(stage) == 1


def test_a_lost_result_is_made_again(pipeline, stage):
    pipeline.bring_up_to_date(stage)
    (stage.folder / "result.txt").unlink()
    pipeline.bring_up_to_date(stage)
    assert (stage.folder / "result.txt").read_text() == "one"


def test_a_failed_stage_does_not_count_as_done(pipeline, make_stage):
    with pytest.raises(NotebookError):
        pipeline.bring_up_to_date(make_stage(COUNT, "raise ValueError('x')"))
    good = make_stage(COUNT, "Path(run, 'result.txt').write_text('good')")
    pipeline.bring_up_to_date(good)
    assert (good.folder / "result.txt").read_text() == "good"


def test_a_stage_that_does_not_write_what_it_is_to_write_is_named_with_the_file(pipeline, make_stage):
    stage = make_stage(COUNT)
    with pytest.raises(StageError, match=rf"^{stage.name} came to its end without writing result\.txt; have it write"):
        pipeline.bring_up_to_date(stage)
    assert is_stale(stage)


def test_a_killed_run_leaves_nothing_that_counts_as_done(make_stage, pipeline, tmp_path):
    slow = make_stage(COUNT, "Path(run, 'result.txt').write_text('half')\nimport time\ntime.sleep(60)")
    driver = textwrap.dedent(
        f"""
        from pathlib import Path
        from seg_utils.pipeline.runner import Pipeline
        from seg_utils.pipeline.stage import Stage
        folder = Path({str(slow.folder)!r})
        notebook = Path({str(slow.notebook)!r})
        stage = Stage("stop", folder, (), ("result.txt",), {{"run": folder, "k": 7}}, notebook=notebook)
        Pipeline().bring_up_to_date(stage)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", driver], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (slow.folder / "result.txt").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (slow.folder / "result.txt").read_text() == "half"

    quick = make_stage(COUNT, "Path(run, 'result.txt').write_text('whole')")
    assert is_stale(slow)
    pipeline.bring_up_to_date(quick)
    pipeline.wait_for_copies()  # the copy of the notebook is half-written while it is made
    assert (quick.folder / "result.txt").read_text() == "whole"
    assert not list(quick.folder.rglob(".part-*"))


def test_what_a_killed_run_was_writing_is_swept_though_nothing_runs(pipeline, stage):
    pipeline.bring_up_to_date(stage)
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    folders = stage.folder, stage.executed.parent, stage.folder / ".record"
    for folder in folders:
        (folder / f".part-{killed.pid}-some.json").touch()
    pipeline.bring_up_to_date(stage)
    pipeline.wait_for_copies()  # the copy of the notebook is half-written while it is made
    assert times_run(stage) == 1
    assert not [left for folder in folders for left in folder.glob(".part-*")]


def test_two_drivers_at_once_run_a_shared_stage_once(stage):
    driver = textwrap.dedent(
        f"""
        from pathlib import Path
        from seg_utils.pipeline.runner import Pipeline
        from seg_utils.pipeline.stage import Stage
        folder = Path({str(stage.folder)!r})
        stage = Stage("stop", folder, (Path({str(stage.reads[0])!r}),), ("result.txt",), {{"run": folder, "k": 7}},
                      notebook=Path({str(stage.notebook)!r}))
        with Pipeline() as pipeline:
            pipeline.bring_up_to_date(stage)
        """
    )
    drivers = [subprocess.Popen([sys.executable, "-c", driver], stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(120) for process in drivers] == [0, 0]
    assert times_run(stage) == 1
