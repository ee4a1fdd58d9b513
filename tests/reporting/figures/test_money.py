"""Figures of money: who brings it, and from which effect on a move pays."""

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from seg_utils.reporting.figures import money, style

from .saying import said

NAMES = ["Savers", "Spenders", "Drawers"]


def test_who_bring_the_most_stand_first_in_their_own_colours():
    figure = money.value_map([0.5, 0.3, 0.2], [-0.05, 0.75, 0.3], NAMES, [4, 0, 9])
    axis = figure.axes[0]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["Spenders", "Drawers", "Savers"]
    spans = [line for line in axis.lines if len(line.get_xdata()) == 2 and line.get_marker() == "None"]
    assert [to_hex(line.get_color()) for line in spans[:3]] == [style.colour(number) for number in (0, 9, 4)]
    assert list(spans[0].get_xdata()) == [0.3, 0.75]
    assert said(figure)[2] == "Savers · 50 % of customers · −5 % of value"


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
        "Drawers · pays from 4 % · guessed 10 % (0 % to 25 %)",
        "Savers · pays from 300 % · guessed 2 % (0 % to 5 %)",
        "Spenders · no effect covers the cost · guessed 2 % (0 % to 5 %)",
    ]


def test_a_break_even_out_of_reach_is_pointed_to_at_the_edge(moves):
    figure = money.effects(moves, NAMES, [0, 1, 2])
    axis = figure.axes[0]
    marks = {line.get_marker(): line.get_xdata()[0] for line in axis.lines if line.get_marker() in {"|", ">"}}
    assert marks["|"] == 0.04
    assert 0.25 < marks[">"] < axis.get_xlim()[1]
    plt.close(figure)


def test_a_measured_effect_is_called_so_and_shows_where_it_lies_below_nothing(moves):
    figure = money.effects(
        moves.assign(move_source=["measured: spring", "our guess", "measured: spring"], effect_low=-0.2),
        NAMES,
        [0, 1, 2],
    )
    assert said(figure)[0] == "Drawers · pays from 4 % · measured 10 % (−20 % to 25 %)"
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
        }
    )
    assert said(money.lifts(table, ["Savers", "Drawers"], [0, 1], 0.95)) == [
        "Savers · 10 % (8 % to 12 %) · roll out",
        "Drawers · −5 % (−44 % to 34 %) · test on",
    ]
