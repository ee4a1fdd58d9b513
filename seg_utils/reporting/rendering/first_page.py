"""A picture of a report's first page:
``python -m seg_utils.reporting.rendering.first_page RUN_FOLDER``."""

import sys
from pathlib import Path

from seg_utils.core import artefacts, paths
from seg_utils.core.errors import UserError
from seg_utils.reporting.rendering import builtin, document, report

PIXELS_PER_INCH = 110
TARGET = paths.PROJECT / "docs" / "first-page.png"


def draw(notebook: Path, target: Path = TARGET) -> Path:
    """Draw page one of an executed report notebook as it stands in the PDF."""
    source = document.read(notebook)
    with report.furnished(source) as folder:
        first = builtin.pages(folder, source, PIXELS_PER_INCH)[0]
    with artefacts.replacing(target) as temporary:
        temporary.write_bytes(first)
    return target


if __name__ == "__main__":
    try:
        print(draw(Path(sys.argv[1]) / "notebooks" / "report.ipynb"))
    except UserError as error:
        sys.exit(f"error: {error}")
