import numpy as np
import pytest
from planted import flagged

from seg_utils.clustering import best_start
from seg_utils.evaluation.resampling.fewer_segments import lookalikes_of_fewer


@pytest.fixture(scope="module")
def customers() -> tuple[np.ndarray, np.ndarray]:
    return flagged(np.random.default_rng(4), 900)


def test_lookalikes_hold_the_fewer_segments_and_their_columns(customers):
    X, truth = customers
    (alike,) = lookalikes_of_fewer(X, truth, best_start(X, 4, seed=0, starts=5).labels, seed=0, count=1)
    for segment in range(3):
        own = truth == segment
        np.testing.assert_array_equal(np.sort(alike[own], axis=0), np.sort(X[own], axis=0))
    assert not np.array_equal(alike, X)


def test_a_group_that_the_fewer_join_is_not_among_lookalikes_but_what_a_flag_cuts_off_is(customers):
    X, truth = customers

    def tighter(fewer: np.ndarray, k: int) -> float:
        run = best_start(X, k, seed=0, starts=10)
        alike = lookalikes_of_fewer(X, fewer, run.labels, seed=0, count=3)
        return float(np.mean([np.log(best_start(one, k, seed=0, starts=5).inertia / run.inertia) for one in alike]))

    assert tighter(np.minimum(truth, 1), 3) > 0.2
    assert tighter(truth, 4) < 0.02


def test_a_segment_of_one_customer_stays_as_it_is():
    X = np.random.default_rng(0).normal(size=(30, 2))
    fewer = np.r_[1, np.zeros(29, dtype=int)]
    (alike,) = lookalikes_of_fewer(X, fewer, np.arange(30) % 3, seed=0, count=1)
    np.testing.assert_array_equal(alike[0], X[0])
