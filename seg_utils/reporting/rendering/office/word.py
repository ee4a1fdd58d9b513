"""The report for Word: the same Markdown through the same filter, with the theme's styles."""

import re
from pathlib import Path

from seg_utils.reporting.rendering import builtin, theme
from seg_utils.reporting.rendering.cell_outputs import FIGURES
from seg_utils.reporting.rendering.document import Document
from seg_utils.reporting.rendering.office import archive, pictures
from seg_utils.reporting.rendering.renderer import run

REFERENCE = "reference.docx"
STYLES = "word/styles.xml"
BODY = "word/document.xml"
STYLE = re.compile(r'<w:style [^>]*w:styleId="([^"]+)".*?</w:style>', re.DOTALL)
ROW = re.compile(rb"<w:tr>(<w:trPr>)?")

# A4, with the margins that the filter gives to the other sections
PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1077" w:right="964" w:bottom="1077" w:left="964" '
    'w:header="567" w:footer="567" w:gutter="0"/>'
)


def render(folder: Path, document: Document) -> Path:
    """Make ``report.docx`` in a furnished working folder."""
    pictures.draw(document.figures, folder / FIGURES)
    path = folder / REFERENCE
    run([str(theme.pandoc()), f"--output={path}", "--print-default-data-file", REFERENCE])
    archive.rewrite(path, _restyled)
    document_file = builtin.pandoc(folder, document, "docx", "report.docx", f"--reference-doc={REFERENCE}")
    archive.rewrite(document_file, lambda name, data: _whole_rows(data) if name == BODY else data)
    return archive.settle(document_file)


def _whole_rows(body: bytes) -> bytes:
    """No row of a table is parted between pages; pandoc has no word for that."""
    return ROW.sub(lambda match: b"<w:tr><w:trPr><w:cantSplit/>" + (b"" if match[1] else b"</w:trPr>"), body)


def _restyled(name: str, data: bytes) -> bytes:
    if name == STYLES:
        ours = {match[1]: match[0] for match in STYLE.finditer(theme.text("word-styles.xml"))}
        text = STYLE.sub(lambda match: ours.pop(match[1], match[0]), data.decode("utf-8"))
        return text.replace("</w:styles>", "".join(ours.values()) + "</w:styles>").encode("utf-8")
    if name == BODY:
        return data.replace(b"</w:sectPr>", PAGE.encode("ascii") + b"</w:sectPr>")
    return data
