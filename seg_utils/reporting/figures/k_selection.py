"""How the number of segments was chosen, and how far to trust each segment."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from seg_utils.core import words
from seg_utils.evaluation.criteria.internal import elbow_by_range
from seg_utils.evaluation.criteria.silhouette import Silhouettes
from seg_utils.evaluation.resampling.bootstrap import crosstab
from seg_utils.evaluation.resampling.stability import FIRM_JACCARD, USABLE_JACCARD
from seg_utils.evaluation.verdict.sentence import apart
from seg_utils.reporting.figures import marks, style
from seg_utils.reporting.figures.style import ACCENT, FULL_WIDTH, HAIRLINE, MUTED, PALETTE, PHONE_WIDTH, QUIET, colour

PANELS = (
    ("inertia", "Inertia (thousands)", 1e-3),
    ("silhouette", "Silhouette ↑", 1.0),
    ("davies_bouldin", "Davies-Bouldin ↓", 1.0),
    ("calinski_harabasz", "Calinski-Harabasz ↑", 1.0),
    ("min_jaccard", "Weakest Jaccard ↑", 1.0),
    ("prediction_strength", "Prediction strength ↑", 1.0),
    ("lookalike_gap", "Gap to lookalikes ↑", 1.0),
    ("border_density", "Border density ↓", 1.0),
)
WHOLE = ("inertia", "calinski_harabasz")  # criteria too large for decimals to say anything
ERRORS = {"silhouette": "silhouette_half_width", "lookalike_gap": "lookalike_gap_se"}


@style.applied()
def criteria(scores: pd.DataFrame, verdict: Mapping[str, Any]) -> Figure:
    """Every criterion over k: its threshold dashed, the recommended k marked, acceptable k filled."""
    figure, axes = plt.subplots(4, 2, figsize=(PHONE_WIDTH, 5.6), sharex=True)
    for axis, (column, title, unit) in zip(axes.flat, PANELS, strict=True):
        _criterion(axis, scores, column, unit, verdict)
        _say_criterion(axis, scores, column, title.rstrip(" ↑↓").removesuffix(" (thousands)"), verdict)
        axis.set_title(title, fontsize=7.5)
        axis.tick_params(labelsize=7)
    for axis in axes[-1]:
        axis.set_xlabel("Segments (k)")
    return figure


def _criterion(axis: Axes, scores: pd.DataFrame, column: str, unit: float, verdict: Mapping[str, Any]) -> None:
    k, values = scores["k"], scores[column] * unit
    if verdict["recommended_k"] is not None:
        axis.axvline(verdict["recommended_k"], color=HAIRLINE, linewidth=5, zorder=0)
    if (bound := verdict["thresholds"].get(column)) is not None:
        axis.axhline(next(iter(bound.values())), color=PALETTE[1], linestyle="--", linewidth=1)
    if column in ERRORS:
        error = scores[ERRORS[column]] * unit
        axis.fill_between(k, values - error, values + error, color=MUTED, alpha=0.5, linewidth=0)
    axis.plot(k, values, color=ACCENT, linewidth=1.2, marker="o", markersize=2.5, markerfacecolor="white")
    good = k.isin(verdict["acceptable_k"])
    axis.plot(k[good], values[good], color=ACCENT, linestyle="", marker="o", markersize=3.5)


def _say_criterion(axis: Axes, scores: pd.DataFrame, column: str, name: str, verdict: Mapping[str, Any]) -> None:
    """Have each k say its score, what the rule needs, and whether it passes every test."""
    ((kind, bound),) = verdict["thresholds"].get(column, {"": None}).items()
    for k, value, span in zip(scores["k"], scores[column], marks.halfway(scores["k"].tolist()), strict=True):
        if not np.isfinite(value):
            continue
        score = _score(column, value)
        if bound is not None:
            score = f"{_score(column, value, bound)} ({kind.replace('_', ' ')} {_score(column, bound)} needed)"
        marks.say(axis, words.plural(k, "segment"), f"{name} {score}", _standing(k, verdict), x=span)


def _standing(k: int, verdict: Mapping[str, Any]) -> str:
    if k == verdict["recommended_k"]:
        return "recommended"
    return "passes every test" if k in verdict["acceptable_k"] else ""


def _score(column: str, value: float, *bounds: float) -> str:
    """A criterion with the digits that tell on which side of the bounds it is."""
    if column in WHOLE:
        return words.count(value)
    return apart(value, *bounds, digits=3 if column in ERRORS else 2).replace("-", "−")


@style.applied()
def elbow(scores: pd.DataFrame) -> Figure:
    """The inertia curve, and the elbow as a function of how far one looks."""
    ks, inertias = scores["k"].tolist(), scores["inertia"].tolist()
    figure, (left, right) = plt.subplots(1, 2, figsize=(FULL_WIDTH, 2.4))
    left.plot(ks, np.array(inertias) / 1e3, color=ACCENT, marker="o", markersize=3)
    left.set(xlabel="Segments (k)", ylabel="Inertia (thousands)", title="Inertia")
    for k, inertia, span in zip(ks, inertias, marks.halfway(ks), strict=True):
        marks.say(left, words.plural(k, "segment"), f"Inertia {words.count(inertia)}", x=span)
    elbows = {end: k for end, k in elbow_by_range(ks, inertias).items() if k is not None}
    right.step(list(elbows), list(elbows.values()), where="mid", color=PALETTE[1])
    right.plot(list(elbows), list(elbows.values()), color=PALETTE[1], linestyle="", marker="o", markersize=3)
    for (end, k), span in zip(elbows.items(), marks.halfway(list(elbows)), strict=True):
        marks.say(right, f"Looking at up to {words.plural(end, 'segment')}", f"the elbow is at {k}", x=span)
    for axis in (right.xaxis, right.yaxis, left.xaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
    right.set(xlabel="Largest k looked at", ylabel="Elbow", title="The elbow moves with the range")
    return figure


@style.applied()
def clustergram(X: np.ndarray, labels: Mapping[int, np.ndarray]) -> Figure:
    """How segments split as k grows (Schonlau 2002): height is the segment's mean on the first principal axis of ``X``
    (n, features). Circles grow with the segment, lines with the customers who go from one segment to another."""
    center = X.mean(axis=0)
    axis_of_most = np.linalg.eigh(np.cov(X - center, rowvar=False).reshape(X.shape[1], X.shape[1]))[1][:, -1]
    axis_of_most = axis_of_most * np.sign(axis_of_most[np.abs(axis_of_most).argmax()])
    along = (X - center) @ axis_of_most
    figure, axis = plt.subplots(figsize=(FULL_WIDTH, 3.8))
    ks = sorted(labels)
    heights = {k: (np.bincount(labels[k], weights=along) / np.maximum(np.bincount(labels[k]), 1)) for k in ks}
    for k, following in pairwise(ks):
        flows = crosstab(labels[k], labels[following]) / len(X)
        for segment, other in np.argwhere(flows > 0.005):
            ends = [heights[k][segment], heights[following][other]]
            axis.plot([k, following], ends, color=MUTED, linewidth=12 * flows[segment, other], solid_capstyle="round")
    for k in ks:
        shares = np.bincount(labels[k]) / len(X)
        axis.scatter([k] * k, heights[k][:k], s=260 * shares, color=ACCENT, zorder=3, edgecolor="white", linewidth=0.6)
        for height, share in zip(heights[k], shares, strict=True):
            customers = f"a segment of {words.percent(share)} of customers"
            where = f"mean {words.measure(height)} on the first principal axis"
            marks.say_at(axis, k, height, f"k = {k}", customers, where)
    axis.set(xlabel="Segments (k)", ylabel="Mean on the first principal axis", xticks=ks)
    return figure


@style.applied()
def silhouette(measured: Silhouettes, k: int) -> Figure:
    """Every customer's silhouette, sorted within the segment; the dashed line is the mean. ``measured`` must hold
    ``k``."""
    values, labels = measured.values[k], measured.labels[k]
    names = [f"Segment {segment}" for segment in range(k)]
    figure, axis = plt.subplots(figsize=(FULL_WIDTH, max(2.6, 0.42 * k)))
    gap, base, ticks = 0.02 * len(values), 0.0, []
    for segment in range(k):
        knife = np.sort(values[labels == segment])
        height = base + np.arange(len(knife))
        axis.fill_betweenx(height, 0, knife, color=colour(segment), linewidth=0, rasterized=True)
        ticks.append(base + len(knife) / 2)
        if len(knife):
            negative = f"negative for {words.percent((knife < 0).mean())} of its customers"
            mean = f"mean silhouette {words.measure(knife.mean())}"
            marks.say(axis, names[segment], mean, negative, y=(base, base + len(knife)))
        base += len(knife) + gap
    axis.axvline(measured.mean(k), color=QUIET, linestyle="--", linewidth=1)
    axis.axvline(0, color=QUIET, linewidth=0.8)
    axis.set(xlabel="Silhouette", yticks=ticks, yticklabels=names)
    axis.invert_yaxis()
    return figure


@style.applied()
def stability(jaccard: Sequence[float]) -> Figure:
    """Each segment's bootstrap Jaccard, with the floors of ``firm`` and ``do not build on``."""
    k = len(jaccard)
    names = [f"Segment {segment}" for segment in range(k)]
    figure, axis = plt.subplots(figsize=(FULL_WIDTH, max(1.8, 0.32 * k + 0.8)))
    axis.barh(range(k), jaccard, color=[colour(segment) for segment in range(k)], height=0.6)
    for floor, text in ((USABLE_JACCARD, "do not build on ←"), (FIRM_JACCARD, "→ firm")):
        axis.axvline(floor, color=QUIET, linestyle="--", linewidth=1)
        side = "right" if floor == USABLE_JACCARD else "left"
        axis.text(floor, -0.75, f" {text} ", ha=side, va="bottom", fontsize=7.5, color=QUIET)
    for segment, value in enumerate(jaccard):
        shown = apart(value, USABLE_JACCARD, FIRM_JACCARD)
        axis.text(value + 0.01, segment, shown, va="center", fontsize=7.5, clip_on=False)
        marks.say(axis, names[segment], f"bootstrap Jaccard {shown}", y=(segment - 0.5, segment + 0.5))
    axis.set(xlim=(0, 1.06), xlabel="Bootstrap Jaccard", yticks=range(k))
    axis.set_yticklabels(names)
    axis.set_ylim(k - 0.5, -1.2)
    return figure


