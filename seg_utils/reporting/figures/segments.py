"""Segments, drawn: a map of the customers, and where a segment's typical member stands among all of them.

A segment's colour is its persona's, in every figure; its name stands beside what is drawn, in place of a legend.
"""

import textwrap
from collections.abc import Sequence
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from seg_utils.clustering import OUTLIERS
from seg_utils.clustering.partition import means_of
from seg_utils.core import words
from seg_utils.reporting.figures import marks, style
from seg_utils.reporting.figures.descriptors import drawable

POINTS_SHOWN = 4000  # a map of more customers than this is one blot
MAP_SIZE = (style.PHONE_WIDTH, 4.0)

# About how much of the map's width and height its plot takes; axes and their labels take the rest
PLOT_SHARE = (0.86, 0.84)

LABEL_LETTERS = 22  # a name on the map breaks into lines of about so many letters
LABEL_LINE = 1.25  # height of a line of text, in sizes of the font
FAR = 40  # points from its centre from which on a name gets a line that leads to it
CENTRE = 7  # points around a segment's centre that say how large it is
IN_NO_SEGMENT = "In no segment"

TYPICAL = 0.5
LONGEST_LABEL = 26  # letters of a label beside a bar; marks and texts have it whole


@style.applied()
def segment_map(
    coordinates: np.ndarray,
    explained: Sequence[float],
    labels: np.ndarray,
    names: Sequence[str],
    colours: Sequence[int],
) -> Figure:
    """Customers (n,) on their first two principal components, which explain so much of the variance, coloured by
    segment, each segment's name at its centre; customers in no segment are grey and behind the others."""
    figure, axis = plt.subplots(figsize=MAP_SIZE)
    groups = [(segment, style.colour(colours[segment]), 1.0) for segment in range(len(names))]
    if (labels == OUTLIERS).any():
        groups.append((OUTLIERS, style.MUTED, 0.5))
    shown = np.linspace(0, len(labels) - 1, min(len(labels), POINTS_SHOWN)).astype(int)
    for group, colour, zorder in groups:
        rows = shown[labels[shown] == group]
        axis.scatter(*coordinates[rows].T, s=5, alpha=0.4, color=colour, zorder=zorder, rasterized=True)
    axis.set_xlabel(f"First principal component ({words.percent(explained[0])} of the variance)")
    axis.set_ylabel(f"Second principal component ({words.percent(explained[1])})")
    centres = means_of(coordinates, labels)
    _name_centres(axis, centres, names, [style.colour(number) for number in colours])
    for centre, name, size in zip(centres, names, np.bincount(labels[labels != OUTLIERS]), strict=True):
        marks.say_at(
            axis, *centre, name, words.plural(size, "customer"), words.percent(size / len(labels)), reach=CENTRE
        )
    return figure


def _name_centres(axis: Axes, centres: np.ndarray, names: Sequence[str], colours: Sequence[str]) -> None:
    """Each segment's centre and beside it its name, such that no name lies on another."""
    axis.scatter(*centres.T, s=34, color=colours, edgecolor="white", linewidth=1.2, zorder=3)
    (left, right), (bottom, top) = axis.get_xlim(), axis.get_ylim()
    room = 72 * np.array(MAP_SIZE) * PLOT_SHARE
    low, span = np.array([left, bottom]), np.array([right - left, top - bottom])
    texts = [textwrap.fill(name, LABEL_LETTERS) for name in names]
    at = (centres - low) / span * room
    places = placed(at, np.array([_extent(text) for text in texts]), room)
    for centre, start, end, text in zip(centres, at, places, texts, strict=True):
        axis.annotate(
            text,
            centre,
            xytext=end / room * span + low,
            ha="center",
            va="center",
            fontsize=style.SETTINGS["font.size"],
            fontweight="bold",
            zorder=4,
            bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.75, "linewidth": 0},
            arrowprops={"arrowstyle": "-", "color": style.QUIET, "linewidth": 0.8}
            if np.abs(end - start).max() > FAR
            else None,
        )


def placed(centres: np.ndarray, sizes: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Where the middles of labels go: as near above or below their centres (k, 2) as they find room, within the plot;
    centres and sizes in points."""
    places: list[np.ndarray] = []
    for centre, size in zip(centres, sizes, strict=True):
        near = size[1] / 2 + CENTRE
        steps = [sign * step for step, sign in product(np.arange(near, room[1] + near, 4), (1, -1))]
        candidates = [
            np.clip(centre + np.array([aside * size[0] / 2, step]), size / 2, room - size / 2)
            for step, aside in product(steps, (0, 1, -1, 2, -2))
        ]
        free = (place for place in candidates if not _covers(place, size, places, sizes))
        places.append(next(free, candidates[0]))
    return np.array(places)


def _covers(place: np.ndarray, size: np.ndarray, others: Sequence[np.ndarray], sizes: np.ndarray) -> bool:
    """Whether a label would lie on one of those placed before it."""
    return any((np.abs(place - other) < (size + sizes[i]) / 2).all() for i, other in enumerate(others))


def _extent(text: str) -> tuple[float, float]:
    """Points that a text of one or more lines is wide and high."""
    size = style.SETTINGS["font.size"]
    font = FontProperties(family=style.SETTINGS["font.family"], size=size, weight="bold")
    lines = text.split("\n")
    width = max(text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] for line in lines)
    return width, LABEL_LINE * size * len(lines)


@style.applied()
def stands_out(ranks: Sequence[float], colour: int, labels: Sequence[str], notes: Sequence[str], name: str) -> Figure:
    """Bars of where a segment's typical member stands among all customers, from 0 (the lowest) to 1 (the highest), in
    the order given, with notes at the right of each bar's row."""
    figure, axis = plt.subplots(figsize=(style.HALF_WIDTH, 0.27 * len(ranks) + 0.5))
    axis.barh(range(len(ranks)), np.subtract(ranks, TYPICAL), left=TYPICAL, color=style.colour(colour), height=0.6)
    axis.axvline(TYPICAL, color=style.QUIET, linewidth=0.8)
    axis.set(yticks=range(len(ranks)), yticklabels=[drawable(label, LONGEST_LABEL) for label in labels], xlim=(0, 1))
    axis.set_xticks([0, TYPICAL, 1], ["lowest", "typical", "highest"])
    for label, side in zip(axis.get_xticklabels(), ("right", "center", "left"), strict=True):
        label.set_ha(side)  # outwards, so that they have room where long names leave the bars little
    axis.tick_params(axis="y", length=0, labelcolor=style.INK)
    axis.spines["left"].set_visible(False)
    axis.invert_yaxis()
    beside(axis, notes)
    for row, (label, note, rank) in enumerate(zip(labels, notes, ranks, strict=True)):
        where = f"above {words.percent(rank)} of all customers"
        marks.say(axis, name, label, note, where, y=(row - 0.5, row + 0.5))
    return figure


def beside(axis: Axes, notes: Sequence[str]) -> None:
    """A column of text at the right, one line a row."""
    column = axis.secondary_yaxis("right")
    column.set_yticks(range(len(notes)), notes)
    column.tick_params(length=0, labelcolor=style.INK)
    column.spines["right"].set_visible(False)
