import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from seg_utils.pipeline.runner import Pipeline
from seg_utils.pipeline.stage import Stage


@pytest.fixture
def make_stage(tmp_path):
    """A stage whose notebook holds the given cells, in a temporary folder."""

    def make(*sources, parameters=None, reads=(), writes=("result.txt",)):
        parameters = {"run": tmp_path / "run", "k": 7} if parameters is None else parameters
        lines = "\n".join(f"{name} = None" for name in parameters)
        cells = [new_code_cell(lines, metadata={"tags": ["parameters"]}), *map(new_code_cell, sources)]
        path = tmp_path / "notebooks" / "stop.ipynb"
        path.parent.mkdir(exist_ok=True)
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(new_notebook(cells=cells, metadata=kernel), path)
        return Stage("stop", tmp_path / "run", tuple(reads), tuple(writes), parameters, notebook=path)

    return make


@pytest.fixture
def pipeline():
    with Pipeline() as pipeline:
        yield pipeline
