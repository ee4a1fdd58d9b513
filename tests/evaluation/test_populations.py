"""The verdict on populations whose answer is known. ``benchmarks/verdicts.py`` does the same on hundreds.

Accepted: at least 95 % right of each kind, which for so few populations means all of them.
"""

import numpy as np
import pytest
from planted import CURVED, STEEP, STRUCTURELESS, WINDING, blobs, flagged, persona_space, standardised

from seg_utils import evaluation
from seg_utils.data import sample
from seg_utils.features import feature_space

ACCEPTED_RATE = 0.95


def recommended(X: np.ndarray, ks: range) -> int | None:
    return evaluation.judge(evaluation.gather(X, ks, seed=42))["recommended_k"]


def around(k: int) -> range:
    """The planted k, two below and two above: the largest that passes decides."""
    return range(max(2, k - 2), k + 3)


PLANTED = [
    ([1, 1, 1], {"n": 240, "features": 2, "separation": 5}),
    ([6, 3, 1], {"n": 300, "features": 8, "separation": 7, "stretch": 2, "spread": 2}),
    ([1, 1, 1, 1, 1], {"n": 300, "features": 17, "separation": 6}),
    ([5, 4, 3, 2, 1], {"n": 450, "features": 3, "separation": 5, "tails": 6}),
    ([1] * 8, {"n": 480, "features": 5, "separation": 6, "spread": 2}),
    ([8, 7, 6, 5, 4, 3, 2, 2], {"n": 600, "features": 4, "separation": 8, "stretch": 2}),
]


def test_planted_blobs_are_counted():
    right = []
    for seed, (shares, options) in enumerate(PLANTED):
        X, _ = blobs(np.random.default_rng(seed), shares, **options)
        right.append(recommended(X, around(len(shares))) == len(shares))
    assert np.mean(right) >= ACCEPTED_RATE, right


MINORITIES = [([9, 1], 8, 5), ([15, 1], 4, 6), ([7, 1, 1, 1], 8, 5), ([1] * 12, 8, 6)]


@pytest.mark.parametrize(("shares", "features", "separation"), MINORITIES)
def test_minorities_and_many_groups_are_found(shares, features, separation):
    X, _ = blobs(np.random.default_rng(len(shares)), shares, n=1_500, features=features, separation=separation)
    assert recommended(X, range(len(shares), len(shares) + 2)) == len(shares)


def test_planted_card_personas_are_counted():
    right = [
        recommended(persona_space(np.random.default_rng([seed, k]), k, 100 * k)[0], around(k)) == k
        for seed, k in enumerate((3, 5, 8))
    ]
    assert np.mean(right) >= ACCEPTED_RATE, right


def test_seven_personas_of_the_bundled_generator():
    customers, _ = sample.generate(1_200, seed=101)
    assert recommended(feature_space.fit(customers, scale="log", impute="median").transform(customers), around(7)) == 7


@pytest.mark.parametrize("kind", STRUCTURELESS)
def test_structureless_customers_have_no_segments(kind):
    random = np.random.default_rng(len(kind))
    X = standardised(STRUCTURELESS[kind](random, 250, 6))
    assert recommended(X, range(2, 6)) is None


@pytest.mark.parametrize("kind", CURVED)
def test_a_curve_is_one_cloud_however_it_bends(kind):
    X = standardised(CURVED[kind](np.random.default_rng(len(kind)), 900))
    assert recommended(X, range(2, 6)) is None


@pytest.mark.parametrize("kind", STEEP)
def test_a_curve_with_few_customers_where_it_is_steep_is_one_cloud(kind):
    X = standardised(STEEP[kind](np.random.default_rng(len(kind)), 1_200))
    evidence = evaluation.gather(X, range(2, 5), seed=42)
    failures = evaluation.judge(evidence)["failures"].values()
    assert ["its segments are hardly tighter than those of customers without such groups"] in failures, (
        "nothing but the comparison with customers along a curve tells"
    )
    assert all(failures)


@pytest.mark.parametrize(("kind", "ks"), [("figure of eight", range(4, 7)), ("helix", range(2, 4))])
def test_lines_that_cross_or_wind_are_one_cloud_beyond_doubt(kind, ks):
    verdict = evaluation.judge(
        evaluation.gather(standardised(WINDING[kind](np.random.default_rng(5), 1_600)), ks, seed=42)
    )
    assert (verdict["recommended_k"], verdict["too_close_to_call"]["between"]) == (None, [])


def test_groups_in_a_plane_are_no_pieces_of_lines():
    """A tree leads through groups in a plane as well: where they overlap a little, borders are not empty."""
    X, _ = blobs(np.random.default_rng(5), [1, 1, 1], n=1_200, features=2, separation=4.5)
    assert recommended(X, range(3, 5)) == 3


def test_groups_in_a_row_are_counted_though_a_curve_leads_through_them():
    """A curve is tighter than a row of groups across many features, but its borders are full."""
    random = np.random.default_rng(1)
    row = random.integers(3, size=1_200)
    X = random.normal(size=(1_200, 6)) + 6 * row[:, None] * np.sqrt([[0.4, 0.3, 0.3, 0, 0, 0]])
    assert recommended(standardised(X), range(2, 5)) == 3


def test_islands_that_single_columns_tell_are_segments():
    """Each column by itself has the gap, so lookalikes with the same columns would have the islands, too."""
    random = np.random.default_rng(3)
    corners = 7 * random.integers(2, size=(1_200, 2))
    assert recommended(standardised(corners + random.normal(size=(1_200, 2))), range(2, 6)) == 4


@pytest.mark.parametrize("seed", [1, 2])
def test_a_flag_that_goes_with_nothing_else_cuts_no_group_in_two(seed):
    """Nobody stands between yes and no, and the cut comes back."""
    X, _ = flagged(np.random.default_rng(seed), 900)
    verdict = evaluation.judge(evaluation.gather(X, range(2, 7), seed=42))
    assert (verdict["recommended_k"], verdict["too_close_to_call"]["between"]) == (3, [])


def test_a_common_value_alone_makes_no_segment():
    """A flag that 6 in 200 customers have lies far from the rest, and nobody stands between."""
    random = np.random.default_rng(3)
    flag = np.arange(1_200) % 200 < 5
    assert recommended(standardised(np.column_stack([flag, random.normal(size=1_200)])), range(2, 4)) is None
