"""From executed notebook to the report's files, by either renderer."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from seg_utils import artefacts
from seg_utils.errors import ParameterError, RenderError
from seg_utils.parameters import FORMATS
from seg_utils.rendering import builtin, dialect, document, page, quarto, theme
from seg_utils.rendering.renderer import Renderer

NAME = "report"
ROADS = {"builtin": builtin.render, "quarto": quarto.render}
"""A road takes a working folder, a document, a format and its Renderer and gives back the file it made."""


def render(notebook: Path, out_dir: Path, formats: Sequence[str], renderer: Renderer) -> dict[str, Path]:
    """See ``seg_utils.rendering.render``."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ParameterError(f"FORMATS={' '.join(unknown)!r} is unknown; allowed: {' '.join(FORMATS)}")
    source = document.read(notebook)
    dialect.check(source.markdown, notebook.name)
    try:
        return _render(source, out_dir, formats, renderer)
    except OSError as error:
        raise RenderError(f"the report could not be written: {error}") from None


def _render(source: document.Document, out_dir: Path, formats: Sequence[str], renderer: Renderer) -> dict[str, Path]:
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        folder = Path(name).resolve()
        _furnish(folder, source)
        made = {wanted: _make(folder, source, wanted, renderer) for wanted in dict.fromkeys(formats)}
        return {wanted: _place(path, out_dir / f"{NAME}.{wanted}") for wanted, path in made.items()}


def _make(folder: Path, source: document.Document, wanted: str, renderer: Renderer) -> Path:
    made = ROADS[renderer.name](folder, source, wanted, renderer)
    if wanted == "html":
        made.write_text(page.seal(made.read_text(encoding="utf-8")), encoding="utf-8")
    return made


def _place(made: Path, target: Path) -> Path:
    with artefacts.replacing(target) as temporary:
        shutil.copyfile(made, temporary)
    return target


def _furnish(folder: Path, source: document.Document) -> None:
    theme.furnish(folder)
    figures = folder / document.FIGURES
    figures.mkdir()
    for name, svg in source.figures.items():
        (figures / name).write_text(svg, encoding="utf-8")
