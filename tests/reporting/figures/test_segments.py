"""Figures of segments: whole names, customers in no segment, and what every mark says."""

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
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


def legend_of(figure):
    (legend,) = figure.legends
    return legend


def shares():
    return pd.DataFrame({"Customers": [0.4, 0.3, 0.2, 0.1], "Purchases": [0.429, 0.57, 0.001, 0.0]})


@pytest.mark.parametrize("kind", ["map", "shares"])
def test_a_legend_holds_every_name_whole_within_the_figure(kind, coordinates):
    drawn = {
        "map": lambda: segments.segment_map(coordinates, (0.4, 0.2), LABELS, NAMES),
        "shares": lambda: segments.shares(shares(), ["Customers", "Purchases"], NAMES),
    }
    figure = drawn[kind]()
    style.svg(figure)
    legend = legend_of(figure)
    texts = [text.get_text() for text in legend.get_texts()]
    squeezed = [re.sub(r"\s", "", text) for text in texts]
    assert squeezed == [re.sub(r"\s", "", f"{number}{name}") for number, name in enumerate(NAMES)]
    assert texts[0] == "0  Premium customers"
    assert texts[1].count("\n") == 1, "a long name takes two lines, indented alike"
    assert texts[1].split("\n")[1].startswith("    ")
    box = legend.get_window_extent()
    assert figure.bbox.x0 <= box.x0
    assert box.x1 <= figure.bbox.x1
    assert figure.bbox.y0 <= box.y0
    assert box.y1 <= min(axis.get_tightbbox().y0 for axis in figure.axes) + 1
    plt.close(figure)


def test_long_names_take_no_room_from_what_is_drawn(coordinates):
    heights = []
    for names in (["a", "b", "c", "d"], [LONG] * 4):
        figure = segments.segment_map(coordinates, (0.4, 0.2), LABELS, names)
        style.svg(figure)
        heights.append(figure.axes[0].get_position().height * figure.get_figheight())
        plt.close(figure)
    assert heights[1] == pytest.approx(heights[0], rel=0.06)


def test_customers_in_no_segment_are_grey_behind_the_others_and_named(coordinates):
    labels = np.where(np.arange(100) % 10 == 0, OUTLIERS, LABELS)
    figure = segments.segment_map(coordinates, (0.4, 0.2), labels, NAMES)
    *found, none = figure.axes[0].collections
    assert len(none.get_offsets()) == 10
    assert to_hex(none.get_facecolor()) == style.MUTED
    assert all(none.get_zorder() < group.get_zorder() for group in found)
    assert [len(group.get_offsets()) for group in found] == [36, 27, 18, 9]
    assert legend_of(figure).get_texts()[-1].get_text() == segments.NO_SEGMENT
    plt.close(figure)


def test_without_such_customers_the_legend_has_the_segments_alone(coordinates):
    figure = segments.segment_map(coordinates, (0.4, 0.2), LABELS, NAMES)
    assert len(figure.axes[0].collections) == len(legend_of(figure).get_texts()) == 4
    plt.close(figure)


def test_a_number_on_the_map_says_how_large_its_segment_is(coordinates):
    labels = np.where(np.arange(100) == 99, OUTLIERS, LABELS)
    told = said(segments.segment_map(coordinates, (0.4, 0.2), labels, NAMES))
    assert told[0] == "Premium customers · 40 customers · 40 %"
    assert told[3] == "$5 to $9 <b> · 9 customers · 9 %"
    assert len(told) == 4


def test_a_piece_of_a_bar_says_segment_measure_and_share():
    told = said(segments.shares(shares(), ["Customers", "Purchases"], NAMES))
    assert told[:2] == ["Premium customers · Customers · 40 %", f"{LONG} · Customers · 30 %"]
    assert told[4] == "Premium customers · Purchases · 43 %"
    assert told[6] == f"{NAMES[2]} · Purchases · 0.1 %"
    assert len(told) == 8


def test_a_bar_of_what_sets_apart_says_feature_means_and_distance():
    told = [["Balance", "Purchases"], ["$5 (all $9)", "43 % (all 10 %)"]]
    assert said(segments.sets_apart([-1.234, 0.56], 3, *told, "Revolvers")) == [
        "Revolvers · Balance · $5 (all $9) · 1.2 standard deviations below average",
        "Revolvers · Purchases · 43 % (all 10 %) · 0.6 standard deviations above average",
    ]


def test_a_dollar_is_money():
    figure = segments.sets_apart([1.0, 2.0], 0, ["$a$", "b"], ["$5 (all $9)", "$1 (all $2)"], "Savers")
    svg = style.svg(figure)
    assert "<!-- $a$ -->" in svg
    assert "<!-- $5 (all $9) -->" in svg
    plt.close(figure)
