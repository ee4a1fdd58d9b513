import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from seg_utils.clustering import assign, best_start, canonical, from_centres, k_means, kmeans, partition
from seg_utils.clustering.k_means import ROUND_OF_STARTS
from seg_utils.clustering.lloyd import Lloyd, Run
from seg_utils.clustering.partition import check_distinct, in_order
from seg_utils.core.errors import ParameterError


def _inertia(X: np.ndarray, labels: np.ndarray) -> float:
    return sum(((X[labels == segment] - X[labels == segment].mean(axis=0)) ** 2).sum() for segment in set(labels))


@pytest.fixture(scope="module")
def blobs() -> tuple[np.ndarray, np.ndarray]:
    return make_blobs([200, 120, 80, 40], n_features=3, cluster_std=0.8, random_state=3)


def test_more_starts_while_the_best_was_found_too_seldom():
    X = np.random.default_rng(0).normal(size=(300, 6))
    found = kmeans(X, 12, seed=0, max_starts=75)
    assert found.starts == 75
    assert found.hits < 5
    assert found.starts < kmeans(X, 12, seed=0).starts < 200  # it ends when nothing better turns up for long
    easy = kmeans(np.repeat([[0.0], [9.0]], 20, axis=0), 2, seed=0)
    assert (easy.starts, easy.hits) == (ROUND_OF_STARTS, ROUND_OF_STARTS)


def test_given_centres_are_one_start_to_their_own_optimum(blobs):
    X, _ = blobs
    found = from_centres(X, kmeans(X, 4, seed=0).centroids + 0.1)
    assert (found.starts, found.hits) == (1, 1)
    assert found.inertia == pytest.approx(kmeans(X, 4, seed=0).inertia)
    worse = from_centres(X, X[:4])
    assert (worse.starts, worse.hits) == (1, 1)
    assert worse.inertia == pytest.approx(_inertia(X, worse.labels))


def test_beyond_the_named_size_starts_run_on_a_sample(blobs, monkeypatch):
    X, truth = blobs
    monkeypatch.setattr(k_means, "START_ROWS", 150)
    found = kmeans(X, 4, seed=0)
    assert adjusted_rand_score(truth, found.labels) > 0.99
    assert len(found.labels) == len(X)
    assert found.inertia == pytest.approx(_inertia(X, found.labels), rel=1e-6)


def test_customers_that_differ_by_rounding_only_are_no_two_segments():
    with pytest.raises(ParameterError, match="K=4 is more than the 3 different customers in the data"):
        kmeans(np.array([[0.0], [1e-17], [1.0], [2.0], [2.0]]), 4, seed=0)


def test_as_many_segments_as_different_customers_is_allowed():
    found = kmeans(np.repeat([[0.0], [1.0], [5.0]], [5, 3, 1], axis=0), 3, seed=0)
    assert found.sizes.tolist() == [5, 3, 1]
    assert found.inertia == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("columns", [0, 1, 3])
@pytest.mark.parametrize("rows", [0, 1, 2, 60])
def test_rows_in_order_are_those_of_lexsort(rows, columns):
    X = np.random.default_rng(rows).integers(0, 3, (rows, columns)).astype(float)
    order = in_order(X)
    np.testing.assert_array_equal(order, np.lexsort(X.T[::-1]) if columns else np.arange(rows))
    np.testing.assert_array_equal(in_order(X[order]), np.arange(rows))


def test_different_customers_are_counted_beyond_the_first_block(monkeypatch):
    monkeypatch.setattr(partition, "ROWS_AT_A_TIME", 4)
    rows = np.array([[0.0]] * 8 + [[1.0]] * 3 + [[2.0]])
    check_distinct(rows, 3)
    with pytest.raises(ParameterError, match="K=4 is more than the 3 different customers"):
        check_distinct(rows, 4)


def test_canonical_breaks_ties_by_centroid():
    labels, centroids = canonical(np.array([0, 0, 1, 1, 2]), np.array([[5.0], [1.0], [0.0]]))
    assert labels.tolist() == [1, 1, 0, 0, 2]
    assert centroids.tolist() == [[1.0], [5.0], [0.0]]


def test_assign_gives_the_nearest_and_all_distances():
    labels, distances = assign(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 0.0]]))
    assert labels.tolist() == [0, 1]
    np.testing.assert_allclose(distances, [[0, 3], [5, 4]])


def test_best_start_finds_close_pairs_far_apart():
    """k-means++ alone needs many tries here: four pairs of blobs, each pair close, the pairs far from one another."""
    random = np.random.default_rng(2)
    centers = np.array([[x * 60.0 + side * 4.0, 0.0] for x in range(4) for side in (0, 1)])
    X = np.repeat(centers, 60, axis=0) + random.normal(scale=0.5, size=(480, 2))
    run = best_start(X, 8, seed=0, starts=1)
    assert adjusted_rand_score(np.repeat(np.arange(8), 60), run.labels) > 0.99


def test_best_start_weighs_repeated_customers():
    X = np.array([[0.0], [1.0], [10.0]])
    run = best_start(X, 2, seed=0, starts=4, weights=np.array([3.0, 1.0, 1.0]))
    assert sorted(run.centroids[:, 0].tolist()) == [0.25, 10.0]


def runs(*inertias):
    return [Run(np.zeros(1), np.zeros((1, 1)), inertia) for inertia in inertias]


@pytest.mark.parametrize(
    ("tried", "settled"),
    [
        (runs(), False),
        (runs(*[1.0] * 5), True),
        (runs(*[1.0] * 4), False),
        (runs(*[1.0] * 5, *[2.0] * 5), True),
        (runs(*[1.0] * 5, *[2.0] * 6), False),
        (runs(*[1.0] * 5, *[2.0] * 45), True),
        (runs(1.0, *[2.0] * 49), False),
        (runs(1.0, *[2.0] * 50), True),
        (runs(*[2.0] * 40, 1.0, *[2.0] * 49), False),
        (runs(*[1.0] * 4, 1.00009), True),
        (runs(*[1.0] * 4, 1.00011), False),
    ],
)
def test_starts_end_where_the_best_repeats_or_was_not_bettered_for_long(tried, settled):
    assert k_means._settled(tried, 5, 50) == settled


def test_the_best_few_runs_are_finished_and_the_best_of_them_is_taken(blobs):
    X, _ = blobs
    lloyd = Lloyd(X)
    rough = [lloyd.started(X[first : first + 4], most=1) for first in range(0, 200, 8)]
    best = k_means._finished(X, lloyd, rough)
    ends = [lloyd.started(run.centroids, most=1000, tolerance=0.0).inertia for run in rough]
    ranked = np.argsort([run.inertia for run in rough])[: k_means.FINALISTS]
    assert best.inertia == min(ends[place] for place in ranked)
