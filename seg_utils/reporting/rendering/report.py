"""From executed notebook to the report's files, by either renderer."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from seg_utils.core import artefacts
from seg_utils.core.errors import ParameterError, RenderError
from seg_utils.core.parameters import FORMATS
from seg_utils.core.threads import parallel
from seg_utils.reporting.rendering import builtin, cell_outputs, document, html_page, quarto, theme
from seg_utils.reporting.rendering.office import slides, word, workbook
from seg_utils.reporting.rendering.renderer import Renderer, choose

NAME = "report"

# Formats that are not the report's text in another dress, but tables and words of the run, chosen anew
FROM_ARTEFACTS = ("pptx", "xlsx")

Folders = tuple[Path, ...]  # dataset, space and run; of a month's report, its folder and those of the periods before it
MONTH = "month"  # what the files of a month's report are called

# Takes a working folder, a document, a format and its Renderer and gives back the file it made
RENDER = {"builtin": builtin.render, "quarto": quarto.render}


def render(
    notebook: Path,
    out_dir: Path,
    formats: Sequence[str],
    renderer: Renderer,
    folders: Folders = (),
    name: str = NAME,
) -> dict[str, Path]:
    """See ``seg_utils.reporting.rendering.render``."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ParameterError(f"FORMATS={' '.join(unknown)!r} is unknown; allowed: {' '.join(FORMATS)}")
    source = document.read(notebook)
    document.check_dialect(source.markdown, notebook.name)
    try:
        targets = {wanted: out_dir / f"{name}.{wanted}" for wanted in formats}
        return _render(source, targets, renderer, folders)
    except OSError as error:
        raise RenderError(f"the report could not be written: {error}") from None


def _render(
    source: document.Document, targets: dict[str, Path], renderer: Renderer, folders: Folders
) -> dict[str, Path]:
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        folder = Path(name).resolve()
        furnish(folder, source)
        made = _made(folder, source, {wanted: of.stem for wanted, of in targets.items()}, renderer, folders)
        return {wanted: _place(path, targets[wanted]) for wanted, path in made.items()}


def _made(
    folder: Path, source: document.Document, names: dict[str, str], renderer: Renderer, folders: Folders
) -> dict[str, Path]:
    """Each format's file, by what its own is to be called. The built-in renderer's pages are made beside one another:
    pandoc works on each in a process of its own. Quarto's share files, and figures that are drawn anew share pyplot."""

    def make(wanted: str) -> Path:
        return _make(folder, source, wanted, renderer, folders, names[wanted])

    beside = [wanted for wanted in names if renderer.name == "builtin" and wanted not in FROM_ARTEFACTS]
    made = dict(zip(beside, parallel(make, beside), strict=True))
    return {wanted: made.get(wanted) or make(wanted) for wanted in names}


def _make(
    folder: Path,
    source: document.Document,
    wanted: str,
    renderer: Renderer,
    folders: Folders = (),
    name: str = NAME,
) -> Path:
    if wanted == "docx":
        return word.render(folder, source)
    if wanted in FROM_ARTEFACTS:
        return _from_artefacts(folder, source, wanted, folders, name)
    made = RENDER[renderer.name](folder, source, wanted, renderer)
    if wanted == "html":
        made.write_text(html_page.seal(made.read_text(encoding="utf-8"), source.data), encoding="utf-8")
    return made


def _from_artefacts(folder: Path, source: document.Document, wanted: str, folders: Folders, name: str) -> Path:
    from seg_utils.reporting import month, sections  # with pandas and matplotlib, which HTML and PDF do not need

    if name == MONTH and folders:
        made = month.read(folders[0], [earlier.name for earlier in folders[1:]])
        return workbook.write(month.workbook.sheets(made), folder / f"{name}.xlsx")
    if not folders:
        raise ParameterError(f"FORMATS={wanted} needs the run's artefacts; name the folders of dataset, space and run")
    run = sections.read(*folders)
    if wanted == "xlsx":
        return workbook.write(sections.workbook_content.sheets(run), folder / f"{NAME}.xlsx")
    drawn = slides.draw_pictures(source.figures, folder / cell_outputs.FIGURES)
    return slides.write(sections.slide_content.slides(run), drawn, folder / f"{NAME}.pptx")


def _place(made: Path, target: Path) -> Path:
    with artefacts.replacing(target) as temporary:
        shutil.copyfile(made, temporary)
    return target


def page(source: document.Document, target: Path) -> Path:
    """Write a document that is no notebook's as one HTML page, by the built-in renderer. Raises RenderError: in one
    line, what is wrong."""
    document.check_dialect(source.markdown, target.name)
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        folder = Path(name).resolve()
        furnish(folder, source)
        return _place(_make(folder, source, "html", choose("builtin")), target)


def furnish(folder: Path, source: document.Document) -> None:
    """Put the theme's files and the figures into a working folder."""
    theme.furnish(folder)
    figures = folder / cell_outputs.FIGURES
    figures.mkdir()
    for name, content in source.figures.items():
        (figures / name).write_bytes(content)
