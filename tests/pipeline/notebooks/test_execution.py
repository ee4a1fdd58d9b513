import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from seg_utils.core.errors import ParameterError
from seg_utils.core.paths import PROJECT
from seg_utils.core.progress import latest
from seg_utils.pipeline.notebooks.execution import NotebookError, execute

WRITE = "from pathlib import Path\nPath(run, 'result.txt').write_text(str(k))"


def test_a_notebook_runs_in_the_stages_folder_with_paths_relative_to_it(make_stage, tmp_path):
    stage = make_stage(WRITE, "print(run, k)")
    execute(stage, tmp_path / "progress")
    assert (stage.folder / "result.txt").read_text() == "7"
    cells = json.loads(stage.executed.read_text())["cells"]
    assert cells[-1]["outputs"][0]["text"] == [". 7\n"]
    [given] = [cell["source"] for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])]
    assert {'run = "."', "k = 7"} <= {line.strip() for line in given}


def test_two_executions_leave_the_same_bytes(make_stage, tmp_path):
    stage = make_stage(WRITE, "1 + 1")
    execute(stage, tmp_path / "progress")
    once = stage.executed.read_bytes()
    execute(stage, tmp_path / "progress")
    assert stage.executed.read_bytes() == once


def test_what_a_cell_prints_is_one_output_however_slowly_it_does(make_stage, tmp_path):
    stage = make_stage("import time\nfor word in 'ab':\n    print(word, flush=True)\n    time.sleep(0.5)")
    execute(stage, tmp_path / "progress")
    [printed] = json.loads(stage.executed.read_text())["cells"][-1]["outputs"]
    assert printed["text"] == ["a\n", "b\n"]


def test_sockets_of_a_killed_kernel_are_swept(make_stage, tmp_path):
    stage = make_stage(WRITE)
    stage.folder.mkdir()
    left = stage.folder / "kernel-ipc-1"
    left.touch()
    (stage.folder / "kernel.txt").touch()
    execute(stage, tmp_path / "progress")
    assert not left.exists()
    assert (stage.folder / "kernel.txt").exists()


def test_kernels_are_pinned_to_one_thread(make_stage, tmp_path):
    stage = make_stage("import os\nassert os.environ['OMP_NUM_THREADS'] == '1'")
    execute(stage, tmp_path / "progress")


@pytest.mark.parametrize("place", ["results", "PYTHONPATH"])
def test_a_kernel_imports_this_projects_code_and_no_other(make_stage, tmp_path, monkeypatch, place):
    stage = make_stage(
        "import json, os, seg_utils, sys",
        "print(os.path.dirname(seg_utils.__file__), os.path.exists('imported'), 'tabnanny' in sys.modules)",
        "import tabnanny",
    )
    foreign = stage.folder if place == "results" else tmp_path / "foreign"
    foreign.mkdir(exist_ok=True)
    for name in ("json.py", "tabnanny.py", "seg_utils.py", "sitecustomize.py"):
        (foreign / name).write_text("from pathlib import Path\nPath('imported').touch()\n")
    if place == "PYTHONPATH":
        stage.folder.mkdir()
        monkeypatch.setenv("PYTHONPATH", str(foreign))
        monkeypatch.setenv("JUPYTER_PATH", str(foreign))
    execute(stage, tmp_path / "progress")
    assert not (stage.folder / "imported").exists()
    printed = json.loads(stage.executed.read_text())["cells"][3]["outputs"][0]["text"]
    assert printed == [f"{PROJECT / 'seg_utils'} False False\n"]


def test_the_drivers_own_environment_is_as_it_was(make_stage, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "of the user")
    before = dict(os.environ)
    execute(make_stage(WRITE), tmp_path / "progress")
    assert dict(os.environ) == before


