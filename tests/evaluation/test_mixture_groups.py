"""Groups of any shape are counted, and one cloud is one group, however many components follow it."""

import numpy as np
import pytest
from planted import CURVED, cigars, lattice, moons, standardised, unequal
from sklearn.metrics import adjusted_rand_score

from seg_utils.evaluation.resampling import mixture_groups
from seg_utils.evaluation.resampling.mixture_groups import MergedMixture, groups_that_come_again, merged_mixtures


def merged(X: np.ndarray) -> MergedMixture:
    return merged_mixtures([X], 42)[0]


@pytest.mark.parametrize(("planted", "groups"), [(cigars, 3), (lattice, 9), (unequal, 3), (moons, 2)])
def test_groups_of_any_shape_come_again(planted, groups):
    X, truth = planted(np.random.default_rng(groups))
    number, strength = groups_that_come_again(X, 42)
    assert number == groups
    assert strength >= mixture_groups.LEAST_STRENGTH
    model = merged(X)
    assert model.groups == groups
    assert adjusted_rand_score(truth, model.place(X)) > 0.95


def test_long_groups_side_by_side_need_the_local_metric(monkeypatch):
    """K-Means, from which a mixture starts, cuts each of them in two and puts its ends to those of the others."""
    X, truth = cigars(np.random.default_rng(102))
    assert adjusted_rand_score(truth, merged(X).place(X)) > 0.95
    monkeypatch.setattr(mixture_groups, "_local_metric", lambda X: np.eye(X.shape[1]))
    assert adjusted_rand_score(truth, merged(X).place(X)) < 0.5


ONE_CLOUD = {
    **CURVED,
    "one Gaussian": lambda r, n: r.normal(size=(n, 4)),
    "heavy tails": lambda r, n: r.standard_t(3, size=(n, 4)),
    "skewed": lambda r, n: np.exp(r.normal(size=(n, 3))),
    "uniform": lambda r, n: r.random((n, 3)),
}


@pytest.mark.parametrize("kind", ONE_CLOUD)
def test_one_cloud_is_one_group_whatever_its_shape(kind):
    X = standardised(ONE_CLOUD[kind](np.random.default_rng(len(kind)), 900))
    assert groups_that_come_again(X, 42) == (1, 1.0)


def test_a_few_outliers_are_no_group():
    random = np.random.default_rng(5)
    X = random.normal(size=(1_000, 2)) + [30, 0] * (np.arange(1_000) < 10)[:, None]
    assert merged(X).groups == 1


def test_halves_that_differ_count_as_one_group(monkeypatch):
    splits = [(3, 0.9), (4, 0.9), (3, 0.5)]
    monkeypatch.setattr(mixture_groups, "_splits", lambda X, seed: iter(splits))
    assert groups_that_come_again(np.zeros((10, 2)), 42) == (1, 1.0)
    splits[2] = (3, 0.85)
    assert groups_that_come_again(np.zeros((10, 2)), 42) == (3, 0.85)


def test_many_equal_customers_are_borne():
    X = np.repeat([[0.0, 0.0], [1.0, 5.0]], 100, axis=0)
    assert merged(X).groups == 2
