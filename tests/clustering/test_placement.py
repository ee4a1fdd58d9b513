import json

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from seg_utils.clustering import OUTLIERS, Centres, Exemplars, Mixture, placement

RNG = np.random.default_rng(5)
X = RNG.normal(size=(300, 3)) * 4


def mixture():
    covariances = np.array([np.eye(3), np.diag([4.0, 1.0, 0.25]) + 0.2])
    precisions = np.array([np.linalg.cholesky(np.linalg.inv(covariance)) for covariance in covariances])
    made = Mixture(np.array([0.7, 0.3]), np.array([[0.0, 0, 0], [2.0, 1, -1]]), precisions)
    return made, covariances


def exemplars():
    return Exemplars(np.array([[0.0, 0, 0], [4.0, 0, 0], [0.0, 9, 0]]), np.array([0, 1, OUTLIERS]))


def test_confidence_is_zero_on_the_border_and_one_at_the_centre():
    placed = Centres(np.array([[0.0], [10.0]])).place(np.array([[0.0], [5.0], [8.0]]))
    assert placed.confidence.tolist() == pytest.approx([1.0, 0.0, 0.75])
    assert placed.segment.tolist() == [0, 0, 1]
    assert placed.order.tolist() == [[0, 1], [0, 1], [1, 0]]


def test_memberships_are_bayes_rule():
    made, covariances = mixture()
    densities = np.column_stack(
        [
            weight * multivariate_normal(mean, covariance).pdf(X)
            for weight, mean, covariance in zip(made.weights, made.means, covariances, strict=True)
        ]
    )
    expected = densities / densities.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(made.memberships(X), expected, atol=1e-10)
    np.testing.assert_array_equal(made.place(X).segment, expected.argmax(axis=1))
    np.testing.assert_allclose(made.place(X).confidence, expected.max(axis=1), atol=1e-10)


def test_the_nearest_exemplar_decides_also_that_somebody_is_an_outlier():
    placed = exemplars().place(np.array([[1.0, 0, 0], [3.5, 0, 0], [0.0, 8, 0], [0.0, 4.4, 0]]))
    assert placed.segment.tolist() == [0, 1, OUTLIERS, 0]
    assert placed.order.tolist() == [[0, 1], [1, 0], [0, 1], [0, 1]]
    assert placed.confidence[0] == pytest.approx(1 - 1 / 3)


def test_far_more_customers_than_a_block_are_placed_alike(monkeypatch):
    whole = exemplars().place(X)
    monkeypatch.setattr(placement, "BLOCK", 7)
    for part, all_at_once in zip(exemplars().place(X), whole, strict=True):
        np.testing.assert_array_equal(part, all_at_once)


@pytest.mark.parametrize("made", [Centres(X[:4]), mixture()[0], exemplars()], ids=["centres", "mixture", "exemplars"])
def test_a_placement_survives_json_to_the_bit(made):
    again = placement.from_dict(json.loads(json.dumps(made.to_dict())))
    for one, other in zip(again.place(X), made.place(X), strict=True):
        np.testing.assert_array_equal(one, other)
