"""Word, PowerPoint and Excel files, read back: native text, tables and numbers, and bytes that repeat."""

import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Emu, Pt

from seg_utils.core.errors import ParameterError
from seg_utils.reporting import rendering, sections
from seg_utils.reporting.figures import style
from seg_utils.reporting.rendering import theme
from seg_utils.reporting.rendering.office import pictures, slides, text_fitting, workbook
from seg_utils.strategy.campaigns import compute

from ..sections.runs import make_run

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="200pt"><rect width="90" height="50"/></svg>'
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)"]


@pytest.fixture(scope="module")
def run():
    return make_run(4, names=FORMULAS, jaccard=[0.9, 0.9, 0.8, 0.3])


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return pictures.draw({f"fig-segment-{n}.svg": SVG.encode() for n in range(20)}, tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def deck(run, drawn, tmp_path_factory):
    return slides.write(sections.slide_content.slides(run), drawn, tmp_path_factory.mktemp("deck") / "report.pptx")


@pytest.fixture(scope="module")
def book(run, tmp_path_factory):
    return workbook.write(sections.workbook_content.sheets(run), tmp_path_factory.mktemp("book") / "report.xlsx")


@pytest.fixture(scope="module")
def letter(notebook, tmp_path_factory):
    return rendering.render(notebook, tmp_path_factory.mktemp("letter"), ["docx"])["docx"]


def words_of(slide):
    frames = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    cells = [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join([*frames, *cells])


def core_of(path):
    return zipfile.ZipFile(path).read("docProps/core.xml").decode()


def test_the_same_bytes_again_whatever_the_day(run, notebook, drawn, deck, book, letter, tmp_path, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert (
        slides.write(sections.slide_content.slides(run), drawn, tmp_path / "a.pptx").read_bytes() == deck.read_bytes()
    )
    assert workbook.write(sections.workbook_content.sheets(run), tmp_path / "a.xlsx").read_bytes() == book.read_bytes()
    assert rendering.render(notebook, tmp_path, ["docx"])["docx"].read_bytes() == letter.read_bytes()


def test_bears_a_date_only_when_given_one(run, notebook, drawn, deck, book, letter, tmp_path, monkeypatch):
    for path in (deck, book, letter):
        assert "dcterms:created" not in core_of(path)
        assert {member.date_time for member in zipfile.ZipFile(path).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = [
        slides.write(sections.slide_content.slides(run), drawn, tmp_path / "a.pptx"),
        workbook.write(sections.workbook_content.sheets(run), tmp_path / "a.xlsx"),
        rendering.render(notebook, tmp_path, ["docx"])["docx"],
    ]
    for path in made:
        assert ">2023-11-14T22:13:20Z</dcterms:created>" in core_of(path)


def test_slides_hold_the_words_of_the_run(run, deck):
    read = Presentation(deck)
    titles = [slide.shapes.title.text_frame.text for slide in read.slides]
    assert titles == [slide.title for slide in sections.slide_content.slides(run)]
    of_segments = list(read.slides)[3:7]
    for person, slide in zip(run.personas, of_segments, strict=True):
        said = words_of(slide)
        for sentence in (person["portrait"][0], *person["portrait"][2:], "Guardrail of segment"):
            assert sentence in said
    assert ["Now of segment" in words_of(slide) for slide in of_segments] == [True, True, True, False]
    assert ["Do not build on this segment" in words_of(slide) for slide in of_segments] == [False, False, False, True]


def test_slides_have_native_tables_with_headings(run, deck):
    tables = [shape.table for slide in Presentation(deck).slides for shape in slide.shapes if shape.has_table]
    assert len(tables) == 2
    assert all(table.first_row for table in tables)
    assert [cell.text for cell in tables[0].rows[0].cells][:3] == ["Segment", "Customers", "Share"]
    assert [table.cell(1, 0).text.startswith("● ") for table in tables] == [True] * 2


def test_every_picture_on_a_slide_has_a_text_alternative(deck):
    found = [shape for slide in Presentation(deck).slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(found) == 4
    assert all("what sets" in shape._element.nvPicPr.cNvPr.get("descr") for shape in found)


@pytest.mark.parametrize("k", [2, 7, 20])
def test_nothing_leaves_a_slide_and_type_stays_readable(drawn, tmp_path, k):
    names = [f"Cash-advance dependent, more frequent cash advances, kind {number}" for number in range(k)]
    read = Presentation(
        slides.write(sections.slide_content.slides(make_run(k, names=names)), drawn, tmp_path / "a.pptx")
    )
    for slide in read.slides:
        for shape in slide.shapes:
            assert min(shape.left, shape.top) >= 0
            assert shape.left + shape.width <= read.slide_width + Emu(1)
            assert shape.top + shape.height <= read.slide_height + Emu(1)
            runs = [run for text in shape.text_frame.paragraphs for run in text.runs] if shape.has_text_frame else []
            assert all(run.font.size >= Pt(text_fitting.SMALLEST) for run in runs)


def test_each_segments_slide_bears_its_colour(deck):
    for number, slide in enumerate(list(Presentation(deck).slides)[3:7]):
        bars = [shape for shape in slide.shapes if shape.shape_type == 1 and shape.top == 0]
        assert [f"#{bar.fill.fore_color.rgb}".lower() for bar in bars] == [style.colour(number)]


def test_the_workbook_holds_numbers_in_the_format_of_their_kind(run, book):
    sheet = openpyxl.load_workbook(book, data_only=True)["Economics"]
    heads = [cell.value for cell in sheet[1]]
    row = dict(zip(heads, sheet[2], strict=True))
    expected = compute(run.economics_inputs).segments
    assert row["Segment"].value == 0
    assert row["Value a year"].value == pytest.approx(expected["segment_value"][0], rel=1e-14)
    assert row["Value a year"].number_format.startswith('"$"#,##0.00')
    assert row["Share of value"].value == pytest.approx(expected["value_share"][0], rel=1e-14)
    assert row["Share of value"].number_format == "0.0 %"
    assert row["Contacted"].number_format == "#,##0"


def test_profiles_have_the_format_of_each_feature(run, book):
    sheet = openpyxl.load_workbook(book)["Profiles"]
    rows = [dict(zip([cell.value for cell in sheet[1]], row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert len(rows) == len(run.profiles)
    formats = {row["Feature"].value: row["Median"].number_format for row in rows}
    assert formats["Balance"].startswith('"$"')
    assert formats["Utilisation"] == "0.0 %"
    assert formats["Tenure"] == "#,##0.00"
    assert [row["Mean"].value for row in rows] == pytest.approx(run.profiles["mean"].tolist(), rel=1e-14)


# What of a row stays in sight, beside which its figures move; elsewhere the first column
NAMING = {"Segment", "Persona", "Feature"}


def test_headings_and_what_a_row_is_of_stay_in_sight(book):
    for sheet in openpyxl.load_workbook(book):
        headings = [cell.value for cell in sheet[1]]
        naming = max(len([heading for heading in headings if heading in NAMING]), 1)
        assert set(headings[:naming]) <= NAMING or naming == 1
        assert sheet.freeze_panes == f"{'ABCDEF'[naming]}2"
        assert sheet.print_title_rows == "$1:$1"


def test_text_is_never_a_formula(book):
    for sheet in openpyxl.load_workbook(book):
        computes = sheet.title in ("Portfolio", "Economics", "Groups")
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n", *(["f"] if computes else [])}
            assert not any(cell.data_type == "f" for cell in row if cell.value in FORMULAS)
    cells = {row[1].value: row[1] for row in openpyxl.load_workbook(book)["Strategy"].iter_rows(min_row=2)}
    assert list(cells) == FORMULAS
    assert all(cell.quotePrefix for cell in cells.values())


def test_missing_numbers_are_empty_cells(book):
    sheet = openpyxl.load_workbook(book)["Test plan"]
    column = [cell.value for cell in sheet[1]].index("Effect that matters")
    assert [row[column].value is None for row in sheet.iter_rows(min_row=2)] == [False] * 3 + [True]


def test_the_letter_has_headings_captions_and_tables_that_repeat_their_heading(letter, rendered):
    root = ElementTree.fromstring(zipfile.ZipFile(letter).read("word/document.xml"))
    styles = [one.get(f"{WORD}val") for one in root.iter(f"{WORD}pStyle")]
    columns = root.findall(f".//{WORD}tbl/{WORD}tblPr/{WORD}tblStyle[@{WORD}val='Columns']/../..")
    tables = [table for table in root.iter(f"{WORD}tbl") if table not in columns]
    assert len(columns) == 7
    assert styles.count("Heading1") == 1
    assert styles.count("Heading3") >= 7
    assert styles.count("TableCaption") == len(tables) > 3
    assert all(table.find(f"{WORD}tr/{WORD}trPr/{WORD}tblHeader") is not None for table in tables)
    assert all(row.find(f"{WORD}trPr/{WORD}cantSplit") is not None for row in root.iter(f"{WORD}tr"))
    assert "CalloutTitle" in styles


@pytest.mark.parametrize(("rows", "free"), [(2, [2]), (5, [5]), (6, [3, 6]), (7, [3, 7])])
def test_a_table_of_the_letter_parts_in_its_middle_or_not_at_all(rows, free, executed, tmp_path):
    """One that may part nowhere LibreOffice cuts off where it does not fit."""
    table = "\n".join(["| a | b |", "|:--|:--|", *(f"| {row} | x |" for row in range(1, rows + 1)), "", ": T {#tbl-t}"])
    letter = rendering.render(executed("# T", table), tmp_path / "out", ["docx"])["docx"]
    root = ElementTree.fromstring(zipfile.ZipFile(letter).read("word/document.xml"))
    kept = [row.find(f".//{WORD}pStyle[@{WORD}val='KeptCell']") is not None for row in root.iter(f"{WORD}tr")]
    assert [number for number, keeps in enumerate(kept) if not keeps] == free


def test_short_facts_stand_two_a_line_in_the_letter_and_a_page_break_takes_none(executed, tmp_path):
    blanks = "::: {.facts across=2}\n- **Approved** \\_\\_\n- **On** \\_\\_\n- **Data as of** \\_\\_\n:::"
    spoken = f"::: {{.facts across=2}}\n- **Owner** Risk\n- **Decide** {'12 months after the start ' * 2}\n:::"
    markdown = executed("# T", blanks, spoken, "## Next {.new-page}", "x")
    letter = rendering.render(markdown, tmp_path / "out", ["docx"])["docx"]
    root = ElementTree.fromstring(zipfile.ZipFile(letter).read("word/document.xml"))
    facts = root.findall(f".//{WORD}pStyle[@{WORD}val='Fact']/../..")
    said = [[one.text for one in fact.iter(f"{WORD}t") if one.text.strip()] for fact in facts]
    assert [line[:1] + line[2:3] for line in said[:2]] == [["Approved", "On"], ["Data as of"]]
    assert [line[0] for line in said[2:]] == ["Owner", "Decide"]
    [parting] = root.findall(f".//{WORD}br[@{WORD}type='page']/../..")
    assert parting.find(f"{WORD}pPr/{WORD}spacing").get(f"{WORD}line") == "20"


def test_the_letter_says_what_the_page_says(letter, html):
    root = ElementTree.fromstring(zipfile.ZipFile(letter).read("word/document.xml"))
    said = "".join("".join(one.itertext()) for one in root.iter(f"{WORD}t"))
    title = re.search(r"<title>([^<]*)</title>", html)[1]
    assert title in said
    assert "Table 1." in said
    assert "{." not in said


def test_every_picture_in_the_letter_has_a_text_alternative_and_a_style(letter):
    archive = zipfile.ZipFile(letter)
    document = archive.read("word/document.xml").decode()
    described = re.findall(r"<wp:docPr [^>]*descr=\"([^\"]+)\"", document)
    pictures_there = [name for name in archive.namelist() if name.startswith("word/media/")]
    assert len(described) == len(re.findall("<pic:pic", document)) > 0
    assert all(name.endswith(".png") for name in pictures_there)
    names = set(re.findall(r'w:styleId="([^"]+)"', archive.read("word/styles.xml").decode()))
    assert {"Lead", "Callout", "CalloutTitle", "Subtitle", "Figure", "TableCaption"} <= names


def test_the_letter_is_in_the_themes_styles_on_pages_of_its_size(letter):
    def by_id(text):
        styles = ElementTree.fromstring(text).iter(f"{WORD}style")
        return {one.get(f"{WORD}styleId"): [(part.tag, part.attrib) for part in one.iter()] for one in styles}

    with zipfile.ZipFile(letter) as archive:
        ours, written = by_id(theme.text("word-styles.xml")), by_id(archive.read("word/styles.xml"))
        sections = ElementTree.fromstring(archive.read("word/document.xml")).iter(f"{WORD}sectPr")
    assert {name: written.get(name) for name in ours} == ours
    sizes = {tuple(int(one.get(f"{WORD}{side}")) for side in "wh") for one in (s.find(f"{WORD}pgSz") for s in sections)}
    assert {tuple(sorted(size)) for size in sizes} == {(11906, 16838)}


def test_slides_and_workbook_need_the_artefacts(notebook, tmp_path):
    with pytest.raises(ParameterError, match="FORMATS=xlsx needs the run's artefacts"):
        rendering.render(notebook, tmp_path, ["xlsx"])


@pytest.mark.parametrize(
    ("text", "characters", "expected"), [("", 1, 1), ("word", 60, 1), ("two words", 5, 2), ("x" * 100, 10, 10)]
)
def test_lines_are_counted_by_words_and_long_words_are_cut(text, characters, expected):
    width = (characters + 0.5) * text_fitting.CHARACTER * 10 / text_fitting.POINTS_PER_INCH
    assert text_fitting.lines(text, width, size=10) == expected


def test_more_text_gets_smaller_type_down_to_the_smallest():
    fits = [text_fitting.fitted(["A sentence of words. " * count], 3, 2, 18) for count in (1, 10, 14, 5000)]
    sizes = [size for _, size in fits]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (18, text_fitting.SMALLEST)
    for said, size in fits:
        assert text_fitting.text_height(said, 3, size) <= 2


def test_what_does_not_fit_is_left_out_by_whole_sentences_and_the_first_stays():
    said = ["What matters most.", "One: two; three. Four."]
    assert text_fitting.fitted(said, 9, 9, 18)[0] == said
    assert text_fitting.fitted(said, 9, 0.61, 14)[0] == said
    assert text_fitting.fitted(said, 1.2, 1.3, 14)[0] == ["What matters most.", "One: two."]
    assert text_fitting.fitted(said, 1.2, 0.1, 14)[0] == ["What matters most."]
    assert text_fitting.fitted(["What matters most.", "Decide: after a year."], 1.2, 1.15, 14)[0] == [
        "What matters most."
    ]


@pytest.mark.parametrize("width", [5, 8, 12])
def test_columns_take_what_their_longest_words_need(width):
    rows = [["Segment", "Customers", "Its range"], ["One of a long name", "2,044", "−$11,797 to −$10,657"]]
    widths, size = text_fitting.table_layout(rows, width, 4, 14)
    assert sum(widths) == pytest.approx(width)
    ems = text_fitting.CHARACTER * size / text_fitting.POINTS_PER_INCH
    for column, characters in zip(widths, [7 * text_fitting.BOLD, 9 * text_fitting.BOLD, 20], strict=True):
        assert column >= characters * ems + text_fitting.CELL_MARGINS - 1e-9


def test_a_table_too_long_for_its_place_gets_the_smallest_type():
    rows = [["Segment", "Customers"], *([["name", "word " * 9]] * 90)]
    widths, size = text_fitting.table_layout(rows, 4, 2, 14)
    assert size == text_fitting.SMALLEST
    assert sum(widths) == pytest.approx(4)


@pytest.mark.parametrize("k", [2, 7, 12])
def test_no_heading_of_a_slides_table_breaks_inside_a_word(drawn, tmp_path, k):
    read = Presentation(slides.write(sections.slide_content.slides(make_run(k)), drawn, tmp_path / "a.pptx"))
    for table in (shape.table for slide in read.slides for shape in slide.shapes if shape.has_table):
        for column, cell in zip(table.columns, table.rows[0].cells, strict=True):
            inch = cell.text_frame.paragraphs[0].runs[0].font.size.inches
            longest = max(map(len, cell.text.split())) * text_fitting.CHARACTER * text_fitting.BOLD * inch
            assert longest <= column.width.inches - text_fitting.CELL_MARGINS + 1e-5, cell.text


def test_columns_of_the_letter_are_as_wide_as_their_words_want(letter):
    root = ElementTree.fromstring(zipfile.ZipFile(letter).read("word/document.xml"))
    glance = next(iter(root.iter(f"{WORD}tbl")))
    widths = [int(column.get(f"{WORD}w")) for column in glance.iter(f"{WORD}gridCol")]
    assert widths[0] == max(widths) > 1.3 * min(widths)
