import json

import numpy as np
import pandas as pd
import pytest
from planted import blobs

from seg_utils import evaluation
from seg_utils.clustering import kmeans
from seg_utils.clustering.algorithms import fit
from seg_utils.evaluation.resampling import stability
from seg_utils.evaluation.resampling.stability import grade, meaning, seeds_agreement, worst_tenth


@pytest.mark.parametrize(
    ("jaccard", "worst", "expected"),
    [
        (0.85, 0.6, "firm"),
        (0.88, 0.46, "usable"),
        (0.849, 0.8, "usable"),
        (0.75, 0.1, "usable"),
        (0.749, 0.7, "do not build on"),
        (0.3, 0.1, "do not build on"),
    ],
)
def test_grades(jaccard, worst, expected):
    assert grade(jaccard, worst) == expected


def test_a_mean_does_not_hide_that_a_segment_dissolves_now_and_then():
    similarity = np.array([[0.95]] * 17 + [[0.45]] * 3)
    assert similarity.mean() > 0.85
    assert grade(similarity.mean(), worst_tenth(similarity)[0]) == "usable"
    assert "dissolves" in meaning(0.88, 0.46)


def test_below_075_words_tell_a_pattern_from_nothing():
    assert "doubtful" in meaning(0.6, 0.5)
    assert "does not come back" in meaning(0.59, 0.5)


def test_islands_are_firm_and_pieces_of_a_ball_are_not():
    X, _ = blobs(np.random.default_rng(4), [1, 1, 1], n=360, features=5, separation=9)
    firm = evaluation.stability(X, kmeans(X, 3, seed=0), seed=1, replicates=10)
    assert firm["grades"] == ["firm"] * 3
    assert firm["ari"] > 0.99
    assert firm["seeds_ari"] == pytest.approx(1.0)
    ball = np.random.default_rng(4).normal(size=(360, 5))
    cut = evaluation.stability(ball, kmeans(ball, 4, seed=0), seed=1, replicates=10)
    assert "do not build on" in cut["grades"]
    assert len(cut["jaccard"]) == len(cut["meanings"]) == len(cut["jaccard_low"]) == 4
    assert json.loads(json.dumps(cut, allow_nan=False)) == cut


def test_each_algorithm_is_told_of_what_was_asked_of_it_and_no_more():
    X, truth = blobs(np.random.default_rng(4), [1, 1, 1], n=90, features=3, separation=9)
    always = {"ari", "jaccard", "jaccard_low", "grades", "meanings", "replicates", "rows"}
    means = evaluation.stability(X, kmeans(X, 3, seed=0), seed=1, replicates=3)
    assert set(means) == always | {"seeds_ari"}
    assert (means["replicates"], means["rows"]) == (3, 90)
    by_level = evaluation.stability(X, kmeans(X, 3, seed=0), seed=1, replicates=3, levels=np.arange(90) % 2)
    assert set(by_level) == always | {"seeds_ari", "kept"}
    assert by_level["kept"] == [1.0, 1.0]
    tree = fit("ward", X, 3, seed=0)
    assert set(evaluation.stability(X, tree, seed=1, replicates=3, algorithm="ward", levels=truth)) == always
    mixture = fit("gmm", X, 3, seed=0)
    assert set(evaluation.stability(X, mixture, seed=1, replicates=3, algorithm="gmm")) == always | {"seeds_ari"}


def test_five_other_seeds_of_ten_starts_each_are_asked(monkeypatch):
    asked = []

    def found(X, k, *, seed, max_starts):
        asked.append((seed, max_starts))
        return kmeans(X, k, seed=0)

    monkeypatch.setattr(stability, "kmeans", found)
    X, truth = blobs(np.random.default_rng(4), [1, 1], n=40, features=2, separation=9)
    assert seeds_agreement(X, truth, seed=7) == pytest.approx(1.0)
    assert [starts for _, starts in asked] == [10] * 5
    assert len({7, *(seed for seed, _ in asked)}) == 6


def test_seeds_disagree_on_a_ball():
    X = np.random.default_rng(4).normal(size=(300, 4))
    assert seeds_agreement(X, kmeans(X, 6, seed=0).labels, seed=1) < 0.95


def test_customers_between_two_segments():
    placed = pd.DataFrame(
        {"segment": [0, 0, 1, 1], "next_segment": [1, 1, 0, 0], "confidence": [0.09, 0.05, 0.02, 0.1]}
    )
    assert evaluation.between(placed).tolist() == [True, True, True, False]
    pairs = evaluation.between_pairs(placed)
    assert pairs.to_dict("list") == {
        "segment": [0, 1], "next_segment": [1, 0], "customers": [2, 1], "share": [0.5, 0.25],
    }  # fmt: skip
