"""What marks say lies where they are drawn, stays text whatever it holds, and shows in no picture."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib import pyplot as plt

from seg_utils.reporting.figures import marks, style
from seg_utils.reporting.rendering.office import pictures

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\n</title></svg> \"q\" 'q' &amp; <!-- \x00\x1b ü 客 😀"


@pytest.fixture
def axis():
    with style.applied():
        _, axis = plt.subplots(figsize=(4, 2))
        axis.set(xlim=(0, 10), ylim=(0, 1))
        yield axis


def said(axis) -> list[tuple[str, list[float]]]:
    """Text and place (left, top, width, height in percent) of every mark, as the SVG has them."""
    (group,) = ElementTree.fromstring(style.svg(axis.figure)).findall(f"{SVG}g[@class='marks']")
    return [
        (mark.findtext(f"{SVG}title"), [float(mark.get(name)[:-1]) for name in ("x", "y", "width", "height")])
        for mark in group
    ]


def frame(axis) -> list[float]:
    """The axes themselves: left, top, width and height in percent of the figure, once it has been drawn."""
    box = axis.get_position()
    return [100 * share for share in (box.x0, 1 - box.y1, box.width, box.height)]


def test_a_place_is_where_its_mark_is_drawn(axis):
    marks.say(axis, "bar", x=(2, 4), y=(0, 0.5))
    marks.say(axis, "column", x=(2, 4))
    marks.say(axis, "row", y=(0.5, 0.75))
    marks.say(axis, "all")
    told = said(axis)
    left, top, width, height = frame(axis)
    assert [text for text, _ in told] == ["bar", "column", "row", "all"]
    expected = [
        [left + 0.2 * width, top + height / 2, 0.2 * width, height / 2],
        [left + 0.2 * width, top, 0.2 * width, height],
        [left, top + height / 4, width, height / 4],
        [left, top, width, height],
    ]
    np.testing.assert_allclose([place for _, place in told], expected, atol=0.006)


def test_an_axis_upside_down_has_its_marks_there(axis):
    axis.invert_yaxis()
    marks.say(axis, "row", y=(0, 0.25))
    ((_, place),) = said(axis)
    left, top, width, height = frame(axis)
    np.testing.assert_allclose(place, [left, top, width, height / 4], atol=0.006)


def test_a_point_reaches_beyond_itself_at_any_resolution(axis):
    marks.say_at(axis, 5, 0.5, "point", reach=9)
    for dpi in (72, 100, 300):
        axis.figure.dpi = dpi
        ((_, place),) = said(axis)
        np.testing.assert_allclose(place[2:], [100 * 18 / (4 * 72), 100 * 18 / (2 * 72)], atol=0.006)


def test_what_the_axes_do_not_show_says_nothing(axis):
    marks.say(axis, "half", x=(-5, 5))
    marks.say(axis, "outside", x=(20, 30))
    marks.say_at(axis, float("nan"), 0.5, "nowhere")
    ((text, place),) = said(axis)
    assert text == "half"
    left, _, width, _ = frame(axis)
    assert place[0] == pytest.approx(left, abs=0.006)
    assert place[2] == pytest.approx(width / 2, abs=0.006)


def test_parts_are_joined_and_empty_ones_left_out(axis):
    marks.say(axis, "Premium customers", "", "Purchases", "43 %")
    assert said(axis)[0][0] == "Premium customers · Purchases · 43 %"


def test_hostile_text_stays_text(axis):
    marks.say(axis, HOSTILE)
    ((text, _),) = said(axis)  # the SVG can be read at all
    assert text == "<script>alert(1)</script> </title></svg> \"q\" 'q' &amp; <!-- �� ü 客 😀"
    assert marks.layer(axis.figure).isascii()


def test_marks_do_not_show_and_change_nothing_drawn(axis, tmp_path):
    axis.bar([2, 4], [0.3, 0.8])
    plain = style.svg(axis.figure)
    assert 'class="marks"' not in plain
    marks.say(axis, "a", x=(1, 3))
    marks.say(axis, "beyond", x=(-90, 90), y=(-9, 9), reach=500)
    marked = style.svg(axis.figure)
    assert re.sub(r'<g class="marks".*</g>\n(?=</svg>)', "", marked, flags=re.DOTALL) == plain
    drawn = pictures.draw({"plain.svg": plain.encode(), "marked.svg": marked.encode()}, tmp_path)
    assert drawn["marked"].read_bytes() == drawn["plain"].read_bytes()


def test_the_stretch_around_each_place_ends_halfway_to_the_next():
    assert marks.halfway([2, 3, 5]) == [(1.5, 2.5), (2.5, 4), (4, 6)]
    assert marks.halfway([2, 5]) == [(0.5, 3.5), (3.5, 6.5)]
    assert marks.halfway([7]) == [(6.5, 7.5)]
    assert marks.halfway([]) == []
