"""Figures of segments: whole names, customers in no segment, and what every mark says."""

import re
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_hex

from seg_utils.clustering import OUTLIERS
from seg_utils.reporting.figures import segments, style

from .saying import said

LONG = "Cash-advance dependent, more frequent cash advances, higher minimum payments"
NAMES = ["Premium customers", LONG, "W" * 90, "$5 to $9 <b>"]
LABELS = np.repeat([0, 1, 2, 3], [40, 30, 20, 10])


@pytest.fixture
def coordinates():
    return np.random.default_rng(0).normal(size=(100, 2)) + LABELS[:, None]


def named(figure):
    """The names on a map, which are the annotations of its plot."""
    return [text for text in figure.axes[0].texts if text.get_text()]


def test_every_name_stands_whole_on_the_map_and_none_lies_on_another(coordinates):
    figure = segments.segment_map(coordinates, (0.4, 0.2), LABELS, NAMES, range(4))
    style.svg(figure)
    texts = named(figure)
    assert [re.sub(r"\s", "", text.get_text()) for text in texts] == [re.sub(r"\s", "", name) for name in NAMES]
    boxes = [text.get_window_extent() for text in texts]
    for one, other in combinations(boxes[:2] + boxes[3:], 2):  # ninety letters in one word fit nowhere
        assert not one.shrunk(0.95, 0.9).overlaps(other.shrunk(0.95, 0.9))


@pytest.mark.parametrize("seed", range(5))
def test_twelve_labels_find_room_of_their_own(seed):
    random = np.random.default_rng(seed)
    room = np.array([300.0, 240.0])
    sizes = np.column_stack([random.uniform(60, 110, 12), random.choice([12.0, 24.0], 12)])
    places = segments.placed(random.uniform(0.3, 0.7, (12, 2)) * room, sizes, room)
    assert ((places - sizes / 2 >= -1e-9) & (places + sizes / 2 <= room + 1e-9)).all()
    for one, other in combinations(range(12), 2):
        assert (np.abs(places[one] - places[other]) >= (sizes[one] + sizes[other]) / 2 - 1e-9).any()


def test_a_label_without_room_near_its_centre_goes_as_far_as_the_other_end():
    """Five as wide as the plot, all about its lower end, which the fifth can only leave for the upper one."""
    sizes, centres = np.tile([60.0, 20.0], (5, 1)), np.tile([30.0, 0.0], (5, 1))
    heights = segments.placed(centres, sizes, np.array([60.0, 108.0]))[:, 1]
    assert (np.diff(np.sort(heights)) >= 20).all()


def test_customers_in_no_segment_are_grey_behind_the_others(coordinates):
    labels = np.where(np.arange(100) % 10 == 0, OUTLIERS, LABELS)
    figure = segments.segment_map(coordinates, (0.4, 0.2), labels, NAMES, range(4))
    *found, none, _ = figure.axes[0].collections
    assert len(none.get_offsets()) == 10
    assert to_hex(none.get_facecolor()) == style.MUTED
    assert all(none.get_zorder() < group.get_zorder() for group in found)
    assert [len(group.get_offsets()) for group in found] == [36, 27, 18, 9]


def test_a_map_shows_each_customer_and_each_centre_where_they_are(coordinates):
    figure = segments.segment_map(coordinates, (0.4, 0.2), LABELS, NAMES, range(4))
    axis = figure.axes[0]
    *groups, centres = axis.collections
    ends = np.cumsum([40, 30, 20, 10])
    for segment, group in enumerate(groups):
        own = np.split(coordinates, ends)[segment]
        np.testing.assert_allclose(group.get_offsets(), own)
        np.testing.assert_allclose(centres.get_offsets()[segment], own.mean(axis=0))
    assert [to_hex(colour) for colour in centres.get_facecolor()] == [style.colour(n) for n in range(4)]
    assert ("40 %" in axis.get_xlabel(), "20 %" in axis.get_ylabel()) == (True, True)
    many = np.column_stack([np.arange(9000.0), np.arange(9000.0)])
    figure = segments.segment_map(many, (0.4, 0.2), np.zeros(9000, dtype=int), ["All"], [0])
    shown = figure.axes[0].collections[0].get_offsets()
    assert len(shown) == segments.POINTS_SHOWN
    assert (shown[0, 0], shown[-1, 0]) == (0, 8999), "from the first to the last"


def test_a_label_stands_beside_its_centre_where_there_is_room():
    room, size = np.array([300.0, 240.0]), np.array([[60.0, 12.0]])
    (alone,) = segments.placed(np.array([[150.0, 120.0]]), size, room)
    assert alone.tolist() == [150, 120 + 6 + segments.CENTRE], "just above it"
    places = segments.placed(np.array([[150.0, 120.0]] * 4), np.repeat(size, 4, axis=0), room)
    high, low = 120 + 6 + segments.CENTRE, 120 - 6 - segments.CENTRE
    assert places.tolist() == [[150, high], [210, high], [90, high], [150, low]], "then beside that, then below"
    (edge,) = segments.placed(np.array([[0.0, 240.0]]), size, room)
    assert edge[0] == 30, "within the plot"
    assert edge[1] <= 240 - 6


def test_a_segment_has_its_own_colour_wherever_it_stands(coordinates):
    figure = segments.segment_map(coordinates, (0.4, 0.2), LABELS, NAMES, [7, 0, 3, 11])
    groups = figure.axes[0].collections[:4]
    assert [to_hex(group.get_facecolor()) for group in groups] == [style.colour(n) for n in (7, 0, 3, 11)]


def test_a_centre_on_the_map_says_how_large_its_segment_is(coordinates):
    labels = np.where(np.arange(100) == 99, OUTLIERS, LABELS)
    told = said(segments.segment_map(coordinates, (0.4, 0.2), labels, NAMES, range(4)))
    assert told[0] == "Premium customers · 40 customers · 40 %"
    assert told[3] == "$5 to $9 <b> · 9 customers · 9 %"
    assert len(told) == 4


def test_a_bar_says_feature_medians_and_where_the_typical_member_stands():
    told = [["Balance", "Purchases"], ["$5 (all $9)", "43 % (all 10 %)"]]
    assert said(segments.stands_out([0.123, 0.91], 3, *told, "Revolvers")) == [
        "Revolvers · Balance · $5 (all $9) · above 12 % of all customers",
        "Revolvers · Purchases · 43 % (all 10 %) · above 91 % of all customers",
    ]


def test_a_bar_begins_at_the_typical_customer():
    figure = segments.stands_out([0.2, 0.9], 5, ["a", "b"], ["c", "d"], "Savers")
    low, high = figure.axes[0].patches
    assert (low.get_x() + low.get_width(), high.get_x()) == (pytest.approx(0.2), 0.5)
    assert high.get_width() == pytest.approx(0.4)
    assert {to_hex(bar.get_facecolor()) for bar in (low, high)} == {style.colour(5)}


def test_a_dollar_is_money():
    figure = segments.stands_out([0.9, 0.8], 0, ["$a$", "b"], ["$5 (all $9)", "$1 (all $2)"], "Savers")
    svg = style.svg(figure)
    assert "<!-- $a$ -->" in svg
    assert "<!-- $5 (all $9) -->" in svg


def test_a_long_label_is_cut_beside_the_bars_and_whole_in_what_they_say():
    label = "Average amount of all orders of the last year"
    figure = segments.stands_out([0.2, 0.9], 0, [label, "客户"], ["c", "d"], "Savers")
    shown = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert shown == ["Average amount of all ord…", "□□"]
    assert label in said(figure)[0]
