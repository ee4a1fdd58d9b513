"""What the PDF tells those who have it read out: its tags, bookmarks, and the names of its links; and its contrasts."""

import re
from dataclasses import dataclass, field

import pytest
from pypdf import PdfReader

from seg_utils.core.paths import THEME
from seg_utils.reporting import rendering
from seg_utils.reporting.markdown import pipe_table


@dataclass
class Tag:
    """An element of the tag tree, with what holds it and what it holds."""

    name: str
    title: str = ""
    parent: "Tag | None" = None
    children: list["Tag"] = field(default_factory=list)

    def all(self, name: str) -> list["Tag"]:
        own = [self] if self.name == name else []
        return own + [tag for child in self.children for tag in child.all(name)]

    def names(self) -> list[str]:
        return [child.name for child in self.children]


def tags_of(pdf) -> Tag:
    """The tag tree of a PDF, below a root without a name."""

    def add(element, parent: Tag) -> None:
        element = element.get_object()
        if not isinstance(element, dict) or "/S" not in element:
            return  # text or a link's target, not a tag
        tag = Tag(element["/S"].removeprefix("/"), str(element.get("/T", "")), parent)
        parent.children.append(tag)
        held = element.get("/K", [])
        for child in held if isinstance(held, list) else [held]:
            add(child, tag)

    root = Tag("")
    for element in PdfReader(pdf).root_object["/StructTreeRoot"]["/K"]:
        add(element, root)
    return root


@pytest.fixture(scope="module")
def document(rendered):
    (document,) = tags_of(rendered["pdf"]).children
    return document


def after(heading: str, document: Tag) -> Tag:
    titles = [tag.title for tag in document.children]
    return document.children[titles.index(heading) + 1]


def test_nothing_lies_about_outside_a_block(document):
    assert document.name == "Document"
    assert set(document.names()) <= {"H1", "H2", "H3", "P", "Div", "L", "Table", "Code"}


def test_moves_and_glossary_are_lists_and_so_are_lists(document):
    wanted = {"Three moves to make first": 3, "Data quality": 2, "Glossary": 2}
    for heading, items in wanted.items():
        found = after(heading, document)
        assert found.name == "L"
        assert [item.names() for item in found.children] == [["Lbl", "LBody"]] * items
    assert len(document.all("L")) == len(wanted)


def test_a_fact_is_read_as_name_and_what_is_said(document, rendered):
    assert [tag.names() for tag in document.all("Div") if len(tag.children) > 2] == [["Div"] * 8]
    said = PdfReader(rendered["pdf"]).pages[0].extract_text()
    assert [" ".join(line.split()) for line in said.splitlines()].count("8,950 customers") == 1


def test_a_callouts_title_is_a_paragraph(executed, tmp_path):
    callout = '::: {.callout-tip title="Title"}\nText.\n:::'
    made = rendering.render(executed("# T", callout), tmp_path, ["pdf"])["pdf"]
    assert tags_of(made).children[0].names() == ["H1", "P", "P"]


def test_a_table_holds_its_caption_and_headings(document):
    tables = document.all("Table")
    assert len(tables) == 9
    assert all(table.names() == ["Caption", "THead", "TBody"] for table in tables)


def test_a_table_at_a_pages_end_holds_its_caption_too(executed, tmp_path):
    rows = [[number, "text"] for number in range(14)]
    tables = [pipe_table(rows, ["Number", "Text"], label=f"tbl-{n}", caption="c") for n in range(12)]
    made = rendering.render(executed("# T", *tables), tmp_path, ["pdf"])["pdf"]
    assert len(PdfReader(made).pages) > 3
    captions = tags_of(made).all("Caption")
    assert [caption.parent.name for caption in captions] == ["Table"] * 12


def test_a_link_bears_the_name_of_what_it_leads_to(rendered):
    notes = [note.get_object() for page in PdfReader(rendered["pdf"]).pages for note in page.get("/Annots", [])]
    told = [str(note["/Contents"]) for note in notes]
    assert told[:2] == ["Table 1", "Figure 2"]
    assert all(re.fullmatch(r"(Table|Figure) \d+", text) for text in told)


def test_bookmarks_are_the_headings_that_differ(rendered, document):
    def titles(outline) -> list[str]:
        return [title for one in outline for title in (titles(one) if isinstance(one, list) else [one.title])]

    wanted = [tag.title for tag in document.children if tag.name in ("H1", "H2", "H3")]
    assert titles(PdfReader(rendered["pdf"]).outline) == wanted
    assert {tag.title for tag in document.all("H4")} == {"Now", "Later"}


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, as WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_all_text_stands_out_from_its_tint():
    text = (THEME / "report.typ").read_text(encoding="utf-8")
    named = dict(re.findall(r'#let (\w+) = rgb\("(#\w{6})"\)', text))
    pairs = re.findall(r'\w+: \(rgb\("(#\w{6})"\), rgb\("(#\w{6})"\)\)', text)
    assert len(pairs) == 4
    inks = [named[name] for name in ("ink", "quiet", "accent")]
    tints = [*(soft for _, soft in pairs), named["wash"], "#ffffff"]
    assert min(contrast(ink, tint) for ink in inks for tint in tints) >= 4.5
    assert min(contrast(strong, soft) for strong, soft in pairs) >= 4.5
    assert contrast("#ffffff", named["accent"]) >= 4.5