@style.applied()
def scales(stability: pd.DataFrame, agreement: pd.DataFrame) -> Figure:
    """Stability of each scale over k, and how far the scales' partitions agree.

    Args:
        stability, agreement: the two tables of ``evaluation.compare_scales``.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(FULL_WIDTH, 2.6))
    for number, (scale, rows) in enumerate(stability.groupby("scale", sort=False)):
        left.plot(rows["k"], rows["min_jaccard"], color=PALETTE[number], marker="osD"[number % 3], label=scale)
    left.set(xlabel="Segments (k)", ylabel="Weakest segment's Jaccard", ylim=(0, 1.02))
    left.legend()
    _say_lines(left, stability, ["scale"], "min_jaccard", "weakest segment's Jaccard")
    for number, ((scale, other), rows) in enumerate(agreement.groupby(["scale", "other"], sort=False)):
        right.plot(
            rows["k"], rows["ari"], color=PALETTE[number + 3], marker="osD"[number % 3], label=f"{scale}, {other}"
        )
    right.set(xlabel="Segments (k)", ylabel="Agreement (ARI)", ylim=(0, 1.02))
    right.legend()
    _say_lines(right, agreement, ["scale", "other"], "ari", "agreement")
    return figure


def _say_lines(axis: Axes, table: pd.DataFrame, line: Sequence[str], column: str, name: str) -> None:
    """Have each k say the value of every line."""
    ks = sorted(table["k"].unique().tolist())
    for k, span in zip(ks, marks.halfway(ks), strict=True):
        rows = table[table["k"] == k]
        values = (f"{' and '.join(row[list(line)])} {words.measure(row[column])}" for _, row in rows.iterrows())
        marks.say(axis, words.plural(k, "segment"), name, *values, x=span)
