"""What an executed notebook gives to the report, and what is refused."""

import base64
import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from seg_utils.core.errors import RenderError
from seg_utils.reporting.rendering import document

SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"
ABOUT = "#| label: fig-b\n#| fig-cap: c\n#| fig-alt: a\n"


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


def test_a_cell_of_blanks_shows_nothing(tmp_path):
    cells = [new_markdown_cell("# Title"), new_markdown_cell(" \n"), ran("a", shows("text/markdown", "\t"))]
    assert len(document.read(write(tmp_path, *cells)).cells) == 1


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
    assert made.figures == {"fig-a.svg": SVG.encode(), "fig-b.svg": SVG.encode()}
    assert '![Cap.](figures/fig-a.svg){#fig-a fig-alt="Alt"}' in made.markdown
    assert '![Two: words](figures/fig-b.svg){#fig-b fig-alt="Says \\"x\\""}' in made.markdown


@pytest.mark.parametrize("option", ["output: false", "include: false"])
def test_a_cell_may_be_left_out(tmp_path, option):
    made = document.read(write(tmp_path, ran(f"#| {option}\nx", shows("text/markdown", "hidden"))))
    assert "hidden" not in made.markdown


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (new_code_cell("x = 1"), r"report\.ipynb, cell 2 \(x = 1\) has not been run; run the whole notebook"),
        (
            ran("x", new_output("error", ename="KeyError", evalue="'K'", traceback=[])),
            r"cell 2 \(x\) failed with KeyError: 'K'",
        ),
        (ran("form", shows("text/html", "<form>")), r"cell 2 \(form\) shows text/html; the report takes data frames"),
        (ran("two", shows("text/html", "<table></table>" * 2)), r"cell 2 \(two\) shows text/html"),
        (ran("money", shows("text/plain", "0  1.2")), r"shows text/plain; .* \(series\.to_frame\(\) makes one\)"),
        (
            ran("#| label: fig-b\nfig.plot()", shows("image/png", "iVBOR")),
            r"cell 2 \(fig\.plot\(\)\): its figure lacks .*the head of the cell\n#\| fig-cap: .*\n#\| fig-alt: .*$",
        ),
        (ran("#| fig-cap: c\nplot", shows("image/svg+xml", SVG)), r"the head of the cell\n#\| fig-alt: .*$"),
        (ran(ABOUT.replace("fig-b", "tbl-b"), shows("image/svg+xml", SVG)), r"figure label 'tbl-b' must be fig-"),
        (ran("#| label: fig-b\ndf", shows("text/html", "<table></table>")), r"table label 'fig-b' must be tbl-"),
        (ran("#| label: [a\nplot"), r"its #\| options are not YAML"),
        (ran("#| fig-cap\nplot"), r"its #\| options must be lines of the form"),
        (
            ran("p", shows("image/svg+xml", SVG, figure={"label": "fig-../x", "fig-cap": "c", "fig-alt": "a"})),
            r"figure label 'fig-\.\./x' must be fig-",
        ),
    ],
)
def test_refuses(tmp_path, cell, message):
    with pytest.raises(RenderError, match=message):
        document.read(write(tmp_path, new_markdown_cell("# T"), cell))


def test_a_figure_without_a_label_bears_the_number_of_its_cell_as_the_author_counts_it(tmp_path):
    injected = ran("K = 7")
    injected.metadata["tags"] = ["injected-parameters"]
    cells = [ran("K = 2"), injected, ran("#| fig-cap: c\n#| fig-alt: a\nx", shows("image/svg+xml", SVG))]
    assert list(document.read(write(tmp_path, *cells)).figures) == ["fig-cell-2.svg"]


def test_tables_of_one_cell_without_labels_are_told_apart(tmp_path):
    frame = shows("text/html", "<table><thead><tr><th>a</th></tr></thead><tr><td>1</td></tr></table>")
    made = document.read(write(tmp_path, new_markdown_cell("# T"), ran("two", frame, frame)))
    assert re.findall(r"\{#([a-z0-9-]+)\}", made.markdown) == ["tbl-cell-2", "tbl-cell-2-2"]


@pytest.mark.parametrize("value", [{"text/plain": "<Axes: >"}, {"text/plain": "<Figure 1>", "image/svg+xml": "<svg/>"}])
def test_what_a_call_that_draws_gives_back_is_left_out(tmp_path, value):
    value = new_output("execute_result", value, execution_count=1)
    drawn = new_output("display_data", {"text/plain": "<Figure 1>", "image/svg+xml": SVG})
    made = document.read(write(tmp_path, ran(f"{ABOUT}plot", value, drawn)))
    assert made.figures == {"fig-b.svg": SVG.encode()}
    assert made.markdown == '![c](figures/fig-b.svg){#fig-b fig-alt="a"}\n'


