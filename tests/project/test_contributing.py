"""What CONTRIBUTING tells to write works as it is written."""

import re

import nbformat
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from seg_utils.core import dictionary, paths
from seg_utils.pipeline.notebooks.execution import run_notebook
from seg_utils.reporting import rendering

HEAD = """from types import SimpleNamespace
import pandas as pd
from seg_utils.reporting.figures import style
style.use()
made = SimpleNamespace(money=pd.DataFrame({"credit_lines_share": [0.6, 0.4]}), names=["A", "B"])"""


TEXT = (paths.PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_its_feature_can_be_added_as_it_stands(tmp_path):
    [entry] = re.findall(r"```yaml\n(  - name: .*?)\n  ```", TEXT, re.DOTALL)
    [words] = re.findall(r"such as `(AVERAGE_ADVANCE: \{.*?\})`", TEXT, re.DOTALL)
    text = (paths.PROJECT / "tests" / "catalogues" / "dictionary.yml").read_text(encoding="utf-8")
    text = text.replace("\nderived:\n", f"\nderived:\n{entry}\n").replace("\nwording:\n", f"\nwording:\n  {words}\n")
    (tmp_path / "dictionary.yml").write_text(text, encoding="utf-8")
    known = dictionary.load(tmp_path / "dictionary.yml")
    assert known.label("AVERAGE_ADVANCE") == "Average cash advance"
    assert known.wordings["AVERAGE_ADVANCE"].high == "large cash advances"
    assert list(known.clustered) == ["AVERAGE_ADVANCE"]


def test_its_figure_is_in_the_report(tmp_path):
    [cell] = [code for code in re.findall(r"```python\n(.*?)\n```", TEXT, re.DOTALL) if code.startswith("#| label")]
    cells = [new_markdown_cell("# T\n\nSee @fig-credit."), new_code_cell(HEAD), new_code_cell(cell)]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "n.ipynb")
    run_notebook(tmp_path / "n.ipynb", tmp_path / "executed.ipynb", tmp_path, {})
    page = rendering.render(tmp_path / "executed.ipynb", tmp_path, ["html"])["html"].read_text(encoding="utf-8")
    figure = BeautifulSoup(page, "html.parser").select_one("#figure-credit")
    assert figure.select_one(".caption").get_text(strip=True, separator=" ").startswith("Figure 1. Share of all credit")
    assert figure.img["alt"].startswith("Bars, one a segment")
