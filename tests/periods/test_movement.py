import numpy as np
import pytest

from seg_utils import periods
from seg_utils.clustering import OUTLIERS
from seg_utils.periods import movement
from seg_utils.periods.comparison import FLICKER, REAL

from .conftest import month

CENTRES = np.array([[0.0, 0.0], [10.0, 0.0]])


def walk(n, far, noise=0.1):
    """n customers of each of two segments who stay, and one who goes so far from the first towards the second."""
    rng = np.random.default_rng(0)
    change = np.vstack([rng.normal(0, noise, (2 * n, 2)), [[far, 0.0]]])
    before = np.array([0] * n + [1] * n + [0])
    now = np.array([0] * n + [1] * n + [1])
    return change, before, now


@pytest.mark.parametrize(("far", "real"), [(0.3, False), (2.0, True)])
def test_a_move_is_real_where_it_is_longer_than_the_noise_of_those_who_stayed(far, real):
    found = movement.movement(*walk(500, far), CENTRES)
    assert found.real.tolist() == [False] * 1000 + [real]
    assert found.noise[-1] == pytest.approx(0.1645, rel=0.1)
    assert np.isnan(found.crossed[:-1]).all()


def test_what_everybody_does_is_no_move_of_ones_own():
    change, before, now = walk(500, 2.0)
    change[:-1, 0] += 2.0
    assert not movement.movement(change, before, now, CENTRES).real.any()


def test_a_segment_of_which_many_changed_together_does_not_hide_it():
    change, before, now = walk(500, 2.0)
    change[:80, 0] += 2.0  # who stay just within
    assert movement.movement(change, before, now, CENTRES).real[-1]


@pytest.mark.parametrize("share", [0.3, 0.39])
def test_many_who_changed_within_their_segment_do_not_hide_a_move(share):
    """Those of the new segment come from far off, so that nine in ten of those who stayed there went as far."""
    change, before, now = walk(500, 2.0)
    change[500 : 500 + int(share * 1000), 0] += 2.5
    found = movement.movement(change, before, now, CENTRES)
    assert found.real[-1]
    assert found.noise[-1] == pytest.approx(0.1645, rel=0.15)


def test_customers_who_vary_more_are_no_few_who_changed():
    """Half of all vary by next to nothing: what the other half does is noise all the same, and so with nothing."""
    for little in (1e-3, 0.0):
        change, before, now = walk(500, 0.3)
        change[:-1][np.arange(1000) % 20 < 11] *= little
        assert not movement.movement(change, before, now, CENTRES).real.any()


def test_without_noise_every_move_is_real():
    found = movement.movement(*walk(500, 0.01, noise=0.0), CENTRES)
    assert found.real[-1]


def test_outliers_are_judged_in_any_direction():
    change, before, now = walk(500, 0.0)
    now[-1], change[-1] = OUTLIERS, [0.0, -3.0]
    assert movement.movement(change, before, now, CENTRES).real[-1]


def test_what_counts_towards_the_new_segment_is_told_first():
    change, way = np.array([[1.0, -3.0, 0.5], [1.0, -3.0, 0.5]]), np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    assert movement.telling_features(change, way).tolist() == [[0, 2, -1], [1, 0, 2]]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_changes_are_found_and_noise_is_not(model, before, seed):
    now, changed = month(before, seed=seed, changed=60)
    movers = periods.compare(model, before, now).movers
    real, moved = movers["kind"] == REAL, movers["status"] == "moved"
    assert (real & changed).sum() >= 0.95 * real.sum()
    assert (real & changed).sum() >= 0.9 * (moved & changed).sum() > 20


def test_noise_alone_is_flicker(model, before):
    movers = periods.compare(model, before, month(before, seed=5, noise=0.5)[0]).movers
    assert movers["kind"].value_counts().to_dict().keys() == {FLICKER}
    assert (movers["kind"] == FLICKER).sum() >= 10
