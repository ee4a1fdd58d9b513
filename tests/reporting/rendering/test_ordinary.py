"""An ordinary notebook as a report: what its tables and figures become in every format."""

import re
import zipfile

import nbformat
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from seg_utils.core.errors import RenderError
from seg_utils.pipeline.notebooks.execution import run_notebook
from seg_utils.reporting import rendering

from . import ordinary_notebook

FORMATS = ("html", "pdf", "docx")
CAPTIONS = (
    "Bars in bold",
    "Of seaborn, without a label",
    "Drawn, and the last value of its cell",
    "As the inline backend draws",
    "A picture of dots",
)


@pytest.fixture(scope="module")
def made(ordinary, tmp_path_factory):
    return rendering.render(ordinary, tmp_path_factory.mktemp("made"), FORMATS)


@pytest.fixture(scope="module")
def page(made):
    return BeautifulSoup(made["html"].read_text(encoding="utf-8"), "html.parser").main


def test_tables_and_figures_are_numbered_through_all_cells_and_referred_to(page):
    captions = [caption.get_text().strip() for caption in page.select(".figure-frame .caption")]
    assert captions == [f"Figure {number}. {text}" for number, text in enumerate(CAPTIONS, start=1)]
    tables = [caption.get_text(" ", strip=True) for caption in page.select(".table-frame .caption")]
    assert tables == ["Table 1. Money of each segment, rounded", "Table 2.", "Table 3.", "Table 4."]
    references = {link["href"]: link.get_text() for link in page.p.find_all("a")}
    assert references == {"#figure-bars": "Figure\xa01", "#figure-dots": "Figure\xa05", "#table-money": "Table\xa01"}
    assert all(page.select_one(target) for target in references)


def test_a_frames_cells_are_text_and_its_cell_options_apply(page):
    table = page.select_one("#table-money table")
    cells = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    assert cells[1:] == [["A|b", "1.23", "0.1"], ["<b>x</b>", "-2.50", "0.1"], ["*c* $1$", "NaN", "0.1"]]
    assert table["class"] == ["sortable"]


def test_every_figure_has_its_alternative_and_a_picture_stays_one(page):
    images = page.find_all("img")
    assert [image["alt"] for image in images] == ["Three bars", "Three bars", "A line", "Dots", "Dots"]
    kinds = [re.match(r"data:image/([a-z+]+)", image["src"])[1] for image in images]
    assert kinds == ["svg+xml", "svg+xml", "svg+xml", "svg+xml", "png"]


def test_a_block_opens_in_one_cell_and_closes_in_a_later_one(page):
    said = page.select_one(".card").get_text(" ", strip=True).replace("\xa0", " ")
    assert said == "A block Text a with bold and 29 %. Text b with bold and 29 %. that ends in a later cell."


def test_no_code_and_nothing_printed_shows(page):
    assert "for the analyst" not in page.get_text()
    assert "Axes" not in page.get_text()


def test_pdf_and_word_hold_the_same_figures(made):
    text = " ".join(page.extract_text() for page in PdfReader(made["pdf"]).pages)
    assert all(caption in text.replace("\n", " ") for caption in CAPTIONS)
    with zipfile.ZipFile(made["docx"]) as word:
        assert len([name for name in word.namelist() if name.endswith(".png")]) == 5


def test_bytes_repeat_when_the_notebook_is_run_again(made, tmp_path):
    nbformat.write(ordinary_notebook.notebook(), tmp_path / "written.ipynb")
    run_notebook(tmp_path / "written.ipynb", tmp_path / "again.ipynb", tmp_path, {})
    again = rendering.render(tmp_path / "again.ipynb", tmp_path, FORMATS)
    assert [again[wanted].read_bytes() for wanted in FORMATS] == [made[wanted].read_bytes() for wanted in FORMATS]


def test_a_plain_chart_stops_it_in_a_message_that_shows_the_lines_to_add_and_they_mend_it(ordinary, tmp_path):
    notebook = nbformat.read(ordinary, as_version=4)
    cell = next(cell for cell in notebook.cells if "plot.bar" in cell.source)
    cell.source = cell.source.splitlines()[-1]
    notebook.cells[0].source = "# Title"  # which referred to it
    nbformat.write(notebook, tmp_path / "plain.ipynb")
    with pytest.raises(RenderError, match=r"cell 8 \(money\.set_index.*\n#\| fig-cap: .*\n#\| fig-alt: ") as caught:
        rendering.render(tmp_path / "plain.ipynb", tmp_path, ["html"])
    cell.source = "\n".join([*str(caught.value).splitlines()[1:], cell.source])
    nbformat.write(notebook, tmp_path / "plain.ipynb")
    assert rendering.render(tmp_path / "plain.ipynb", tmp_path, ["html"])["html"].exists()
