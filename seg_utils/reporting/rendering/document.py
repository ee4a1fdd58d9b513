"""An executed notebook, read as the neutral Markdown of its cells, checked to be that, and its figures.

Both renderers get exactly this text, so neither can show what the other does not. The dialect is described in
``report/theme/README.md``.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seg_utils.core.errors import RenderError
from seg_utils.reporting import ECONOMICS_MIME
from seg_utils.reporting.rendering import cell_outputs
from seg_utils.reporting.rendering.cell_outputs import joined
from seg_utils.scoring import MODEL_MIME

# What an output may show beside its Markdown for the page's scripts, and the id of its block in the page
BLOCKS = {MODEL_MIME: "segment-model", ECONOMICS_MIME: "economics-model"}


@dataclass(frozen=True)
class Cell:
    """A cell of the notebook: ``markdown`` or ``code``, and the Markdown it shows, one text an output."""

    kind: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """The cells that show something, each figure by the name of its file in the folder ``figures``, and the data that
    the page's scripts compute with, by the id of their block."""

    cells: tuple[Cell, ...]
    figures: dict[str, bytes]
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def markdown(self) -> str:
        """The whole text. A block may open in one cell and close in a later one."""
        return "\n\n".join(text for cell in self.cells for text in cell.shown) + "\n"


def read(notebook: Path) -> Document:
    """Read an executed notebook. Code never shows; Markdown cells do, and of code cells Markdown, tables and figures.
    Raises RenderError: a cell was not run or failed, or shows something that the report does not take."""
    raw = [cell for cell in _cells(notebook) if "injected-parameters" not in cell["metadata"].get("tags", ())]
    cells: list[Cell] = []
    figures: dict[str, bytes] = {}
    labelled: dict[str, str] = {}
    for number, cell in enumerate(raw, start=1):
        shown = [joined(cell["source"])] if cell["cell_type"] == "markdown" else []
        if cell["cell_type"] == "code":
            ran = _ran(cell, number, notebook.name)
            shown = list(cell_outputs.markdown(ran, figures, labelled))
        texts = tuple(text.strip("\n") for text in shown if text.strip())
        cells += [Cell(cell["cell_type"], texts)] if texts else []
    return Document(tuple(cells), figures, _data(raw, notebook.name))


def _cells(notebook: Path) -> list[dict[str, Any]]:
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return list(cells)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RenderError(f"{notebook} cannot be read as a notebook: {error}") from None


def _ran(cell: dict[str, Any], number: int, notebook: str) -> cell_outputs.CodeCell:
    """A code cell for its outputs, named by its first line of code. Raises RenderError: it was not run, or failed."""
    source = joined(cell["source"])
    code = next((line.strip() for line in source.splitlines() if line.strip() and not line.startswith("#")), "")
    name = f"{notebook}, cell {number}" + (f" ({code[:60]})" if code else "")
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            raise RenderError(f"{name} failed with {output['ename']}: {output['evalue']}; mend it and run it again")
    if cell["execution_count"] is None and source.strip():
        raise RenderError(f"{name} has not been run; run the whole notebook before rendering it")
    return cell_outputs.CodeCell(str(number), name, cell_outputs.options(source, name), cell["outputs"])


def _data(cells: list[dict[str, Any]], source: str) -> dict[str, Any]:
    """What outputs show beside their Markdown for the page's scripts, by the id of its block."""
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    blocks = {}
    for kind, block in BLOCKS.items():
        models = [data[kind] for data in shown if kind in data]
        if len(models) > 1:
            raise RenderError(f"{source} shows {len(models)} models for the one block {block} of a page")
        if models:
            blocks[block] = models[0]
    return blocks


BANNED = {
    r"\{\{<": "a Quarto shortcode",
    r"^:::.*\.panel-tabset": "a Quarto tabset",
    r"^:::.*\.panel-": "a Quarto panel",
    r"^:::.*\blayout(-\w+)?=": "a Quarto layout",
    r"^:::.*\.content-(visible|hidden)": "Quarto's conditional content",
    r"^:::.*\.column-(page|margin|body|screen)": "a Quarto page column",
    r"^(```+|~~~+)\s*\{": "code for Quarto to run",
    r"^(-{3,}|\*{3,}|_{3,}|\.{3})\s*$": "a rule or a metadata block",
    r"\{=\w+\}": "raw output for one format",
    r"^#+ .*\{.*\.unnumbered": "Quarto's heading numbers",
    r"@(sec|eq|lst|thm|exr)-": "a reference to something other than a figure or table",
}


def check_dialect(markdown: str, source: str) -> None:
    """Refuse Markdown outside the dialect. Raises RenderError: names the construct and the line that holds it."""
    for line in markdown.splitlines():
        for pattern, name in BANNED.items():
            if re.search(pattern, line):
                raise RenderError(f"{source} holds {name}, which the report's dialect does not have: {line.strip()!r}")
