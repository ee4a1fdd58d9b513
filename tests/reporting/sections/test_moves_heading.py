import pytest

from seg_utils.reporting import sections
from seg_utils.reporting.narrative import WITHOUT_SEGMENTS, ListedMove, Story
from seg_utils.reporting.narrative.moves import NONE_PAYS
from seg_utils.reporting.sections.page_one import moves_heading
from seg_utils.strategy.decisions import FOR_CARE, MAKE, TRY

from .runs import make_run


@pytest.mark.parametrize(
    ("kinds", "level", "heading"),
    [
        ("mmm", "high", "Three moves to make first"),
        ("mm", "medium", "Two moves to make first"),
        ("m", "medium", "One move to make first"),
        ("mtt", "high", "One move to make first and two to try"),
        ("mmt", "high", "Two moves to make first and one to try"),
        ("mtc", "high", "One move to make first, one to try and one for care"),
        ("tt", "high", "Two moves to try"),
        ("c", "high", "One move for care"),
        ("mmt", "low", "Three moves to weigh before any campaign"),
    ],
)
def test_the_heading_tells_moves_to_make_from_moves_to_try(kinds, level, heading):
    names = {"m": MAKE, "t": TRY, "c": FOR_CARE}
    moves = [ListedMove(title="Savers: Wait", segment=0, kind=names[letter]) for letter in kinds]
    assert moves_heading(Story("", [], moves, level, [], None)) == heading


def test_without_moves_the_heading_says_why():
    assert moves_heading(Story("", [], [], "low", [], None, note=WITHOUT_SEGMENTS)) == "No move to make"
    for beside in ("", " Leave Savers alone."):
        nothing = Story("", [], [], "high", [], None, note=NONE_PAYS + beside)
        assert moves_heading(nothing) == "No move pays at our assumptions"
    risky = "What pays at our best guess brings next to nothing."
    assert moves_heading(Story("", [], [], "high", [], None, note=risky)) == "No move to make"


@pytest.mark.parametrize(
    ("values", "heading", "said"),
    [
        ([-1.0, -2.0, -3.0], "No move pays at our assumptions", "no campaign brings more than it costs"),
        ([5e5, -2.0, -3.0], "One move to make first", "At our assumptions no other move pays."),
    ],
)
def test_page_one_deck_and_workbook_list_only_what_pays(values, heading, said):
    run = make_run(3, jaccard=[0.9] * 3)
    lows = {"campaign_value_base": values, "break_even_effect": 0.01}
    run = make_run(3, jaccard=[0.9] * 3, strategy=run.strategy.assign(**lows))
    front = sections.page_one.page(run).replace("\\", "")
    assert f"## {heading}\n" in front
    assert said in front
    assert front.count("now of segment") == sum(value > 0 for value in values)
    decision = sections.slide_content.slides(run)[1]
    assert decision.title == heading
    assert said in decision.body[0]
    assert len(decision.blocks) == sum(value > 0 for value in values)
    summary = [[cell.value for cell in row] for row in sections.workbook_content.sheets(run)[0].rows]
    assert any(topic == heading and said in str(text) for topic, text in summary)
