import tracemalloc

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples, silhouette_score

from seg_utils.evaluation.criteria import silhouette as room
from seg_utils.evaluation.criteria.silhouette import silhouettes


@pytest.fixture
def partitions():
    random = np.random.default_rng(3)
    X = random.normal(size=(900, 6)) * [1, 5, 1, 1, 0.1, 1] + 40
    return X, {k: random.permutation(np.arange(900) % k) for k in (2, 5, 20)}


def test_equal_to_scikit_learn_for_every_customer(partitions):
    X, labels = partitions
    measured = silhouettes(X, labels)
    for k, assigned in labels.items():
        np.testing.assert_allclose(measured.values[k], silhouette_samples(X, assigned), atol=1e-9)
        assert measured.mean(k) == pytest.approx(silhouette_score(X, assigned), abs=1e-9)
        assert measured.negative_share(k) == (silhouette_samples(X, assigned) < 0).mean()
    assert measured.exact
    assert measured.half_width(2) == 0.0


def test_by_segment_is_the_mean_of_each(partitions):
    X, labels = partitions
    expected = [silhouette_samples(X, labels[5])[labels[5] == segment].mean() for segment in range(5)]
    assert silhouettes(X, labels).by_segment(5) == pytest.approx(expected, abs=1e-9)


def test_customer_alone_in_a_segment_has_silhouette_zero():
    X = np.array([[0.0], [0.1], [5.0]])
    labels = np.array([0, 0, 1])
    np.testing.assert_allclose(silhouettes(X, {2: labels}).values[2], silhouette_samples(X, labels), atol=1e-12)


def test_equal_customers_do_not_divide_by_zero():
    X = np.repeat([[0.0, 1.0], [2.0, 3.0]], 20, axis=0)
    np.testing.assert_allclose(silhouettes(X, {2: np.repeat([0, 1], 20)}).values[2], 1.0, atol=1e-6)
    assert (silhouettes(np.ones((10, 2)), {2: np.arange(10) % 2}).values[2] == 0).all()


def test_beyond_the_named_size_a_sample_with_an_interval_that_holds_the_exact_mean(partitions, monkeypatch):
    X, labels = partitions
    exact = silhouettes(X, labels)
    monkeypatch.setattr(room, "EXACT_ROWS", 400)
    monkeypatch.setattr(room, "SAMPLED_ROWS", 300)
    held = 0
    for seed in range(20):
        sampled = silhouettes(X, labels, seed=seed)
        assert not sampled.exact
        assert len(sampled.values[2]) == 300
        held += abs(sampled.mean(2) - exact.mean(2)) <= sampled.half_width(2)
    assert held >= 17  # of 20 at a nominal 95 %


@pytest.mark.parametrize(("customers", "measured"), [(100, 100), (101, 50)])
def test_no_sample_is_drawn_of_as_many_customers_as_the_named_size(monkeypatch, customers, measured):
    monkeypatch.setattr(room, "EXACT_ROWS", 100)
    monkeypatch.setattr(room, "SAMPLED_ROWS", 50)
    X = np.random.default_rng(0).normal(size=(customers, 2))
    sampled = silhouettes(X, {2: np.arange(customers) % 2})
    assert len(sampled.values[2]) == measured
    assert sampled.exact == (measured == customers)
    assert len(room.sample_rows(customers, 0)) == 100


def test_memory_does_not_grow_with_the_square_of_customers():
    X = np.random.default_rng(0).normal(size=(6_000, 3))
    tracemalloc.start()
    silhouettes(X, {2: np.arange(6_000) % 2})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000**2 * 8 / 4


def test_segment_without_a_sampled_customer_is_none():
    measured = room.Silhouettes(np.arange(2), 9, {3: np.array([0.1, 0.3])}, {3: np.array([0, 2])})
    assert measured.by_segment(3) == [pytest.approx(0.1), None, pytest.approx(0.3)]
