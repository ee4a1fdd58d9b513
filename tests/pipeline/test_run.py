import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from seg_utils import paths
from seg_utils.artefacts import write_json
from seg_utils.errors import NoSegmentsError, UserError
from seg_utils.parameters import Parameters
from seg_utils.pipeline import run
from seg_utils.pipeline.execute import NotebookError
from seg_utils.pipeline.layout import layout

COUNT = "from pathlib import Path\nwith Path(run, 'count').open('a') as log:\n    log.write('x')"
WRITE = "Path(run, 'result.txt').write_text(Path('../in.txt').read_text())"


@pytest.fixture
def stage(make_stage, tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("one")
    return make_stage(COUNT, WRITE, reads=[source])


def times_run(stage):
    return len((stage.folder / "count").read_text())


def test_a_stop_runs_once_and_then_only_when_something_changed(road, stage, make_stage, tmp_path):
    road.bring_up_to_date(stage)
    road.bring_up_to_date(stage)
    assert times_run(stage) == 1

    (tmp_path / "in.txt").write_text("two")
    road.bring_up_to_date(stage)
    assert times_run(stage) == 2
    assert (stage.folder / "result.txt").read_text() == "two"

    road.bring_up_to_date(make_stage(COUNT, WRITE, "# a changed notebook", reads=stage.reads))
    assert times_run(stage) == 3


def test_a_touched_file_of_equal_content_runs_nothing(road, stage, tmp_path):
    road.bring_up_to_date(stage)
    os.utime(tmp_path / "in.txt", (0, 0))
    road.bring_up_to_date(stage)
    assert times_run(stage) == 1


def test_a_lost_result_is_made_again(road, stage):
    road.bring_up_to_date(stage)
    (stage.folder / "result.txt").unlink()
    road.bring_up_to_date(stage)
    assert (stage.folder / "result.txt").read_text() == "one"


def test_a_failed_stop_does_not_count_as_done(road, make_stage):
    with pytest.raises(NotebookError):
        road.bring_up_to_date(make_stage(COUNT, "raise ValueError('x')"))
    good = make_stage(COUNT, "Path(run, 'result.txt').write_text('good')")
    road.bring_up_to_date(good)
    assert (good.folder / "result.txt").read_text() == "good"


def test_a_killed_run_leaves_nothing_that_counts_as_done(make_stage, road, tmp_path):
    slow = make_stage(COUNT, "Path(run, 'result.txt').write_text('half')\nimport time\ntime.sleep(60)")
    driver = textwrap.dedent(
        f"""
        from pathlib import Path
        from concurrent.futures import ThreadPoolExecutor
        from seg_utils.pipeline.run import Road
        from seg_utils.pipeline.stages import Stage
        folder = Path({str(slow.folder)!r})
        stage = Stage(Path({str(slow.notebook)!r}), folder, (), ("result.txt",), {{"run": folder, "k": 7}})
        Road(ThreadPoolExecutor(1)).bring_up_to_date(stage)
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
    assert run.record.stale(run.record.path_of(slow.folder, "stop"), run.inputs(slow), slow.artefacts) == "not done yet"
    road.bring_up_to_date(quick)
    assert (quick.folder / "result.txt").read_text() == "whole"
    assert not list(quick.folder.rglob(".part-*"))


def test_two_drivers_at_once_run_a_shared_stop_once(stage):
    driver = textwrap.dedent(
        f"""
        from pathlib import Path
        from concurrent.futures import ThreadPoolExecutor
        from seg_utils.pipeline.run import Road
        from seg_utils.pipeline.stages import Stage
        folder = Path({str(stage.folder)!r})
        stage = Stage(Path({str(stage.notebook)!r}), folder, (Path({str(stage.reads[0])!r}),), ("result.txt",),
                      {{"run": folder, "k": 7}})
        with ThreadPoolExecutor(1) as copier:
            Road(copier).bring_up_to_date(stage)
        """
    )
    drivers = [subprocess.Popen([sys.executable, "-c", driver], stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(120) for process in drivers] == [0, 0]
    assert times_run(stage) == 1


def test_auto_takes_what_the_evidence_recommends(tmp_path):
    parameters = Parameters(outputs=tmp_path)
    write_json(layout(parameters).space / "k_verdict.json", {"recommended_k": 6, "sentence": ""})
    assert run.where(parameters) == layout(parameters).run(6)


def test_auto_stops_where_there_are_no_segments(tmp_path):
    parameters = Parameters(outputs=tmp_path)
    write_json(layout(parameters).space / "k_verdict.json", {"recommended_k": None, "sentence": "One even cloud."})
    with pytest.raises(NoSegmentsError, match=r"One even cloud\. To make a report all the same, name a K"):
        run.where(parameters)


def test_auto_has_no_folder_before_its_first_run(tmp_path):
    with pytest.raises(UserError, match="run `make report` first or name one"):
        run.where(Parameters(outputs=tmp_path))


def test_where_needs_nothing_to_have_run(tmp_path):
    assert run.where(Parameters(k=7, outputs=tmp_path)) == tmp_path / "sample" / "log-median" / "k7"
    assert list(tmp_path.iterdir()) == []


def test_checking_that_nothing_changed_imports_nothing_heavy():
    heavy = ("pandas", "numpy", "papermill", "sklearn", "nbconvert")
    code = f"import seg_utils.pipeline.run, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=paths.PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
