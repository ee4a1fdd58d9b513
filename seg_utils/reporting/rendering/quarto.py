"""The renderer that is the real Quarto, given the same cells, the same filter and the same templates.

Quarto gets a private working folder with a project file, which keeps any such file in a folder above out, and the
executed notebook cell by cell: its settings, then each cell that shows something, without code, its outputs as the
neutral Markdown. The filter runs before any of Quarto's own, so figures, tables and references are numbered by us
whichever renderer is at work.
"""

import json
import os
from pathlib import Path
from typing import Any

import yaml

from seg_utils.core.errors import RenderError
from seg_utils.reporting import typeface
from seg_utils.reporting.rendering import theme
from seg_utils.reporting.rendering.document import Cell, Document
from seg_utils.reporting.rendering.renderer import Renderer, run

NOTEBOOK = "report.ipynb"
PROJECT_FILE = "_quarto.yml"

# Quarto's name of each format, and the bare name of the file it is told to write
TARGETS = {"html": ("html", "report.html"), "pdf": ("typst", "report.pdf")}


def render(folder: Path, document: Document, wanted: str, renderer: Renderer) -> Path:
    """Make one format in a furnished working folder; gives back its file. Raises RenderError: Quarto failed, or ended
    well without writing its file."""
    to, name = TARGETS[wanted]
    (folder / PROJECT_FILE).write_text("project: {type: default}\n", encoding="utf-8")
    (folder / NOTEBOOK).write_text(_notebook(document), encoding="utf-8")
    fonts = os.pathsep.join(map(str, typeface.folders()))
    # not --quiet, which hides the filter's own errors, too
    run(
        [str(renderer.executable), "render", NOTEBOOK, "--no-execute", "--to", to, "--output", name],
        folder=folder,
        environment={**os.environ, "TYPST_IGNORE_SYSTEM_FONTS": "true", "TYPST_FONT_PATHS": fonts},
    )
    output = folder / name
    if not output.is_file() or output.stat().st_size == 0:
        raise RenderError(f"Quarto ended without an error but wrote no {name}; use RENDERER=builtin")
    return output


def settings() -> dict:
    """Quarto's settings: our templates and filter, and everything it would add of its own switched off."""
    date = theme.date()
    return {
        # without a title Quarto would take the report's heading out of the text; the templates do not show this one
        "title": "Report",
        "lang": theme.LANGUAGE,
        **({} if date is None else {"report-date": f"{date:%Y-%m-%d}"}),
        "from": theme.QUARTO_DIALECT,
        "filters": [{"path": theme.FILTER, "at": "pre-ast"}],
        "echo": False,
        "highlight-style": "none",  # else pandoc writes calls of functions that only its own Typst template has
        "format": {
            "html": {
                "template": theme.TEMPLATES["html"],
                "embed-resources": True,
                "minimal": True,
                "section-divs": True,  # which the minimal page would be without
                "theme": "none",
                "toc": False,
                "code-copy": False,
                "anchor-sections": False,
                "html-table-processing": "none",
            },
            "typst": {"template": theme.TEMPLATES["pdf"], "pdf-standard": "ua-1", "toc": False},
        },
    }


def _notebook(document: Document) -> str:
    front_matter = yaml.safe_dump(settings(), sort_keys=False, allow_unicode=True, width=1000)
    settings_cell = {"cell_type": "raw", "metadata": {}, "source": _lines(f"---\n{front_matter}---\n")}
    cells = [settings_cell, *map(_cell, document.cells)]
    numbered = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": numbered, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1)


def _cell(cell: Cell) -> dict[str, Any]:
    """A cell as it was run, its outputs as the one kind that comes through unchanged, and nothing drawn around them:
    a block may open in one and close in the next."""
    if cell.kind == "markdown":
        return {"cell_type": "markdown", "metadata": {}, "source": _lines(cell.shown[0])}
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": _lines(f"{text}\n")}}
        for text in cell.shown
    ]
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "source": ["#| output: asis\n"],
        "outputs": outputs,
    }


def _lines(text: str) -> list[str]:
    """A cell's source as notebooks hold it. Quarto takes one string apart at its line ends, and loses them."""
    return text.splitlines(keepends=True)
