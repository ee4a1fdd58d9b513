"""The statistics, beside statsmodels' and beside what was planted."""

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from seg_utils.strategy.results import estimation


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_a_difference_of_means_is_welchs(rng):
    outcome, control = rng.lognormal(3, 1, 300), rng.random(300) < 0.2
    found = estimation.difference(outcome, control, 0.05)
    reference = CompareMeans(DescrStatsW(outcome[~control]), DescrStatsW(outcome[control]))
    assert (found.low, found.high) == pytest.approx(reference.tconfint_diff(usevar="unequal"))
    assert found.p == pytest.approx(reference.ttest_ind(usevar="unequal")[1])
    assert found.lift == pytest.approx(outcome[~control].mean() - outcome[control].mean())
    assert found.share == pytest.approx(found.lift / outcome[control].mean())


def test_few_answers_have_newcombes_interval():
    answers = np.repeat([1.0, 0.0, 1.0, 0.0], [2, 48, 9, 191])
    control = np.repeat([True, False], [50, 200])
    assert estimation.few_events(answers, control)
    found = estimation.difference_of_shares(answers, control, 0.05)
    reference = confint_proportions_2indep(9, 200, 2, 50, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx(reference)


def test_where_nobody_answers_there_still_is_an_interval():
    found = estimation.difference_of_shares(np.zeros(60), np.arange(60) < 20, 0.05)
    assert found.low < 0 < found.high
    assert found.p == 1
    assert np.isnan(found.share)


def test_where_nobody_differs_nothing_is_told_and_where_only_groups_do_it_is_sure():
    control = np.arange(30) < 10
    assert np.isnan(estimation.difference(np.full(30, 0.1), control, 0.05).p)
    sure = estimation.difference(np.where(control, 0.0, -0.11), control, 0.05)
    assert (sure.low, sure.high, sure.p) == pytest.approx((-0.11, -0.11, 0.0))


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e9])
def test_what_rounding_leaves_is_no_difference_whatever_the_unit(size):
    control = np.arange(40) < 20
    rounded = size * (1 + 1e-14 * (np.arange(40) % 7))
    assert np.isnan(estimation.difference(rounded, control, 0.05).p)
    small = size * (1 + 1e-9 * (np.arange(40) % 7))
    assert estimation.difference(small, control, 0.05).error > 0


def test_holm_is_that_of_statsmodels_and_leaves_out_what_was_not_tested(rng):
    p = rng.random(9) ** 3
    np.testing.assert_allclose(estimation.holm(p), multipletests(p, method="holm")[1])
    with_gaps = estimation.holm(np.array([np.nan, 0.01, np.nan, 0.04]))
    np.testing.assert_allclose(with_gaps, [np.nan, 0.02, np.nan, 0.04])


def test_pooling_rests_on_the_variance_between_effects_that_statsmodels_finds(rng):
    errors = rng.uniform(0.5, 2, 8)
    effects = 1 + rng.normal(0, 1.5, 8) + rng.normal(0, errors)
    reference = combine_effects(effects, errors**2, method_re="dl")
    mean, between = float(reference.mean_effect_re), float(reference.tau2)
    assert between > 0
    shrunk, sure = estimation.partially_pooled(effects, errors)
    own = between / (between + errors**2)
    np.testing.assert_allclose(shrunk, own * effects + (1 - own) * mean)
    assert (sure < errors).all()


def test_small_segments_are_drawn_farther_and_equal_ones_meet():
    shrunk, _ = estimation.partially_pooled(np.array([0.0, 0.0, 4.0, 4.0]), np.array([0.5, 0.5, 0.5, 3.0]))
    assert 4 - shrunk[3] > 2 * (4 - shrunk[2])
    same, errors = estimation.partially_pooled(np.array([1.0, 1.1]), np.array([1.0, 1.0]))
    assert same[0] == pytest.approx(same[1])
    assert errors[0] == pytest.approx(0.5**0.5)
    alone, error = estimation.partially_pooled(np.array([1.0, np.nan]), np.array([0.5, np.nan]))
    assert (alone[0], error[0]) == (1.0, 0.5)


def test_a_covariate_takes_noise_off_and_leaves_the_effect(rng):
    before = rng.lognormal(4, 1, (4000, 1))
    control = rng.random(4000) < 0.2
    outcome = before[:, 0] / 4 * np.exp(rng.normal(0, 0.2, 4000)) + 3 * ~control
    kept = before.copy()
    covariate = estimation.predicted(before, outcome)
    np.testing.assert_array_equal(before, kept, "the next outcome is predicted from them, too")
    plain = estimation.difference(outcome, control, 0.05)
    adjusted = estimation.difference(estimation.adjusted(outcome, covariate, control), control, 0.05)
    assert adjusted.low < 3 < adjusted.high
    assert adjusted.high - adjusted.low < 0.5 * (plain.high - plain.low)


def test_a_covariate_that_says_nothing_changes_nothing(rng):
    outcome, control = rng.normal(size=100), np.arange(100) < 20
    assert estimation.adjusted(outcome, np.ones(100), control) is outcome


def test_a_prediction_has_not_seen_its_customer(rng):
    """Pure noise in many columns would explain itself in part, were it predicted from itself."""
    features, outcome = rng.normal(size=(60, 30)), rng.normal(size=60)
    assert np.corrcoef(estimation.predicted(features, outcome), outcome)[0, 1] < 0.3


@pytest.mark.parametrize(
    ("seen", "broken"), [((200, 800), False), ((190, 770), False), ((120, 795), True), ((200, 500), True)]
)
def test_groups_that_lose_customers_unequally_are_seen(seen, broken):
    assert (estimation.split_p(np.array([200, 800]), np.array(seen)) < 0.001) == broken
