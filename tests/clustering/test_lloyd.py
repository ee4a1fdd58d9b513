"""scikit-learn's own steps without its checks give what its ``KMeans`` gives, to the bit."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from seg_utils.clustering.lloyd import Lloyd, Run

X = np.random.default_rng(4).gamma(2.0, size=(700, 5)) + 30.0
WEIGHTS = np.random.default_rng(5).integers(1, 4, len(X)).astype(float)


def assert_same(run: Run, fitted: KMeans) -> None:
    np.testing.assert_array_equal(run.labels, fitted.labels_)
    np.testing.assert_array_equal(run.centroids, fitted.cluster_centers_)
    assert run.inertia == fitted.inertia_


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("k", [2, 9])
def test_a_drawn_start_ends_where_that_of_scikit_learn_does(k, weights):
    lloyd = Lloyd(X, weights)
    runs = [lloyd.drawn(k, seed) for seed in (7, 8)]
    for seed, run in zip((7, 8), runs, strict=True):  # one start leaves the next one as it is
        assert_same(run, KMeans(k, n_init=1, random_state=seed).fit(X, sample_weight=weights))


@pytest.mark.parametrize(("most", "tolerance"), [(300, 1e-4), (1000, 0.0), (2, 1e-4)])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_given_start_ends_where_that_of_scikit_learn_does(most, tolerance):
    centers = X[:6].copy()
    run = Lloyd(X).started(centers, most=most, tolerance=tolerance)
    np.testing.assert_array_equal(centers, X[:6])
    assert_same(run, KMeans(6, init=centers, n_init=1, max_iter=most, tol=tolerance).fit(X))


def test_rows_in_any_memory_order_are_the_same_customers():
    assert_same(Lloyd(np.asfortranarray(X)).drawn(4, 0), KMeans(4, n_init=1, random_state=0).fit(X))
