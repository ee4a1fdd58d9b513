"""Partitions side by side: how stable and how separate each is, and how much they agree."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seg_utils.clustering.algorithms import NAMES
from seg_utils.core import words
from seg_utils.evaluation.resampling.stability import FIRM_JACCARD, USABLE_JACCARD
from seg_utils.reporting.figures import marks, style
from seg_utils.reporting.figures.style import FULL_WIDTH, PALETTE, QUIET

MARKERS = "osD^v<"
DARK = 0.6
"""Cells of so much agreement are dark enough for white text."""


@style.applied()
def stability(table: pd.DataFrame) -> Figure:
    """Each partition by its weakest segment's Jaccard and its silhouette in the common space.

    Args:
        table: of a ``Comparison``; partitions that were not found are left out.
    """
    figure, axis = plt.subplots(figsize=(FULL_WIDTH, 3.2))
    found = table.dropna(subset=["min_jaccard"])
    spaces = list(dict.fromkeys(table["space"]))
    for number, (algorithm, rows) in enumerate(found.groupby("algorithm", sort=False)):
        colours = [PALETTE[spaces.index(where)] for where in rows["space"]]
        marker = MARKERS[number % len(MARKERS)]
        axis.scatter(rows["min_jaccard"], rows["silhouette"], c=colours, marker=marker, s=46, alpha=0.85)
        axis.scatter([], [], color=QUIET, marker=marker, label=NAMES[algorithm])
        for row in rows.itertuples():
            numbers = (
                f"{name} {words.measure(value)}"
                for name, value in (("weakest Jaccard", row.min_jaccard), ("silhouette", row.silhouette))
            )
            marks.say_at(axis, row.min_jaccard, row.silhouette, NAMES[algorithm], f"{row.space} scale", *numbers)
    for number, where in enumerate(spaces):
        axis.scatter([], [], color=PALETTE[number], marker="s", label=f"{where} scale")
    for floor, text in ((USABLE_JACCARD, "usable"), (FIRM_JACCARD, "firm")):
        axis.axvline(floor, color=QUIET, linestyle="--", linewidth=1)
        axis.text(floor, 1.0, f" {text}", transform=axis.get_xaxis_transform(), va="bottom", fontsize=7.5, color=QUIET)
    axis.set(xlim=(0, 1.02), xlabel="Weakest segment's Jaccard", ylabel="Silhouette, common space")
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


@style.applied()
def agreement(matrix: pd.DataFrame) -> Figure:
    """Adjusted Rand index of every two partitions, as a matrix of numbers on a shade."""
    size = len(matrix)
    figure, axis = plt.subplots(figsize=(FULL_WIDTH, max(2.4, 0.36 * size + 1.2)))
    values = matrix.to_numpy()
    axis.imshow(values, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(values.shape):
        shade = "white" if values[row, column] >= DARK else "black"
        text = f"{values[row, column]:.2f}"
        axis.text(column, row, text, ha="center", va="center", fontsize=6.5, color=shade)
        pair = f"{matrix.index[row]} and {matrix.columns[column]}"
        cell = {"x": (column - 0.5, column + 0.5), "y": (row - 0.5, row + 0.5)}
        marks.say(axis, pair, f"adjusted Rand index {text}", **cell)
    axis.set(xticks=range(size), yticks=range(size))
    axis.set_xticklabels(matrix.columns, rotation=45, ha="right", fontsize=7)
    axis.set_yticklabels(matrix.index, fontsize=7)
    axis.spines[:].set_visible(False)
    axis.tick_params(length=0)
    return figure
