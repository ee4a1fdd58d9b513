import numpy as np
import pytest

from seg_utils.core.errors import DataError
from seg_utils.evaluation.row_order import ordered


@pytest.fixture
def customers():
    random = np.random.default_rng(8)
    return np.hstack([random.normal(size=(40, 3)), np.ones((40, 1))])


def test_rows_columns_and_repeats_make_no_difference(customers):
    random = np.random.default_rng(1)
    other = np.repeat(customers, 3, axis=0)[random.permutation(120)][:, [2, 0, 3, 1]]
    np.testing.assert_array_equal(ordered(customers).X, ordered(other).X)


def test_position_finds_each_customer(customers):
    twice = np.vstack([customers, customers])
    same = ordered(twice)
    assert same.X.shape == (40, 3)
    np.testing.assert_array_equal(np.sort(same.X[same.position], axis=1), np.sort(twice[:, :3], axis=1))


def test_single_repeats_are_kept():
    same = ordered(np.array([[1.0], [1.0], [2.0]]))
    assert len(same.X) == 3
    assert same.distinct == 2


def test_customers_who_are_all_alike():
    same = ordered(np.ones((5, 2)))
    assert same.distinct == 1
    assert same.X.shape == (1, 0)


def test_missing_coordinates_are_refused():
    with pytest.raises(DataError, match="1 coordinates are missing or infinite"):
        ordered(np.array([[1.0, np.nan], [2.0, 3.0]]))
