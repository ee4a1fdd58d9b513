import numpy as np
import pytest
from planted import standardised, switched

from seg_utils import evaluation
from seg_utils.evaluation.resampling.null_models import Lookalikes
from seg_utils.evaluation.zero_patterns import common_values, switches, tells, told_by


@pytest.fixture
def habits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two yes/no habits, and customers with two columns each, their total, and one column that is never zero."""
    random = np.random.default_rng(3)
    one, other = random.random(600) < 0.3, random.random(600) < 0.6
    amounts = np.exp(random.normal(size=(600, 5)))
    X = amounts * np.stack([one, one, other, other, np.ones(600)], axis=1)
    return np.column_stack([X, X[:, 0] + X[:, 2]]), one, other


def test_columns_that_are_zero_together_are_one_switch(habits):
    X, one, _ = habits
    found = switches(X)
    assert [switch.columns for switch in found] == [(0, 1), (2, 3), (5,)]
    np.testing.assert_array_equal(found[0].off, ~one)
    assert [switch.parts for switch in found] == [(), (), (0, 1)]


@pytest.mark.parametrize(("differ", "families"), [(40, 1), (60, 2)])
def test_columns_are_one_switch_from_a_correlation_of_four_fifths_on(differ, families):
    """Of 1,000 customers, half have none; as many of either half differ in the other column."""
    one = np.repeat([0.0, 1.0], 500)
    other = one.copy()
    other[[*range(differ), *range(500, 500 + differ)]] = [*np.ones(differ), *np.zeros(differ)]
    random = np.random.default_rng(0)
    X = np.stack([one, other], axis=1) * random.uniform(1, 2, (1000, 2))
    assert abs(np.corrcoef(one, other)[0, 1] - 0.8) < 0.05
    assert len(switches(X)) == families


@pytest.mark.parametrize(("off", "found"), [(30, 0), (31, 1), (969, 1), (970, 0)])
def test_what_hardly_anyone_or_nearly_everyone_lacks_is_no_switch(off, found):
    X = np.random.default_rng(0).uniform(1, 2, (1000, 1))
    X[:off] = 0
    assert len(switches(X)) == found


def test_continuous_columns_hold_no_switch():
    assert switches(np.random.default_rng(0).normal(size=(200, 4))) == []


def test_how_much_of_a_partition_switches_tell(habits):
    X, one, other = habits
    found = switches(X)
    assert told_by(found, 2 * one + other) == 1.0
    labels = np.where(X[:, 4] > np.median(X[:, 4]), 1, 0)
    assert told_by(found, labels) < 0.6
    assert told_by([], np.array([0, 0, 0, 1])) == 0.75


@pytest.mark.parametrize(("share", "says_more"), [(0.75, False), (0.80, False), (0.84, True), (1.0, True)])
def test_switches_tell_segments_only_beyond_the_size_of_the_largest(share, says_more):
    assert tells(share, np.array([0, 0, 0, 1])) == says_more


def test_one_segment_alone_is_told_by_nothing():
    assert not tells(1.0, np.zeros(4, dtype=int))


def test_lookalikes_keep_the_switches_and_nothing_else(habits):
    X, one, _ = habits
    drawn = Lookalikes(X, np.random.default_rng(1)).draw(np.random.default_rng(2))
    np.testing.assert_array_equal(np.sort(drawn, axis=0), np.sort(X, axis=0))
    zero = drawn == 0
    np.testing.assert_array_equal(zero[:, 0], zero[:, 1])
    np.testing.assert_array_equal(zero[:, 2], zero[:, 3])
    neither = zero[:, 0] & zero[:, 2]
    assert (zero[:, 5] ^ neither).sum() == abs(int(zero[:, 5].sum()) - int(neither.sum())), "as far as the counts allow"
    assert (zero[:, 0] != ~one).any()


def test_habits_that_go_together_with_nothing_are_no_segments():
    X = standardised(switched(np.random.default_rng(5), 900, 9))
    verdict = evaluation.judge(evaluation.gather(X, range(2, 6), seed=42))
    assert verdict["recommended_k"] is None
    assert verdict["switches"]["groups"] is False
    assert len(verdict["switches"]["columns"]) == 2


def test_habits_that_exclude_one_another_are_segments():
    random = np.random.default_rng(6)
    habit = random.integers(3, size=600)
    columns = [np.where(habit == which, random.normal(6, 0.6, 600), 0.0) for which in (0, 0, 1, 1, 2, 2)]
    X = standardised(np.column_stack([*columns, random.normal(size=(600, 2))]))
    assert evaluation.judge(evaluation.gather(X, range(2, 6), seed=42))["recommended_k"] == 3


@pytest.mark.parametrize(("times", "common"), [(3, False), (30, True)])
def test_a_value_is_common_where_many_customers_have_it(times, common):
    X = np.random.default_rng(0).normal(size=(1_000, 3))
    X[:times, 1] = 0.25
    assert common_values(X) == common
