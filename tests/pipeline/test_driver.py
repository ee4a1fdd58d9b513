import subprocess
import sys

import pytest

from seg_utils.core import paths
from seg_utils.core.artefacts import write_json
from seg_utils.core.errors import NoSegmentsError, ParameterError, UserError
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import driver
from seg_utils.pipeline.state.layout import layout


def test_auto_takes_what_the_evidence_recommends(tmp_path):
    parameters = Parameters(outputs=tmp_path)
    write_json(layout(parameters).space / "k_verdict.json", {"recommended_k": 6, "sentence": ""})
    assert driver.where(parameters) == layout(parameters).run(6)


def test_auto_stops_where_there_are_no_segments(tmp_path):
    parameters = Parameters(outputs=tmp_path)
    write_json(layout(parameters).space / "k_verdict.json", {"recommended_k": None, "sentence": "One even cloud."})
    with pytest.raises(NoSegmentsError, match=r"One even cloud\. To make a report all the same, name a K"):
        driver.where(parameters)


def test_auto_has_no_folder_before_its_first_run(tmp_path):
    with pytest.raises(UserError, match="run make report first or name one"):
        driver.where(Parameters(outputs=tmp_path))


def test_results_that_can_go_nowhere_are_refused_at_once(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(
        ParameterError, match=r"^OUTPUTS=.*file cannot be written \(Not a directory\); OUTPUTS is a folder"
    ):
        driver.report(Parameters(k=7, outputs=tmp_path / "file"))


@pytest.mark.parametrize("k", [None, 7])
def test_an_algorithm_that_finds_its_own_number_needs_no_k(tmp_path, k):
    assert driver.where(Parameters(k=k, algorithm="dbscan", outputs=tmp_path)).name == "dbscan"


def test_a_segment_that_is_not_there_is_refused_before_it_is_looked_into(tmp_path):
    with pytest.raises(ParameterError, match=r"SUBSEGMENT=4 is not one of the 4 segments"):
        driver.where(Parameters(k=4, subsegment=4, outputs=tmp_path))


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        ({}, set()),
        ({"algorithm": "gmm"}, {"memberships.parquet"}),
        ({"subsegment": 0}, {"subsegments.csv", "subsegments.json"}),
    ],
)
def test_what_is_not_asked_for_is_not_waited_for(tmp_path, asked, more):
    parameters = Parameters(k=7, outputs=tmp_path, **asked)
    folders = layout(parameters)
    stages = driver.stages.clustering(parameters, folders, 7), driver.stages.personas(folders, 7)
    written = {name for stage in stages for name in stage.writes}
    assert {"assignments.parquet", "segments.csv"} < written
    assert written & {"memberships.parquet", "subsegments.csv", "subsegments.json"} == more


def test_stages_are_given_what_was_asked_for_under_its_name(tmp_path):
    asked = {
        "data": paths.SAMPLE, "columns": tmp_path / "columns.yml", "features": ("BALANCE", "PURCHASES", "PAYMENTS"),
        "describe": ("AGE",), "bad_rows": "drop", "scale": "standard", "impute": "mean", "encoder": (8, 2),
        "algorithm": "gmm", "kmax": 9, "evidence": "full", "seed": 7, "market": "eu", "campaign": "spring",
        "subsegment": 3, "period": "2026-11",
    }  # fmt: skip
    parameters = Parameters(k=5, outputs=tmp_path, **asked)
    folders, of = layout(parameters), driver.stages
    run = folders.run(5)
    month = of.month(parameters, run, model=run / "model.json", earlier=[], market="eu", campaign="spring")
    made = [
        of.eda(parameters, folders), of.k_selection(parameters, folders), of.clustering(parameters, folders, 5),
        of.personas(folders, 5), of.compare(parameters, folders, 5), month,
    ]  # fmt: skip
    given = {(name, str(value)) for stage in made for name, value in stage.parameters.items() if name in asked}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in asked.items()}
    assert given == {(name, str(value)) for name, value in plain.items()}


def test_where_needs_nothing_to_have_run(tmp_path):
    assert driver.where(Parameters(k=7, outputs=tmp_path)) == tmp_path / "sample" / "log-median" / "k7"
    assert list(tmp_path.iterdir()) == []


def test_checking_that_nothing_changed_imports_nothing_heavy():
    heavy = ("pandas", "numpy", "papermill", "sklearn", "nbconvert")
    code = f"import seg_utils.pipeline.driver, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=paths.PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
