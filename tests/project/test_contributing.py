"""What CONTRIBUTING tells to write works as it is written."""

import pickle
import re

import nbformat
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from seg_utils.core import dictionary, paths
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import stages
from seg_utils.pipeline.notebooks.execution import run_notebook
from seg_utils.pipeline.state.layout import layout
from seg_utils.reporting import rendering

from ..reporting.sections.runs import make_run

HEAD = """import pickle
from pathlib import Path
from seg_utils.reporting.figures import style
style.use()
made = pickle.loads(Path("made.pickle").read_bytes())"""


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


def test_the_names_in_made_are_those_of_the_files_or_told(tmp_path):
    parameters = Parameters(k=7, subsegment=0, outputs=tmp_path)
    folders = layout(parameters)
    steps = [stages.eda(parameters, folders), stages.k_selection(parameters, folders), stages.personas(folders, 7)]
    files = {name for stage in [*steps, stages.clustering(parameters, folders, 7)] for name in stage.writes}
    told = dict(re.findall(r"`(\w+)` is `([\w.]+)`", TEXT))
    named = {*vars(make_run(2))} - {"campaign", "population"}
    assert "money" in named
    assert named - {*told} <= {name.partition(".")[0] for name in files}
    assert set(told) <= named
    assert set(told.values()) <= files


def test_its_figure_is_in_the_report(tmp_path):
    (tmp_path / "made.pickle").write_bytes(pickle.dumps(make_run(2)))
    [cell] = [code for code in re.findall(r"```python\n(.*?)\n```", TEXT, re.DOTALL) if code.startswith("#| label")]
    cells = [new_markdown_cell("# T\n\nSee @fig-credit."), new_code_cell(HEAD), new_code_cell(cell)]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "n.ipynb")
    run_notebook(tmp_path / "n.ipynb", tmp_path / "executed.ipynb", tmp_path, {})
    page = rendering.render(tmp_path / "executed.ipynb", tmp_path, ["html"])["html"].read_text(encoding="utf-8")
    figure = BeautifulSoup(page, "html.parser").select_one("#figure-credit")
    assert figure.select_one(".caption").get_text(strip=True, separator=" ").startswith("Figure 1. Share of all credit")
    assert figure.img["alt"].startswith("Bars, one a segment")
