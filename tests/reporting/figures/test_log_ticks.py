"""Logarithmic axes are labelled with plain numbers."""

import pytest
from matplotlib.figure import Figure

from seg_utils.reporting.figures import log_ticks, style


@style.applied()
def drawn(low, high, scale="log"):
    """Labels of the ticks on the axis of a figure in the report's style."""
    figure = Figure()
    axes = figure.subplots()
    axes.plot([low, high], [1, 2])
    axes.set_xscale(scale)
    style.svg(figure)
    labels = [label.get_text() for which in ("major", "minor") for label in axes.get_xticklabels(which=which)]
    return [label for label in labels if label]


@pytest.mark.parametrize(
    ("low", "high", "some"),
    [(50, 30_000, {"100", "1,000", "10,000"}), (0.01, 1e6, {"0.01", "1,000,000"}), (2, 5, {"2", "3", "4"})],
)
def test_ticks_are_plain_numbers(low, high, some):
    labels = drawn(low, high)
    assert some <= set(labels)
    assert not any("$" in label for label in labels)


def test_both_sides_of_zero():
    assert "-100" in drawn(-1000, 1000, "symlog")


def test_other_axes_are_left_alone():
    plain = drawn(0, 1, "linear")
    assert "0.2" in plain


def test_matplotlib_itself_writes_mathematics(monkeypatch):
    monkeypatch.setattr(log_ticks, "make_plain", lambda figure: None)
    assert any("mathdefault" in label for label in drawn(50, 30_000))
