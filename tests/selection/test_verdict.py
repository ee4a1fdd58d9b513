import json

import numpy as np
import pandas as pd
import pytest

from seg_utils.selection.evidence import Evidence
from seg_utils.selection.silhouette import Silhouettes
from seg_utils.selection.verdict import TESTS, judge, standing

GOOD = {
    "min_jaccard": 0.9,
    "prediction_strength": 0.9,
    "smallest_share": 0.1,
    "lookalike_gap": 0.2,
    "lookalike_gap_z": 20.0,
    "border_density": 0.7,
    "inertia": 10.0,
    "silhouette": 0.3,
    "davies_bouldin": 1.0,
    "calinski_harabasz": 50.0,
    "gap": 1.0,
    "gap_se": 0.1,
}
BAD = {
    "min_jaccard": 0.74,
    "prediction_strength": 0.79,
    "smallest_share": 0.019,
    "lookalike_gap": 0.019,
    "lookalike_gap_z": 2.9,
    "border_density": 0.96,
}


def made_up(*changes: dict[str, float]) -> Evidence:
    """Evidence for k = 2, 3, …, each good but for its changes."""
    scores = pd.DataFrame([{"k": k, **GOOD, **change} for k, change in enumerate(changes, start=2)])
    empty = Silhouettes(np.arange(0), 0, {}, {})
    return Evidence(scores, {}, empty, {}, customers=100, rows=100, seed=0)


@pytest.mark.parametrize("column", BAD)
def test_one_failed_test_is_enough(column):
    verdict = judge(made_up({}, {}, {column: BAD[column]}))
    assert verdict["acceptable_k"] == [2, 3]
    assert verdict["recommended_k"] == 3
    assert len(verdict["failures"]["4"]) == 1


def test_every_test_has_a_case_above():
    assert {test.column for test in TESTS} == set(BAD)


def test_the_largest_k_that_passes_even_beyond_one_that_does_not():
    assert judge(made_up({}, {"min_jaccard": 0.5}, {}, {"min_jaccard": 0.5}))["recommended_k"] == 4


def test_no_segments_is_said_with_the_reason():
    verdict = judge(made_up({"lookalike_gap": 0.0}, {"min_jaccard": 0.1, "border_density": 2.0}))
    assert verdict["recommended_k"] is None
    assert verdict["structure"] == "none"
    assert verdict["sentence"].startswith("There are no segments here")
    assert "no tighter than those of customers without groups" in verdict["sentence"]


@pytest.mark.parametrize(("density", "structure"), [(0.5, "islands"), (0.51, "regions")])
def test_islands_or_regions(density, structure):
    verdict = judge(made_up({"border_density": density}))
    assert verdict["structure"] == structure
    assert structure in verdict["sentence"]


def test_verdict_is_plain_json():
    verdict = judge(made_up({}, {"min_jaccard": 0.5}))
    assert json.loads(json.dumps(verdict, allow_nan=False)) == verdict
    assert verdict["thresholds"]["min_jaccard"] == {"at_least": 0.75}


def test_votes_show_where_criteria_disagree():
    verdict = judge(made_up({"silhouette": 0.9}, {"davies_bouldin": 0.1}, {"gap": 5.0}, {"min_jaccard": 0.1}))
    chosen = {vote["criterion"]: vote["chooses"] for vote in verdict["votes"]}
    assert chosen["silhouette"] == 2
    assert chosen["davies_bouldin"] == 3
    assert chosen["min_jaccard"] == 4
    assert chosen["prediction_strength"] == 5


def test_standing_of_the_k_asked_for():
    verdict = judge(made_up({}, {"smallest_share": 0.001}, {}, {"min_jaccard": 0.2}))
    assert standing(verdict, 4)["distance"] == 0
    assert standing(verdict, 2) | {"sentence": ""} == {
        "k": 2, "recommended_k": 4, "distance": -2, "accepted": True, "failures": [], "sentence": "",
    }  # fmt: skip
    assert "does not hold up: a segment does not come back" in standing(verdict, 5)["sentence"]
    assert standing(verdict, 9)["accepted"] is None
    nothing = judge(made_up({"min_jaccard": 0.1}))
    assert standing(nothing, 2)["sentence"].startswith("These customers form no segments")
