"""The report itself: what is on its pages, and that its bytes repeat."""

import os
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook
from pypdf import PdfReader

from seg_utils.core.errors import RenderError
from seg_utils.reporting import rendering
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown, pipe_table
from seg_utils.reporting.rendering import first_page, theme

from .sample_notebook import PERSONAS, bars, code, figure, shown


def body(html: str) -> str:
    return html[html.index("<body>") : html.index("<script>")]


def test_bytes_repeat_whatever_the_day_the_folder_and_the_place(notebook, rendered, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.chdir(tmp_path)
    moved = Path(shutil.copy(notebook, tmp_path / "a 'b' ü.ipynb"))
    again = rendering.render(moved, tmp_path / "out put", ["pdf", "html"])
    for wanted, path in again.items():
        assert path.read_bytes() == rendered[wanted].read_bytes()


def test_an_older_pandoc_such_as_quartos_gives_the_same(notebook, rendered, tmp_path, monkeypatch):
    """Where it leaves a caption's attributes and a lone picture to the filter, the filter does the same with them."""
    monkeypatch.setattr(theme, "DIALECT", f"{theme.DIALECT}-table_attributes-implicit_figures")
    for wanted, path in rendering.render(notebook, tmp_path).items():
        assert path.read_bytes() == rendered[wanted].read_bytes()


def test_bears_a_date_only_when_given_one(notebook, html, tmp_path, monkeypatch):
    assert '<meta name="date"' not in html
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    dated = rendering.render(notebook, tmp_path)
    assert '<meta name="date" content="2023-11-14">' in dated["html"].read_text(encoding="utf-8")
    assert b"2023-11-14" in dated["pdf"].read_bytes()


def test_a_date_that_is_none_is_refused(notebook, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(RenderError, match="SOURCE_DATE_EPOCH='yesterday' is no number of seconds"):
        rendering.render(notebook, tmp_path)


def test_one_file_each_and_small(rendered, html):
    assert sorted(os.listdir(rendered["html"].parent)) == ["report.html", "report.pdf"]
    assert rendered["html"].stat().st_size < 3_000_000
    assert rendered["pdf"].stat().st_size < 3_000_000
    targets = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert all(target.startswith(("#", "data:image/svg+xml")) for target in targets)


def test_code_never_shows(html):
    assert "import pandas" not in html
    assert "show(" not in body(html)


def test_title_contents_and_landmarks(html):
    assert "<title>7 kinds of card customer, and what to do about each</title>" in html
    assert '<html lang="en-GB">' in html
    assert html.count("<h1") == 1
    assert all(f"<{tag}" in html for tag in ("header", 'nav aria-label="Contents"', "main"))
    contents = html[html.index("<nav") : html.index("</nav>")]
    for target in re.findall(r'href="#([^"]+)"', contents):
        assert f'id="{target}"' in html
    assert contents.count("<a ") == 16
    assert 'href="#transactors"' in contents


def test_references_are_numbered_and_linked(html):
    assert '<a href="#table-glance">Table\u00a01</a>' in html
    assert '<a href="#figure-segment-0">Figure\u00a02</a>' in html
    assert "<strong>Table 9.</strong> What to do with each segment." in html


def test_tables_have_headers_with_scope_and_labels_for_phones(html):
    table = html[html.index('id="table-strategy"') : html.index("</table>", html.index('id="table-strategy"'))]
    assert len(re.findall(r'<th[^>]* scope="col"', table)) == 8
    assert len(re.findall(r'<th[^>]* scope="row"', table)) == 7
    assert table.count('data-label="Guardrail"') == 7
    assert "style=" not in table


def test_every_figure_has_its_text_alternative(html):
    pictures = re.findall(r"<img [^>]*>", html)
    assert len(pictures) == 8
    assert all(re.search(r'alt="(Bar chart: [^"]+|A wide chart\.)"', picture) for picture in pictures)
    assert len(re.findall('class="figure-frame wide"', html)) == 1


@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        ("# T\n\nSee @tbl-nothing.", "@tbl-nothing refers to nothing"),
        ("No title.", "needs one # heading, its title; it has 0"),
        ("# A\n\n# B", "it has 2"),
        ("# T\n\n| a |\n|---|\n| 1 |\n", "a table lacks its {#tbl-…} label"),
        ("# T\n\n![c](https://example.com/a.svg){#fig-a fig-alt=a}", "https://example.com/a.svg is not a figure"),
        ("# T\n\nIn line ![c](/etc/hostname)", "the picture /etc/hostname is not a figure of the notebook"),
        ("# T\n\n![c](figures/a.svg){#fig-a}", "the figure fig-a lacks its fig-alt"),
        ("# T\n\n::: {.facts}\ntext\n:::", "holds one list and nothing else"),
        ("# T\n\n::: {.segment}\ntext\n:::", "needs the segment's number: colour=0"),
        ("# T\n\n[x]{.persona colour=red}", "colour must be the number of a segment"),
    ],
)
def test_a_mistake_in_the_markdown_stops_it_with_a_reason(executed, tmp_path, markdown, message):
    with pytest.raises(RenderError, match=re.escape(message)):
        rendering.render(executed(markdown), tmp_path / "out", ["html"])
    assert not (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize(("lines", "pages", "pages_in_one_size"), [(30, 1, 1), (42, 1, 2), (80, 3, 3)])
def test_what_is_to_stay_on_one_page_does_as_long_as_type_is_readable(
    executed, tmp_path, lines, pages, pages_in_one_size
):
    text = "\n\n".join(["# T", *["A paragraph of its own."] * lines])
    made = {
        name: rendering.render(executed(shown), tmp_path / name, ["pdf"])["pdf"]
        for name, shown in (("one page", f"::: {{.one-page}}\n{text}\n:::"), ("in one size", text))
    }
    counts = {name: len(PdfReader(path).pages) for name, path in made.items()}
    assert counts == {"one page": pages, "in one size": pages_in_one_size}


def test_a_failure_leaves_the_last_report_as_it_was(executed, tmp_path):
    rendering.render(executed("# Good"), tmp_path, ["html"])
    before = (tmp_path / "report.html").read_bytes()
    with pytest.raises(RenderError):
        rendering.render(executed("# Bad\n\n@fig-x"), tmp_path, ["html"])
    assert (tmp_path / "report.html").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "written.ipynb"]


