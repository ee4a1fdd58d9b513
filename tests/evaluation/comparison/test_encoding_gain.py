"""Raw and encoded partitions, measured where they can be compared."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import davies_bouldin_score, silhouette_score

from seg_utils.clustering import algorithms
from seg_utils.evaluation.comparison import encoding_gain
from seg_utils.features import encoder

SCALED, _ = make_blobs([160, 120], n_features=4, cluster_std=1.0, center_box=(-4, 4), random_state=5)


@pytest.fixture(scope="module")
def compared():
    patch = pytest.MonkeyPatch()
    patch.setattr(encoder, "MOST_EPOCHS", 60)
    patch.setattr(encoding_gain, "REPLICATES", 4)
    trained = encoder.fit(SCALED, (8, 3), seed=0)
    found = algorithms.fit("kmeans", trained.encode(SCALED), 2, seed=0)
    told = encoding_gain.compare(SCALED, found, trained, algorithm="kmeans", seed=0)
    patch.undo()
    return trained, found, told


def test_both_partitions_are_measured_in_both_spaces(compared):
    trained, found, told = compared
    raw = algorithms.fit("kmeans", SCALED, 2, seed=0)
    spaces = {"scaled features": SCALED, "codes": trained.encode(SCALED)}
    labels = {"raw": raw.labels, "encoded": found.labels}
    assert len(told["partitions"]) == 4
    for row in told["partitions"]:
        X, own = spaces[row["measured_on"]], labels[row["partition"]]
        assert row["silhouette"] == pytest.approx(silhouette_score(X, own))
        assert row["davies_bouldin"] == pytest.approx(davies_bouldin_score(X, own))
        assert row["made_on_it"] == (
            (row["partition"], row["measured_on"]) in {("raw", "scaled features"), ("encoded", "codes")}
        )


def test_training_and_seeds_are_told(compared):
    trained, _, told = compared
    assert told["sizes"] == [8, 3]
    assert told["epochs"] == len(told["losses"]) == 60
    assert (told["first_loss"], told["last_loss"]) == (trained.losses[0], trained.losses[-1])
    assert told["encoders"] == 3
    assert -0.1 < told["seeds_ari"] <= 1
    assert told["unused_codes"] == int((trained.encode(SCALED).max(axis=0) == 0).sum())


def test_where_the_algorithm_finds_nothing_on_the_features_there_is_no_raw_partition():
    cloud = np.random.default_rng(0).normal(size=(200, 4))
    assert encoding_gain._partition(cloud, 2, "dbscan", 0) is None
    weights = np.diag([1.0, 1.0, 0.001, 0.0])  # codes far above 0, just above it, and 0 for everyone
    made = encoder.Encoder((weights,), (np.array([9.0, 9.0, 0.01, 0.0]),), (1.0, 0.5))
    found = algorithms.fit("kmeans", cloud, 2, seed=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding_gain, "REPLICATES", 2)
        patch.setattr(encoder, "MOST_EPOCHS", 2)
        patch.setattr(encoding_gain, "_partition", lambda *_: None)
        told = encoding_gain.compare(cloud, found, made, algorithm="kmeans", seed=0)
    assert told["ari_to_raw"] is None
    assert told["unused_codes"] == 1
    assert {row["partition"] for row in told["partitions"]} == {"encoded"}


def test_agreement_of_encoders_is_the_mean_over_every_two(monkeypatch):
    """The partition at hand and one other agree; the third encoder leads to none."""
    other = np.arange(200) % 2
    given = iter([SimpleNamespace(labels=other), None])
    monkeypatch.setattr(encoding_gain.encoder, "fit", lambda *_, seed: SimpleNamespace(encode=lambda X: X))
    monkeypatch.setattr(encoding_gain, "_partition", lambda *_: next(given))
    found = SimpleNamespace(labels=other, k=2)
    assert encoding_gain._seeds_ari(np.zeros((200, 2)), found, (2,), "kmeans", 1) == pytest.approx(1 / 3)
