"""Latent classes: what is found, what keeps them finite, and what is said of segments beside them."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import adjusted_rand_score

from seg_utils.clustering import OUTLIERS
from seg_utils.evaluation.comparison import latent_classes
from seg_utils.evaluation.comparison.latent_classes import indicators

# How often each of three planted classes uses each of three features
USES = np.array([[0.95, 0.05, 0.5], [0.05, 0.9, 0.5], [0.9, 0.9, 0.05]])

AMOUNTS = np.array([[3.0, 5.0, 4.0], [7.0, 3.0, 6.0], [5.0, 8.0, 3.0]])


def planted(n: int = 900, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Customers of three classes, shape (n, 3), 0 where a feature is not used, and each one's class."""
    rng = np.random.default_rng(seed)
    classes = np.arange(n) % 3
    used = rng.random((n, 3)) < USES[classes]
    return np.where(used, rng.normal(AMOUNTS[classes], 0.6), 0.0), classes


def test_planted_classes_are_found_and_their_number_is_chosen():
    X, classes = planted()

    criteria = latent_classes.by_k(X, range(1, 6), seed=1)

    assert adjusted_rand_score(classes, latent_classes.fit(X, 3, seed=1).labels) > 0.9
    assert criteria["bic"].idxmin() == criteria["icl"].idxmin() == 3
    assert (criteria["icl"] >= criteria["bic"]).all(), "an entropy is never below 0"


def test_without_classes_one_is_chosen():
    rng = np.random.default_rng(2)
    X = np.where(rng.random((800, 4)) < 0.6, rng.normal(5, 1, (800, 4)), 0.0)

    assert latent_classes.by_k(X, range(1, 4), seed=0)["bic"].idxmin() == 1


def test_features_are_split_into_ends_and_values_between():
    #  used or not, twice; a share with both ends; one that never varies between its ends
    rng = np.random.default_rng(3)
    use, share = rng.random(200) < 0.5, np.clip(rng.normal(0.5, 0.5, 200), 0, 1)
    X = np.column_stack([use * rng.uniform(1, 2, 200), use * rng.uniform(3, 9, 200), share, rng.random(200) < 0.3])

    flags, values = indicators(X)

    columns = flags.T.tolist()
    assert use.tolist() in columns, "two features that are unused together have one indicator"
    assert (share > 0).tolist() in columns
    assert (share == 1).tolist() in columns
    assert values.shape == (200, 3), "the last feature is its indicator and nothing else"
    assert (np.isnan(values[:, 2]) == ((share == 0) | (share == 1))).all()
    assert np.nanmean(values, axis=0) == pytest.approx(np.zeros(3), abs=1e-12)
    assert np.nanstd(values, axis=0) == pytest.approx(np.ones(3))


@pytest.mark.parametrize(("between", "features"), [(9, 1), (10, 2)])
def test_a_feature_of_which_few_customers_have_any_says_nothing_by_how_much(between, features):
    amounts = np.random.default_rng(3).uniform(1, 2, (200, 2))
    amounts[between:, 1] = 0.0
    assert indicators(amounts)[1].shape == (200, features)


def test_many_customers_at_one_value_are_no_class_without_width():
    rng = np.random.default_rng(4)
    X = np.column_stack([np.where(rng.random(300) < 0.5, 12.0, rng.uniform(6, 14, 300)), rng.normal(size=300)])

    found = latent_classes.by_k(X, (4, 8), seed=0)

    assert np.isfinite(found).all(axis=None)


