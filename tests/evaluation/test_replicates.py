"""A k that half splits rule out costs little; one that may pass is looked at closely."""

import numpy as np
import pytest
from planted import blobs

from seg_utils import evaluation
from seg_utils.clustering import kmeans
from seg_utils.evaluation.resampling import replicates
from seg_utils.evaluation.resampling.lookalike_gap import FEW_LOOKALIKES
from seg_utils.evaluation.resampling.prediction_strength import halves

CLOUD = np.random.default_rng(8).normal(size=(400, 4))


@pytest.fixture
def starts(monkeypatch) -> dict[int, int]:
    """For each k the starts that its partition took, as they are made."""
    taken: dict[int, int] = {}

    def counting(X, k, **options):
        clustering = kmeans(X, k, **options)
        taken[k] = clustering.starts
        return clustering

    monkeypatch.setattr(replicates, "kmeans", counting)
    return taken


def test_a_hopeless_k_gets_few_starts_and_few_lookalikes(starts):
    scores = evaluation.gather(CLOUD, [9], seed=42).scores.iloc[0]
    assert scores["prediction_strength"] < replicates.HOPELESS_STRENGTH
    assert starts[9] == replicates.FEW_STARTS < kmeans(CLOUD, 9, seed=42).starts
    assert scores["replicates"] == replicates.REPLICATES[0]
    assert scores["splits"] == replicates.SPLITS[0]
    assert scores["references"] == FEW_LOOKALIKES


@pytest.mark.parametrize(
    ("splits", "strength", "border", "ruled_out"),
    [
        (1, 0.4, 1.3, True),  # one split rules out by both
        (1, 0.4, 0.9, False),
        (1, 0.9, 1.3, False),
        (2, 0.4, 0.9, True),  # two by either
        (2, 0.9, 1.3, True),
        (2, 0.55, 0.9, False),
        (4, 0.55, 0.9, True),  # and from four on more strength is asked
        (4, 0.7, 0.9, False),
        (2, 0.5, 0.9, True),
        (2, 0.51, 0.99, False),
        (2, 0.9, 1.0, True),
        (4, 0.6, 0.9, True),
        (4, 0.61, 0.9, False),
    ],
)
def test_few_splits_rule_out_only_what_is_far_from_passing(splits, strength, border, ruled_out):
    values = (np.full(2 * splits, value) for value in (strength, border))
    assert replicates._rule_out(*values, splits) == ruled_out


def test_one_split_without_a_cloud_on_its_border_keeps_a_k():
    strong = np.full(4, 0.9)
    assert not replicates._rule_out(strong, np.array([1.3, 1.3, 0.9, 1.3]), 2)


def test_the_error_of_the_smallest_jaccard_is_that_of_the_weakest_segment(five_blobs, monkeypatch):
    """Of four replicates, the second segment is the weakest; the others scatter less, or more, than it."""
    similarity = np.array([[0.9, 0.5, 0.9], [0.9, 0.7, 0.5], [0.9, 0.5, 0.9], [0.9, 0.7, 0.5]])
    monkeypatch.setattr(replicates, "bootstrap", lambda *_, **options: (np.array([0.6, 0.8] * 2), similarity, None))
    scores = replicates.replicated_kmeans(five_blobs, 3, np.arange(500), seed=42, rounds=1)[1].scores
    assert scores["min_jaccard"] == pytest.approx(0.6)
    assert scores["min_jaccard_se"] == pytest.approx(similarity[:, 1].std(ddof=1) / 2)
    assert (scores["bootstrap_ari"], scores["replicates"]) == (pytest.approx(0.7), 4)


def test_a_k_that_may_pass_is_looked_at_closely(five_blobs):
    clustering, found = replicates.replicated_kmeans(five_blobs, 5, np.arange(500), seed=42)
    assert not found.hopeless
    assert (found.scores["splits"], found.scores["replicates"]) == (replicates.SPLITS[-1], replicates.REPLICATES[-1])
    np.testing.assert_array_equal(clustering.labels, kmeans(five_blobs, 5, seed=42).labels)


def test_no_more_replicates_where_halves_of_the_closest_look_show_no_valley(five_blobs, monkeypatch):
    monkeypatch.setattr(replicates, "VALLEY_DENSITY", -1.0)
    _, found = replicates.replicated_kmeans(five_blobs, 5, np.arange(500), seed=42)
    assert found.hopeless
    assert (found.scores["splits"], found.scores["replicates"]) == (replicates.SPLITS[-1], replicates.REPLICATES[1])


