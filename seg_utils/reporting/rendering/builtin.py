"""The renderer that needs nothing but pip-installed packages: pandoc and Typst."""

from pathlib import Path
from typing import Any

from seg_utils.core.errors import RenderError
from seg_utils.reporting import typeface
from seg_utils.reporting.rendering import theme
from seg_utils.reporting.rendering.document import Document
from seg_utils.reporting.rendering.renderer import Renderer, run

PDF_STANDARDS = ["ua-1"]


def render(folder: Path, document: Document, wanted: str, renderer: Renderer) -> Path:
    """Make one format in a furnished working folder; gives back its file."""
    return {"html": _html, "pdf": _pdf}[wanted](folder, document)


def _html(folder: Path, document: Document) -> Path:
    template = theme.TEMPLATES["html"]
    return pandoc(folder, document, "html5", "report.html", f"--template={template}", "--embed-resources")


def _pdf(folder: Path, document: Document) -> Path:
    target = folder / "report.pdf"
    date = theme.date()
    _typeset(
        folder,
        document,
        output=target,
        pdf_standards=PDF_STANDARDS,
        timestamp=None if date is None else int(date.timestamp()),
    )
    return target


def pages(folder: Path, document: Document, pixels_per_inch: int) -> list[bytes]:
    """The report's pages on paper as PNG, made in a furnished working folder."""
    images = _typeset(folder, document, format="png", ppi=pixels_per_inch)
    return images if isinstance(images, list) else [images]


def _typeset(folder: Path, document: Document, **options: Any) -> Any:
    import typst  # 20 MB of compiler, needed for paper only

    source = pandoc(folder, document, "typst", "report.typ", f"--template={theme.TEMPLATES['pdf']}")
    try:
        return typst.compile(source, root=folder, font_paths=typeface.folders(), ignore_system_fonts=True, **options)
    except typst.TypstError as error:
        hints = f" ({'; '.join(error.hints)})" if error.hints else ""
        raise RenderError(f"the PDF cannot be made: {error.message}{hints}") from None


def pandoc(folder: Path, document: Document, to: str, name: str, *options: str) -> Path:
    """Turn the document into ``name`` in a furnished working folder, through the theme's filter."""
    date = theme.date()
    dated = [] if date is None else [f"--variable=report-date:{date:%Y-%m-%d}"]
    run(
        [
            str(theme.pandoc()),
            f"--from={theme.DIALECT}",
            f"--to={to}",
            f"--output={name}",
            f"--lua-filter={theme.FILTER}",
            f"--variable=lang:{theme.LANGUAGE}",
            "--standalone",
            "--section-divs",
            "--wrap=none",
            "--fail-if-warnings",
            *dated,
            *options,
        ],
        folder=folder,
        text=document.markdown,
    )
    return folder / name