def test_the_density_of_a_class_is_that_of_its_flags_times_that_of_its_values():
    X, _ = planted(200)
    data = indicators(X)
    design = latent_classes._design(data)
    memberships = np.random.default_rng(1).dirichlet(np.ones(3), size=200)
    classes = latent_classes._classes(design, memberships)
    joint = latent_classes._log_joint(design, classes)
    shares, on, (means, variances) = np.exp(classes[0]), np.exp(classes[1]), classes[3:]
    for k in range(3):
        flags = stats.bernoulli.logpmf(data.flags, on[k]).sum(axis=1)
        values = stats.norm.logpdf(data.values, means[k], np.sqrt(variances[k]))
        np.testing.assert_allclose(joint[:, k], np.log(shares[k]) + flags + np.nansum(values, axis=1))
    weight = memberships[:, :, None] * ~np.isnan(data.values)[:, None, :]
    plain = np.nansum(memberships[:, :, None] * data.values[:, None, :], axis=0) / weight.sum(axis=0)
    np.testing.assert_allclose(means, plain, atol=0.05)
    np.testing.assert_allclose(shares, memberships.mean(axis=0), atol=0.01)
    assert shares.sum() == pytest.approx(1)


def test_the_likeliest_of_the_finalists_is_taken_and_judged_by_its_free_numbers(monkeypatch):
    X, _ = planted(60)
    likely = np.random.default_rng(2).permutation(latent_classes.STARTS).astype(float)
    ends = {start: np.random.default_rng(start).dirichlet(np.ones(2), size=60) for start in range(len(likely))}

    def maximise(design, start, steps):
        first = likely[start] if steps == latent_classes.FIRST_STEPS else -likely[start]
        return first, start if steps == latent_classes.FIRST_STEPS else ends[start]

    monkeypatch.setattr(latent_classes, "_start", lambda data, k, seed, start: start)
    monkeypatch.setattr(latent_classes, "_maximise", maximise)
    found = latent_classes.fit(X, 2, seed=0)
    best = int(np.argsort(-likely)[latent_classes.FINALISTS - 1])  # of those, the one that ends highest
    data = indicators(X)
    free = 1 + 2 * data.flags.shape[1] + 4 * data.values.shape[1]
    assert found.bic == pytest.approx(free * np.log(60) + 2 * likely[best])
    assert found.icl - found.bic == pytest.approx(2 * stats.entropy(ends[best], axis=1).sum())
    np.testing.assert_array_equal(found.labels, ends[best].argmax(axis=1))


def test_the_likelihood_grows_with_every_step():
    data = indicators(planted(300)[0])
    design = latent_classes._design(data)
    start = latent_classes._start(data, 3, 0, 0)

    steps = [latent_classes._maximise(design, start, count)[0] for count in range(1, 12)]

    assert np.diff(steps).min() > -1e-3 * abs(steps[0]), "but for the pseudo-customers, which it does not count"
    assert steps[-1] > steps[0]


def test_segments_that_are_the_classes_come_out_both_ways():
    X, classes = planted()

    beside = latent_classes.beside(X, classes, seed=0)

    assert beside["customers"] == 900
    assert beside["ari"] > 0.9
    assert beside["alike"] > 0.95
    assert min(beside["jaccard"]) > 0.9
    assert 0.7 < beside["by_use"] < 0.95, "uses alone tell most of the planted classes, not all"


def test_segments_drawn_by_lot_agree_with_no_class():
    X, classes = planted()

    beside = latent_classes.beside(X, np.random.default_rng(5).permutation(classes), seed=0)

    assert abs(beside["ari"]) < 0.02
    assert beside["alike"] < 0.45
    assert max(beside["jaccard"]) < 0.3


def test_customers_in_no_segment_are_left_out_and_a_segment_that_the_sample_lacks_has_no_figure(monkeypatch):
    X, classes = planted()
    labels = np.where(np.arange(900) < 600, classes, OUTLIERS)
    labels[0] = 3
    monkeypatch.setattr(latent_classes, "MOST_ROWS", 100)

    beside = latent_classes.beside(X, labels, seed=0)

    assert beside["customers"] == 100
    assert beside["jaccard"][3] is None
    assert None not in beside["jaccard"][:3]


def test_the_same_again():
    X, classes = planted(300)

    assert latent_classes.beside(X, classes, seed=7) == latent_classes.beside(X, classes, seed=7)
