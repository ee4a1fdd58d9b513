"""The report for Word: the same Markdown through the same filter, with the theme's styles."""

import re
from pathlib import Path

from seg_utils.reporting.rendering import builtin, theme
from seg_utils.reporting.rendering.cell_outputs import FIGURES
from seg_utils.reporting.rendering.document import Document
from seg_utils.reporting.rendering.office import archive, pictures
from seg_utils.reporting.rendering.process import run

REFERENCE = "reference.docx"
STYLES = "word/styles.xml"
BODY = "word/document.xml"
STYLE = re.compile(r'<w:style [^>]*w:styleId="([^"]+)".*?</w:style>', re.DOTALL)
ROW = re.compile(rb"<w:tr>(<w:trPr>)?")
PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1077" w:right="964" w:bottom="1077" w:left="964" '
    'w:header="567" w:footer="567" w:gutter="0"/>'
)
"""A4, with the margins that the filter gives to the other sections."""


def render(folder: Path, document: Document) -> Path:
    """Make ``report.docx`` in a furnished working folder."""
    pictures.draw(document.figures, folder / FIGURES)
    _reference(folder / REFERENCE)
    made = builtin.pandoc(folder, document, "docx", "report.docx", f"--reference-doc={REFERENCE}")
    archive.rewrite(made, lambda name, data: _whole_rows(data) if name == BODY else data)
    return archive.settle(made)


def _whole_rows(body: bytes) -> bytes:
    """No row of a table is parted between pages; pandoc has no word for that."""
    return ROW.sub(lambda found: b"<w:tr><w:trPr><w:cantSplit/>" + (b"" if found[1] else b"</w:trPr>"), body)


def _reference(path: Path) -> None:
    """Pandoc's own reference document with our styles, on A4."""
    run([str(theme.pandoc()), f"--output={path}", "--print-default-data-file", REFERENCE])
    archive.rewrite(path, _restyled)


def _restyled(name: str, data: bytes) -> bytes:
    if name == STYLES:
        ours = {found[1]: found[0] for found in STYLE.finditer(theme.word_styles())}
        text = STYLE.sub(lambda found: ours.pop(found[1], found[0]), data.decode("utf-8"))
        return text.replace("</w:styles>", "".join(ours.values()) + "</w:styles>").encode("utf-8")
    if name == BODY:
        return data.replace(b"</w:sectPr>", PAGE.encode("ascii") + b"</w:sectPr>")
    return data