def test_an_executed_notebook_does_not_say_where_its_files_were(make_stage, tmp_path):
    seen = []
    for depth in ("a", "b/c/d"):
        data = tmp_path / depth / "customers.csv"
        data.parent.mkdir(parents=True)
        data.write_text(depth)
        stage = make_stage(
            WRITE, "print(len(open(data).read()))", parameters={"run": tmp_path / "run", "k": 7, "data": data}
        )
        execute(stage, tmp_path / "progress")
        cells = json.loads(stage.executed.read_text())["cells"]
        assert cells[-1]["outputs"][0]["text"] == [f"{len(depth)}\n"]
        seen.append([cell["source"] for cell in cells])
    assert seen[0] == seen[1]
    assert 'data = "customers.csv"\n' in seen[0][1]


def test_an_executed_notebook_is_as_closed_to_others_as_its_folder(make_stage, tmp_path):
    stage = make_stage("print('a customer')", "raise ValueError")
    stage.folder.mkdir(mode=0o700)
    with pytest.raises(NotebookError):
        execute(stage, tmp_path / "progress")
    failed = stage.executed.with_suffix(".failed.ipynb")
    assert [path.stat().st_mode & 0o077 for path in (failed, failed.parent)] == [0, 0]


def test_progress_told_in_a_notebook_reaches_the_watcher(make_stage, tmp_path):
    execute(make_stage("from seg_utils.core import progress\nprogress.tell('bootstrap', 0.5)"), tmp_path / "progress")
    assert latest(tmp_path / "progress") == "50%  bootstrap"


def test_a_failing_cell_is_named_in_ten_lines_and_its_copy_kept(make_stage, tmp_path):
    stage = make_stage("x = 1", "raise ValueError('line one\\nline two\\n' + 'long ' * 500)")
    with pytest.raises(NotebookError) as caught:
        execute(stage, tmp_path / "progress")
    message = str(caught.value)
    failed = stage.executed.with_suffix(".failed.ipynb")
    assert "stop.ipynb failed in cell 3" in message
    assert "ValueError: line one" in message
    assert str(failed) in message
    assert len(message.splitlines()) <= 10
    assert "line two" in failed.read_text()
    assert not stage.executed.exists()


def test_a_full_disk_is_told_as_such_and_nothing_is_kept(make_stage, tmp_path):
    stage = make_stage("import errno, os", "raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), 'segments.csv')")
    with pytest.raises(OSError, match="No space left on device") as caught:
        execute(stage, tmp_path / "progress")
    assert caught.value.filename == str(stage.folder)
    assert not [*stage.executed.parent.iterdir()]
    with pytest.raises(NotebookError, match="failed in cell"):
        execute(make_stage("raise OSError(2, 'No such file', 'segments.csv')"), tmp_path / "progress")


def test_a_users_mistake_is_told_in_its_own_words(make_stage, tmp_path):
    stage = make_stage(
        "from seg_utils.core.errors import DataError\nraise DataError('no rows; give a file with customers')"
    )
    with pytest.raises(NotebookError, match=r"^no rows; give a file with customers$"):
        execute(stage, tmp_path / "progress")


def test_success_removes_the_kept_failed_copy(make_stage, tmp_path):
    failed = make_stage(WRITE).executed.with_suffix(".failed.ipynb")
    failed.parent.mkdir(parents=True)
    failed.touch()
    execute(make_stage(WRITE), tmp_path / "progress")
    assert not failed.exists()


@pytest.mark.parametrize("parameters", [{"k": 7}, {"run": "x", "k": 7, "kk": 1}])
def test_parameters_that_the_notebook_does_not_take_are_refused(make_stage, tmp_path, parameters):
    stage = replace(make_stage(WRITE), parameters=parameters)
    with pytest.raises(ParameterError, match=r"stop\.ipynb takes the parameters k, run but is given"):
        execute(stage, tmp_path / "progress")


def test_importing_papermill_builds_no_grammar_and_leaves_it_importable():
    script = (
        "import sys; from seg_utils.pipeline.notebooks.execution import _papermill; _papermill(); "
        "assert 'nbformat' in sys.modules and 'lark' not in sys.modules; import rfc3987_syntax"
    )
    subprocess.run([sys.executable, "-c", script], cwd=PROJECT, check=True)
