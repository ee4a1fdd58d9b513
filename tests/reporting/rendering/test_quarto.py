"""Quarto: exactly how it is called, and that it gets the same content."""

import json
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from pypdf import PdfReader

from seg_utils.core.errors import RenderError
from seg_utils.reporting import rendering
from seg_utils.reporting.rendering import document, theme
from seg_utils.reporting.rendering.renderer import run

from .quarto_stand_in import without_marks

PLAIN_HTML = [str(theme.pandoc()), "--from=html", "--to=plain", "--wrap=none"]


def account(quarto: Path) -> dict:
    return json.loads(quarto.with_name("account.json").read_text(encoding="utf-8"))


@pytest.fixture
def renderer(quarto):
    return rendering.choose("quarto", str(quarto))


@pytest.mark.parametrize(("wanted", "to", "output"), [("html", "html", "report.html"), ("pdf", "typst", "report.pdf")])
def test_is_called_with_exactly_these_arguments(notebook, renderer, quarto, tmp_path, wanted, to, output):
    rendering.render(notebook, tmp_path, [wanted], renderer)
    assert account(quarto)["arguments"] == [
        "render", "report.ipynb", "--no-execute", "--to", to, "--output", output,
    ]  # fmt: skip
    assert account(quarto)["environment"]["TYPST_IGNORE_SYSTEM_FONTS"] == "true"
    assert account(quarto)["environment"]["PATH"]


