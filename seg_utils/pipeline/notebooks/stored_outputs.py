"""The outputs that the notebooks are committed with, so that whoever browses the project sees the analysis.

They are small and repeat to the byte with the same packages: figures as PNG of few colours, no warnings, nothing that
differs from run to run. nbval compares only the cells that ask for it, which print rounded text.
"""

import base64
import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

from seg_utils.core import paths
from seg_utils.core.artefacts import replacing
from seg_utils.data import sample_months
from seg_utils.pipeline.console import say
from seg_utils.pipeline.notebooks.execution import run_notebook
from seg_utils.reporting.figures import style

# nbval's own mark. What such a cell shows, such as times, differs from run to run and is not stored.
VARYING = "# NBVAL_IGNORE_OUTPUT"

COLOURS = 64

# How kinds of output begin that no viewer of notebooks shows: the model and figures for the page's own scripts
UNSEEN = "application/vnd.card-segments"


def notebooks(project: Path = paths.PROJECT) -> list[Path]:
    return [*sorted((project / "notebooks").glob("*.ipynb")), project / "report" / "report.ipynb"]


def sandbox(folder: Path) -> Path:
    """Lay out what the notebooks need to run by hand-set defaults, away from the project's own results."""
    for notebook in notebooks():
        copy = folder / notebook.relative_to(paths.PROJECT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(notebook, copy)
    if not sample_months.FOLDER.is_dir():  # not committed: they follow from the bundled customers
        sample_months.write(sample_months.FOLDER)
    (folder / "data").symlink_to(paths.PROJECT / "data", target_is_directory=True)
    return folder


def refresh() -> None:
    """Execute every notebook with its defaults and store the outputs in the project's notebooks."""
    with tempfile.TemporaryDirectory() as folder:
        project = sandbox(Path(folder))
        for ours, copy in zip(notebooks(), notebooks(project), strict=True):
            say(f"running {ours.name}")
            store(run_notebook(copy, None, copy.parent, {}, {style.AS_PNG: "1"}), ours)


def store(executed: Any, target: Path) -> None:
    """Put the outputs of an executed notebook into ``target``, the same cells without them."""
    import nbformat

    kept = nbformat.read(target, as_version=4)
    for position, (cell, done) in enumerate(zip(kept.cells, executed.cells, strict=True)):
        cell.id = f"cell-{position:03d}"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
        if cell.cell_type == "code":
            cell.execution_count = done.execution_count  # nbval takes a cell without a count for one never run
            cell.outputs = [] if VARYING in cell.source else _small(done)
    with replacing(target) as temporary:
        nbformat.write(kept, temporary)


def _small(cell: Any) -> list[Any]:
    """What is stored of a cell's outputs: no warnings, small figures, and what a viewer of notebooks shows."""
    outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    for output in outputs:
        for kind in [kind for kind in output.get("data", {}) if kind.startswith(UNSEEN)]:
            del output.data[kind]
        if "image/png" in output.get("data", {}):
            output.data["image/png"] = _with_few_colours(output.data["image/png"])
    return [output for output in outputs if output.get("data") != {}]


def _with_few_colours(png: str) -> str:
    """A PNG in base64 with at most ``COLOURS`` colours, a third as large and hardly to be told apart."""
    from PIL import Image

    stream = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        image.convert("RGB").quantize(COLOURS).save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode("ascii")
