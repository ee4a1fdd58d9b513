import json

import numpy as np
import pytest

from seg_utils.core.transformation import Formula

NAN = np.nan
RATIO = Formula(of=("A", "B"), to=("C",), at_most=5.0)
WEIGHTED = Formula(weighted=(("B", 2.0), ("A", 0.1)))
FIFTH = Formula(fifth=("A", "B"))


@pytest.mark.parametrize(
    ("a", "b", "c", "ratio"),
    [
        (3, 1, 2, 2),
        (30, 1, 2, 5),  # at most
        (-3, 1, 2, 0),  # below 0 counts as 0
        (3, 1, 0, NAN),
        (3, 1, -2, NAN),
        (NAN, 1, 2, NAN),
        (3, 1, NAN, NAN),
        (1e300, 0, 1e-300, NAN),  # no number of a computer's
    ],
)
def test_a_ratio_is_missing_where_a_part_is_or_the_divisor_is_not_above_0(a, b, c, ratio):
    columns = {"A": np.array([a, 4.0]), "B": np.array([b, 0.0]), "C": np.array([c, 4.0])}
    np.testing.assert_array_equal(RATIO.compute(columns), [ratio, 1.0])


def test_a_weighted_sum_counts_what_is_below_0_as_0():
    columns = {"A": np.array([10.0, -10.0, NAN]), "B": np.array([1.0, 1.0, 1.0])}
    np.testing.assert_array_equal(WEIGHTED.compute(columns), [3.0, 2.0, NAN])


def test_a_fifth_is_a_place_among_all_and_equal_sums_share_one():
    columns = {"A": np.arange(10.0), "B": np.zeros(10)}
    assert FIFTH.compute(columns).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert set(FIFTH.compute({"A": np.zeros(4), "B": np.ones(4)})) == {4.0}


@pytest.mark.parametrize("formula", [RATIO, Formula(of=("A",), to=("B", "A")), WEIGHTED, FIFTH])
def test_a_formula_goes_through_json_as_the_dictionary_says_it(formula):
    again = Formula.from_dict(json.loads(json.dumps(formula.to_dict())))
    assert again == formula
    assert again.needs == formula.needs


def test_what_a_formula_needs_is_named_once():
    assert Formula(of=("A",), to=("B", "A")).needs == ["A", "B"]
