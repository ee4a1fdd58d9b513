"""An executed report of nothing but the form."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from seg_utils.reporting import markdown
from seg_utils.scoring import MODEL_MIME
from seg_utils.scoring.payload import payload


def notebook(path, made):
    """Write it, with the form of a model, and give back its path."""
    section = {"text/markdown": markdown.fill("form", fits=True, caution="", plans=True), MODEL_MIME: payload(made)}
    shown = [{"text/markdown": "# Title\n\nText.\n"}, section, {"text/markdown": "## After\n\nThe end.\n"}]
    cells = [new_code_cell("show()", execution_count=1, outputs=[new_output("display_data", one)]) for one in shown]
    nbformat.write(new_notebook(cells=cells), path)
    return path
