import numpy as np
import pytest
from planted import CURVED, blobs
from sklearn.datasets import make_moons

from seg_utils.clustering import assign, best_start
from seg_utils.evaluation.resampling.border_density import (
    _along_the_data,
    _detours,
    _straight,
    border_density,
    neighbours,
)


def border(X: np.ndarray, k: int) -> float:
    run = best_start(X[::2], k, seed=0, starts=5)
    return border_density(run, X[::2], X[1::2], assign(X[1::2], run.centroids)[0])


def test_islands_have_empty_borders_and_a_cut_cloud_a_full_one():
    random = np.random.default_rng(5)
    islands = random.permutation(blobs(random, [1, 1, 1], n=900, features=3, separation=8)[0])
    assert border(islands, 3) < 0.05
    assert border(islands, 4) > 1.0
    assert border(random.normal(size=(2_000, 2)) * [3, 1], 2) > 1.0
    assert border(random.uniform(size=(4_000, 2)) * [3, 1], 2) > 0.8


@pytest.mark.parametrize("kind", CURVED)
def test_a_curved_cloud_is_hardly_thinner_on_the_cut_than_inside(kind):
    assert border(CURVED[kind](np.random.default_rng(3), 4_000), 3) > 0.65


def test_neighbours_have_nobody_in_between():
    assert neighbours(np.array([[0.0, 0], [1, 0], [2, 0]])) == [(0, 1), (1, 2)]


@pytest.mark.parametrize("noise", [0.05, 0.1])
def test_two_moons_are_as_dense_on_the_cut_as_inside(noise):
    """A cut across both moons: on a straight line their ends, which bend towards it, look denser than it."""
    X = make_moons(4_000, noise=noise, random_state=0)[0]
    assert border(X, 2) > 0.95


def test_the_border_of_a_minority_is_its_valley():
    """Halfway to a group fifteen times as large is still in that group."""
    X, _ = blobs(np.random.default_rng(0), [15, 1], n=4_000, features=2, separation=6)
    assert border(np.random.default_rng(1).permutation(X), 2) < 0.5


def test_a_straight_way_has_no_detour():
    random = np.random.default_rng(2)
    along, across = random.uniform(-2, 2, size=(2, 5_000))
    assert _along_the_data(along, across, -1, 1) == pytest.approx(_straight(along, across, -1, 1), rel=0.05)


def test_a_way_round_a_gap_is_longer():
    """A wall of empty cells from the left, between the border and the far side."""
    depth, across = (grid.ravel() for grid in np.meshgrid(np.arange(0.06, 2, 0.12), np.arange(-1.2, 1.3, 0.12)))
    open_way = ~((np.abs(depth - 1) < 0.2) & (across < 0.9))
    detours = _detours(depth[open_way], across[open_way])
    behind = (depth[open_way] > 1.3) & (across[open_way] < -0.5)
    assert detours[behind].min() > 0.2
    assert detours[depth[open_way] < 0.8].max() < 0.1


def test_an_island_that_cannot_be_reached_is_where_it_is():
    assert _detours(np.array([0.05, 2.0, 2.1]), np.zeros(3)).tolist() == [0, 0, 0]
