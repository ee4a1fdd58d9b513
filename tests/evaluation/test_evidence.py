import numpy as np
import pandas as pd
import pytest

from seg_utils import evaluation
from seg_utils.core import threads
from seg_utils.evaluation.criteria import silhouette
from seg_utils.evaluation.evidence import worthwhile
from seg_utils.evaluation.row_order import ordered

KS = range(2, 5)


@pytest.fixture(scope="module")
def few() -> np.ndarray:
    from planted import blobs

    return blobs(np.random.default_rng(0), [1, 1, 1], n=150, features=3, separation=7)[0]


@pytest.fixture(scope="module")
def of_few(few: np.ndarray) -> evaluation.Evidence:
    return evaluation.gather(few, KS, seed=42)


VERDICT_COLUMNS = ["min_jaccard", "prediction_strength", "lookalike_gap", "lookalike_gap_se", "border_density", "gap"]


def test_one_row_a_k(evidence):
    assert evidence.scores["k"].tolist() == list(range(2, 8))
    assert not evidence.scores.isna().any(axis=None)
    assert evidence.customers == evidence.rows == 500
    assert (evidence.asked, evidence.switches) == (7, [])
    assert [len(evidence.jaccard[k]) for k in range(2, 8)] == list(range(2, 8))
    assert evidence.scores["min_jaccard"].tolist() == [min(evidence.jaccard[k]) for k in range(2, 8)]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda X, random: X[random.permutation(len(X))], id="rows permuted"),
        pytest.param(lambda X, random: X[:, random.permutation(X.shape[1])], id="columns permuted"),
        pytest.param(lambda X, random: np.vstack([X, X])[random.permutation(2 * len(X))], id="every customer twice"),
        pytest.param(lambda X, random: np.hstack([X, np.ones((len(X), 1))]), id="a constant column more"),
    ],
)
def test_what_must_not_matter_does_not(few, of_few, changed):
    other = evaluation.gather(changed(few, np.random.default_rng(3)), KS, seed=42)
    pd.testing.assert_frame_equal(of_few.scores[VERDICT_COLUMNS], other.scores[VERDICT_COLUMNS], check_exact=True)
    assert evaluation.judge(other)["recommended_k"] == evaluation.judge(of_few)["recommended_k"] == 3


def test_labels_are_in_input_order(few, of_few):
    shuffled = np.random.default_rng(0).permutation(len(few))
    other = evaluation.gather(few[shuffled], KS, seed=42)
    np.testing.assert_array_equal(other.labels[3], of_few.labels[3][shuffled])


def test_one_core_gives_the_same_bits_as_two(few, of_few, monkeypatch):
    monkeypatch.setattr(threads, "cores", lambda: 1)
    alone = evaluation.gather(few, KS, seed=42)
    pd.testing.assert_frame_equal(alone.scores, of_few.scores, check_exact=True)


def test_progress_rises_to_one(few):
    told = []
    evaluation.gather(few, [2], progress=lambda text, done: told.append(done))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_beyond_the_named_size_replicates_use_a_sample(five_blobs, monkeypatch):
    monkeypatch.setattr(silhouette, "EXACT_ROWS", 250)
    monkeypatch.setattr(silhouette, "SAMPLED_ROWS", 200)
    evidence = evaluation.gather(five_blobs, [5], seed=42)
    assert (evidence.customers, evidence.rows) == (500, 250)
    assert len(evidence.silhouettes.rows) == 200
    assert (evidence.scores["silhouette_half_width"] > 0).all()
    assert evaluation.judge(evidence)["recommended_k"] == 5


def test_few_customers_are_not_cut_into_crumbs():
    X = np.random.default_rng(0).normal(size=(34, 3))
    evidence = evaluation.gather(X, range(2, 21), seed=1)
    assert evidence.scores["k"].tolist() == [2, 3, 4, 5, 6]
    assert "beyond 6 were not looked at" in evaluation.judge(evidence)["sentence"]
    assert evaluation.gather(X[:7], range(2, 21), seed=1).scores["k"].tolist() == [2]


@pytest.mark.parametrize(
    "X",
    [
        pytest.param(np.ones((30, 3)), id="all alike"),
        pytest.param(np.arange(60.0).reshape(30, 2) // 20, id="three different customers"),
        pytest.param(
            np.repeat(np.random.default_rng(0).normal(size=(9, 2)), [1, 2, 3, 4, 5, 6, 7, 8, 9], axis=0), id="nine"
        ),
        pytest.param(np.random.default_rng(0).normal(size=(22, 17)), id="hardly more customers than columns"),
        pytest.param(np.random.default_rng(0).normal(size=(40, 1)) ** 3, id="one column"),
        pytest.param(np.r_[np.zeros((50, 2)), np.eye(2) * 1e9], id="two far outliers"),
    ],
)
def test_no_k_up_to_twenty_crashes(X):
    evidence = evaluation.gather(X, range(2, 21, 6), seed=1)
    verdict = evaluation.judge(evidence)
    assert set(verdict["acceptable_k"]) <= set(evidence.scores.get("k", []))
    assert verdict["sentence"]


@pytest.mark.parametrize(
    ("customers", "different", "looked_at"),
    [(20, 20, [2, 3, 4]), (19, 19, [2, 3]), (60, 4, [2, 3]), (60, 3, [2]), (4, 4, [2]), (4, 2, [])],
)
def test_so_many_segments_are_looked_at_as_there_are_customers_for(customers, different, looked_at):
    X = np.minimum(np.arange(customers, dtype=float), different - 1)[:, None]
    assert worthwhile(ordered(X), range(2, 7)) == looked_at


def test_of_no_number_of_segments_there_is_no_evidence(few):
    nothing = evaluation.gather(few, [])
    assert (len(nothing.scores), nothing.asked, nothing.customers) == (0, 0, 150)
