"""What a customers file holds, drawn."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seg_utils.core import dictionary, words
from seg_utils.core.transformation import signed_expm1, signed_log1p
from seg_utils.data.exploration import PAYMENT_KINDS, feature_names, payment_kinds, utilisation
from seg_utils.reporting.figures import marks, style
from seg_utils.reporting.figures.style import PALETTE

BINS = 30
UTILISATION_SHOWN = 1.5
"""Balances beyond this multiple of the limit are drawn in the last bar."""


@style.applied()
def distributions(customers: pd.DataFrame) -> Figure:
    """A histogram of each feature, as it is used: amounts and counts on a log1p scale."""
    known = dictionary.load()
    names = feature_names(customers)
    columns = min(4, len(names))
    rows = -(-len(names) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(10, 1.7 * rows), squeeze=False)
    for axis, name in zip(axes.flat, names, strict=False):
        values = customers[name].dropna()
        logarithmic = known[name].transform == "log1p"
        counts, edges, _ = axis.hist(signed_log1p(values) if logarithmic else values, bins=BINS, color=PALETTE[0])
        told = signed_expm1(edges) if logarithmic else edges
        _say_bars(axis, counts, edges, [words.value(name, edge) for edge in told], known.label(name))
        axis.set_title(known.label(name) + (" (log1p)" if logarithmic else ""), fontsize=8)
        axis.tick_params(labelsize=6)
    for axis in axes.flat[len(names) :]:
        axis.set_visible(False)
    return figure


@style.applied()
def correlations(correlation: pd.DataFrame) -> Figure:
    """Heat map of rank correlations, each number written in its cell."""
    labels = [dictionary.load().label(name) for name in correlation.columns]
    figure, axis = plt.subplots(figsize=(9, 7.5))
    sns.heatmap(
        correlation.to_numpy(),
        ax=axis,
        cmap="RdBu_r",
        vmin=-1,
        vmax=1,
        annot=True,
        fmt=".1f",
        annot_kws={"size": 6},
        xticklabels=labels,
        yticklabels=labels,
        cbar_kws={"label": "Spearman correlation"},
    )
    axis.tick_params(labelsize=7)
    for row, column in np.ndindex(correlation.shape):
        told = f"correlation {words.measure(correlation.iat[row, column])}"
        marks.say(axis, f"{labels[row]} and {labels[column]}", told, x=(column, column + 1), y=(row, row + 1))
    return figure


def _say_bars(axis: Axes, counts: np.ndarray, edges: np.ndarray, told: Sequence[str], *about: str) -> None:
    """Have each bar of a histogram say from where to where it reaches, and how many customers are there."""
    for number, count in enumerate(counts):
        left, right = told[number : number + 2]
        customers = words.plural(int(count), "customer")
        marks.say(axis, *about, f"{left} to {right}", customers, x=(edges[number], edges[number + 1]))


@style.applied()
def payments(customers: pd.DataFrame) -> Figure:
    """Utilisation of the credit limit, and how many customers pay in which way."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
    bars, edges, _ = left.hist(
        utilisation(customers).dropna().clip(upper=UTILISATION_SHOWN), bins=BINS, color=PALETTE[0]
    )
    _say_bars(left, bars, edges, [words.percent(edge) for edge in edges], "Balance as a share of the credit limit")
    left.axvline(1, color=PALETTE[1], linewidth=1, label="the limit")
    left.set(xlabel="Balance as a share of the credit limit", ylabel="Customers")
    left.legend()
    counts = payment_kinds(customers).value_counts().reindex(PAYMENT_KINDS, fill_value=0)
    right.barh(counts.index[::-1], counts.to_numpy()[::-1], color=PALETTE[2])
    for row, (kind, count) in enumerate(reversed(list(counts.items()))):
        marks.say(right, words.capitalised(kind), words.plural(count, "customer"), y=(row - 0.5, row + 0.5))
    right.set(xlabel="Customers")
    return figure
