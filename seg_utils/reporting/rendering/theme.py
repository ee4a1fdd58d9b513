"""The theme's files made ready for a run: one template a format, whole in itself, plus the filter."""

import os
from datetime import UTC, datetime
from pathlib import Path

from seg_utils.core.errors import RenderError
from seg_utils.core.paths import THEME, package_folder
from seg_utils.reporting import typeface
from seg_utils.reporting.figures.style import PALETTE

FILTER = "report.lua"
FILTER_PARTS = ("helpers", "references", "word", "figures", "tables", "blocks", "text", "document")
TEMPLATES = {"html": "template.html", "pdf": "template.typ"}
LANGUAGE = "en-GB"

QUARTO_DIALECT = (
    "markdown-raw_html-raw_attribute-raw_tex-native_divs-native_spans-markdown_in_html_blocks-tex_math_dollars"
    "-latex_macros-pandoc_title_block-example_lists-fancy_lists-task_lists-line_blocks-subscript-superscript"
    "-strikeout-footnotes-inline_notes-implicit_header_references-grid_tables-multiline_tables-simple_tables"
)

# What pandoc reads as Markdown: nothing raw, no mathematics (a dollar is money), no tables but pipe tables. Quarto's
# settings are such a metadata block; the report's text has none, which ``dialect`` checks.
DIALECT = QUARTO_DIALECT + "-yaml_metadata_block"


# The scripts of the form for one customer, in the order they need one another
FORM = ("element.js", "numbers.js", "answer.js", "field.js", "form.js")


def furnish(folder: Path) -> None:
    """Write the filter and the template of each format into a working folder."""
    palette = ", ".join(f'"{colour.removeprefix("#")}"' for colour in PALETTE)
    parts = [f"local PALETTE = {{ {palette} }}", *(text(f"filter/{part}.lua") for part in FILTER_PARTS)]
    (folder / FILTER).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    (folder / TEMPLATES["html"]).write_text(text("report.html"), encoding="utf-8")
    (folder / TEMPLATES["pdf"]).write_text(_typst(), encoding="utf-8")


def pandoc() -> Path:
    """The pandoc that comes with its PyPI package, whatever is on PATH."""
    return package_folder("pypandoc") / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")


def date() -> datetime | None:
    """The date the report bears: that of SOURCE_DATE_EPOCH (in seconds), none where it is not set."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not given:
        return None
    try:
        return datetime.fromtimestamp(int(given), tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise RenderError(f"SOURCE_DATE_EPOCH={given!r} is no number of seconds since 1970; unset it") from None


def _typst() -> str:
    colours = ", ".join(f'rgb("{colour}")' for colour in PALETTE)
    fonts = ", ".join(f'"{family}"' for family in (typeface.FAMILY, typeface.FALLBACK))
    return text("report.typ").replace("@@colours@@", colours).replace("@@fonts@@", fonts)


def stylesheet() -> str:
    """The page's CSS, with a class for each segment's colour."""
    colours = (f".colour-{segment} {{ --segment: {colour}; }}" for segment, colour in enumerate(PALETTE))
    return "\n".join([text("report.css"), *colours])


def script() -> str:
    """The page's JavaScript: the scorer, the form, the economics, and what ties the page together."""
    return "\n".join(map(text, ("scorer.js", *FORM, "economics.js", "report.js")))


def text(name: str) -> str:
    """One of the theme's text files."""
    return (THEME / name).read_text(encoding="utf-8").strip()
