"""An executed notebook becomes the report: one source, two renderers, the same content from both.

``choose`` says which renderer a run uses, ``render`` writes the report's files, ``analyst_copy`` an executed notebook
as HTML. The neutral Markdown that the report notebook may use is described in ``report/theme/README.md``.
"""

from collections.abc import Sequence
from pathlib import Path

from seg_utils.core.parameters import DEFAULT_FORMATS
from seg_utils.reporting.rendering.renderer import Renderer, choose


def render(
    notebook: Path,
    out_dir: Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
    renderer: Renderer | None = None,
    folders: tuple[Path, ...] = (),
    name: str = "report",
) -> dict[str, Path]:
    """Write the files of a report, each whole or not at all.

    Args:
        notebook: the executed report notebook; HTML, PDF and Word hold what it shows, slides its charts.
        out_dir: where the files go, as ``<name>.<format>``.
        renderer: what makes HTML and PDF, by default the built-in one; Python packages make the Office formats.
        folders: whose artefacts slides and workbook are made of: those of dataset, space and run, or, of a month's
            workbook, that of the period and those of the periods before it. Needed for these formats alone.

    Returns:
        The files by format.

    Raises:
        RenderError: says in one line what is wrong and where.
    """
    from seg_utils.reporting.rendering import report

    return report.render(Path(notebook), Path(out_dir), formats, renderer or choose("builtin"), folders, name)


def write(
    notebook: Path,
    out_dir: Path,
    formats: Sequence[str],
    renderer: Renderer,
    folders: tuple[Path, ...],
    name: str,
) -> dict[str, str]:
    """``render`` as a stage of the pipeline; returns what made each format."""
    render(notebook, out_dir, formats, renderer, folders, name)
    return renderer.tools(formats)


def analyst_copy(notebook: Path, html: Path) -> Path:
    """Write an executed notebook, code and all, as one HTML file that opens without a network."""
    from seg_utils.reporting.rendering import html_page

    return html_page.write_notebook(Path(notebook), Path(html))
