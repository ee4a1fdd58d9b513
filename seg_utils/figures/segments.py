"""Segments, drawn: a map, and what sets each apart. Colour i belongs to segment i throughout."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seg_utils.figures import style

POINTS_SHOWN = 4000
"""A map of more customers than this is one blot."""


@style.applied()
def segment_map(
    coordinates: np.ndarray, explained: Sequence[float], labels: np.ndarray, names: Sequence[str]
) -> Figure:
    """Customers on their first two principal components, coloured by segment, each segment's number at its centre.

    Args:
        coordinates: shape (n, 2).
        explained: share of the variance each component explains.
        labels: segment of each customer, shape (n,).
        names: what each segment is called in the legend.
    """
    figure, axis = plt.subplots(figsize=(style.FULL_WIDTH, 4.4))
    shown = np.linspace(0, len(labels) - 1, min(len(labels), POINTS_SHOWN)).astype(int)
    for segment, name in enumerate(names):
        rows = shown[labels[shown] == segment]
        axis.scatter(*coordinates[rows].T, s=5, alpha=0.5, color=style.colour(segment), label=name, rasterized=True)
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
        xlabel=f"First principal component ({explained[0]:.0%} of the variance)",
        ylabel=f"Second principal component ({explained[1]:.0%})",
    )
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), markerscale=3)
    return figure


@style.applied()
def sets_apart(profile: pd.DataFrame, segment: int, labels: Sequence[str]) -> Figure:
    """Bars of how far a segment's mean lies from all customers', in standard deviations, furthest first.

    Args:
        profile: rows of the profile table for one segment, with column ``z``.
        segment: whose colour the bars get.
        labels: what each row's feature is called, in the order of ``profile``.
    """
    values = profile["z"].to_numpy()
    order = np.argsort(np.abs(values), kind="stable")
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 0.24 * len(values) + 0.6))
    axis.barh([labels[i] for i in order], values[order], color=style.colour(segment))
    axis.axvline(0, color="0.4", linewidth=0.8)
    axis.set(xlabel="Standard deviations from all customers")
    return figure


@style.applied()
def shares(table: pd.DataFrame, columns: Sequence[str], names: Sequence[str]) -> Figure:
    """Stacked bars: each segment's share of customers and of each amount.

    Args:
        table: one row a segment, in segment order; shares from 0 to 1 in ``columns``.
        names: what each segment is called in the legend.
    """
    figure, axis = plt.subplots(figsize=(style.FULL_WIDTH, 0.4 * len(columns) + 1.2))
    start = np.zeros(len(columns))
    for segment, name in enumerate(names):
        widths = table.loc[segment, list(columns)].to_numpy(dtype=float)
        axis.barh(
            columns, widths, left=start, color=style.colour(segment), edgecolor="white", linewidth=0.5, label=name
        )
        start += widths
    axis.invert_yaxis()
    axis.set(xlim=(0, 1))
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)
    return figure
