"""What a month's figures draw: who moved, each segment's bridge, all periods."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from seg_utils.reporting.figures import style
from seg_utils.reporting.month import figures

from .saying import areas, bars, lines, said, spans

NAMES = {0: "Big", 5: "Small"}


@pytest.fixture
def migration():
    flows = [(0, 0, 40, 0, 0), (0, 5, 6, 4, 2), (5, 0, 2, 0, 2), (None, 5, 3, 0, 0), (5, None, 1, 0, 0)]
    table = pd.DataFrame(flows, columns=["from_segment", "to_segment", "customers", "real", "flicker"])
    table["from_persona"] = table["from_segment"].map(NAMES).fillna("new")
    return table.assign(to_persona=table["to_segment"].map(NAMES).fillna("gone"))


def test_a_flow_is_as_high_as_it_has_customers_and_leads_from_its_slot_to_its_slot(migration):
    axis = figures.flows(migration, {"Big": 3, "Small": 1}).axes[0]
    inch = figures.BAND / 12
    heights = [(colour, round((top - bottom) / inch, 6)) for colour, (_, bottom, _, top) in areas(axis)]
    sloped = [path.get_paths()[0].vertices for path in axis.collections]
    at_left = [places[np.isclose(places[:, 0], 0), 1] for places in sloped]
    at_right = [places[np.isclose(places[:, 0], 1), 1] for places in sloped]
    customers = [4, 2, 2, 1, 3]
    np.testing.assert_allclose([np.ptp(ends) / inch for ends in at_left], customers)
    np.testing.assert_allclose([np.ptp(ends) / inch for ends in at_right], customers)
    assert [colour for colour, _ in heights] == [style.colour(3), *[style.MUTED] * 4], "flicker and who came are grey"
    starts = [ends.min() for ends in at_left]
    assert starts == sorted(starts), "those of one segment lie below one another, those who came last"
    assert [area.get_alpha() for area in axis.collections] == [0.75, *[figures.FAINT] * 4]
    assert [text.get_text() for text in axis.texts] == ["Big 6", "Small 3", "New 3", "Big 2", "Small 9", "Gone 1"]
    slots = [text.get_position()[1] for text in axis.texts]
    assert slots[0] == pytest.approx(np.mean([at_left[0].min(), at_left[1].max()])), "a name stands beside its flows"
    assert slots[4] == pytest.approx(np.mean([at_right[0].min(), at_right[4].max()]))
    left, right = axis.texts[0].get_position()[0], axis.texts[3].get_position()[0]
    assert left < 0 < 1 < right
    assert axis.get_ylim()[0] > max(ends.max() for ends in (*at_left, *at_right)) > axis.get_ylim()[1] == 0
    assert said(axis.figure)[0] == "Big → Small · 4 customers, real"


def test_a_slot_is_never_lower_than_its_label():
    long = pd.DataFrame(
        {"from_persona": ["A name of two lines"], "to_persona": ["B"], "customers": 2, "real": [1], "flicker": 1}
    )
    many = pd.DataFrame({"from_persona": ["C"], "to_persona": ["D"], "customers": 2000, "real": [2000], "flicker": 0})
    axis = figures.flows(pd.concat([long, many]), {}).axes[0]
    first, second = (text.get_position()[1] for text in axis.texts[:2])
    assert second - first > figures.BAND / 2 + figures.LINE


def test_a_bridge_stacks_who_came_to_the_right_and_who_left_to_the_left():
    bridge = pd.DataFrame(
        {
            "segment": [0, 7], "persona": ["Big", "Other"], "before": [46, 51], "new": [0, 3], "returned": [1, 2],
            "moved_in": [1, 6], "moved_out": [6, 4], "gone": [2, 1], "now": [40, 59], "flicker_in": [1, 2],
            "flicker_out": [2, 1],
        }
    )  # fmt: skip
    axis = figures.bridges(bridge, {0: 3}).axes[0]
    places = [(colour, left, right) for colour, (left, _, right, _) in bars(axis)]
    own, grey = style.colour(3), style.MUTED
    assert places == [
        (own, 0, 0), (own, 0, 1), (grey, 1, 2), (own, 0, -4), (own, -4, -6), (grey, -6, -8),
        (grey, 0, 4), (grey, 4, 9), (grey, 9, 11), (grey, 0, -3), (grey, -3, -4), (grey, -4, -5),
    ]  # fmt: skip
    assert [bar.get_alpha() for bar in axis.patches] == [1.0, 0.5, 0.5] * 4
    assert [round(bar.get_y() + bar.get_height() / 2) for bar in axis.patches] == [0] * 6 + [1] * 6
    assert [label.get_text() for label in axis.child_axes[0].get_yticklabels()] == ["40 (−6)", "59 (+8)"]
    assert axis.get_ylim() == (1.5, -0.5)
    assert axis.xaxis.get_major_formatter()(-3, 0) == "3"
    assert spans(axis) == [[0, -0.5, 1, 0.5], [0, 0.5, 1, 1.5]]
    assert said(axis.figure) == [
        "Big · moved in 0 · new or returned 1 · flicker in 1 · moved out 4 · gone 2 · flicker out 2",
        "Other · moved in 4 · new or returned 5 · flicker in 2 · moved out 3 · gone 1 · flicker out 1",
    ]


def test_each_segment_has_a_line_from_before_the_first_over_the_periods_it_was_there_and_a_name_of_its_own_height():
    trend = pd.DataFrame(
        {
            "period": ["2026-1", "2026-2", "2026-2", "2026-2"], "segment": [0, 0, 5, 9],
            "share": [0.5, 0.4, 0.39, 0.21], "before": [30, 20, 7, 9], "persona": ["Was", "Big", "Small", "Gone"],
        }
    )  # fmt: skip
    axis = figures.shares(trend, {0: 3, 5: 1}, ["2026-1", "2026-2"]).axes[0]
    nan = pytest.approx([np.nan, np.nan, 0.39], nan_ok=True)
    assert lines(axis, style.colour(3)) == [([0, 1, 2], [1.0, 0.5, 0.4])], (
        "all of those before were of the only segment"
    )
    assert lines(axis, style.colour(1)) == [([0, 1, 2], nan)]
    assert [text.get_text() for text in axis.texts] == ["Big", "Small", "Gone"], "as it is called last"
    heights = {text.get_text(): text.xy[1] for text in axis.texts}
    assert heights["Gone"] == 0.21
    assert heights["Small"] == 0.39
    assert heights["Big"] == pytest.approx(0.39 + 0.055 * 0.4), "no name lies on another"
    assert [to_hex(text.get_color()) for text in axis.texts] == [style.colour(3), style.colour(1), style.MUTED]
    assert {text.xy[0] for text in axis.texts} == {2}
    assert axis.get_ylim()[0] == 0
    assert said(axis.figure)[1:3] == ["Big · 2026-1 · 50 % of customers", "Big · 2026-2 · 40 % of customers"]


def test_a_segments_customers_begin_before_the_first_period():
    trend = pd.DataFrame({"period": ["1", "2", "3"], "before": [10, 20, 30], "now": [20, 30, 25]})
    axis = figures.trend_of(trend, 4).axes[0]
    assert [(colour, top) for colour, (_, _, _, top) in bars(axis)] == [
        (style.colour(4), high) for high in (10, 20, 30, 25)
    ]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["before", "", "", "3"]
    assert spans(axis)[1] == [0.5, 0, 1.5, 1]
    assert said(axis.figure)[:2] == ["before · 10 customers", "1 · 20 customers"]


def test_flicker_stands_on_those_who_really_moved():
    periods = pd.DataFrame({"period": ["1", "2"], "real": [4, 6], "flicker": [2, 3]})
    axis = figures.moves(periods).axes[0]
    assert [(colour, bottom, top) for colour, (_, bottom, _, top) in bars(axis)] == [
        (style.ACCENT, 0, 4), (style.ACCENT, 0, 6), (style.MUTED, 4, 6), (style.MUTED, 6, 9),
    ]  # fmt: skip
    assert [left for _, (left, *_) in bars(axis)] == [-0.35, 0.65] * 2, "above their periods"
    assert spans(axis) == [[-0.5, 0, 0.5, 1], [0.5, 0, 1.5, 1]]
