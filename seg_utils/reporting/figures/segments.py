"""Segments, drawn: a map, and what sets each apart. Colour i belongs to segment i throughout."""

import textwrap
from collections.abc import Sequence
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from seg_utils.clustering import OUTLIERS
from seg_utils.core import words
from seg_utils.reporting.figures import marks, style

POINTS_SHOWN = 4000
"""A map of more customers than this is one blot."""

PHONE_TEXT = 9.2
"""Points: figures ``PHONE_WIDTH`` wide keep text of about this many pixels on the narrowest phones."""

LEGEND_LINE = 0.19
"""Inches."""

LEGEND_ROOM = 300
"""Points that a legend's text may be wide in a figure ``PHONE_WIDTH`` wide."""

LONGEST_LINE = 70
"""Characters from which on the search for a line that fits the legend goes down."""

NUMBER_REACH = 9
"""Points around the middle of a number in its circle."""

NO_SEGMENT = "In no segment"


@style.applied()
def segment_map(
    coordinates: np.ndarray, explained: Sequence[float], labels: np.ndarray, names: Sequence[str]
) -> Figure:
    """Customers on their first two principal components, coloured by segment, each segment's number at its centre.

    Customers in no segment, where there are any, are grey and behind the others.

    Args:
        coordinates: shape (n, 2).
        explained: share of the variance each component explains.
        labels: segment of each customer, shape (n,); ``OUTLIERS`` for customers in none.
        names: what each segment is called in the legend, after its number.
    """
    groups = [(segment, style.colour(segment), _legend(segment, name), 1.0) for segment, name in enumerate(names)]
    if (labels == OUTLIERS).any():
        groups.append((OUTLIERS, style.MUTED, NO_SEGMENT, 0.5))
    height = 4.1 + _legend_height([legend for _, _, legend, _ in groups])
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, height))
    shown = np.linspace(0, len(labels) - 1, min(len(labels), POINTS_SHOWN)).astype(int)
    for group, colour, legend, zorder in groups:
        rows = shown[labels[shown] == group]
        axis.scatter(*coordinates[rows].T, s=5, alpha=0.5, color=colour, label=legend, zorder=zorder, rasterized=True)
    for segment, name in enumerate(names):
        _number(axis, segment, name, coordinates[labels == segment], len(labels))
    axis.set_xlabel(f"First principal component ({words.percent(explained[0])} of the variance)", fontsize=PHONE_TEXT)
    axis.set_ylabel(f"Second principal component ({words.percent(explained[1])})", fontsize=PHONE_TEXT)
    axis.tick_params(labelsize=PHONE_TEXT)
    figure.legend(loc="outside lower left", fontsize=PHONE_TEXT, markerscale=3)
    return figure


def _number(axis: Axes, segment: int, name: str, coordinates: np.ndarray, everyone: int) -> None:
    """A segment's number at its centre, which says how many customers the segment has."""
    centre = coordinates.mean(axis=0)
    axis.annotate(
        str(segment),
        centre,
        ha="center",
        va="center",
        fontsize=9,
        bbox={"boxstyle": "circle", "facecolor": "white", "edgecolor": style.colour(segment)},
    )
    size = len(coordinates)
    told = (name, words.plural(size, "customer"), words.percent(size / everyone))
    marks.say_at(axis, *centre, *told, reach=NUMBER_REACH)


@style.applied()
def sets_apart(z: Sequence[float], segment: int, labels: Sequence[str], notes: Sequence[str], name: str) -> Figure:
    """Bars of how far a segment's means lie from all customers', in standard deviations, in the order given.

    Args:
        z: one number a bar; above 0 lies right of the middle.
        segment: whose colour the bars get.
        labels: what each bar's feature is called.
        notes: what is written at the right of each bar's row.
        name: what the segment is called.
    """
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 0.26 * len(z) + 0.65))
    axis.barh(range(len(z)), z, color=style.colour(segment), height=0.62)
    axis.axvline(0, color=style.QUIET, linewidth=0.8)
    axis.set(yticks=range(len(z)), yticklabels=labels)
    axis.set_xlabel("Standard deviations from all customers", fontsize=PHONE_TEXT)
    axis.tick_params(labelsize=PHONE_TEXT)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.invert_yaxis()
    _beside(axis, notes)
    for row, (label, note, distance) in enumerate(zip(labels, notes, z, strict=True)):
        side = "above" if distance > 0 else "below"
        away = f"{words.measure(abs(distance), 1)} standard deviations {side} average"
        marks.say(axis, name, label, note, away, y=(row - 0.5, row + 0.5))
    return figure


def _beside(axis: Axes, notes: Sequence[str]) -> None:
    """A column of text at the right, one line a row."""
    column = axis.secondary_yaxis("right")
    column.set_yticks(range(len(notes)), notes)
    column.tick_params(length=0, labelsize=PHONE_TEXT, labelcolor=style.INK)
    column.spines["right"].set_visible(False)


@style.applied()
def shares(table: pd.DataFrame, columns: Sequence[str], names: Sequence[str]) -> Figure:
    """Stacked bars: each segment's share of customers and of each amount.

    Args:
        table: one row a segment, in segment order; shares from 0 to 1 in ``columns``.
        names: what each segment is called in the legend.
    """
    legends = [_legend(segment, name) for segment, name in enumerate(names)]
    height = 0.36 * len(columns) + 0.5 + _legend_height(legends)
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, height))
    widths = table.loc[range(len(names)), list(columns)].to_numpy(dtype=float)
    starts = widths.cumsum(axis=0) - widths
    for segment, legend in enumerate(legends):
        axis.barh(
            columns,
            widths[segment],
            left=starts[segment],
            color=style.colour(segment),
            edgecolor="white",
            linewidth=0.5,
            label=legend,
        )
    for (row, column), (segment, name) in product(enumerate(columns), enumerate(names)):
        start, width = starts[segment, row], widths[segment, row]
        x, y = (start, start + width), (row - 0.4, row + 0.4)
        marks.say(axis, name, column, words.percent(width), x=x, y=y)
    axis.invert_yaxis()
    axis.set(xlim=(0, 1))
    axis.xaxis.set_major_formatter(lambda value, _: words.percent(value))
    axis.tick_params(labelsize=PHONE_TEXT)
    figure.legend(loc="outside lower left", fontsize=PHONE_TEXT)
    return figure


def _legend(segment: int, name: str) -> str:
    """A segment's number and whole name, in as many lines as the room takes."""
    number = f"{segment}  "
    hanging = " " * 2 * len(str(segment)) + "  "  # a digit is as wide as two spaces
    for longest in range(LONGEST_LINE, len(number), -1):
        lines = textwrap.wrap(name, longest, initial_indent=number, subsequent_indent=hanging) or [number]
        if all(_width(line) <= LEGEND_ROOM for line in lines):
            break
    return "\n".join(lines)


def _width(line: str) -> float:
    """Points that a line of a legend is wide."""
    font = FontProperties(family=style.SETTINGS["font.family"], size=PHONE_TEXT)
    return text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]


def _legend_height(legends: Sequence[str]) -> float:
    """Inches."""
    return LEGEND_LINE * sum(legend.count("\n") + 1 for legend in legends)
