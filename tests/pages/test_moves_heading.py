import pytest

from seg_utils.pages.front import moves_heading
from seg_utils.story import Move, Story


@pytest.mark.parametrize(
    ("count", "level", "heading"),
    [
        (3, "high", "Three moves to make first"),
        (2, "medium", "Two moves to make first"),
        (3, "low", "Three moves to test before any campaign"),
        (0, "low", "No move to make"),
    ],
)
def test_moves_on_segments_that_do_not_hold_up_are_to_be_tested_not_made(count, level, heading):
    moves = [Move(title="Savers: Wait (Marketing)", worth="", segment=0)] * count
    assert moves_heading(Story("", [], moves, level, [], None)) == heading


def test_moves_that_do_not_all_pay_are_not_to_be_made_outright():
    moves = [Move("Savers: Wait (Marketing)", "", 0), Move("Spenders: Call (Risk)", "", 1, pays=False)]
    assert moves_heading(Story("", [], moves, "high", [], None)) == "Two moves to look at first"