def test_works_in_a_private_folder_that_holds_all_it_needs(notebook, renderer, quarto, tmp_path):
    rendering.render(notebook, tmp_path, ["html"], renderer)
    figures = ["figures/fig-map.svg", *(f"figures/fig-segment-{index}.svg" for index in range(7))]
    assert account(quarto)["folder"] == [
        "_quarto.yml",
        *figures,
        "report.ipynb",
        "report.lua",
        "template.html",
        "template.typ",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_gets_the_notebook_cell_by_cell_without_code_and_with_the_markdown_that_the_builtin_renderer_gets(
    notebook, renderer, quarto, tmp_path
):
    rendering.render(notebook, tmp_path, ["html"], renderer)
    settings, *cells = account(quarto)["cells"]
    assert settings["cell_type"] == "raw"
    assert [cell["cell_type"] for cell in cells] == [*["code"] * 10, "markdown"]
    assert {"".join(cell["source"]) for cell in cells[:-1]} == {"#| output: asis\n"}
    shown = ["".join(output["data"]["text/markdown"]) for cell in cells[:-1] for output in cell["outputs"]]
    shown.append("".join(cells[-1]["source"]))
    assert "\n\n".join(text.strip("\n") for text in shown) + "\n" == document.read(notebook).markdown


def test_numbers_and_templates_are_ours_and_resources_embedded(notebook, renderer, quarto, tmp_path):
    rendering.render(notebook, tmp_path, ["html"], renderer)
    settings = account(quarto)["settings"]
    assert settings["filters"] == [{"path": "report.lua", "at": "pre-ast"}]
    assert settings["title"]
    assert settings["echo"] is False
    assert settings["format"]["html"]["embed-resources"] is True
    assert settings["format"]["html"]["template"] == theme.TEMPLATES["html"]
    assert settings["format"]["typst"]["template"] == theme.TEMPLATES["pdf"]
    assert "yaml_metadata_block" not in settings["from"]


@pytest.mark.parametrize("wanted", ["html", "pdf"])
def test_gives_the_same_as_the_builtin_renderer(notebook, renderer, rendered, tmp_path, wanted):
    made = rendering.render(notebook, tmp_path, [wanted], renderer)[wanted]
    assert content(made) == content(rendered[wanted])


@pytest.mark.parametrize("wanted", ["html", "pdf"])
def test_gives_the_same_of_an_ordinary_notebook(ordinary, renderer, tmp_path, wanted):
    ours, theirs = (
        rendering.render(ordinary, tmp_path / name, [wanted], by) for name, by in (("a", None), ("b", renderer))
    )
    assert content(ours[wanted]) == content(theirs[wanted])


def test_a_failure_is_told_in_quartos_words(notebook, renderer, tmp_path, monkeypatch):
    monkeypatch.setenv("STAND_IN_FAILS", "loud")
    with pytest.raises(RenderError, match=r"quarto ended with code 1: ERROR: YAML is invalid"):
        rendering.render(notebook, tmp_path, ["html"], renderer)
    assert list(tmp_path.iterdir()) == []


def test_an_end_without_a_file_is_a_failure(notebook, renderer, tmp_path, monkeypatch):
    monkeypatch.setenv("STAND_IN_FAILS", "silent")
    with pytest.raises(RenderError, match=r"wrote no report\.pdf"):
        rendering.render(notebook, tmp_path, ["pdf"], renderer)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wanted", ["html", "pdf"])
def test_a_mistake_in_the_text_is_told_as_the_builtin_renderer_tells_it(executed, renderer, tmp_path, wanted):
    with pytest.raises(RenderError, match=r"quarto ended with code 1: ERROR: @fig-nowhere refers to nothing$"):
        rendering.render(executed("# T\n\nSee @fig-nowhere."), tmp_path / "out", [wanted], renderer)


def test_a_project_in_a_folder_above_takes_no_part(notebook, renderer, rendered, tmp_path, monkeypatch):
    above = tmp_path / "website"
    (above / "temporary").mkdir(parents=True)
    (above / "_quarto.yml").write_text("project: {type: website}\n")
    monkeypatch.setattr(tempfile, "tempdir", str(above / "temporary"))
    made = rendering.render(notebook, tmp_path / "out", ["html"], renderer)
    assert content(made["html"]) == content(rendered["html"])
    assert sorted(path.name for path in above.iterdir()) == ["_quarto.yml", "temporary"]


def test_a_quarto_that_hangs_is_stopped_with_all_that_it_started(quarto, monkeypatch):
    monkeypatch.setenv("STAND_IN_HANGS", "yes")
    with pytest.raises(RenderError, match="did not end within"):
        run([str(quarto), "render"], seconds=5)
    assert quarto.with_name("started").exists()
    assert not quarto.with_name("woke").exists()  # nor is it waited for until it ends by itself


REAL = shutil.which("quarto")


@pytest.fixture(scope="session")
def made_by_the_real_one(notebook, tmp_path_factory):
    if REAL is None:
        pytest.skip("the real quarto is not on PATH")
    renderer = rendering.choose("quarto")
    return [rendering.render(notebook, tmp_path_factory.mktemp("quarto"), ["html", "pdf"], renderer) for _ in range(2)]


def test_the_real_quarto_says_the_same(made_by_the_real_one, rendered):
    made, _ = made_by_the_real_one
    assert words(PLAIN_HTML, made["html"]) == words(PLAIN_HTML, rendered["html"])
    assert pages(made["pdf"]) == pages(rendered["pdf"])
    assert ids(made["html"]) == ids(rendered["html"])


def test_the_real_quartos_pdf_is_tagged_and_in_our_fonts(made_by_the_real_one, rendered):
    made, _ = made_by_the_real_one
    ours, theirs = PdfReader(rendered["pdf"]), PdfReader(made["pdf"])
    assert fonts(theirs) == fonts(ours) != set()
    assert theirs.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert tags(theirs) == tags(ours)


def test_the_real_quarto_repeats_itself_byte_for_byte(made_by_the_real_one):
    once, again = made_by_the_real_one
    assert [once[wanted].read_bytes() for wanted in once] == [again[wanted].read_bytes() for wanted in again]


def test_the_real_quarto_says_the_same_of_an_ordinary_notebook(ordinary, tmp_path):
    if REAL is None:
        pytest.skip("the real quarto is not on PATH")
    formats = ["html", "pdf"]
    made = rendering.render(ordinary, tmp_path / "quarto", formats, rendering.choose("quarto"))
    ours = rendering.render(ordinary, tmp_path / "builtin", formats)
    assert words(PLAIN_HTML, made["html"]) == words(PLAIN_HTML, ours["html"])
    assert pages(made["pdf"]) == pages(ours["pdf"])
    assert ids(made["html"]) == ids(ours["html"])


def content(file: Path) -> bytes:
    return without_marks(file.read_bytes()) if file.suffix == ".html" else file.read_bytes()


def words(program: list[str], file: Path) -> list[str]:
    return run([*program, str(file)]).split()


def pages(file: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(file).pages]


def ids(file: Path) -> list[tuple[str, str]]:
    """The elements of a page that have an id, sections among them."""
    return re.findall(r'<([a-z0-9]+)[^>]*? id="([^"]+)"', file.read_text(encoding="utf-8"))


def fonts(reader: PdfReader) -> set[str]:
    """Names of the fonts of all pages, without the mark of what part of them is embedded."""
    resources = [page["/Resources"].get("/Font", {}) for page in reader.pages]
    return {font.get_object()["/BaseFont"].partition("+")[2] for found in resources for font in found.values()}


def tags(reader: PdfReader) -> Counter[str]:
    """How often each kind of element stands in the structure tree."""
    found: Counter[str] = Counter()
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found[str(node.get("/S"))] += 1 if node.get("/S") != "/Span" else 0  # of which some Typsts make more
            waiting += [node["/K"]] if "/K" in node else []
    return found
