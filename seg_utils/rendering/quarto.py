"""The renderer that is the real Quarto, given the same Markdown, the same filter and the same templates.

Quarto gets a private working folder with a notebook of two cells: its settings, and the neutral Markdown. The filter
runs before any of Quarto's own, so figures, tables and references are numbered by us whichever renderer is at work.
Works with Quarto 1.7 and newer.
"""

import json
import os
from pathlib import Path

import yaml

from seg_utils.errors import RenderError
from seg_utils.rendering import theme
from seg_utils.rendering.document import Document
from seg_utils.rendering.process import run
from seg_utils.rendering.renderer import Renderer

NOTEBOOK = "report.ipynb"
TARGETS = {"html": ("html", "report.html"), "pdf": ("typst", "report.pdf")}
"""Quarto's name of each format, and the bare name of the file it is told to write."""


def render(folder: Path, document: Document, wanted: str, renderer: Renderer) -> Path:
    """Make one format in a furnished working folder; gives back its file.

    Raises:
        RenderError: Quarto failed, or ended well without writing its file.
    """
    to, name = TARGETS[wanted]
    (folder / NOTEBOOK).write_text(_notebook(document), encoding="utf-8")
    run(
        [str(renderer.executable), "render", NOTEBOOK, "--no-execute", "--to", to, "--quiet", "--output", name],
        folder=folder,
        environment={**os.environ, "TYPST_IGNORE_SYSTEM_FONTS": "true"},
    )
    made = folder / name
    if not made.is_file() or made.stat().st_size == 0:
        raise RenderError(f"Quarto ended without an error but wrote no {name}; use RENDERER=builtin")
    return made


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
        "format": {
            "html": {
                "template": theme.TEMPLATES["html"],
                "embed-resources": True,
                "minimal": True,
                "theme": "none",
                "toc": False,
                "code-copy": False,
                "anchor-sections": False,
                "html-table-processing": "none",
            },
            "typst": {
                "template": theme.TEMPLATES["pdf"],
                "font-paths": [str(theme.fonts())],
                "pdf-standard": "ua-1",
                "toc": False,
            },
        },
    }


def _notebook(document: Document) -> str:
    front_matter = yaml.safe_dump(settings(), sort_keys=False, allow_unicode=True, width=1000)
    cells = [
        {"cell_type": "raw", "id": "settings", "metadata": {}, "source": f"---\n{front_matter}---\n"},
        {"cell_type": "markdown", "id": "report", "metadata": {}, "source": document.markdown},
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1)
