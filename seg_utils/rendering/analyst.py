"""An executed notebook as HTML for the analyst: code, outputs and all, but nothing that runs or loads."""

from pathlib import Path

from seg_utils import artefacts
from seg_utils.errors import RenderError
from seg_utils.rendering import page

POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
"""nbconvert styles elements in place; scripts, of nbconvert or out of a data file, are refused."""


def write(notebook: Path, html: Path) -> Path:
    """See ``seg_utils.rendering.analyst_copy``."""
    import nbformat  # with nbconvert half a second and more, so imported where it is needed
    from nbconvert import HTMLExporter

    try:
        content = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError) as error:
        raise RenderError(f"{notebook} cannot be read as a notebook: {error}") from None
    body, _ = HTMLExporter().from_notebook_node(content, resources={"metadata": {"name": notebook.stem}})
    artefacts.write_text(html, page.guard(page.without_scripts(body), POLICY))
    return html
