"""The outputs that the notebooks are committed with: only those of cells that nbval compares.

Rounded text of a few cells says whether a notebook still does what it did; figures and tables would differ from one
library version to the next and make every change unreadable.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from seg_utils.core import paths
from seg_utils.core.artefacts import replacing
from seg_utils.pipeline.console import say
from seg_utils.pipeline.execution import run_notebook

CHECKED = "# NBVAL_CHECK_OUTPUT"


def notebooks(project: Path = paths.PROJECT) -> list[Path]:
    """All notebooks in the order they run."""
    return [*sorted((project / "notebooks").glob("*.ipynb")), project / "report" / "report.ipynb"]


def sandbox(folder: Path) -> Path:
    """Lay out what the notebooks need to run by hand-set defaults, away from the project's own results."""
    for notebook in notebooks():
        copy = folder / notebook.relative_to(paths.PROJECT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(notebook, copy)
    (folder / "data").symlink_to(paths.PROJECT / "data", target_is_directory=True)
    return folder


def refresh() -> None:
    """Execute every notebook with its defaults and store the checked outputs in the project's notebooks."""
    with tempfile.TemporaryDirectory() as folder:
        project = sandbox(Path(folder))
        for ours, copy in zip(notebooks(), notebooks(project), strict=True):
            say(f"running {ours.name}")
            _store(run_notebook(copy, None, copy.parent, {}), ours)


def _store(executed: Any, target: Path) -> None:
    """Outputs of checked cells go into ``target``; nbval takes a cell without a count for one that was never run."""
    import nbformat

    kept = nbformat.read(target, as_version=4)
    for position, (cell, done) in enumerate(zip(kept.cells, executed.cells, strict=True)):
        cell.id = f"cell-{position:03d}"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
        if cell.cell_type == "code":
            checked = CHECKED in cell.source
            cell.execution_count = done.execution_count if checked else None
            cell.outputs = done.outputs if checked else []
    with replacing(target) as temporary:
        nbformat.write(kept, temporary)
