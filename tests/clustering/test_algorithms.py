"""One set of tests over all algorithms, and what is particular to each."""

import json
import runpy

import numpy as np
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from seg_utils.clustering import OUTLIERS, algorithms, density, gaussian_mixture, k_means, partition, placement
from seg_utils.clustering.algorithms import ALGORITHMS, fit
from seg_utils.core import threads
from seg_utils.core.errors import NoSegmentsError, ParameterError, UserError

FINDING_K = [name for name in ALGORITHMS if ALGORITHMS[name].finds_k]
every = pytest.mark.parametrize("algorithm", ALGORITHMS)
with_a_k = pytest.mark.parametrize("algorithm", [name for name in ALGORITHMS if not ALGORITHMS[name].finds_k])


def planted(sizes=(200, 120, 80), scattered=25, seed=3) -> tuple[np.ndarray, np.ndarray]:
    """Round blobs and a few customers far between them (truth -1), shuffled; some rows are there twice."""
    random = np.random.default_rng(seed)
    X, truth = make_blobs(list(sizes), n_features=3, cluster_std=0.7, center_box=(-12, 12), random_state=seed)
    X = np.concatenate([X, X[:10], random.uniform(-30, 30, (scattered, 3))])
    truth = np.concatenate([truth, truth[:10], np.full(scattered, OUTLIERS)])
    order = random.permutation(len(X))
    return X[order], truth[order]


X, TRUTH = planted()
TIGHT, TIGHT_TRUTH = planted(scattered=0)


@every
def test_planted_segments_are_found_largest_first(algorithm):
    found = fit(algorithm, TIGHT, 3, seed=0)
    inside = found.labels != OUTLIERS
    assert inside.mean() > 0.9
    assert adjusted_rand_score(TIGHT_TRUTH[inside], found.labels[inside]) > 0.99
    assert found.sizes.tolist() == sorted(found.sizes.tolist(), reverse=True)
    assert set(found.labels) - {OUTLIERS} == set(range(found.k))
    assert found.k == 3
    assert 0 < found.hit_rate == found.hits / found.starts <= 1


@every
def test_the_rule_places_every_training_customer_in_their_own_segment(algorithm):
    found = fit(algorithm, X, 4, seed=0)
    np.testing.assert_array_equal(found.placement.place(X).segment, found.labels)


@every
def test_the_rule_survives_json_to_the_bit(algorithm):
    rule = fit(algorithm, X, 4, seed=0).placement
    again = placement.from_dict(json.loads(json.dumps(rule.to_dict())))
    elsewhere = np.random.default_rng(2).normal(size=(200, 3)) * 9
    for one, other in zip(again.place(elsewhere), rule.place(elsewhere), strict=True):
        np.testing.assert_array_equal(one, other)


@every
def test_centroids_and_inertia_are_those_of_the_labels(algorithm):
    found = fit(algorithm, X, 4, seed=0)
    means = np.array([X[found.labels == segment].mean(axis=0) for segment in range(found.k)])
    inside = found.labels != OUTLIERS
    np.testing.assert_allclose(found.centroids, means, atol=1e-9)
    assert found.inertia == pytest.approx(((X[inside] - means[found.labels[inside]]) ** 2).sum())


@every
def test_the_order_of_rows_does_not_matter(algorithm):
    shuffled = np.random.default_rng(1).permutation(len(X))
    one, other = fit(algorithm, X, 4, seed=0), fit(algorithm, X[shuffled], 4, seed=0)
    np.testing.assert_array_equal(one.labels[shuffled], other.labels)
    np.testing.assert_array_equal(one.centroids, other.centroids)
    assert json.dumps(one.placement.to_dict()) == json.dumps(other.placement.to_dict())


@every
def test_one_thread_or_two_give_the_same_bits(algorithm, monkeypatch):
    with threadpool_limits(2):
        two = fit(algorithm, X, 4, seed=0)
    monkeypatch.setattr(threads, "cores", lambda: 1)
    with threadpool_limits(1):
        one = fit(algorithm, X, 4, seed=0)
    assert json.dumps(one.placement.to_dict()) == json.dumps(two.placement.to_dict())
    np.testing.assert_array_equal(one.labels, two.labels)
    assert one.inertia == two.inertia


@every
def test_beyond_the_named_size_a_sample_is_fitted_and_everyone_placed(algorithm, monkeypatch):
    monkeypatch.setattr(partition, "MOST_ROWS", 150)
    monkeypatch.setattr(k_means, "START_ROWS", 150)
    found = fit(algorithm, TIGHT, 3, seed=0)
    np.testing.assert_array_equal(found.placement.place(TIGHT).segment, found.labels)
    assert found.sizes.tolist() == sorted(found.sizes.tolist(), reverse=True)
    inside = found.labels != OUTLIERS
    assert adjusted_rand_score(TIGHT_TRUTH[inside], found.labels[inside]) > 0.99


@every
def test_customers_with_one_spike_of_zeros_can_be_clustered(algorithm):
    random = np.random.default_rng(8)
    spike = np.zeros((150, 3)) + np.array([[0.0, 0.0, 5.0]])
    cloud = random.normal(size=(150, 3)) * 0.4 - 4
    mixed = np.concatenate([spike, cloud])
    mixed[:, 1] = 0.0  # nobody differs in this one
    found = fit(algorithm, mixed, 2, seed=0)
    assert found.sizes.tolist()[0] >= found.sizes.tolist()[1] > 100
    assert np.isfinite(found.placement.place(mixed).confidence).all()


