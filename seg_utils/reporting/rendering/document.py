"""An executed notebook, read as one neutral Markdown document and its figures.

Both renderers get exactly this text, so neither can show what the other does not. The dialect is described in
``report/theme/README.md``.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from seg_utils.core.errors import RenderError
from seg_utils.reporting.markdown import escape_markdown
from seg_utils.scoring import MODEL_MIME

MARKDOWN = "text/markdown"
SVG = "image/svg+xml"
FIGURES = "figures"
LABEL = re.compile(r"fig-[a-z0-9][a-z0-9-]*")
WIDTH = re.compile(r'<svg[^>]*\bwidth="([\d.]+)pt"')
WIDE = 380
"""Points. A wider figure would be unreadable when shrunk to a phone's screen: there it scrolls sideways."""

POINTS_PER_INCH = 72

OPTION = re.compile(r"#\|\s?(.*)")


@dataclass(frozen=True)
class Document:
    """Neutral Markdown, the SVG text of each figure by the name of its file in the folder ``figures``, and the model
    for the form, where the notebook shows one."""

    markdown: str
    figures: dict[str, str]
    model: dict[str, Any] | None = None


def read(notebook: Path) -> Document:
    """Read an executed notebook. Code never shows; Markdown cells, Markdown outputs and SVG outputs do.

    Raises:
        RenderError: a cell was not run or failed, or shows something that is neither Markdown nor SVG.
    """
    cells = _cells(notebook)
    parts: list[str] = []
    figures: dict[str, str] = {}
    for number, cell in enumerate(cells, start=1):
        where = f"{notebook.name}, cell {number}"
        if cell["cell_type"] == "markdown":
            parts.append(_joined(cell["source"]))
        elif cell["cell_type"] == "code":
            _refuse_unfinished(cell, where)
            parts += _shown(cell, where, figures)
    markdown = "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
    return Document(markdown, figures, _model(cells, notebook.name))


def _cells(notebook: Path) -> list[dict[str, Any]]:
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return list(cells)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RenderError(f"{notebook} cannot be read as a notebook: {error}") from None


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _refuse_unfinished(cell: dict[str, Any], where: str) -> None:
    if not _joined(cell["source"]).strip():
        return
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            raise RenderError(f"{where} failed with {output['ename']}: {output['evalue']}; mend it and run it again")
    if cell["execution_count"] is None:
        raise RenderError(f"{where} has not been run; run the whole notebook before rendering it")


def _shown(cell: dict[str, Any], where: str, figures: dict[str, str]) -> Iterator[str]:
    options = _options(_joined(cell["source"]), where)
    if options.get("output", True) is False or options.get("include", True) is False:
        return
    for output in cell["outputs"]:
        if output["output_type"] not in ("display_data", "execute_result"):
            continue  # what a cell prints is for the analyst
        data = output["data"]
        if MARKDOWN in data:
            yield _joined(data[MARKDOWN])
        elif SVG in data:
            yield _figure(_joined(data[SVG]), {**options, **output["metadata"].get("figure", {})}, where, figures)
        else:
            raise RenderError(
                f"{where} shows {', '.join(sorted(data))}; the report takes Markdown (seg_utils.reporting.markdown) "
                "and SVG (seg_utils.reporting.figures.style.show)"
            )


def _model(cells: list[dict[str, Any]], source: str) -> dict[str, Any] | None:
    """What an output shows beside its Markdown for the form in the page."""
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    models = [output["data"][MODEL_MIME] for output in outputs if MODEL_MIME in output.get("data", ())]
    if len(models) > 1:
        raise RenderError(f"{source} shows {len(models)} models; a report has one form")
    return models[0] if models else None


def _options(source: str, where: str) -> dict[str, Any]:
    lines = []
    for line in source.splitlines():
        match = OPTION.fullmatch(line)
        if match is None:
            break
        lines.append(match[1])
    try:
        return yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        raise RenderError(f"{where}: its #| options are not YAML ({' '.join(str(error).split())})") from None


def _figure(svg: str, options: dict[str, Any], where: str, figures: dict[str, str]) -> str:
    missing = [name for name in ("label", "fig-cap", "fig-alt") if not options.get(name)]
    if missing:
        raise RenderError(f"{where}: its figure lacks {', '.join(missing)}; every figure needs all three")
    label = str(options["label"])
    if not LABEL.fullmatch(label):
        raise RenderError(f"{where}: figure label {label!r} must be fig- and lower-case letters, digits and hyphens")
    name = f"{label}.svg"
    if name in figures:
        raise RenderError(f"{where}: figure label {label!r} is used twice; give each figure a label of its own")
    figures[name] = svg
    alt = escape_markdown(options["fig-alt"])
    caption = " ".join(str(options["fig-cap"]).split())
    width = WIDTH.search(svg)
    wide = " .wide" if width and float(width[1]) > WIDE else ""
    inches = f" inches={float(width[1]) / POINTS_PER_INCH:.2f}" if width else ""
    return f'![{caption}]({FIGURES}/{name}){{#{label}{wide}{inches} fig-alt="{alt}"}}'
