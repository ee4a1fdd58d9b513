"""nbval on the notebooks, and proof that it can fail."""

import base64
import copy
import io
import os
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from seg_utils.pipeline.notebooks import stored_outputs
from seg_utils.pipeline.state import fingerprint
from seg_utils.scoring import MODEL_MIME

pytestmark = pytest.mark.end_to_end


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def nbval(folder, *notebooks):
    """Run nbval as continuous integration does: lax, so that only the cells that ask for it are compared."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
    command += ["-c", os.devnull, f"--rootdir={folder}", *map(str, notebooks)]
    shipped = {name: value for name, value in os.environ.items() if name != "SEG_CATALOGUES"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=shipped | {"OMP_NUM_THREADS": "1"})


def test_the_notebooks_give_what_they_are_stored_with(tmp_path):
    project = stored_outputs.sandbox(tmp_path)
    done = nbval(project, *stored_outputs.notebooks(project))
    assert done.returncode == 0, f"a stored output is stale; run `make notebooks`\n{done.stdout[-4000:]}"


def test_one_changed_number_makes_nbval_fail(tmp_path):
    first = stored_outputs.notebooks(stored_outputs.sandbox(tmp_path))[0]
    notebook = nbformat.read(first, as_version=4)
    output = next(cell for cell in notebook.cells if "# NBVAL_CHECK_OUTPUT" in cell.source).outputs[0]
    output.text = re.sub(r"\d+ features", "99 features", output.text)
    nbformat.write(notebook, first)
    done = nbval(tmp_path, first)
    assert done.returncode == 1
    assert "99 features" in done.stdout


@pytest.mark.parametrize("path", stored_outputs.notebooks(), ids=lambda path: path.name)
def test_every_notebook_has_checked_cells_with_an_output(path):
    checked = [cell for cell in code_cells(path) if "# NBVAL_CHECK_OUTPUT" in cell.source]
    assert checked
    assert all(cell.outputs for cell in checked)


def test_a_browser_of_the_project_sees_tables_and_figures_of_less_than_a_megabyte():
    for path in stored_outputs.notebooks():
        kinds = {kind for cell in code_cells(path) for output in cell.outputs for kind in output.get("data", {})}
        tables = "text/html" if path.parent.name == "notebooks" else "text/markdown"
        assert {tables, "image/png"} <= kinds, path.name
        assert "image/svg+xml" not in kinds, path.name
    assert sum(path.stat().st_size for path in stored_outputs.notebooks()) < 1_000_000


@pytest.fixture
def notebook(tmp_path):
    """Two cells, the second of times; and the same executed, with all that a kernel may leave."""
    cells = [new_code_cell("figure"), new_code_cell(f"{stored_outputs.VARYING}\ntimes")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "n.ipynb")
    executed = nbformat.read(tmp_path / "n.ipynb", as_version=4)
    executed.cells[0].outputs = [
        new_output("stream", name="stdout", text="one line"),
        new_output("stream", name="stderr", text="/home/me/a.py:3: UserWarning"),
        new_output("display_data", {"image/png": noise(), "text/plain": "<Figure>", MODEL_MIME: {"k": 7}}),
        new_output("display_data", {MODEL_MIME: {"k": 7}}),
    ]
    executed.cells[1].outputs = [new_output("execute_result", {"text/plain": "0.3 s"})]
    for number, cell in enumerate(executed.cells):
        cell.execution_count = number + 1
    return tmp_path / "n.ipynb", executed


def noise():
    """A PNG of thousands of colours, in base64."""
    stream = io.BytesIO()
    values = np.random.default_rng(0).integers(0, 256, (100, 150, 3), dtype=np.uint8)
    Image.fromarray(values).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode("ascii")


def test_what_is_stored_is_small_without_warnings_and_the_same_again(notebook):
    path, executed = notebook
    stored_outputs.store(copy.deepcopy(executed), path)
    once = path.read_bytes()
    text, figure = code_cells(path)[0].outputs
    assert text.text == "one line"
    picture = Image.open(io.BytesIO(base64.b64decode(figure.data["image/png"])))
    assert picture.size == (150, 100)
    assert figure.data.keys() == {"image/png", "text/plain"}
    assert len(picture.convert("RGB").getcolors()) <= stored_outputs.COLOURS
    stored_outputs.store(executed, path)
    assert path.read_bytes() == once


def test_what_varies_is_not_stored_and_no_stage_runs_for_what_is(notebook):
    path, executed = notebook
    before = fingerprint.notebook(path)
    stored_outputs.store(executed, path)
    assert code_cells(path)[0].outputs
    assert code_cells(path)[1].outputs == []
    assert fingerprint.notebook(path) == before
