"""What CONTRIBUTING tells to write works as it is written."""

import re

import nbformat
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from seg_utils.core import paths
from seg_utils.pipeline.execution import run_notebook
from seg_utils.reporting import rendering

HEAD = """from types import SimpleNamespace
import pandas as pd
from seg_utils.reporting.figures import style
style.use()
made = SimpleNamespace(money=pd.DataFrame({"credit_lines_share": [0.6, 0.4]}), names=["A", "B"])"""


def test_its_figure_is_in_the_report(tmp_path):
    text = (paths.PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [cell] = [code for code in re.findall(r"```python\n(.*?)\n```", text, re.DOTALL) if code.startswith("#| label")]
    cells = [new_markdown_cell("# T\n\nSee @fig-credit."), new_code_cell(HEAD), new_code_cell(cell)]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "n.ipynb")
    run_notebook(tmp_path / "n.ipynb", tmp_path / "executed.ipynb", tmp_path, {})
    page = rendering.render(tmp_path / "executed.ipynb", tmp_path, ["html"])["html"].read_text(encoding="utf-8")
    figure = BeautifulSoup(page, "html.parser").select_one("#figure-credit")
    assert figure.select_one(".caption").get_text(strip=True, separator=" ").startswith("Figure 1. Share of all credit")
    assert figure.img["alt"].startswith("Bars, one a segment")
