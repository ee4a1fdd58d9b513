"""Money, drawn: who brings it, and what each move would have to change beside what is guessed."""

from collections.abc import Sequence
from statistics import NormalDist

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seg_utils.core import words
from seg_utils.reporting.figures import marks, style
from seg_utils.reporting.figures.segments import beside
from seg_utils.strategy.definitions import LEAST_SHARE, basis

ROW = 0.3  # inches a row is high
MAP = 2.7  # inches that the rows of the map of value take at least
FEW = 2  # so few segments leave room for half a page on the first of them: their rows stay low
BEYOND = 1.5  # a break-even farther than this many times the largest effect is shown at the edge


@style.applied()
def value_map(
    customers: Sequence[float], value: Sequence[float], names: Sequence[str], colours: Sequence[int]
) -> Figure:
    """Each segment's share of customers beside its share of value, below 0 where it costs more than it brings; those
    who bring the most first."""
    order = np.argsort(-np.asarray(value), kind="stable")
    row_height = ROW if len(order) <= FEW else max(ROW, MAP / len(order))
    figure, axis = _rows(len(order), [names[segment] for segment in order], row_height)
    for row, segment in enumerate(order):
        own, brings = customers[segment], value[segment]
        axis.plot([own, brings], [row, row], color=style.colour(colours[segment]), linewidth=3, solid_capstyle="butt")
        axis.plot(own, row, "o", markersize=8, color="white", markeredgecolor=style.QUIET, markeredgewidth=1.4)
        axis.plot(brings, row, "o", markersize=8, color=style.colour(colours[segment]))
        shares = f"{words.percent(own)} of customers", f"{words.percent(brings)} of value"
        marks.say(axis, names[segment], *shares, y=(row - 0.5, row + 0.5))
    beside(axis, [f"{words.percent(customers[segment])} → {words.percent(value[segment])}" for segment in order])
    axis.axvline(0, color=style.QUIET, linewidth=0.8)
    axis.set_xlabel("Share of customers ○ → share of value ●", loc="right")
    return figure


@style.applied()
def effects(moves: pd.DataFrame, names: Sequence[str], colours: Sequence[int]) -> Figure:
    """What each move has to change to pay, beside the range of what it is expected to change: one row a move, in the
    order to show, with its effects and ``break_even_effect`` (NaN where none covers the cost), shares of what the move
    is about."""
    figure, axis = _rows(len(moves), [names[segment] for segment in moves["segment"]])
    widest = max(float(moves["effect_high"].max()), 0.01) * BEYOND
    notes = []
    for row, move in enumerate(moves.to_dict("records")):
        colour, needed = style.colour(colours[move["segment"]]), move["break_even_effect"]
        low, base, high = (move[f"effect_{case}"] for case in ("low", "base", "high"))
        axis.plot([low, high], [row, row], color=colour, linewidth=3, alpha=0.55, solid_capstyle="butt")
        axis.plot(base, row, "o", markersize=8, color=colour)
        reachable = pd.notna(needed) and needed <= widest
        if pd.notna(needed):
            axis.plot(
                min(needed, widest),
                row,
                "|" if reachable else ">",
                color=style.INK,
                markersize=13 if reachable else 7,
                markeredgewidth=2,
            )
        notes.append(words.DASH if pd.isna(needed) else words.tenths(needed))
        pays = "no effect covers the cost" if pd.isna(needed) else f"pays from {words.tenths(needed)}"
        expected = (
            f"{basis([move['move_source']])} {words.percent(base)} ({words.percent(low)} to {words.percent(high)})"
        )
        marks.say(axis, names[move["segment"]], pays, expected, y=(row - 0.5, row + 0.5))
    beside(axis, notes)
    axis.set_xlim(min(0.0, 1.04 * float(moves["effect_low"].min())), widest * 1.04)
    axis.set_xlabel(
        f"{words.capitalised(basis(moves['move_source']))} effect ● and its range; it pays from ❘ on (at the right)",
        loc="right",
    )
    return figure


@style.applied()
def lifts(table: pd.DataFrame, names: Sequence[str], colours: Sequence[int], confidence: float) -> Figure:
    """What each move changed (``results.analysis.analyse``'s rows that have a ``lift_share``), with its interval;
    beside it, lighter, the lift partially pooled with the other moves."""
    figure, axis = _rows(len(table), names)
    width = NormalDist().inv_cdf((1 + confidence) / 2)
    for row, (move, number) in enumerate(zip(table.to_dict("records"), colours, strict=True)):
        colour, share = style.colour(number), move["lift_share"]
        low, high = (share + side * width * move["lift_share_error"] for side in (-1, 1))
        low = max(low, LEAST_SHARE) if move["yes_no"] else low
        axis.plot([low, high], [row - 0.1, row - 0.1], color=colour, linewidth=3, solid_capstyle="butt")
        axis.plot(share, row - 0.1, "o", markersize=7, color=colour)
        pooled = [move["pooled_low"], move["pooled_high"]]
        axis.plot(pooled, [row + 0.2, row + 0.2], color=style.MUTED, linewidth=2, solid_capstyle="butt")
        axis.plot(move["pooled_share"], row + 0.2, "o", markersize=4, color=style.MUTED)
        measured = f"{words.percent(share)} ({words.percent(low)} to {words.percent(high)})"
        marks.say(axis, names[row], measured, move["verdict"], y=(row - 0.5, row + 0.5))
    axis.axvline(0, color=style.QUIET, linewidth=0.8)
    beside(axis, table["verdict"].tolist())
    axis.set_xlabel("Lift ● with its interval; in grey partially pooled (at the right: verdict)")
    return figure


def _rows(count: int, names: Sequence[str], height: float = ROW) -> tuple[Figure, Axes]:
    """One row a segment, ``height`` inches high, its name at the left, shares along the axis."""
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, height * count + 0.75))
    axis.set(yticks=range(count), yticklabels=names, ylim=(count - 0.5, -0.5))
    axis.tick_params(axis="y", length=0, labelcolor=style.INK)
    axis.spines["left"].set_visible(False)
    axis.xaxis.set_major_formatter(lambda share, _: words.percent(share))
    axis.grid(axis="x")
    return figure, axis