def test_what_the_pdf_standard_forbids_stops_both_files_with_its_reason(executed, tmp_path):
    with pytest.raises(RenderError, match=r"the PDF cannot be made: .*heading"):
        rendering.render(executed("# Title", "### Skips a level"), tmp_path / "out", ["html", "pdf"])
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_one_clear_line(executed, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(RenderError, match=r"the report could not be written: .*taken"):
        rendering.render(executed("# Title"), tmp_path / "taken", ["html"])


def test_a_label_used_twice_is_refused(executed, tmp_path):
    table = pipe_table([[1]], ["a"], label="tbl-x", caption="c")
    with pytest.raises(RenderError, match="the label tbl-x is used twice"):
        rendering.render(executed("# T", table, table), tmp_path, ["html"])


def test_markup_in_cells_is_markup_only_when_it_says_so(page):
    rows = [["**a**", Markdown("**b**")]]
    text = page("# T", pipe_table(rows, ["x", "y"], label="tbl-x", caption="c"))
    assert ">**a**</th>" in text
    assert "<strong>b</strong></td>" in text


def inflated(pdf: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, flags=re.DOTALL)
    return pdf + b"".join(zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"x")


def test_pdf_is_tagged_for_accessibility(rendered):
    content = inflated(rendered["pdf"].read_bytes())
    assert b"pdfuaid:part>1<" in content
    assert b"/StructTreeRoot" in content
    assert b"/Marked true" in content
    assert content.count(b"/Alt") >= 7
    assert b"Bar chart: Transactors against all customers" in content


def test_pdf_uses_the_fonts_that_come_along(rendered):
    fonts = set(re.findall(rb"/FontName ?/\w{6}\+([\w-]+)", inflated(rendered["pdf"].read_bytes())))
    assert fonts
    assert all(name.startswith((b"SourceSansPro", b"DejaVuSans")) for name in fonts)
    assert any(name.startswith(b"SourceSansPro") for name in fonts)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not on PATH")
def test_pdf_pages(rendered):
    read = ["pdftotext", "-layout", str(rendered["pdf"]), "-"]
    pages = subprocess.run(read, capture_output=True, text=True, check=True).stdout.split("\f")[:-1]
    assert len(pages) == 9
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of 9" in text
        assert number == 1 or text.lstrip().startswith("7 kinds of card customer")
    assert ["Three moves" in text for text in pages] == [True] + [False] * 8
    for name in PERSONAS[:7]:
        assert sum(f"What sets {name} apart" in text and f"{name}: key numbers" in text for text in pages) == 1
    assert "Guardrail" in pages[7]


def pages_of(pdf):
    return [page.extract_text() for page in PdfReader(pdf).pages]


def test_a_row_never_breaks_across_pages(executed, tmp_path):
    lines = [" ".join(f"R{row:02d}L{line}" for line in range(29)) for row in range(40)]
    table = pipe_table([[row, *[text] * 3] for row, text in enumerate(lines)], ["Row", "A", "B", "C"], label="tbl-x",
                       caption="c", widths=[10, 10, 10, 10])  # fmt: skip
    pages = pages_of(rendering.render(executed("# T", table), tmp_path / "out", ["pdf"])["pdf"])
    assert len(pages) > 2
    for row in range(40):
        assert sum(f"R{row:02d}L" in text for text in pages) == 1


@pytest.mark.parametrize("above", range(20, 56, 3))
def test_of_a_table_parted_between_pages_no_row_stands_alone(executed, tmp_path, above):
    filler = "\n\n".join(["A line."] * above)
    rows = [[f"Row{row:02d}", *["Some words of a cell"] * 3] for row in range(20)]
    table = pipe_table(rows, ["Row", "A", "B", "C"], label="tbl-x", caption="c", widths=[10, 10, 20, 30])
    pages = pages_of(rendering.render(executed("# T", filler, table), tmp_path / "out", ["pdf"])["pdf"])
    counts = [len(re.findall(r"Row\d\d", text)) for text in pages]
    assert sum(counts) == 20
    assert min(count for count in counts if count) >= 3


@pytest.mark.parametrize("above", range(20, 38, 3))
def test_a_heading_and_its_one_sentence_stand_on_the_page_of_their_table(executed, tmp_path, above):
    filler = "\n\n".join(["A line."] * above)
    rows = [[f"Row{row:02d}", "Some words of a cell"] for row in range(20)]
    table = pipe_table(rows, ["Row", "A"], label="tbl-x", caption="c", widths=[10, 30])
    cells = ("# T", filler, "## Findings", "One sentence.", table)
    pages = pages_of(rendering.render(executed(*cells), tmp_path / "out", ["pdf"])["pdf"])
    [page] = [text for text in pages if "One sentence." in text]
    assert "Findings" in page
    assert "Row00" in page


@pytest.mark.parametrize("above", range(24, 38, 4))
def test_a_heading_and_its_one_sentence_stand_on_the_page_of_their_first_segment(executed, tmp_path, above):
    filler = "\n\n".join(["A line."] * above)
    first = "::: {.segment colour=1}\n### First\n\n" + "\n\n".join(["Words of a segment."] * 14) + "\n:::"
    cells = ("# T", filler, "## Segments\n\nOne sentence.", first)
    pages = pages_of(rendering.render(executed(*cells), tmp_path / "out", ["pdf"])["pdf"])
    [page] = [text for text in pages if "One sentence." in text]
    assert "Segments" in page
    assert "Words of a segment." in page


def test_text_goes_on_above_a_figure_too_large_for_what_is_left_of_a_page(tmp_path):
    large = bars(0)
    large.set_size_inches(style.PHONE_WIDTH, 5)
    outputs = [shown("# T"), *[shown("A line.")] * 30, figure(large, "fig-x", "Large.", "Bars."), shown("After it.")]
    path = tmp_path / "written.ipynb"
    nbformat.write(new_notebook(cells=[code("show()", *outputs)]), path)
    first, second = pages_of(rendering.render(path, tmp_path / "out", ["pdf"])["pdf"])
    assert "After it." in first
    assert "Large." in second


@pytest.mark.parametrize("above", range(0, 60, 6))
def test_a_term_stands_on_the_page_of_its_meaning(executed, tmp_path, above):
    filler = "\n\n".join(["A line."] * above)
    terms = "\n\n".join(f"Term{number:02d}\n:   Meaning{number:02d} {'of many words ' * 20}" for number in range(30))
    pages = pages_of(rendering.render(executed("# T", filler, terms), tmp_path / "out", ["pdf"])["pdf"])
    assert len(pages) > 1
    for text in pages:
        assert re.findall(r"Term(\d\d)", text) == re.findall(r"Meaning(\d\d)", text)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not on PATH")
def test_a_word_too_long_for_its_column_breaks_on_paper_and_stays_whole_as_text(executed, tmp_path):
    word = "id" + "0123456789" * 12
    table = pipe_table([[word, word, "5"]], ["Id", "Other id", "Count"], label="tbl-x", caption="c")
    pdf = rendering.render(executed("# T", word, table), tmp_path / "out", ["pdf"])["pdf"]
    read = ["pdftotext", "-bbox", str(pdf), "-"]
    boxes = subprocess.run(read, capture_output=True, text=True, check=True).stdout
    width = float(re.search(r'<page width="([\d.]+)"', boxes)[1])
    assert max(float(right) for right in re.findall(r'xMax="([\d.]+)"', boxes)) < width - 40
    words = re.findall(r">([^<\s]+)</word>", boxes)
    assert "".join(words).replace("Id", "").count(word[:30]) == 3


def test_the_picture_of_page_one_is_the_pdfs_and_repeats(notebook, tmp_path):
    first, again = (first_page.draw(notebook, tmp_path / name).read_bytes() for name in ("a.png", "b.png"))
    assert first == again
    assert first.startswith(b"\x89PNG")
    width, height = int.from_bytes(first[16:20]), int.from_bytes(first[20:24])
    assert height / width == pytest.approx(297 / 210, rel=0.01)
