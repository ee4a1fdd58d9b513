"""What the reader gets: the same content in HTML and PDF, every word of it from the run's artefacts."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from seg_utils.core import words

pytestmark = [pytest.mark.end_to_end, pytest.mark.xdist_group("end_to_end")]

SECTIONS = (
    "Who brings the value",
    "What to test",
    "The segments",
    "Appendix",
    "Strategy",
    "Economics",
    "Test plan",
    "Segments in figures",
    "How many segments",
    "How far to trust each segment",
    "Data quality",
    "Method",
    "Limits",
    "Glossary",
    "How to reproduce this",
)


@pytest.fixture(scope="module", params=[3, 5], ids=lambda k: f"K={k}")
def folder(made, request):
    return made[0].space / f"k{request.param}"


@pytest.fixture(scope="module")
def html(folder):
    return BeautifulSoup((folder / "report.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def pdf(folder):
    return PdfReader(folder / "report.pdf")


@pytest.fixture(scope="module", params=["html", "pdf"])
def text(html, pdf, request):
    """The report's text in one line, from either file."""
    said = html.main.get_text(" ") if request.param == "html" else " ".join(page.extract_text() for page in pdf.pages)
    return " ".join(said.replace("\u00a0", " ").split())


def artefact(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_every_section_is_there_in_order(text):
    found = [text.find(section) for section in SECTIONS]
    assert -1 not in found
    assert found == sorted(found)


def test_every_segment_has_its_name_its_size_and_its_portrait(text, folder):
    squeezed = text.replace(" ", "")
    for person in artefact(folder, "personas.json"):
        assert person["persona"].replace(" ", "") in squeezed
        assert words.count(person["size"]) in text
        for sentence in person["portrait"]:
            assert sentence.replace(" ", "") in squeezed


def test_grades_and_scores_are_those_of_the_artefacts(text, folder):
    metrics = artefact(folder, "metrics.json")
    for grade, jaccard in zip(metrics["stability"]["grades"], metrics["stability"]["jaccard"], strict=True):
        assert grade in text
        assert f"{jaccard:.2f}" in text
    assert f"{metrics['silhouette']:.2f}" in text
    assert words.count(metrics["inertia"]) in text


def test_the_input_and_the_command_can_be_read_off(text, folder):
    manifest = artefact(folder, "manifest.json")
    assert manifest["input"]["sha256"] in text.replace(" ", "")
    assert f"make report K={manifest['parameters']['K']}" in text


def test_the_first_page_says_that_the_customers_are_synthetic(html, pdf):
    before_the_table = html.main.get_text(" ").split("Segments at a glance")[0]
    assert "ynthetic customers" in before_the_table
    assert "ynthetic customers" in pdf.pages[0].extract_text()


def test_code_never_shows(text):
    assert not re.search(r"\bimport \w+|pages\.|display\(|Path\(", text)


def test_nothing_is_loaded_from_anywhere(html):
    loaded = [tag[name] for name in ("src", "href", "data") for tag in html.find_all(attrs={name: True})]
    assert loaded
    assert [target for target in loaded if not target.startswith(("#", "data:"))] == []


def test_every_figure_has_a_text_alternative(html):
    images = html.main.find_all("img")
    assert images
    assert [image for image in images if not image.get("alt")] == []


def test_the_pdf_is_tagged_titled_and_numbered(pdf):
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert " ".join(pdf.pages[0].extract_text().split()).startswith(" ".join(pdf.metadata.title.split()))
    assert f"Page 1 of {len(pdf.pages)}" in pdf.pages[0].extract_text()
