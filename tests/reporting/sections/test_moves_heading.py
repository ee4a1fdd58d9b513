import pytest

from seg_utils.reporting import sections
from seg_utils.reporting.narrative import NO_MOVE, Move, Story
from seg_utils.reporting.narrative.moves import NONE_PAYS
from seg_utils.reporting.sections.page_one import moves_heading

from .runs import make_run


@pytest.mark.parametrize(
    ("paying", "level", "heading"),
    [
        ("yyy", "high", "Three moves to make first"),
        ("yy", "medium", "Two moves to make first"),
        ("y", "medium", "One move to make first"),
        ("ynn", "high", "One move to make first and two to try"),
        ("yyn", "high", "Two moves to make first and one to try"),
        ("nn", "high", "Two moves to try first"),
        ("yyn", "low", "Three moves to test before any campaign"),
    ],
)
def test_the_heading_tells_moves_to_make_from_moves_to_try(paying, level, heading):
    moves = [Move(title="Savers: Wait (Marketing)", worth="", segment=0, pays=letter == "y") for letter in paying]
    assert moves_heading(Story("", [], moves, level, [], None)) == heading


def test_without_moves_the_heading_says_why():
    assert moves_heading(Story("", [], [], "low", [], None, NO_MOVE)) == "No move to make"
    assert moves_heading(Story("", [], [], "high", [], None, NONE_PAYS)) == "No move pays at our assumptions"
    risky = "What pays in the base case may lose too much for what it may gain."
    assert moves_heading(Story("", [], [], "high", [], None, risky)) == "No move to make"


@pytest.mark.parametrize(
    ("values", "heading", "said"),
    [
        ([-1.0, -2.0, -3.0], "No move pays at our assumptions", "Each campaign costs more than it brings"),
        ([5.0, -2.0, -3.0], "One move to make first", "At our assumptions no other move pays."),
    ],
)
def test_page_one_deck_and_workbook_list_only_what_pays(values, heading, said):
    run = make_run(3, jaccard=[0.9] * 3)
    lows = {"campaign_value_low": [value - 1 for value in values], "campaign_value_base": values}
    run = make_run(3, jaccard=[0.9] * 3, strategy=run.strategy.assign(**lows))
    front = sections.page_one.page(run)
    assert f"## {heading}\n" in front
    assert said in front
    assert front.count("now of segment") == sum(value > 0 for value in values)
    block = sections.slide_content.slides(run)[0].blocks[0]
    assert block.heading == heading
    assert said in block.paragraphs[-1]
    summary = [[cell.value for cell in row] for row in sections.workbook_content.sheets(run)[0].rows]
    assert any(topic == heading and said in str(text) for topic, text in summary)
