import json

import numpy as np
import pytest

from seg_utils import encoder

RNG = np.random.default_rng(2)
X = RNG.normal(size=(300, 2)) @ RNG.normal(size=(2, 6)) + 0.1 * RNG.normal(size=(300, 6))


@pytest.fixture(scope="module")
def made():
    return encoder.fit(X, (12, 3), seed=4)


def test_training_learns_to_rebuild_the_features(made):
    assert made.sizes == (12, 3)
    assert made.losses[-1] < 0.25 * made.losses[0]
    assert made.encode(X).shape == (300, 3)


def test_the_order_of_the_rows_does_not_matter(made):
    again = encoder.fit(X[RNG.permutation(len(X))], (12, 3), seed=4)
    np.testing.assert_array_equal(again.encode(X), made.encode(X))


def test_another_seed_gives_other_codes(made):
    assert not np.allclose(encoder.fit(X, (12, 3), seed=5).encode(X), made.encode(X))


def test_an_encoder_survives_json_to_the_bit(made):
    again = encoder.Encoder.from_dict(json.loads(json.dumps(made.to_dict())))
    np.testing.assert_array_equal(again.encode(X), made.encode(X))


def test_weights_are_short_numbers(made):
    assert max(len(repr(weight)) for weight in made.weights[0].ravel().tolist()) <= len("-0.000123456")