def test_a_frame_beside_a_figure_stays(tmp_path):
    frame = new_output("execute_result", {"text/plain": "0", "text/html": "<table><tr><td>7</td></tr></table>"})
    made = document.read(write(tmp_path, ran(f"{ABOUT.replace('label', 'x')}df", shows("image/svg+xml", SVG), frame)))
    assert "| 7 |" in made.markdown


def test_markdown_that_is_shown_twice_is_there_twice(tmp_path):
    made = document.read(write(tmp_path, ran("x", shows("text/markdown", ":::"), shows("text/markdown", ":::"))))
    assert made.markdown == ":::\n\n:::\n"


TABLE = shows("text/html", "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>")


def test_captions_of_several_lines_are_read_as_yaml_has_them(tmp_path):
    options = "#| label: fig-b\n#| fig-cap: >\n#|   Two lines,\n#|   one caption\n#| fig-alt: |\n#|   a\n#|   b\nplot"
    made = document.read(write(tmp_path, ran(options, shows("image/svg+xml", SVG))))
    assert made.markdown == '![Two lines, one caption](figures/fig-b.svg){#fig-b fig-alt="a b"}\n'


@pytest.mark.parametrize("classes", [".sortable .stack", "sortable stack"])
def test_classes_of_a_table_are_named_with_their_points_or_without(tmp_path, classes):
    made = document.read(write(tmp_path, ran(f"#| label: tbl-a\n#| classes: {classes}\nx", TABLE)))
    assert made.markdown.endswith("{#tbl-a .sortable .stack}\n")


def test_a_picture_is_decoded_and_as_wide_as_its_pixels(tmp_path):
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4)
    made = document.read(write(tmp_path, ran(f"{ABOUT}plot", shows("image/png", base64.b64encode(png).decode()))))
    assert made.figures == {"fig-b.png": png}
    assert made.markdown == '![c](figures/fig-b.png){#fig-b .wide inches=6.67 fig-alt="a"}\n'


@pytest.mark.parametrize(("points", "wide"), [(380, False), (381, True)])
def test_a_figure_wider_than_a_phone_is_called_so(tmp_path, points, wide):
    svg = f'<svg width="{points}pt"><g/></svg>'
    made = document.read(write(tmp_path, ran(f"{ABOUT}plot", shows("image/svg+xml", svg))))
    assert f"inches={points / 72:.2f}" in made.markdown
    assert (".wide" in made.markdown) == wide


def test_the_moment_a_figure_was_drawn_at_is_left_out(tmp_path):
    svg = "<svg>\n <dc:date>2026-01-01T10:00:00</dc:date><g/></svg>"
    made = document.read(write(tmp_path, ran(f"{ABOUT}plot", shows("image/svg+xml", svg))))
    assert made.figures["fig-b.svg"] == b"<svg><g/></svg>"


FIGURE = {"label": "fig-a", "fig-cap": "c", "fig-alt": "a"}
DRAWN = [shows("image/svg+xml", svg, figure=FIGURE) for svg in (SVG, "<svg/>")]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([ran("one", *DRAWN)], "cell 1 (one): figure label 'fig-a'"),
        ([ran("one", DRAWN[0]), ran("two", DRAWN[1])], "cell 2 (two): figure label 'fig-a'"),
        ([ran("#| label: tbl-a\none", TABLE, TABLE)], "cell 1 (one): table label 'tbl-a'"),
        ([ran(f"#| label: tbl-{name}\n{code}", TABLE) for name, code in (("a", "one"), ("b", "two"), ("a", "three"))],
         "cell 3 (three): table label 'tbl-a'"),
    ],
)  # fmt: skip
def test_a_label_that_is_used_twice_names_its_cells(tmp_path, cells, said):
    with pytest.raises(RenderError, match=re.escape(f"{said} is used twice, first in report.ipynb, cell 1 (one);")):
        document.read(write(tmp_path, *cells))


@pytest.mark.parametrize("content", ["", "{}", "[]", "not json", json.dumps({"cells": None})])
def test_refuses_what_is_no_notebook(tmp_path, content):
    (tmp_path / "report.ipynb").write_text(content)
    with pytest.raises(RenderError, match=r"report\.ipynb cannot be read as a notebook"):
        document.read(tmp_path / "report.ipynb")


def test_refuses_a_missing_notebook(tmp_path):
    with pytest.raises(RenderError, match="No such file"):
        document.read(tmp_path / "report.ipynb")
