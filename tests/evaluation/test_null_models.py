import numpy as np
import pytest
from planted import STEEP, blobs

from seg_utils.clustering import best_start
from seg_utils.evaluation.resampling.border_density import border_density
from seg_utils.evaluation.resampling.null_models import CurveLookalikes, Lookalikes, uniform_box


def test_lookalikes_have_the_same_columns_and_correlations():
    random = np.random.default_rng(4)
    shared = random.normal(size=(1_500, 1))
    X = np.exp(shared + 0.5 * random.normal(size=(1_500, 4)))
    X[:, :2] *= random.random((1_500, 2)) > 0.5  # zero-heavy
    drawn = Lookalikes(X, random).draw(np.random.default_rng(9))
    np.testing.assert_array_equal(np.sort(drawn, axis=0), np.sort(X, axis=0))
    assert np.abs(np.corrcoef(drawn.T) - np.corrcoef(X.T)).max() < 0.12


def test_lookalikes_hold_no_groups():
    random = np.random.default_rng(4)
    X, _ = blobs(random, [1, 1, 1], n=600, features=3, separation=6)
    tight = best_start(X, 3, seed=0, starts=5).inertia
    assert best_start(Lookalikes(X, random).draw(random), 3, seed=0, starts=5).inertia > 1.3 * tight


def test_lookalikes_of_segments_hold_no_minority_of_their_own():
    """Copied correlations would be those that the minority makes: it would be there again."""
    X, truth = blobs(np.random.default_rng(3), [15, 1], n=1_600, features=6, separation=6)
    tight = best_start(X, 2, seed=0, starts=5).inertia

    def looser(labels):
        drawn = Lookalikes(X, np.random.default_rng(1), labels).draw(np.random.default_rng(2))
        return best_start(drawn, 2, seed=0, starts=5).inertia / tight

    assert looser(truth) > looser(None) + 0.04


def test_a_column_that_the_segments_determine_correlates_with_nothing_inside_them():
    random = np.random.default_rng(0)
    X = np.column_stack([np.repeat([0.0, 1.0], 100), random.normal(size=(200, 2))])
    drawn = Lookalikes(X, random, np.repeat([0, 1], 100)).draw(random)
    assert np.abs(np.corrcoef(drawn.T)[0, 1:]).max() < 0.3


def test_columns_that_determine_one_another_are_no_obstacle():
    X = np.random.default_rng(0).normal(size=(200, 2))
    drawn = Lookalikes(np.hstack([X, X]), np.random.default_rng(1)).draw(np.random.default_rng(2))
    assert np.corrcoef(drawn.T)[0, 2] > 0.99


def test_uniform_box_fills_the_box_of_the_principal_axes():
    random = np.random.default_rng(1)
    along = random.uniform(-1, 1, size=(2_000, 2)) * [10, 1]
    turn = np.array([[1, 1], [-1, 1]]) / np.sqrt(2)
    back = uniform_box(along @ turn, random) @ turn.T
    assert np.abs(back[:, 0]).max() < 11
    assert np.abs(back[:, 1]).max() < 1.6


@pytest.mark.parametrize("kind", STEEP)
def test_lookalikes_along_a_curve_are_as_tight_as_the_curve(kind):
    random = np.random.default_rng(5)
    X = STEEP[kind](random, 900)
    drawn = CurveLookalikes(X).draw(100, random)
    assert drawn.shape == X.shape
    np.testing.assert_allclose(drawn.mean(axis=0), X.mean(axis=0), atol=0.05)
    inertias = [best_start(each, 6, seed=0, starts=5).inertia for each in (drawn, X)]
    assert inertias[0] / inertias[1] == pytest.approx(1, abs=0.2)


def test_lookalikes_along_a_curve_fill_the_gaps_between_groups():
    random = np.random.default_rng(4)
    X, _ = blobs(random, [1, 1, 1], n=900, features=3, separation=8)
    drawn = CurveLookalikes(X).draw(150, random)
    run = best_start(drawn, 3, seed=0, starts=5)
    assert run.inertia > 1.3 * best_start(X, 3, seed=0, starts=5).inertia
    assert border_density(run, drawn, drawn, run.labels) > 0.2


@pytest.mark.parametrize("seed", range(3))
def test_the_curve_goes_the_long_way_even_where_most_customers_stand_on_two_sides_of_it(seed):
    random = np.random.default_rng(seed)
    along, sides = random.uniform(0, 2.2, 500), random.choice([0, 1], 500) + random.normal(0, 0.05, 500)
    across = np.where(random.random(500) < 0.9, sides, random.uniform(0, 1, 500))
    order = CurveLookalikes(np.column_stack([along, across]))._along[:, 0]
    assert np.abs(np.corrcoef(order, np.arange(500))[0, 1]) > 0.8


def test_many_equal_customers_have_a_place_along_the_data():
    """More of them than a customer has neighbors: their own reach is zero."""
    line = np.linspace(0, 1, 200)[:, None] * [1, 2, 0.5]
    X = np.vstack([line, np.repeat(line[100:101], 150, axis=0)])
    order = CurveLookalikes(X)._along[:, 0]
    assert np.abs(np.corrcoef(order, np.arange(350))[0, 1]) > 0.9
