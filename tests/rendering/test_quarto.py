"""Quarto: exactly how it is called, and that it gets the same content."""

import json
import shutil
from pathlib import Path

import pytest

from seg_utils import rendering
from seg_utils.errors import RenderError
from seg_utils.rendering import document, theme
from seg_utils.rendering.process import run

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
        "render", "report.ipynb", "--no-execute", "--to", to, "--quiet", "--output", output,
    ]  # fmt: skip
    assert account(quarto)["environment"]["TYPST_IGNORE_SYSTEM_FONTS"] == "true"
    assert account(quarto)["environment"]["PATH"]


def test_works_in_a_private_folder_that_holds_all_it_needs(notebook, renderer, quarto, tmp_path):
    rendering.render(notebook, tmp_path, ["html"], renderer)
    figures = ["figures/fig-map.svg", *(f"figures/fig-segment-{index}.svg" for index in range(7))]
    assert account(quarto)["folder"] == [*figures, "report.ipynb", "report.lua", "template.html", "template.typ"]
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_gets_no_code_and_the_same_markdown_as_the_builtin_renderer(notebook, renderer, quarto, tmp_path):
    rendering.render(notebook, tmp_path, ["html"], renderer)
    settings, markdown = account(quarto)["cells"]
    assert [settings["cell_type"], markdown["cell_type"]] == ["raw", "markdown"]
    assert markdown["source"] == document.read(notebook).markdown


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
def test_gives_the_same_bytes_as_the_builtin_renderer(notebook, renderer, rendered, tmp_path, wanted):
    made = rendering.render(notebook, tmp_path, [wanted], renderer)[wanted]
    assert made.read_bytes() == rendered[wanted].read_bytes()


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


@pytest.mark.skipif(shutil.which("quarto") is None, reason="the real quarto is not on PATH")
def test_the_real_quarto_says_the_same(notebook, rendered, tmp_path):
    made = rendering.render(notebook, tmp_path, ["html", "pdf"], rendering.choose("quarto"))
    assert words(PLAIN_HTML, made["html"]) == words(PLAIN_HTML, rendered["html"])
    assert made["pdf"].read_bytes().startswith(b"%PDF-")
    if shutil.which("pdftotext"):
        assert words(["pdftotext"], made["pdf"], "-") == words(["pdftotext"], rendered["pdf"], "-")


def words(program: list[str], file: Path, *more: str) -> list[str]:
    return run([*program, str(file), *more]).split()
