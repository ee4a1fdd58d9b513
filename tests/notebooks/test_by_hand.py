"""Notebooks as an analyst runs them: by hand, out of order, with other choices."""

import shutil

import nbformat
import papermill
import pytest

from seg_utils.core import artefacts, paths
from seg_utils.data import sample
from seg_utils.pipeline.notebooks.execution import run_notebook
from seg_utils.pipeline.notebooks.stored_outputs import notebooks, sandbox

FIRST = {
    "02_k_selection": "01_eda",
    "03_clustering": "02_k_selection",
    "04_personas": "01_eda",
    "05_compare": "01_eda",
    "06_month": "04_personas",
    "report": "04_personas",
}


@pytest.fixture
def project(tmp_path):
    return sandbox(tmp_path)


@pytest.mark.parametrize("name", FIRST)
def test_out_of_order_a_notebook_names_the_one_to_run_first_in_one_line(project, name):
    path = next(path for path in notebooks(project) if path.stem == name)
    with pytest.raises(papermill.PapermillExecutionError) as caught:
        run_notebook(path, path.with_suffix(".executed.ipynb"), path.parent, {})
    assert caught.value.ename == "OrderError"
    assert f"run {FIRST[name]}.ipynb first, or make report" in caught.value.evalue
    assert caught.value.traceback == [caught.value.evalue]


@pytest.mark.parametrize(
    ("name", "folder"),
    [("01_eda", "dataset"), ("02_k_selection", "space"), ("03_clustering", "run"), ("05_compare", "target")],
)
def test_the_folder_that_a_notebook_writes_to_follows_from_its_choices(project, name, folder):
    path = next(path for path in notebooks(project) if path.stem == name)
    assert papermill.inspect_notebook(str(path))[folder]["default"] == "None"


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.name)
def test_a_notebook_has_one_cell_of_parameters(path):
    tags = [cell.metadata.get("tags", []) for cell in nbformat.read(path, as_version=4).cells]
    assert sum("parameters" in names for names in tags) == 1


def test_what_is_only_read_for_a_derived_feature_is_not_compared_by(project, monkeypatch):
    catalogues = project / "catalogues"
    shutil.copytree(paths.catalogue("DICTIONARY").parent, catalogues)
    known = catalogues / "dictionary.yml"
    formula = "ratio: {of: [PAYMENTS], to: [MINIMUM_PAYMENTS], at_most: 100}"
    text = known.read_text(encoding="utf-8")
    known.write_text(text.replace(formula, f"{formula}\n    clustered: true"), encoding="utf-8")
    monkeypatch.setenv("SEG_CATALOGUES", str(catalogues))
    sample.generate(200, seed=1)[0].to_csv(project / "few.csv", index=False)
    wanted, folder = ["BALANCE", "PURCHASES", "MINIMUM_COVERAGE"], project / "notebooks"
    chosen = {"data": str(project / "few.csv"), "features": wanted, "dataset": str(project / "dataset")}
    run_notebook(folder / "01_eda.ipynb", None, folder, chosen)
    chosen = {"dataset": str(project / "dataset"), "space": str(project / "space"), "kmax": 3}
    run_notebook(folder / "02_k_selection.ipynb", None, folder, chosen)
    space = artefacts.read_json(project / "space" / "space.json")
    assert space["features"] == wanted
    assert list(space["formulas"]) == ["MINIMUM_COVERAGE"]


def test_another_file_by_hand_has_another_folder(project):
    customers, _ = sample.generate(80, seed=1)
    customers.to_csv(project / "notebooks" / "October 2026.csv", index=False)
    path = project / "notebooks" / "01_eda.ipynb"
    run_notebook(path, None, path.parent, {"data": "October 2026.csv"})
    written = {file.relative_to(project / "outputs").as_posix() for file in (project / "outputs").rglob("*.*")}
    left = {"customers.parquet", "descriptors.parquet", "quality.json"}
    assert written == {f"october-2026/{name}" for name in left}
