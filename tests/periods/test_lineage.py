import numpy as np
import pytest

from seg_utils.periods import lineage
from seg_utils.periods.lineage import MERGED, SHIFTED, SPLIT, SURVIVED, VANISHED, Fate


@pytest.mark.parametrize(
    ("shared", "fates"),
    [
        ([[90, 10], [20, 80]], [Fate(SURVIVED, (0,)), Fate(SURVIVED, (1,))]),
        ([[69, 31, 0], [0, 0, 50]], [Fate(SPLIT, (0, 1)), Fate(SURVIVED, (2,))]),
        ([[71, 29, 0], [0, 0, 50]], [Fate(SURVIVED, (0,)), Fate(SURVIVED, (2,))]),
        ([[70, 30, 0], [0, 0, 50]], [Fate(SURVIVED, (0,)), Fate(SURVIVED, (2,))]),
        ([[69, 30, 1], [0, 0, 50]], [Fate(SPLIT, (0, 1)), Fate(SURVIVED, (2,))]),
        ([[40, 30, 30], [0, 0, 50]], [Fate(SPLIT, (0, 1, 2)), Fate(SURVIVED, (2,))]),
        ([[40, 30, 29, 1]], [Fate(SPLIT, (0, 1))]),
        ([[70, 0], [30, 0]], [Fate(SURVIVED, (0,)), Fate(MERGED, (0,))]),
        ([[69, 0], [31, 0]], [Fate(MERGED, (0,)), Fate(MERGED, (0,))]),
        ([[0, 0], [0, 9]], [Fate(VANISHED, ()), Fate(SURVIVED, (1,))]),
        ([[50, 0], [50, 0]], [Fate(MERGED, (0,)), Fate(MERGED, (0,))]),
        ([[80, 0], [20, 0]], [Fate(SURVIVED, (0,)), Fate(MERGED, (0,))]),
        ([[25, 25, 25, 25], [100, 0, 0, 0]], [Fate(VANISHED, ()), Fate(SURVIVED, (0,))]),
        ([[69, 29, 2], [0, 0, 10]], [Fate(VANISHED, ()), Fate(SURVIVED, (2,))]),
    ],
)
def test_a_segment_becomes_what_its_customers_became(shared, fates):
    assert lineage.fates(np.array(shared)) == fates


def test_a_survivor_far_from_where_it_was_has_shifted():
    centres = np.array([[0.0, 0.0], [4.0, 0.0]])
    found = [Fate(SURVIVED, (0,)), Fate(SURVIVED, (1,))]
    moved = np.array([[0.9, 0.0], [4.0, 1.0]])
    assert [fate.kind for fate in lineage.with_shifts(found, centres, moved)] == [SURVIVED, SHIFTED]


def test_a_key_is_kept_by_survivors_and_a_new_one_is_no_old_one():
    found = [Fate(SURVIVED, (2,)), Fate(SPLIT, (0, 1)), Fate(SHIFTED, (3,))]
    assert lineage.inherited(found, np.array([4, 1, 0]), m=5, unused=9) == [9, 10, 4, 0, 11]
    assert lineage.emerged(found, 5) == [4]


def test_customers_in_no_segment_are_left_out():
    shared = lineage.overlaps(np.array([0, 0, 1, -1, 1]), np.array([1, 1, 0, 0, -1]), 2, 2)
    assert shared.tolist() == [[0, 2], [1, 0]]
