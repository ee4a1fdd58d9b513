import numpy as np
import pytest

from seg_utils import projection

X = np.random.default_rng(3).normal(size=(200, 4)) * [5.0, 2.0, 1.0, 0.5]


def test_the_widest_directions_come_first_with_their_share():
    coordinates, explained = projection.principal_components(X)
    assert coordinates.shape == (200, 2)
    assert explained == pytest.approx(np.sort(X.var(axis=0))[::-1][:2] / X.var(axis=0).sum(), abs=0.02)


def test_the_sign_does_not_depend_on_the_order_of_the_rows():
    coordinates, _ = projection.principal_components(X)
    reversed_coordinates, _ = projection.principal_components(X[::-1])
    np.testing.assert_allclose(reversed_coordinates[::-1], coordinates, atol=1e-9)


def test_one_feature_is_the_first_component():
    coordinates, explained = projection.principal_components(X[:, :1])
    np.testing.assert_array_equal(coordinates, np.column_stack([X[:, 0], np.zeros(200)]))
    assert explained == [1.0, 0.0]
