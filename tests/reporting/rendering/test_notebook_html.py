"""The executed notebook as HTML."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from seg_utils.reporting import rendering


def test_shows_the_code_loads_nothing_and_repeats(notebook, tmp_path):
    first = rendering.analyst_copy(notebook, tmp_path / "a.html").read_text(encoding="utf-8")
    assert "pd" in first
    assert "pandas" in first
    assert "<script" not in first
    assert "default-src 'none'" in first
    assert "data:image/svg+xml;base64" in first
    assert rendering.analyst_copy(notebook, tmp_path / "b.html").read_text(encoding="utf-8") == first


def test_a_script_in_an_output_is_gone(tmp_path):
    outputs = [new_output("display_data", {"text/html": "<p>kept</p><script>alert(1)</script>"})]
    nbformat.write(new_notebook(cells=[new_code_cell("x", execution_count=1, outputs=outputs)]), tmp_path / "n.ipynb")
    html = rendering.analyst_copy(tmp_path / "n.ipynb", tmp_path / "n.html").read_text(encoding="utf-8")
    assert "<p>kept</p>" in html
    assert "alert(1)" not in html


def test_the_parameters_that_were_not_used_are_left_out(tmp_path):
    def shown(*tags):
        cells = [new_code_cell(f"of_{tag[:8]}", execution_count=1, metadata={"tags": [tag]}) for tag in tags]
        nbformat.write(new_notebook(cells=cells), tmp_path / "n.ipynb")
        return rendering.analyst_copy(tmp_path / "n.ipynb", tmp_path / "n.html").read_text(encoding="utf-8")

    assert "of_paramete" in shown("parameters")
    both = shown("parameters", "injected-parameters")
    assert "of_paramete" not in both
    assert "of_injected" in both
