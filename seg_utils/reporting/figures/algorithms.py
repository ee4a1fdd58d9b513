"""What an algorithm or an encoder did, drawn: a loss curve, a tree of sub-groups, how sure a mixture is."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from seg_utils.core import words
from seg_utils.reporting.figures import marks, style

BINS = 20


@style.applied()
def loss_curve(losses: Sequence[float]) -> Figure:
    """Mean squared error of the reconstruction after each epoch; the last one is written beside its point."""
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 2.4))
    epochs = np.arange(1, len(losses) + 1)
    axis.plot(epochs, losses, color=style.ACCENT)
    axis.plot(epochs[-1], losses[-1], "o", color=style.ACCENT, markersize=4)
    axis.annotate(
        f"{losses[-1]:.3f}", (epochs[-1], losses[-1]), xytext=(0, 6), textcoords="offset points", ha="right", fontsize=8
    )
    for epoch, loss, span in zip(epochs, losses, marks.halfway(epochs), strict=True):
        marks.say(axis, f"Epoch {epoch}", f"Reconstruction loss {words.measure(loss, 3)}", x=span)
    axis.set(xlabel="Epoch", ylabel="Reconstruction loss", ylim=(0, None))
    axis.grid(axis="y")
    return figure


@style.applied()
def dendrogram(tree: dict[str, Any], segment: int) -> Figure:
    """The top of a segment's ``subgroups.look`` tree; branches below the dashed line are the sub-groups, in the
    segment's colour, and leaves say how many customers."""
    figure, axis = plt.subplots(figsize=(style.FULL_WIDTH, 2.9))
    for x, y in zip(tree["x"], tree["y"], strict=True):
        below = max(y) < tree["cut"]
        axis.plot(x, y, color=style.colour(segment) if below else style.QUIET, linewidth=1.3)
        place = "within a sub-group" if below else "between sub-groups"
        joint = f"Branches join at a distance of {words.decimal(max(y))}"
        marks.say(axis, joint, place, x=(min(x), max(x)), y=(max(y), max(y)), reach=marks.REACH)
    axis.axhline(tree["cut"], color=style.QUIET, linewidth=0.8, linestyle="--")
    places = 5 + 10 * np.arange(len(tree["leaves"]))  # where scipy puts the leaves
    axis.set_xticks(places, [words.count(size) for size in tree["leaves"]], rotation=90, fontsize=6.5)
    for place, size in zip(places, tree["leaves"], strict=True):
        marks.say_at(axis, place, 0, words.plural(size, "customer") + " in this branch")
    axis.tick_params(axis="x", length=0)
    axis.set(xlabel="Customers in each branch", ylabel="Distance at which branches join", ylim=(0, None))
    return figure


@style.applied()
def sureness(confidence: np.ndarray, least: float) -> Figure:
    """How probable the most probable segment is, ``confidence`` (n,) of all customers; the dashed line parts those with
    less than ``least``, who stand between segments."""
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 2.2))
    counts, edges = np.histogram(confidence, bins=BINS, range=(0, 1))
    shares = counts / len(confidence)
    colours = [style.MUTED if right <= least + 1e-9 else style.ACCENT for right in edges[1:]]
    axis.bar(edges[:-1], shares, width=0.9 / BINS, align="edge", color=colours)
    for left, right, share in zip(edges[:-1], edges[1:], shares, strict=True):
        span = f"Probability {words.percent(left)} to {words.percent(right)}"
        marks.say(axis, span, f"{words.percent(share)} of customers", x=(left, right))
    axis.axvline(least, color=style.QUIET, linewidth=0.8, linestyle="--")
    axis.set(xlabel="Probability of the customer's own segment", ylabel="Share of customers", xlim=(0, 1))
    axis.yaxis.set_major_formatter(lambda value, _: words.percent(value))
    return figure
