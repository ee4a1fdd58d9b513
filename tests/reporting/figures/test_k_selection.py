"""What the figures of the number of segments say."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.evaluation.criteria.silhouette import Silhouettes
from seg_utils.reporting.figures import k_selection

from .saying import said

COLUMNS = [column for column, _, _ in k_selection.PANELS]


@pytest.fixture
def scores():
    table = pd.DataFrame({"k": [2, 3, 4], **{column: [0.5, 0.6, 0.7] for column in COLUMNS}})
    table["inertia"] = [12345.6, 9000.0, 8000.0]
    table["min_jaccard"] = [0.7496, 0.9, np.nan]
    return table.assign(silhouette_half_width=0.01, lookalike_gap_se=0.01)


@pytest.fixture
def verdict():
    thresholds = {"min_jaccard": {"at_least": 0.75}, "border_density": {"at_most": 0.95}}
    return {"recommended_k": 3, "acceptable_k": [3, 4], "thresholds": thresholds}


def test_every_k_says_each_score_what_is_needed_and_how_it_stands(scores, verdict):
    told = said(k_selection.criteria(scores, verdict))
    assert told[:3] == [
        "2 segments · Inertia 12,346",
        "3 segments · Inertia 9,000 · recommended",
        "4 segments · Inertia 8,000 · passes every test",
    ]
    assert "2 segments · Silhouette 0.500" in told
    assert "2 segments · Weakest Jaccard 0.7496 (at least 0.75 needed)" in told, "0.75 would not fail"
    assert "3 segments · Border density 0.60 (at most 0.95 needed) · recommended" in told
    assert len(told) == 3 * len(COLUMNS) - 1, "a score that is not there says nothing"


def test_the_elbow_says_inertia_and_how_far_one_looks(scores):
    told = said(k_selection.elbow(scores))
    assert told == ["2 segments · Inertia 12,346", "3 segments · Inertia 9,000", "4 segments · Inertia 8,000"]
    longer = pd.DataFrame({"k": [2, 3, 4, 5, 6], "inertia": [100.0, 50.0, 20.0, 18.0, 17.0]})
    assert said(k_selection.elbow(longer))[-1] == "Looking at up to 6 segments · the elbow is at 4"


def test_a_circle_says_its_share_of_the_customers():
    X = np.array([[0.0, 0.0], [0.0, 0.1], [9.0, 0.0], [9.0, 0.1]])
    told = said(k_selection.clustergram(X, {2: np.array([0, 0, 1, 1]), 3: np.array([0, 0, 1, 2])}))
    assert len(told) == 5
    assert told[0] == "k = 2 · a segment of 50 % of customers · mean −4.50 on the first principal axis"
    assert told[4] == "k = 3 · a segment of 25 % of customers · mean 4.50 on the first principal axis"


def test_a_knife_says_its_mean_and_its_negatives():
    values = np.array([0.5, 0.3, -0.2, 0.4])
    measured = Silhouettes(np.arange(4), 4, {2: values}, {2: np.array([0, 0, 1, 1])})
    assert said(k_selection.silhouette(measured, 2, ["a", "b"])) == [
        "a · mean silhouette 0.40 · negative for 0 % of its customers",
        "b · mean silhouette 0.10 · negative for 50 % of its customers",
    ]


def test_a_bar_of_stability_says_what_is_written_beside_it():
    assert said(k_selection.stability([0.9, 0.7496])) == [
        "Segment 0 · bootstrap Jaccard 0.90",
        "Segment 1 · bootstrap Jaccard 0.7496",
    ]


def test_every_k_says_the_value_of_every_scale():
    stability = pd.DataFrame({"scale": ["log", "log", "standard"], "k": [2, 3, 2], "min_jaccard": [0.9, 0.5, 0.8]})
    agreement = pd.DataFrame({"k": [2], "scale": ["log"], "other": ["standard"], "ari": [0.4]})
    assert said(k_selection.scales(stability, agreement)) == [
        "2 segments · weakest segment's Jaccard · log 0.90 · standard 0.80",
        "3 segments · weakest segment's Jaccard · log 0.50",
        "2 segments · agreement · log and standard 0.40",
    ]
