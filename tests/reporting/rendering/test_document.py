"""What an executed notebook gives to the report, and what is refused."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from seg_utils.core.errors import RenderError
from seg_utils.reporting.rendering import document

SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def write(path, *cells):
    nbformat.write(new_notebook(cells=list(cells)), path / "report.ipynb")
    return path / "report.ipynb"


def ran(source, *outputs):
    return new_code_cell(source, execution_count=1, outputs=list(outputs))


def shows(kind, content, **metadata):
    return new_output("display_data", {kind: content}, metadata=metadata)


def test_markdown_is_taken_as_it_is_and_code_and_prints_are_left_out(tmp_path):
    printed = new_output("stream", name="stdout", text="loading")
    cells = [new_markdown_cell("# Title"), ran("secret = 1", printed, shows("text/markdown", "A *word*"))]
    assert document.read(write(tmp_path, *cells)).markdown == "# Title\n\nA *word*\n"


def test_a_block_may_span_outputs_and_cells(tmp_path):
    opening, closing = shows("text/markdown", "::: {.card}\n"), shows("text/markdown", ":::\n")
    cells = [ran("a", opening), new_markdown_cell("inside"), ran("b", closing)]
    assert document.read(write(tmp_path, *cells)).markdown == "::: {.card}\n\ninside\n\n:::\n"


def test_a_figure_takes_its_texts_from_the_output_or_the_cell(tmp_path):
    about = {"label": "fig-a", "fig-cap": "Cap.", "fig-alt": "Alt"}
    options = '#| label: fig-b\n#| fig-cap: "Two: words"\n#| fig-alt: Says "x"\nplot()'
    made = document.read(
        write(tmp_path, ran("p", shows("image/svg+xml", SVG, figure=about)), ran(options, shows("image/svg+xml", SVG)))
    )
    assert made.figures == {"fig-a.svg": SVG, "fig-b.svg": SVG}
    assert '![Cap.](figures/fig-a.svg){#fig-a fig-alt="Alt"}' in made.markdown
    assert '![Two: words](figures/fig-b.svg){#fig-b fig-alt="Says \\"x\\""}' in made.markdown


@pytest.mark.parametrize("option", ["output: false", "include: false"])
def test_a_cell_may_be_left_out(tmp_path, option):
    made = document.read(write(tmp_path, ran(f"#| {option}\nx", shows("text/markdown", "hidden"))))
    assert "hidden" not in made.markdown


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (new_code_cell("x = 1"), r"report\.ipynb, cell 2 has not been run; run the whole notebook"),
        (
            ran("x", new_output("error", ename="KeyError", evalue="'K'", traceback=[])),
            r"cell 2 failed with KeyError: 'K'",
        ),
        (ran("df", shows("text/html", "<table>")), r"cell 2 shows text/html; the report takes Markdown"),
        (ran("plot", shows("image/png", "iVBOR")), r"cell 2 shows image/png"),
        (ran("plot", shows("image/svg+xml", SVG)), r"its figure lacks label, fig-cap, fig-alt"),
        (ran("#| label: [a\nplot"), r"its #\| options are not YAML"),
        (
            ran("p", shows("image/svg+xml", SVG, figure={"label": "fig-../x", "fig-cap": "c", "fig-alt": "a"})),
            r"figure label 'fig-\.\./x' must be fig-",
        ),
    ],
)
def test_refuses(tmp_path, cell, message):
    with pytest.raises(RenderError, match=message):
        document.read(write(tmp_path, new_markdown_cell("# T"), cell))


def test_refuses_two_figures_of_one_name(tmp_path):
    output = shows("image/svg+xml", SVG, figure={"label": "fig-a", "fig-cap": "c", "fig-alt": "a"})
    with pytest.raises(RenderError, match=r"'fig-a' is used twice"):
        document.read(write(tmp_path, ran("p", output, output)))


@pytest.mark.parametrize("content", ["", "{}", "[]", "not json", json.dumps({"cells": None})])
def test_refuses_what_is_no_notebook(tmp_path, content):
    (tmp_path / "report.ipynb").write_text(content)
    with pytest.raises(RenderError, match=r"report\.ipynb cannot be read as a notebook"):
        document.read(tmp_path / "report.ipynb")


def test_refuses_a_missing_notebook(tmp_path):
    with pytest.raises(RenderError, match="No such file"):
        document.read(tmp_path / "report.ipynb")
