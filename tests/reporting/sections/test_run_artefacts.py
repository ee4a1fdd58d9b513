"""What the stages leave behind is read as they left it."""

from dataclasses import replace

import pandas as pd
import pytest

from seg_utils.core import artefacts
from seg_utils.reporting import sections

DATASET = {"quality": "quality.json"}
SPACE = {
    "k_scores": "k_scores.csv",
    "k_verdict": "k_verdict.json",
    "scale_stability": "scale_stability.csv",
    "scale_agreement": "scale_agreement.csv",
}
OTHERWISE = {
    "economics_inputs": "economics.json",
    "assignments": "assignments.parquet",
    "segment_descriptors": "segment_descriptors.parquet",
}
CUSTOMERS = pd.DataFrame({"customer_id": ["a", "b"], "segment": [0, 1], "campaign": ["spring-2027", "spring-2027"]})
WRITE = {".json": artefacts.write_json, ".csv": artefacts.write_csv, ".parquet": artefacts.write_parquet}


@pytest.fixture
def left(two, tmp_path):
    """A run, and the three folders that its artefacts were written to."""
    run = replace(two, outliers=pd.DataFrame({"segment": [-1], "feature": ["BALANCE"], "mean": [5.0]}))
    folders = [tmp_path / name for name in ("dataset", "space", "run")]
    for name, value in vars(run).items():
        table = isinstance(value, pd.DataFrame)
        if name in ("campaign", "subsegments", "population"):
            continue
        file = (DATASET | SPACE | OTHERWISE).get(name, f"{name}.csv" if table else f"{name}.json")
        path = folders[0 if name in DATASET else 1 if name in SPACE else 2] / file
        path.parent.mkdir(exist_ok=True)
        WRITE[path.suffix](path, value)
    artefacts.write_csv(folders[2] / "segments.csv", CUSTOMERS)
    return run, folders


def test_every_artefact_is_read_from_its_own_file(left):
    run, folders = left
    read = sections.read(*folders)
    assert read.campaign == "spring-2027"
    for name, value in vars(run).items():
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(getattr(read, name), value.reset_index(drop=True), check_dtype=False)
        elif name != "campaign":
            assert getattr(read, name) == value, name


def test_what_only_some_runs_have_is_read_where_it_is_there(left):
    _, folders = left
    inside = [{"segment": 1, "subgroups": []}]
    artefacts.write_json(folders[2] / "subsegments.json", inside)
    assert sections.read(*folders).customers == sections.read(*folders).quality["n_customers"]
    artefacts.write_json(folders[2] / "population.json", {"customers": 1000})
    artefacts.write_csv(folders[2] / "population.csv", pd.DataFrame({"segment": [0, 1], "size": [600, 400]}))
    read = sections.read(*folders)
    assert read.subsegments == inside
    assert read.customers == 1000
    assert read.population["segments"]["size"].tolist() == [600, 400]
