"""Figures of money: who brings it, and from which effect on a move pays."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from seg_utils.reporting.figures import money, style

from .saying import lines, said, spans

NAMES = ["Savers", "Spenders", "Drawers"]


def test_who_bring_the_most_stand_first_in_their_own_colours():
    figure = money.value_map([0.5, 0.3, 0.2], [-0.05, 0.75, 0.3], NAMES, [4, 0, 9])
    axis = figure.axes[0]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["Spenders", "Drawers", "Savers"]
    for row, (number, customers, value) in enumerate([(0, 0.3, 0.75), (9, 0.2, 0.3), (4, 0.5, -0.05)]):
        assert lines(axis, style.colour(number)) == [([customers, value], [row, row]), ([value], [row])]
        assert ([customers], [row]) in lines(axis, to_hex("white"))
    assert lines(axis)[-1][0] == [0, 0]
    assert spans(axis) == [[0, row - 0.5, 1, row + 0.5] for row in range(3)]
    beside = [label.get_text() for label in axis.child_axes[0].get_yticklabels()]
    assert beside == ["30 % → 75 %", "20 % → 30 %", "50 % → −5 %"]
    assert said(figure)[2] == "Savers · 50 % of customers · −5 % of value"


def test_who_bring_the_same_stand_in_their_order():
    names = [f"S{number}" for number in range(24)]
    figure = money.value_map([1 / 24] * 24, [0.0, 0.0, 0.125] * 8, names, range(24))
    most, others = names[2::3], [name for number, name in enumerate(names) if number % 3 < 2]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == most + others


def test_three_segments_fill_as_much_of_a_page_as_seven_and_two_leave_room_for_the_first():
    two, three, seven, fourteen = (
        money.value_map(
            [1 / count] * count, [1 / count] * count, [f"S{one}" for one in range(count)], range(count)
        ).get_size_inches()[1]
        for count in (2, 3, 7, 14)
    )
    assert three == pytest.approx(seven)
    assert two < three / 2
    assert fourteen - two == pytest.approx(12 * money.ROW)


@pytest.fixture
def moves():
    return pd.DataFrame(
        {
            "segment": [2, 0, 1],
            "effect_low": 0.0,
            "effect_base": [0.1, 0.02, 0.02],
            "effect_high": [0.25, 0.05, 0.05],
            "move_source": "our guess",
            "break_even_effect": [0.04, 3.0, float("nan")],
        }
    )


def test_a_move_says_from_where_on_it_pays_beside_what_is_guessed(moves):
    assert said(money.effects(moves, NAMES, [0, 1, 2])) == [
        "Drawers · pays from 4.0 % · guessed 10 % (0 % to 25 %)",
        "Savers · pays from 300.0 % · guessed 2 % (0 % to 5 %)",
        "Spenders · no effect covers the cost · guessed 2 % (0 % to 5 %)",
    ]


def test_a_break_even_out_of_reach_is_pointed_to_at_the_edge(moves):
    figure = money.effects(moves, NAMES, [0, 1, 2])
    axis = figure.axes[0]
    assert lines(axis, style.colour(2))[:2] == [([0, 0.25], [0, 0]), ([0.1], [0])], "the range, and what is expected"
    assert lines(axis, style.colour(0)) == [([0, 0.05], [1, 1]), ([0.02], [1])]
    assert lines(axis, style.colour(1)) == [([0, 0.05], [2, 2]), ([0.02], [2])]
    marks = {line.get_marker(): line for line in axis.lines if to_hex(line.get_color()) == style.INK}
    assert lines(axis, style.INK) == [([0.04], [0]), ([0.25 * 1.5], [1])]
    assert set(marks) == {"|", ">"}
    assert marks[">"].get_xdata()[0] < axis.get_xlim()[1]
    assert [label.get_text() for label in axis.child_axes[0].get_yticklabels()] == ["4.0 %", "300.0 %", "–"]


@pytest.mark.parametrize(("needed", "shown"), [(0.37, "|"), (0.38, ">")])
def test_a_break_even_is_in_reach_up_to_one_and_a_half_times_the_largest_effect(moves, needed, shown):
    axis = money.effects(moves[:1].assign(break_even_effect=needed), NAMES, [0, 1, 2]).axes[0]
    assert {line.get_marker() for line in axis.lines if to_hex(line.get_color()) == style.INK} == {shown}


def test_a_measured_effect_is_called_so_and_shows_where_it_lies_below_nothing(moves):
    figure = money.effects(
        moves.assign(move_source=["measured: spring", "our guess", "measured: spring"], effect_low=-0.2),
        NAMES,
        [0, 1, 2],
    )
    assert said(figure)[0] == "Drawers · pays from 4.0 % · measured 10 % (−20 % to 25 %)"
    axis = figure.axes[0]
    assert axis.get_xlim()[0] < -0.2
    assert axis.get_xlabel().startswith("Guessed or measured effect")


def test_a_lift_stands_with_its_interval_and_its_verdict():
    table = pd.DataFrame(
        {
            "lift_share": [0.1, -0.05],
            "lift_share_error": [0.01, 0.2],
            "pooled_share": [0.09, 0.02],
            "pooled_low": [0.07, -0.1],
            "pooled_high": [0.11, 0.14],
            "verdict": ["roll out", "test on"],
            "yes_no": [False, True],
        }
    )
    figure = money.lifts(table, ["Savers", "Drawers"], [5, 1], 0.9)
    axis = figure.axes[0]
    (interval, _), (lift, _) = lines(axis, style.colour(5))
    assert lift == [0.1]
    assert interval == pytest.approx([0.1 - 1.645 * 0.01, 0.1 + 1.645 * 0.01], abs=1e-4)
    pooled = [places for places, _ in lines(axis, style.MUTED)]
    assert pooled == [[0.07, 0.11], [0.09], [-0.1, 0.14], [0.02]]
    rows = [round(heights[0]) for _, heights in lines(axis, style.colour(1), style.colour(5))]
    assert rows == [0, 0, 1, 1]
    assert [label.get_text() for label in axis.child_axes[0].get_yticklabels()] == ["roll out", "test on"]
    assert said(money.lifts(table, ["Savers", "Drawers"], [0, 1], 0.95)) == [
        "Savers · 10 % (8 % to 12 %) · roll out",
        "Drawers · −5 % (−44 % to 34 %) · test on",
    ]
    told = said(money.lifts(table.assign(lift_share_error=0.8), ["Savers", "Drawers"], [0, 1], 0.95))
    assert ["−147 % to" in one for one in told] == [True, False]
    assert "(−100 % to 152 %)" in told[1]