@with_a_k
def test_too_few_different_customers_is_one_clear_line(algorithm):
    with pytest.raises(ParameterError, match="K=3 is more than the 2 different customers in the data"):
        fit(algorithm, np.repeat([[0.0, 1.0], [2.0, 3.0]], 10, axis=0), 3, seed=0)


def test_every_algorithm_of_the_registry_has_a_function():
    assert ["kmeans", *algorithms._FITS] == list(ALGORITHMS)


def test_ward_is_scikit_learns_to_the_last_customer():
    found = fit("ward", X, 5, seed=0)
    assert adjusted_rand_score(AgglomerativeClustering(5, linkage="ward").fit_predict(X), found.labels) == 1.0
    assert len(found.placement.points) < len(X) / 3


@pytest.mark.parametrize("algorithm", FINDING_K)
def test_scattered_customers_are_outliers(algorithm):
    found = fit(algorithm, X, None, seed=0)
    out = found.labels == OUTLIERS
    assert out[TRUTH == OUTLIERS].mean() > 0.6
    assert out[TRUTH != OUTLIERS].mean() < 0.1
    assert found.outliers == (found.labels == OUTLIERS).sum() > 0
    assert found.sizes.sum() + found.outliers == len(X)


@pytest.mark.parametrize("algorithm", FINDING_K)
def test_a_density_method_does_not_look_at_k(algorithm):
    np.testing.assert_array_equal(fit(algorithm, X, 7, seed=0).labels, fit(algorithm, X, None, seed=0).labels)


@pytest.mark.parametrize("algorithm", FINDING_K)
def test_one_cloud_is_no_segments_in_one_sentence(algorithm):
    cloud = np.random.default_rng(0).normal(size=(400, 3))
    with pytest.raises(
        NoSegmentsError, match=r"^H?DBSCAN .*finds .* outliers in this space(, and .*)?: no seg"
    ) as raised:
        fit(algorithm, cloud, None, seed=0)
    assert "try ALGORITHM=kmeans" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_mixture_is_soft():
    found = fit("gmm", X, 3, seed=0)
    memberships = found.placement.memberships(X)
    np.testing.assert_allclose(memberships.sum(axis=1), 1.0)
    np.testing.assert_array_equal(memberships.argmax(axis=1), found.labels)


def test_a_mixture_is_the_most_likely_of_its_starts():
    found = fit("gmm", X, 4, seed=0)
    runs = [gaussian_mixture._fit(X[np.lexsort(X.T[::-1])], 4, start) for start in range(gaussian_mixture.STARTS)]
    best = max(runs, key=lambda run: run.lower_bound_)
    assert adjusted_rand_score(best.predict(X), found.labels) == 1.0


def test_a_component_without_customers_names_a_smaller_k(monkeypatch):
    class Idle:
        lower_bound_ = 0.0
        weights_, means_, precisions_cholesky_ = np.full(3, 1 / 3), np.zeros((3, 2)), np.tile(np.eye(2), (3, 1, 1))

    monkeypatch.setattr(gaussian_mixture, "_fit", lambda *_: Idle())
    with pytest.raises(ParameterError, match=r"K=3 is more segments than a Gaussian mixture can fill.*for example K=2"):
        fit("gmm", np.random.default_rng(0).normal(size=(50, 2)), 3, seed=0)


def test_the_radius_is_the_knee_of_the_whole_curve_not_of_its_tail():
    distances = np.sort(np.linalg.norm(X[:, None] - X[None], axis=2), axis=1)[:, 5]
    inside = density.radius(np.sort(distances))
    assert distances[TRUTH != OUTLIERS].mean() < inside < distances[TRUTH == OUTLIERS].min()


@pytest.mark.parametrize("algorithm", FINDING_K)
def test_customers_who_are_all_alike_are_one_cluster(algorithm):
    with pytest.raises(NoSegmentsError, match=r"one cluster of 50 customers|no cluster at all"):
        fit(algorithm, np.ones((50, 3)), None, seed=0)


def test_groups_that_a_few_customers_bridge_are_found_at_a_shorter_radius():
    random = np.random.default_rng(7)
    centers = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0]])
    islands = np.repeat(centers, 300, axis=0) + random.normal(scale=0.7, size=(900, 2))
    bridges = np.concatenate([np.linspace(centers[0], other, 40) for other in centers[1:]])
    bridged = np.concatenate([islands, bridges + random.normal(scale=0.3, size=bridges.shape)])
    found = fit("dbscan", bridged, None, seed=0)
    inside = found.labels[:900] != OUTLIERS
    assert adjusted_rand_score(np.repeat(range(3), 300)[inside], found.labels[:900][inside]) > 0.95
    assert found.outliers < 0.2 * len(bridged)


def test_what_was_tried_is_told_where_nothing_is_found():
    blob = np.random.default_rng(0).normal(size=(500, 3))
    said = r"DBSCAN \(radius [\d.]+, 6 neighbours\) finds one cluster of .*nothing to report at radii down to [\d.]+"
    with pytest.raises(NoSegmentsError, match=said):
        fit("dbscan", blob, None, seed=0)


def test_an_entry_without_a_function_is_named_when_the_functions_are_read(monkeypatch):
    monkeypatch.setitem(ALGORITHMS, "complete", ALGORITHMS["ward"])
    with pytest.raises(UserError, match=r"names complete without a function; add it to _FITS of seg_utils/clustering/"):
        runpy.run_path(algorithms.__file__)
