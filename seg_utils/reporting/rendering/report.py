"""From executed notebook to the report's files, by either renderer."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from seg_utils.core import artefacts
from seg_utils.core.errors import ParameterError, RenderError
from seg_utils.core.parameters import FORMATS
from seg_utils.core.threads import parallel
from seg_utils.reporting.rendering import builtin, cell_outputs, document, html_page, quarto, theme
from seg_utils.reporting.rendering.office import pictures, word
from seg_utils.reporting.rendering.renderer import Renderer, choose

# Formats that are not the report's text in another dress, but tables and words of the run, chosen anew
FROM_ARTEFACTS = ("pptx", "xlsx")

MONTH = "month"  # what the files of a month's report are called

# Takes a working folder, a document, a format and its Renderer and gives back the file it made
RENDER = {"builtin": builtin.render, "quarto": quarto.render}


def render(
    notebook: Path, out_dir: Path, formats: Sequence[str], renderer: Renderer, folders: tuple[Path, ...], name: str
) -> dict[str, Path]:
    """See ``seg_utils.reporting.rendering.render``."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ParameterError(f"FORMATS={' '.join(unknown)!r} is unknown; allowed: {' '.join(FORMATS)}")
    source = document.read(notebook)
    document.check_dialect(source.markdown, notebook.name)

    def make(wanted: str) -> Path:
        if wanted in FROM_ARTEFACTS:
            return _from_artefacts(folder, source, wanted, folders, name)
        return word.render(folder, source) if wanted == "docx" else _page(folder, source, wanted, renderer)

    # the built-in renderer's pages are made beside one another: pandoc works on each in a process of its own; Quarto's
    # share files, and figures that are drawn anew share pyplot
    beside = [wanted for wanted in formats if renderer.name == "builtin" and wanted not in FROM_ARTEFACTS]
    try:
        with furnished(source) as folder:
            made = dict(zip(beside, parallel(make, beside), strict=True))
            made |= {wanted: make(wanted) for wanted in formats if wanted not in made}
            return {wanted: _place(made[wanted], out_dir / f"{name}.{wanted}") for wanted in formats}
    except OSError as error:
        raise RenderError(f"the report could not be written: {error}") from None


def _page(folder: Path, source: document.Document, wanted: str, renderer: Renderer) -> Path:
    made = RENDER[renderer.name](folder, source, wanted, renderer)
    if wanted == "html":
        made.write_text(html_page.seal(made.read_text(encoding="utf-8"), source.data), encoding="utf-8")
    return made


def _from_artefacts(folder: Path, source: document.Document, wanted: str, folders: tuple[Path, ...], name: str) -> Path:
    # with pandas, matplotlib, python-pptx and xlsxwriter, which HTML and PDF do not need
    from seg_utils.reporting import month, sections
    from seg_utils.reporting.rendering.office import slides, workbook

    if not folders:
        raise ParameterError(f"FORMATS={wanted} needs the run's artefacts; name the folders of dataset, space and run")
    if name == MONTH:
        made = month.read(folders[0], [earlier.name for earlier in folders[1:]])
        return workbook.write(month.workbook.sheets(made), folder / "report.xlsx")
    run = sections.read(*folders)
    if wanted == "xlsx":
        return workbook.write(sections.workbook_content.sheets(run), folder / "report.xlsx")
    drawn = pictures.draw(source.figures, folder / cell_outputs.FIGURES)
    return slides.write(sections.slide_content.slides(run), drawn, folder / "report.pptx")


def _place(made: Path, target: Path) -> Path:
    with artefacts.replacing(target) as temporary:
        shutil.copyfile(made, temporary)
    return target


def page(source: document.Document, target: Path) -> Path:
    """Write a document that is no notebook's as one HTML page, by the built-in renderer. Raises RenderError: in one
    line, what is wrong."""
    document.check_dialect(source.markdown, target.name)
    with furnished(source) as folder:
        return _place(_page(folder, source, "html", choose("builtin")), target)


@contextmanager
def furnished(source: document.Document) -> Iterator[Path]:
    """A working folder that holds the theme's files and the figures."""
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        folder = Path(name).resolve()
        theme.furnish(folder)
        figures = folder / cell_outputs.FIGURES
        figures.mkdir()
        for figure, content in source.figures.items():
            (figures / figure).write_bytes(content)
        yield folder
