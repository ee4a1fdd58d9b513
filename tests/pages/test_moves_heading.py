import pytest

from seg_utils import pages
from seg_utils.pages.front import moves_heading
from seg_utils.story import NO_MOVE, Move, Story
from seg_utils.story.moves import NONE_PAYS

from .runs import make_run


@pytest.mark.parametrize(
    ("count", "level", "heading"),
    [
        (3, "high", "Three moves to make first"),
        (2, "medium", "Two moves to make first"),
        (3, "low", "Three moves to test before any campaign"),
    ],
)
def test_moves_on_segments_that_do_not_hold_up_are_to_be_tested_not_made(count, level, heading):
    moves = [Move(title="Savers: Wait (Marketing)", worth="", segment=0)] * count
    assert moves_heading(Story("", [], moves, level, [], None)) == heading


def test_without_moves_the_heading_says_why():
    assert moves_heading(Story("", [], [], "low", [], None, NO_MOVE)) == "No move to make"
    assert moves_heading(Story("", [], [], "high", [], None, NONE_PAYS)) == "No move pays at our assumptions"


@pytest.mark.parametrize(
    ("values", "heading", "said"),
    [
        ([-1.0, -2.0, -3.0], "No move pays at our assumptions", "Each campaign costs more than it brings"),
        ([5.0, -2.0, -3.0], "One move to make first", "At our assumptions no other move pays."),
    ],
)
def test_page_one_deck_and_workbook_list_only_what_pays(values, heading, said):
    run = make_run(3, jaccard=[0.9] * 3)
    run = make_run(3, jaccard=[0.9] * 3, strategy=run.strategy.assign(campaign_value_base=values))
    front = pages.front.page(run)
    assert f"## {heading}\n" in front
    assert said in front
    assert front.count("now of segment") == sum(value > 0 for value in values)
    block = pages.deck.slides(run)[0].blocks[0]
    assert block.heading == heading
    assert said in block.paragraphs[-1]
    summary = [[cell.value for cell in row] for row in pages.sheets.sheets(run)[0].rows]
    assert any(topic == heading and str(text).startswith(said) for topic, text in summary)
