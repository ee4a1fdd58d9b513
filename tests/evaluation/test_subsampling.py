"""Stability of partitions by any algorithm."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from seg_utils.clustering import OUTLIERS, algorithms
from seg_utils.clustering.algorithms import fit
from seg_utils.evaluation.resampling import stability, subsampling

OTHERS = [name for name in algorithms.ALGORITHMS if name != "kmeans"]
ISLANDS, _ = make_blobs([150, 100, 80], n_features=3, cluster_std=0.7, center_box=(-12, 12), random_state=3)
CLOUD = np.random.default_rng(1).normal(size=(330, 3))


@pytest.fixture(autouse=True)
def few_replicates(monkeypatch):
    fewer = {name: replace(known, replicates=6) for name, known in algorithms.ALGORITHMS.items()}
    monkeypatch.setattr(subsampling, "ALGORITHMS", fewer)


@pytest.mark.parametrize("algorithm", OTHERS)
def test_islands_come_back_whatever_the_algorithm(algorithm):
    stable = stability.stability(ISLANDS, fit(algorithm, ISLANDS, 3, seed=0), seed=0, algorithm=algorithm)
    assert min(stable["jaccard"]) > 0.85
    assert stable["ari"] > 0.9
    assert stable["replicates"] == 6
    assert stable["rows"] == len(ISLANDS)


@pytest.mark.parametrize("algorithm", ["minibatch", "gmm", "ward"])
def test_parts_of_a_cloud_do_not(algorithm):
    stable = stability.stability(CLOUD, fit(algorithm, CLOUD, 5, seed=0), seed=0, algorithm=algorithm)
    assert min(stable["jaccard"]) < 0.6
    assert stable["ari"] < 0.7


def test_only_algorithms_with_a_seed_are_compared_over_seeds():
    keys = {
        name: stability.stability(ISLANDS, fit(name, ISLANDS, 3, seed=0), seed=0, algorithm=name)
        for name in ("ward", "gmm")
    }
    assert "seeds_ari" not in keys["ward"]
    assert keys["gmm"]["seeds_ari"] > 0.99


def test_replicates_in_which_nothing_is_found_agree_with_nothing():
    found = fit("dbscan", ISLANDS, None, seed=0)
    ari, similarity = subsampling.refit("dbscan", np.ones_like(CLOUD), found, seed=0)
    assert (ari == 0).all()
    assert (similarity == 0).all()


def test_outliers_are_no_segment_and_no_segments_counterpart():
    labels = np.array([0, 0, 0, 0, 1, 1, 1, OUTLIERS, OUTLIERS])
    others = np.array([0, 0, 0, OUTLIERS, OUTLIERS, OUTLIERS, OUTLIERS, OUTLIERS, 0])
    _, similarity = subsampling.agreement(labels, others, 2)
    assert similarity.tolist() == pytest.approx([3 / 5, 0.0])


def test_without_outliers_it_is_hennigs_jaccard():
    labels, others = np.array([0, 0, 0, 1, 1, 1]), np.array([1, 1, 0, 0, 0, 0])
    ari, similarity = subsampling.agreement(labels, others, 2)
    assert similarity.tolist() == pytest.approx([2 / 3, 3 / 4])
    assert ari == pytest.approx(adjusted_rand_score(labels, others))


def test_a_segment_nobody_was_drawn_of_is_unknown():
    _, similarity = subsampling.agreement(np.array([0, 0, 2]), np.array([0, 0, 1]), 4)
    np.testing.assert_array_equal(np.isnan(similarity), [False, True, False, True])


def test_segments_of_one_customer_come_back_whole():
    alone = np.array([0, 1, 1, 2])
    assert subsampling.agreement(alone, alone, 3)[1].tolist() == [1, 1, 1]
