"""An executed notebook as HTML for the analyst: code, outputs and all, but nothing that runs or loads."""

from functools import cache
from pathlib import Path
from typing import Any

from seg_utils.core import artefacts
from seg_utils.core.errors import RenderError
from seg_utils.reporting.rendering import html_page

POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
"""nbconvert styles elements in place; scripts, of nbconvert or out of a data file, are refused."""


def write(notebook: Path, html: Path) -> Path:
    """See ``seg_utils.reporting.rendering.analyst_copy``."""
    import nbformat  # with nbconvert half a second and more, so imported where it is needed

    try:
        content = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError) as error:
        raise RenderError(f"{notebook} cannot be read as a notebook: {error}") from None
    content.cells = _parameters_once(content.cells)
    body, _ = _exporter().from_notebook_node(content, resources={"metadata": {"name": notebook.stem}})
    artefacts.write_text(html, html_page.guard(html_page.without_scripts(body), POLICY))
    return html


@cache
def _exporter() -> Any:
    """One for all notebooks: its templates take longer to compile than a notebook takes to be filled in."""
    from nbconvert import HTMLExporter

    return HTMLExporter()


def _parameters_once(cells: list[Any]) -> list[Any]:
    """The cells without the notebook's default parameters where those it ran with stand beside them."""
    tags = [cell.metadata.get("tags", []) for cell in cells]
    if not any("injected-parameters" in told for told in tags):
        return cells
    return [cell for cell, told in zip(cells, tags, strict=True) if "parameters" not in told]
