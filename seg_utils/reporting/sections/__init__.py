"""The report's pages as Markdown, every figure from an artefact of the run. The report notebook shows them in order."""

from seg_utils.reporting.run_artefacts import Run, read, show
from seg_utils.reporting.sections import (
    actions,
    algorithm,
    appendix,
    descriptors,
    economics,
    evidence,
    form,
    page_one,
    segments,
    sliders,
)
from seg_utils.reporting.sections.office import slide_content, workbook_content
