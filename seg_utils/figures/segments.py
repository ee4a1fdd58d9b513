"""Segments, drawn: a map, and what sets each apart. Colour i belongs to segment i throughout."""

import textwrap
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seg_utils import words
from seg_utils.figures import style

POINTS_SHOWN = 4000
"""A map of more customers than this is one blot."""

PHONE_TEXT = 9.2
"""Points: figures ``PHONE_WIDTH`` wide keep text of about this many pixels on the narrowest phones."""

LEGEND_LINE = 0.19
"""Inches."""

LONGEST_NAME = 50


@style.applied()
def segment_map(
    coordinates: np.ndarray, explained: Sequence[float], labels: np.ndarray, names: Sequence[str]
) -> Figure:
    """Customers on their first two principal components, coloured by segment, each segment's number at its centre.

    Args:
        coordinates: shape (n, 2).
        explained: share of the variance each component explains.
        labels: segment of each customer, shape (n,).
        names: what each segment is called in the legend, after its number.
    """
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 4.1 + LEGEND_LINE * len(names)))
    shown = np.linspace(0, len(labels) - 1, min(len(labels), POINTS_SHOWN)).astype(int)
    for segment, name in enumerate(names):
        rows = shown[labels[shown] == segment]
        axis.scatter(
            *coordinates[rows].T,
            s=5,
            alpha=0.5,
            color=style.colour(segment),
            label=_legend(segment, name),
            rasterized=True,
        )
    for segment in range(len(names)):
        centre = coordinates[labels == segment].mean(axis=0)
        axis.annotate(
            str(segment),
            centre,
            ha="center",
            va="center",
            fontsize=9,
            bbox={"boxstyle": "circle", "facecolor": "white", "edgecolor": style.colour(segment)},
        )
    axis.set_xlabel(f"First principal component ({words.percent(explained[0])} of the variance)", fontsize=PHONE_TEXT)
    axis.set_ylabel(f"Second principal component ({words.percent(explained[1])})", fontsize=PHONE_TEXT)
    axis.tick_params(labelsize=PHONE_TEXT)
    figure.legend(loc="outside lower left", fontsize=PHONE_TEXT, markerscale=3)
    return figure


@style.applied()
def sets_apart(z: Sequence[float], segment: int, labels: Sequence[str], notes: Sequence[str]) -> Figure:
    """Bars of how far a segment's means lie from all customers', in standard deviations, in the order given.

    Args:
        z: one number a bar; above 0 lies right of the middle.
        segment: whose colour the bars get.
        labels: what each bar's feature is called.
        notes: what is written at the right of each bar's row.
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
    return figure


def _beside(axis: Axes, notes: Sequence[str]) -> None:
    """A column of text at the right, one line a row; a dollar is no formula."""
    column = axis.secondary_yaxis("right")
    column.set_yticks(range(len(notes)), [note.replace("$", r"\$") for note in notes])
    column.tick_params(length=0, labelsize=PHONE_TEXT, labelcolor=style.INK)
    column.spines["right"].set_visible(False)


@style.applied()
def shares(table: pd.DataFrame, columns: Sequence[str], names: Sequence[str]) -> Figure:
    """Stacked bars: each segment's share of customers and of each amount.

    Args:
        table: one row a segment, in segment order; shares from 0 to 1 in ``columns``.
        names: what each segment is called in the legend.
    """
    height = 0.36 * len(columns) + 0.5 + LEGEND_LINE * len(names)
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, height))
    start = np.zeros(len(columns))
    for segment, name in enumerate(names):
        widths = table.loc[segment, list(columns)].to_numpy(dtype=float)
        axis.barh(
            columns,
            widths,
            left=start,
            color=style.colour(segment),
            edgecolor="white",
            linewidth=0.5,
            label=_legend(segment, name),
        )
        start += widths
    axis.invert_yaxis()
    axis.set(xlim=(0, 1))
    axis.xaxis.set_major_formatter(lambda value, _: words.percent(value))
    axis.tick_params(labelsize=PHONE_TEXT)
    figure.legend(loc="outside lower left", fontsize=PHONE_TEXT)
    return figure


def _legend(segment: int, name: str) -> str:
    """A segment's number and name, short enough for the figure; a dollar is no formula."""
    return f"{segment}  {textwrap.shorten(name, LONGEST_NAME, placeholder='…')}".replace("$", r"\$")
