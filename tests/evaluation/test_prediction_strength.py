import numpy as np
import pytest
from planted import blobs

from seg_utils.evaluation.resampling.prediction_strength import halves, prediction_strength


def test_prediction_strength_by_hand():
    """Segment 0: 3 of 4 kept together, so 3 of 6 pairs; segment 1: both kept; the worst counts."""
    labels = np.array([0, 0, 0, 0, 1, 1])
    predicted = np.array([0, 0, 0, 1, 1, 1])
    assert prediction_strength(labels, predicted) == pytest.approx(3 / 6)


def test_segments_of_one_customer_hold_no_pair():
    assert prediction_strength(np.array([0, 1]), np.array([0, 0])) == 1.0


@pytest.mark.parametrize("seed", range(3))
def test_published_reading_that_strength_stays_high_up_to_the_planted_k(seed):
    """Tibshirani & Walther (2005): above 0.8 at the true number of well separated clusters, not beyond it."""
    X, _ = blobs(np.random.default_rng(seed), [1, 1, 1], n=300, features=2, separation=8)
    assert halves(X, 3, seed=seed, splits=4)[0].mean() > 0.9
    assert halves(X, 4, seed=seed, splits=4)[0].mean() < 0.8


def test_a_split_is_the_same_however_many_are_drawn(five_blobs):
    whole = np.array(halves(five_blobs, 3, seed=9, splits=4))
    np.testing.assert_array_equal(whole[:, :4], np.array(halves(five_blobs, 3, seed=9, splits=2)))
    np.testing.assert_array_equal(whole[:, 4:], np.array(halves(five_blobs, 3, seed=9, splits=4, first=2)))


def test_halves_scatter_as_the_whole_does():
    """The delete-half jackknife: the deviation over halves is the standard error of what all customers say."""
    strengths = [
        halves(blobs(np.random.default_rng(seed), [1, 1], n=200, features=2, separation=3)[0], 2, seed=0, splits=6)[0]
        for seed in range(30)
    ]
    scatter = np.std([values.mean() for values in strengths], ddof=1)
    assert 0.5 * scatter < np.mean([values.std(ddof=1) for values in strengths]) < 3 * scatter


def test_halves_too_small_for_k_predict_nothing():
    strength, densest = halves(np.arange(6.0).reshape(6, 1), 4, seed=0, splits=1)
    assert strength[0] == 0.0
    assert densest[0] == np.inf