def test_one_round_ends_with_the_first_looks(five_blobs):
    _, quick = replicates.replicated_kmeans(five_blobs, 5, np.arange(500), seed=42, rounds=1)
    assert (quick.scores["splits"], quick.scores["replicates"]) == (replicates.SPLITS[-2], replicates.REPLICATES[1])


@pytest.mark.parametrize(
    ("column", "fits"), [("prediction_strength", []), ("smallest_share", [5]), ("min_jaccard", [5]), (None, [5])]
)
def test_a_k_is_not_looked_at_further_once_a_score_does_not_pass(five_blobs, starts, column, fits):
    rows = np.arange(0, 500, 2)
    found = replicates.passing_kmeans(five_blobs, 5, rows, lambda scores: column not in scores, seed=42)
    assert list(starts) == fits
    assert (found is None) == (column is not None)


def test_what_passes_is_what_one_round_finds(five_blobs):
    rows = np.arange(0, 500, 2)
    clustering, passing = replicates.passing_kmeans(five_blobs, 5, rows, lambda scores: True, seed=42)
    same, found = replicates.replicated_kmeans(five_blobs, 5, rows, seed=42, rounds=1)
    assert passing == found
    np.testing.assert_array_equal(clustering.labels, same.labels)


def test_replicates_draw_from_the_rows_given(five_blobs):
    rows = np.arange(0, 500, 2)
    clustering, found = replicates.replicated_kmeans(five_blobs, 5, rows, seed=42, rounds=1)
    assert len(clustering.labels) == 500
    _, of_half = replicates.replicated_kmeans(five_blobs[rows], 5, np.arange(250), seed=42, rounds=1)
    assert found.scores["prediction_strength"] == of_half.scores["prediction_strength"]


def test_starts_grow_with_k_so_that_many_groups_are_not_missed():
    random = np.random.default_rng(0)
    X = random.permutation(blobs(random, random.uniform(1, 5, 12).tolist(), n=3_000, features=17, separation=4)[0])
    assert halves(X, 12, seed=42, splits=6)[0].mean() < 0.8, (
        "with eight starts a half it looks as if they were not there"
    )
    _, found = replicates.replicated_kmeans(X, 12, np.arange(len(X)), seed=42)
    assert found.scores["prediction_strength"] > 0.8
    assert found.scores["min_jaccard"] > 0.75


def test_scores_are_means_with_the_errors_that_their_kind_has():
    strength, border = np.array([0.5, 0.7, 0.9, 0.7]), np.array([0.8, 1.0, np.inf, 0.9])
    similarity = np.array([[0.9, 0.5, 0.8], [0.8, 0.7, np.nan], [1.0, 0.6, 0.7]])
    found = replicates._summary((strength, border), (np.array([0.4, 0.8, 0.9]), similarity, None), hopeless=True)
    assert found.jaccard == pytest.approx([0.9, 0.6, 0.75])
    assert found.scores == pytest.approx(
        {
            "prediction_strength": 0.7, "prediction_strength_se": np.std(strength, ddof=1),
            "border_density": np.inf, "border_density_se": np.std([0.8, 1.0, 0.9], ddof=1),
            "bootstrap_ari": 0.7, "min_jaccard": 0.6,
            "min_jaccard_se": np.std(similarity[:, 1], ddof=1) / np.sqrt(3), "splits": 2, "replicates": 3,
        }
    )  # fmt: skip
    assert not found.valleys


@pytest.mark.parametrize(
    ("density", "hopeless", "valleys"), [(0.95, False, True), (0.96, False, False), (0.5, True, False)]
)
def test_valleys_are_borders_less_dense_than_what_is_beside_them(density, hopeless, valleys):
    assert replicates.Replicated({"border_density": density}, [], hopeless).valleys == valleys


@pytest.mark.parametrize(
    ("changed", "hopeless", "firm", "missed"),
    [
        ({}, False, True, 0.0),
        ({}, True, False, 0.0),
        ({"min_jaccard": 0.73}, False, False, 2.0),
        ({"prediction_strength": 0.77, "border_density": 0.99}, False, False, 5.0),
    ],
)
def test_what_misses_a_bound_misses_it_by_standard_errors(changed, hopeless, firm, missed):
    bounds = {"min_jaccard": 0.75, "prediction_strength": 0.8, "border_density": 0.95}
    found = replicates.Replicated(bounds | changed | {f"{name}_se": 0.01 for name in bounds}, [], hopeless)
    assert (found.passes, found.missed) == (firm, pytest.approx(missed))
