import json

import numpy as np
import pytest

from seg_utils.clustering import placement

X = np.random.default_rng(3).normal(size=(200, 4)) * [5.0, 2.0, 1.0, 0.5]


def test_the_widest_directions_come_first_with_their_share():
    plane = placement.principal_components(X)
    assert plane.project(X).shape == (200, 2)
    assert plane.explained == pytest.approx(np.sort(X.var(axis=0))[::-1][:2] / X.var(axis=0).sum(), abs=0.02)


def test_the_sign_does_not_depend_on_the_order_of_the_rows():
    plane, reversed_plane = placement.principal_components(X), placement.principal_components(X[::-1])
    np.testing.assert_allclose(reversed_plane.project(X), plane.project(X), atol=1e-9)


def test_one_feature_is_the_first_component():
    plane = placement.principal_components(X[:, :1])
    centred = X[:, 0] - X[:, 0].mean()
    np.testing.assert_array_equal(plane.project(X[:, :1]), np.column_stack([centred, np.zeros(200)]))
    assert plane.explained == (1.0, 0.0)


def test_a_plane_survives_json_to_the_bit():
    plane = placement.principal_components(X)
    again = placement.Plane.from_dict(json.loads(json.dumps(plane.to_dict())))
    np.testing.assert_array_equal(again.project(X), plane.project(X))
