"""nbval on the notebooks, and proof that it can fail."""

import os
import subprocess
import sys

import nbformat
import pytest

from seg_utils.pipeline import stored_outputs

pytestmark = pytest.mark.end_to_end


def nbval(folder, *notebooks):
    """Run nbval as continuous integration does: lax, so that only the cells that ask for it are compared."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
    command += ["-c", os.devnull, f"--rootdir={folder}", *map(str, notebooks)]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )


def test_the_notebooks_give_what_they_are_stored_with(tmp_path):
    project = stored_outputs.sandbox(tmp_path)
    done = nbval(project, *stored_outputs.notebooks(project))
    assert done.returncode == 0, f"a stored output is stale; run `make notebooks`\n{done.stdout[-4000:]}"


def test_one_changed_number_makes_nbval_fail(tmp_path):
    first = stored_outputs.notebooks(stored_outputs.sandbox(tmp_path))[0]
    notebook = nbformat.read(first, as_version=4)
    output = next(cell for cell in notebook.cells if stored_outputs.CHECKED in cell.source).outputs[0]
    output.text = output.text.replace("17 features", "18 features")
    nbformat.write(notebook, first)
    done = nbval(tmp_path, first)
    assert done.returncode == 1
    assert "18 features" in done.stdout


@pytest.mark.parametrize("path", stored_outputs.notebooks(), ids=lambda path: path.name)
def test_every_notebook_has_a_checked_output_and_stores_no_other(path):
    cells = nbformat.read(path, as_version=4).cells
    checked = [cell for cell in cells if stored_outputs.CHECKED in cell.source]
    assert checked
    assert all(cell.outputs for cell in checked)
    assert not [cell for cell in cells if cell.cell_type == "code" and cell not in checked and cell.outputs]
