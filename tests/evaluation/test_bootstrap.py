import numpy as np
from planted import blobs

from seg_utils.clustering import kmeans
from seg_utils.evaluation.resampling.bootstrap import bootstrap, crosstab, jaccards, kept, mean_jaccard


def test_jaccards_by_hand():
    labels = np.array([0, 0, 0, 1, 1, 3])
    others = np.array([1, 1, 0, 0, 0, 0])
    np.testing.assert_allclose(jaccards(labels, others), [2 / 3, 2 / 4, np.nan, 1 / 4])


def test_crosstab_counts_pairs():
    np.testing.assert_array_equal(crosstab(np.array([0, 1, 1]), np.array([2, 0, 0])), [[0, 0, 1], [2, 0, 0]])


def test_islands_come_back_and_halves_of_one_do_not():
    random = np.random.default_rng(2)
    X, truth = blobs(random, [1, 1, 1], n=450, features=3, separation=8)
    ari, similarity, _ = bootstrap(X, truth, seed=1, replicates=10)
    assert ari.mean() > 0.99
    assert mean_jaccard(similarity).min() > 0.99
    round_one = random.normal(size=(450, 5))
    cut = kmeans(round_one, 4, seed=0).labels
    assert mean_jaccard(bootstrap(round_one, cut, seed=1, replicates=10)[1]).min() < 0.6


def test_replicates_are_the_same_however_many_are_drawn(five_blobs):
    labels = kmeans(five_blobs, 4, seed=0).labels
    whole = bootstrap(five_blobs, labels, seed=3, replicates=4)
    fewer = bootstrap(five_blobs, labels, seed=3, replicates=2)
    np.testing.assert_array_equal(whole[0][:2], fewer[0])
    np.testing.assert_array_equal(whole[1][:2], fewer[1])


def test_a_segment_is_averaged_over_the_replicates_that_drew_it_and_one_never_drawn_counts_as_never_found():
    similarity = np.array([[0.5, np.nan, 0.25], [1.0, np.nan, np.nan]])
    np.testing.assert_array_equal(mean_jaccard(similarity), [0.75, 0.0, 0.25])


def test_who_stays_with_the_counterpart_of_their_segment_is_counted_by_level():
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    others = np.array([2, 2, 2, 0, 0, 0, 0, 2])
    levels = np.array([1, 1, 1, 0, 1, 1, 1, 0])
    np.testing.assert_array_equal(kept(labels, others, levels, 3), [0.0, 1.0, np.nan])


def test_half_of_a_segment_that_comes_back_in_two_parts_has_left_it():
    """And so have those whose segment another one swallows."""
    labels = np.repeat([0, 1, 2], [8, 4, 2])
    others = np.repeat([0, 1, 2, 2], [5, 3, 4, 2])
    np.testing.assert_array_equal(kept(labels, others, labels, 3), [5 / 8, 1.0, 0.0])


def test_who_stands_on_a_border_stays_less_often_than_who_stands_inside():
    random = np.random.default_rng(4)
    cloud = random.normal(size=(600, 2))
    found = kmeans(cloud, 3, seed=0)
    confidence = found.placement.place(cloud).confidence
    levels = np.searchsorted([0.1, 0.25], confidence, side="right")
    shares = np.nanmean(bootstrap(cloud, found.labels, seed=2, replicates=12, levels=levels).kept, axis=0)
    assert shares[0] < shares[1] < shares[2]
