import json

import numpy as np
import pytest

from seg_utils.features import encoder

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


def test_no_layer_hands_on_what_is_below_zero():
    ones = (np.eye(2), np.array([[1.0, -1.0], [1.0, 1.0]]))
    by_hand = encoder.Encoder(ones, (np.array([0.0, 1.0]), np.array([0.0, -0.5])), (0.1,))
    assert by_hand.encode(np.array([[2.0, -3.0], [-2.0, 3.0]])).tolist() == [[2.0, 0.0], [4.0, 3.5]]


def test_weights_are_short_numbers(made):
    assert max(len(repr(weight)) for weight in made.weights[0].ravel().tolist()) <= len("-0.000123456")


def test_a_network_of_very_many_weights_gets_fewer_epochs():
    large, small = (7, 500, 500, 2000, 10, 2000, 500, 500, 7), (64, 32, 8, 32, 64)
    assert encoder.epochs((8_950, 17), small) == 100
    assert encoder.epochs((8_950, 17), large) == 10
    assert 10 < encoder.epochs((8_950, 17), (500, 500, 10, 500, 500)) < 100
    assert encoder.epochs((20_000, 17), small) < 100
    assert encoder.epochs((50, 17), small) == encoder.MOST_EPOCHS


def test_beyond_the_named_size_a_sample_is_trained_on(monkeypatch):
    monkeypatch.setattr(encoder, "MOST_ROWS", 100)
    monkeypatch.setattr(encoder, "MOST_EPOCHS", 5)
    one = encoder.fit(X, (4,), seed=1)
    np.testing.assert_array_equal(encoder.fit(X[::-1], (4,), seed=1).encode(X), one.encode(X))
    monkeypatch.setattr(encoder, "MOST_ROWS", 300)
    assert not np.allclose(encoder.fit(X, (4,), seed=1).encode(X), one.encode(X))


def test_progress_is_told_after_each_epoch():
    told = []
    encoder.fit(X, (4,), seed=1, progress=lambda text, done: told.append((text, done)))
    assert len(told) == encoder.MOST_EPOCHS
    assert told[-1] == ("autoencoder, epoch 500 of 500", 1.0)


def test_the_loss_is_that_of_the_reconstruction():
    """Of all linear ways to keep three numbers of six, principal components lose least: a yardstick."""
    singular = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[1]
    least = float((singular[3:] ** 2).sum() / X.size)
    losses = encoder.fit(X, (64, 3), seed=4).losses
    assert 0.3 * least < losses[-1] < 10 * least
    assert losses[0] == pytest.approx(float((X**2).mean()), rel=0.5)
