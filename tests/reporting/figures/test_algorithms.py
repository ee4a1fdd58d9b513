"""Figures of algorithms and encoders say what they are given."""

import numpy as np
from matplotlib.colors import to_hex

from seg_utils.reporting.figures import algorithms, style

from .saying import lines, said, spans


def test_a_loss_curve_has_one_point_an_epoch_and_tells_the_last():
    figure = algorithms.loss_curve([0.9, 0.4, 0.123])
    axis = figure.axes[0]
    assert lines(axis) == [([1, 2, 3], [0.9, 0.4, 0.123]), ([3], [0.123])]
    assert axis.texts[0].get_text() == "0.123"


def test_a_tree_is_coloured_below_its_cut_and_leaves_tell_their_customers():
    tree = {
        "x": [[5, 5, 15, 15], [10, 10, 25, 25]],
        "y": [[0, 2, 2, 0], [2, 9, 9, 0]],
        "leaves": [1200, 30, 4],
        "cut": 5.0,
    }
    figure = algorithms.dendrogram(tree, 3)
    axis = figure.axes[0]
    assert [to_hex(line.get_color()) for line in axis.lines[:2]] == [style.colour(3), style.QUIET]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["1,200", "30", "4"]
    assert lines(axis)[:3] == [*zip(tree["x"], tree["y"], strict=True), ([0, 1], [5, 5])]
    assert axis.get_xticks().tolist() == [5, 15, 25], "below the branches"
    assert spans(axis)[:2] == [[5, 2, 15, 2], [10, 9, 25, 9]], "along the joints"


def test_the_unsure_are_muted():
    figure = algorithms.sureness(np.array([0.5, 0.58, 0.62, 0.99]), 0.6)
    bars = [bar for bar in figure.axes[0].patches if bar.get_height() > 0]
    assert [round(bar.get_height(), 2) for bar in bars] == [0.25, 0.25, 0.25, 0.25]
    assert [round(bar.get_x(), 2) for bar in bars] == [0.5, 0.55, 0.6, 0.95]
    assert lines(figure.axes[0])[0][0] == [0.6, 0.6]
    assert [to_hex(bar.get_facecolor()) for bar in bars] == [style.MUTED, style.MUTED, style.ACCENT, style.ACCENT]


def test_marks_say_what_is_drawn():
    assert said(algorithms.loss_curve([0.9, 0.123]))[-1] == "Epoch 2 · Reconstruction loss 0.123"
    bars = said(algorithms.sureness(np.array([0.5, 0.58, 0.62, 0.99]), 0.6))
    assert bars[-1] == "Probability 95 % to 100 % · 25 % of customers"
    tree = {"x": [[5, 5, 15, 15], [10, 10, 25, 25]], "y": [[0, 2, 2, 0], [2, 9, 9, 0]], "leaves": [9, 1, 4], "cut": 5.0}
    assert said(algorithms.dendrogram(tree, 3)) == [
        "Branches join at a distance of 2 · within a sub-group",
        "Branches join at a distance of 9 · between sub-groups",
        "9 customers in this branch",
        "1 customer in this branch",
        "4 customers in this branch",
    ]
