"""Kernels that are copies of one process: what they see, what they leave, and how they end."""

import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from nbclient.exceptions import DeadKernelError

from seg_utils.core import paths
from seg_utils.core.errors import UserError
from seg_utils.core.threads import FORKS
from seg_utils.pipeline.notebooks import forking
from seg_utils.pipeline.notebooks.execution import run_notebook

pytestmark = pytest.mark.skipif(not FORKS, reason="kernels are copies of a process on Linux alone")


@pytest.fixture
def printed(tmp_path):
    """What cells print, run as a notebook."""

    def run(*cells: str, **variables: str) -> str:
        path = tmp_path / "n.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)
        done = run_notebook(path, None, tmp_path, {}, variables)
        return "".join(output.get("text", "") for cell in done.cells for output in cell.get("outputs", []))

    return run


def test_a_kernel_has_what_its_notebook_imports_before_its_first_cell(printed):
    assert printed("import sys; print('pandas' in sys.modules)", "import pandas") == "True\n"


def test_kernels_share_imports_and_nothing_else(printed, tmp_path):
    printed("import os, pandas\npandas.left = 1\nos.environ['LEFT'] = '1'\nos.chdir('/')\nleft = 1")
    seen = printed("import os, pandas\nprint(hasattr(pandas, 'left'), os.environ.get('LEFT'), 'left' in globals())")
    assert seen == "False None False\n"
    assert printed("import os; print(os.getcwd(), os.environ['GIVEN'])", GIVEN="so") == f"{tmp_path} so\n"


def test_a_kernel_has_no_more_of_the_environment_than_is_there_when_it_starts(printed, monkeypatch):
    forking.server.cache_clear()
    monkeypatch.setenv("GONE", "1")
    show = "import os; print(os.environ.get('GONE'))"
    assert printed(show) == "1\n"
    monkeypatch.delenv("GONE")
    assert printed(show) == "None\n"


def test_a_kernel_holds_no_code_of_this_package_that_may_have_changed(printed):
    assert printed("import sys; print([name for name in sys.modules if name.startswith('seg_utils')])") == "[]\n"


def test_a_table_shows_as_many_columns_as_in_any_kernel(printed):
    printed("import pandas")
    assert printed("import pandas; print(pandas.get_option('display.max_columns'))") == "20\n"


def test_a_figure_that_a_cell_leaves_open_is_shown(tmp_path):
    path = tmp_path / "n.ipynb"
    for _ in range(2):
        cells = [nbformat.v4.new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        (output,) = run_notebook(path, None, tmp_path, {}).cells[0].outputs
        assert "image/png" in output["data"]


def test_a_kernel_that_dies_is_reported_and_the_next_one_runs(printed):
    with pytest.raises(DeadKernelError):
        printed("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert printed("print('here')") == "here\n"


@pytest.mark.parametrize(("end", "number"), [("terminate", signal.SIGTERM), ("kill", signal.SIGKILL)])
def test_a_kernel_is_asked_after_without_being_touched_and_ended_by_its_signal(end, number):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        kernel = forking.ForkedKernel(process.pid)
        assert kernel.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        assert kernel.poll() is None
        getattr(kernel, end)()
        assert process.wait(30) == -number
        assert (kernel.poll(), kernel.wait()) == (1, 1)


def test_a_server_that_is_no_more_is_told_and_servers_end_with_this_process(monkeypatch):
    at_exit = []
    monkeypatch.setattr(forking.atexit, "register", at_exit.append)
    killed, other = forking.Server(), forking.Server()
    killed._process.kill()
    with pytest.raises(UserError, match="ended from outside"):
        killed.kernel({"imports": [], "arguments": [], "folder": "/", "environment": {}})
    for end in at_exit:
        end()
    assert [server._process.returncode for server in (killed, other)] == [-signal.SIGKILL, -signal.SIGKILL]


def test_who_is_refused_does_not_wait_for_imports_that_were_begun(tmp_path, monkeypatch):
    at_exit, begun = [], tmp_path / "begun"
    monkeypatch.setattr(forking.atexit, "register", at_exit.append)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"  # as under a parent that is
    (tmp_path / "slow.py").write_text(f"{deaf}\nopen({os.fspath(begun)!r}, 'w').close()\ntime.sleep(600)")
    monkeypatch.setenv("PYTHONPATH", os.fspath(tmp_path))
    server = forking.Server()
    server.prepare(["slow"])
    while not begun.exists():
        time.sleep(0.05)
    at_exit[0]()
    assert server._process.returncode == -signal.SIGKILL


def test_what_notebooks_import_is_read_from_their_cells(tmp_path):
    cells = [
        "import numpy as np, os\nfrom sklearn.cluster import KMeans",
        "%matplotlib inline\nimport scipy",
        "import duckdb",
        "this is no Python",
    ]
    content = [{"cell_type": "code", "source": [cell]} for cell in cells]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": [*content, {"cell_type": "markdown", "source": "import pandas"}]}))
    assert forking.imports(path) == [*forking.ALWAYS, "numpy", "scipy", "sklearn.cluster", "sklearn.cluster.KMeans"]


WAITS = """
from pathlib import Path
from seg_utils.pipeline.notebooks.execution import run_notebook
import sys
run_notebook(Path(sys.argv[1]), None, Path(sys.argv[1]).parent, {})
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_of_a_run_that_is_ended(tmp_path, number):
    path, there = tmp_path / "n.ipynb", tmp_path / "there"
    cell = f"import os, time\nopen({os.fspath(there)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)]), path)
    # A shell in the background has its children ignore the interrupt; this one is to hear it.
    hears = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{WAITS}"
    run = subprocess.Popen([sys.executable, "-c", hears, path], cwd=paths.PROJECT, stderr=subprocess.DEVNULL)
    while not there.exists() or not there.read_text():
        assert run.poll() is None
        time.sleep(0.05)
    family = [psutil.Process(int(there.read_text())), *psutil.Process(run.pid).children(recursive=True)]
    run.send_signal(number)
    run.wait()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert not alive
