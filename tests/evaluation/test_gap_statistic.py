import numpy as np
import pytest

from seg_utils.clustering import best_start
from seg_utils.evaluation.criteria.gap_statistic import first_within_error, gaps, log_inertia
from seg_utils.evaluation.resampling.null_models import uniform_box

KS = range(1, 7)


def choice(X: np.ndarray, seed: int) -> int | None:
    references = [uniform_box(X, np.random.default_rng([seed, number])) for number in range(10)]
    observed = log_inertia(np.array([best_start(X, k, seed=seed, starts=8).inertia for k in KS]))
    return first_within_error(KS, *gaps(references, KS, observed, seed=seed, starts=4))


def test_published_example_without_clusters():
    """Tibshirani et al. (2001), scenario 1: 200 points uniform over the unit square in ten dimensions: one cluster."""
    chosen = [choice(np.random.default_rng(seed).uniform(size=(200, 10)), seed) for seed in range(4)]
    assert chosen == [1, 1, 1, 1]


def test_published_example_with_three_clusters():
    """Scenario 2: 25, 25 and 50 points around (0, 0), (0, 5) and (5, -3); the paper finds three in 49 of 50."""
    centers = np.repeat([[0, 0], [0, 5], [5, -3]], [25, 25, 50], axis=0)
    chosen = [choice(centers + np.random.default_rng(seed).normal(size=(100, 2)), seed) for seed in range(4)]
    assert chosen == [3, 3, 3, 3]


def test_gap_is_the_mean_difference_and_its_error_counts_the_references():
    random = np.random.default_rng(1)
    references = [random.normal(size=(60, 2)) for _ in range(3)]
    spreads = np.log([[best_start(Y, k, seed=0, starts=3).inertia for k in (2, 3)] for Y in references])
    gap, error = gaps(references, (2, 3), [1.0, 2.0], seed=0, starts=3)
    np.testing.assert_allclose(gap, spreads.mean(axis=0) - [1.0, 2.0])
    np.testing.assert_allclose(error, spreads.std(axis=0) * np.sqrt(4 / 3))


@pytest.mark.parametrize(("gap", "chosen"), [([0.1, 0.5, 0.45], 3), ([0.1, 0.2, 0.3], None), ([0.5, 0.505, 0.9], 2)])
def test_first_within_error(gap, chosen):
    assert first_within_error([2, 3, 4], gap, [0.01, 0.01, 0.01]) == chosen


def test_inertia_of_nothing_has_a_finite_log():
    assert np.isfinite(log_inertia(np.array([0.0]))).all()
