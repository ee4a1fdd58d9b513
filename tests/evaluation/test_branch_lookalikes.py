import numpy as np
import pytest
from planted import WINDING, blobs, ring

from seg_utils.clustering import best_start
from seg_utils.evaluation.resampling import lookalike_gap
from seg_utils.evaluation.resampling.border_density import border_density
from seg_utils.evaluation.resampling.branch_lookalikes import BranchLookalikes, centres_on_lines
from seg_utils.evaluation.resampling.null_models import CurveLookalikes


@pytest.mark.parametrize("kind", WINDING)
def test_lookalikes_along_branches_are_no_less_tight_than_the_lines(kind):
    random = np.random.default_rng(5)
    X = WINDING[kind](random, 900)
    drawn = BranchLookalikes(X, centres_on_lines(X, 5, 0)).draw(100, random)
    assert drawn.shape == X.shape
    np.testing.assert_allclose(drawn.mean(axis=0), X.mean(axis=0), atol=0.1)
    inertias = [best_start(each, 6, seed=0, starts=5).inertia for each in (drawn, X)]
    assert 0.6 < inertias[0] / inertias[1] < 1.05


def test_lookalikes_along_branches_fill_the_gaps_between_groups():
    random = np.random.default_rng(4)
    X, _ = blobs(random, [1, 1, 1], n=900, features=2, separation=8)
    nodes = best_start(X, 18, seed=0, starts=3).centroids
    drawn = BranchLookalikes(X, nodes).draw(300, random)
    run = best_start(drawn, 3, seed=0, starts=5)
    assert run.inertia > 1.3 * best_start(X, 3, seed=0, starts=5).inertia
    assert border_density(run, drawn, drawn, run.labels) > 0.2


def test_lines_are_told_from_areas_and_from_single_points():
    random = np.random.default_rng(3)
    assert centres_on_lines(ring(random, 900), 3, 0).shape == (18, 2)
    assert centres_on_lines(blobs(random, [1, 1, 1], n=900, features=2, separation=4)[0], 3, 0) is None
    assert centres_on_lines(random.normal(size=(900, 2)), 3, 0) is None
    grid = random.integers(4, size=(900, 2)).astype(float)
    assert centres_on_lines(grid, 3, 0) is None, "no customer stands between two points of the grid"
    assert centres_on_lines(grid[:, :1] * [1, 2], 2, 0) is None, "four points are fewer than centres"


@pytest.mark.parametrize(("density", "error", "pieces"), [(0.9, 0.9, True), (0.1, 0.0, False)])
def test_a_border_on_lines_is_empty_as_measured_not_as_it_may_be(density, error, pieces):
    X = WINDING["figure of eight"](np.random.default_rng(1), 900)
    labels, scores = best_start(X, 4, seed=0, starts=5).labels, {"border_density": density, "border_density_se": error}
    against = lookalike_gap._gaps_to_lines(CurveLookalikes(X), X, labels, 4, scores, seed=0, count=3)
    assert (min(against)[0] < 0) == pieces
