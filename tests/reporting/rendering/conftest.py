"""A report of seven segments, built once, rendered once by the built-in renderer."""

import re
import runpy
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from seg_utils.core.paths import PROJECT
from seg_utils.pipeline.notebooks.execution import run_notebook
from seg_utils.reporting import rendering

from . import form_notebook, ordinary_notebook

BUILD = runpy.run_path(str(Path(__file__).with_name("sample_notebook.py")))["build"]
STAND_IN = Path(__file__).with_name("quarto_stand_in.py")


@pytest.fixture(scope="session")
def notebook(tmp_path_factory):
    return BUILD(tmp_path_factory.mktemp("notebook") / "report.ipynb")


@pytest.fixture(scope="session")
def rendered(notebook, tmp_path_factory):
    return rendering.render(notebook, tmp_path_factory.mktemp("builtin"))


@pytest.fixture(scope="session")
def html(rendered):
    return rendered["html"].read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def ordinary(tmp_path_factory):
    """A notebook that knows nothing of the report but its style, executed: every kind of output."""
    folder = tmp_path_factory.mktemp("ordinary")
    nbformat.write(ordinary_notebook.notebook(), folder / "written.ipynb")
    run_notebook(folder / "written.ipynb", folder / "executed.ipynb", folder, {})
    return folder / "executed.ipynb"


@pytest.fixture
def executed(tmp_path):
    """Write an executed notebook whose one cell shows the given Markdown."""

    def write(*parts: str) -> Path:
        outputs = [new_output("display_data", {"text/markdown": part}) for part in parts]
        path = tmp_path / "written.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell("show()", execution_count=1, outputs=outputs)]), path)
        return path

    return write


@pytest.fixture
def page(executed, tmp_path):
    """The text of the HTML report made of the given Markdown, without style and script."""

    def render(*parts: str) -> str:
        made = rendering.render(executed(*parts), tmp_path / "page", formats=["html"])["html"]
        text = made.read_text(encoding="utf-8")
        return re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)

    return render


@pytest.fixture(scope="session")
def quarto(tmp_path_factory):
    """An executable that answers as Quarto does and keeps account of how it was called beside itself.

    As Quarto's own, it is a shell script that starts the program and waits for it.
    """
    path = tmp_path_factory.mktemp("bin") / "quarto"
    start = (
        "import runpy, sys; from pathlib import Path; "
        f"sys.path.insert(0, {str(PROJECT)!r}); "
        f"runpy.run_path({str(STAND_IN)!r})['main'](Path({str(path)!r}), sys.argv[1:])"
    )
    path.write_text(f'#!/bin/bash\n"{sys.executable}" -c "{start}" "$@"\nexit $?\n')
    path.chmod(0o755)
    return path


@pytest.fixture(scope="session")
def form_page(models, tmp_path_factory):
    """The page of a model's form, by kind; each rendered once."""
    rendered = {}

    def render(kind="centres", **asked):
        key = (kind, *sorted(asked.items()))
        if key not in rendered:
            folder = tmp_path_factory.mktemp(kind)
            source = form_notebook.notebook(folder / "n.ipynb", models.made(kind, **asked))
            rendered[key] = rendering.render(source, folder, ["html"])["html"]
        return rendered[key]

    return render
