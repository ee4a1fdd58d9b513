"""The report's pages as Markdown, every figure from an artefact of the run. The report notebook shows them in order."""

from seg_utils.reporting.run_artefacts import Run, read, show
from seg_utils.reporting.sections import (
    actions,
    algorithm,
    appendix,
    descriptors,
    economics,
    everybody,
    evidence,
    form,
    inside_segments,
    page_one,
    reproduction,
    segments,
    sliders,
)
from seg_utils.reporting.sections.office import slide_content, workbook_content

__all__ = [
    "Run",
    "actions",
    "algorithm",
    "appendix",
    "descriptors",
    "economics",
    "everybody",
    "evidence",
    "form",
    "inside_segments",
    "page_one",
    "read",
    "reproduction",
    "segments",
    "show",
    "slide_content",
    "sliders",
    "workbook_content",
]
