"""Segments, drawn: a map, and what sets each apart. Colour i belongs to segment i throughout."""

import textwrap
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seg_utils import words
from seg_utils.figures import style

POINTS_SHOWN = 4000
"""A map of more customers than this is one blot."""

LEGEND_COLUMNS = 2
LEGEND_LINE = 0.16
"""Inches."""

LEGEND_SIZE = 7.5
"""Points."""

LONGEST_NAME = 56
NOTE_ROOM = 0.65
"""Room beside the bars for what is written at their ends, as a share of what the bars span."""


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
    figure, axis = plt.subplots(figsize=(style.FULL_WIDTH, 4.2 + LEGEND_LINE * _lines(names)))
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
    axis.set(
        xlabel=f"First principal component ({words.percent(explained[0])} of the variance)",
        ylabel=f"Second principal component ({words.percent(explained[1])})",
    )
    figure.legend(loc="outside lower center", ncols=LEGEND_COLUMNS, fontsize=LEGEND_SIZE, markerscale=3)
    return figure


@style.applied()
def sets_apart(z: Sequence[float], segment: int, labels: Sequence[str], notes: Sequence[str]) -> Figure:
    """Bars of how far a segment's means lie from all customers', in standard deviations, in the order given.

    Args:
        z: one number a bar; above 0 lies right of the middle.
        segment: whose colour the bars get.
        labels: what each bar's feature is called.
        notes: what is written at the end of each bar.
    """
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 0.235 * len(z) + 0.65))
    bars = axis.barh(range(len(z)), z, color=style.colour(segment), height=0.62)
    axis.bar_label(bars, notes, padding=3, fontsize=7.2, color=style.INK, parse_math=False)
    axis.axvline(0, color=style.QUIET, linewidth=0.8)
    axis.set(xlabel="Standard deviations from all customers", yticks=range(len(z)), yticklabels=labels)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.invert_yaxis()
    low, high = min(*z, 0.0, 0.0), max(*z, 0.0, 0.0)
    room = NOTE_ROOM * ((high - low) or 1.0)
    axis.set_xlim(low - room if low < 0 else low, high + room)
    return figure


@style.applied()
def shares(table: pd.DataFrame, columns: Sequence[str], names: Sequence[str]) -> Figure:
    """Stacked bars: each segment's share of customers and of each amount.

    Args:
        table: one row a segment, in segment order; shares from 0 to 1 in ``columns``.
        names: what each segment is called in the legend.
    """
    height = 0.4 * len(columns) + 0.5 + LEGEND_LINE * _lines(names)
    figure, axis = plt.subplots(figsize=(style.FULL_WIDTH, height))
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
    figure.legend(loc="outside lower center", ncols=LEGEND_COLUMNS, fontsize=LEGEND_SIZE)
    return figure


def _lines(names: Sequence[str]) -> int:
    return -(-len(names) // LEGEND_COLUMNS)


def _legend(segment: int, name: str) -> str:
    """A segment's number and name, short enough to leave the other column its room; a dollar is no formula."""
    return f"{segment}  {textwrap.shorten(name, LONGEST_NAME, placeholder='…')}".replace("$", r"\$")
