"""A month, drawn: who moved between segments, each segment's bridge, and shares over all periods."""

import textwrap
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seg_utils.core import words
from seg_utils.periods.comparison import GONE, NEW, RETURNED
from seg_utils.reporting.figures import marks, style
from seg_utils.reporting.figures.segments import beside

LABEL_LETTERS = 16
LINE = 0.17  # inches a line of a label is high
BAND = 3.2  # inches that all flows together are high
STEPS = 40
OUTSIDE = (NEW, RETURNED, GONE)
FAINT = 0.35
ROW = 0.42


@style.applied()
def flows(migration: pd.DataFrame, colours: dict[str, int]) -> Figure:
    """Everybody who did not stay (``periods.migration``): from where at the left to where at the right, as high as they
    are many. Real moves bear the colour of the segment that was left; flicker, who came and who left are grey."""
    bands = _bands(migration)
    names = {side: _order(bands[side], colours) for side in ("from", "to")}
    inch = BAND / max(bands["customers"].sum(), 1)
    slots = {side: _slots(bands.groupby(side)["customers"].sum(), names[side], inch) for side in ("from", "to")}
    height = max(LINE, *(sum(high for _, high in slots[side].values()) for side in slots))
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, height + 0.3))
    used = {
        (side, name): start + (high - bands.loc[bands[side] == name, "customers"].sum() * inch) / 2
        for side in slots
        for name, (start, high) in slots[side].items()
    }
    bands["rank"] = [
        names["from"].index(a) * len(names["to"]) + names["to"].index(b)
        for a, b in zip(bands["from"], bands["to"], strict=True)
    ]
    for band in bands.sort_values("rank", kind="stable").to_dict("records"):
        wide = band["customers"] * inch
        left, right = used["from", band["from"]], used["to", band["to"]]
        used["from", band["from"]] += wide
        used["to", band["to"]] += wide
        _draw_band(axis, left, right, wide, _colour(band, colours), band["kind"] == "real")
        label = f"{band['from']} → {band['to']}", f"{words.plural(band['customers'], 'customer')}, {band['kind']}"
        marks.say(axis, *label, x=(0, 0.18), y=(left, left + wide), reach=1)
    for side, x, aside in (("from", -0.02, "right"), ("to", 1.02, "left")):
        for name, (start, high) in slots[side].items():
            count = int(bands.loc[bands[side] == name, "customers"].sum())
            text = textwrap.fill(f"{words.capitalised(name)} {words.count(count)}", LABEL_LETTERS)
            axis.text(x, start + high / 2, text, ha=aside, va="center", fontsize=8.5, linespacing=1.05)
    if bands.empty:
        axis.text(0.5, height / 2, "Nobody moved, came or left", ha="center", va="center", color=style.QUIET)
    axis.set(xlim=(-0.62, 1.62), ylim=(height, 0))
    axis.axis("off")
    return figure


def _bands(migration: pd.DataFrame) -> pd.DataFrame:
    """One row a band: ``from, to, kind, customers``; real moves and flicker apart."""
    table = migration.rename(columns={"from_persona": "from", "to_persona": "to"})
    outside = table["from"].isin(OUTSIDE) | table["to"].isin(OUTSIDE)
    outside_flows = table[outside].assign(kind="came or left")
    parts = [outside_flows[["from", "to", "kind", "customers"]]]
    within = table[~outside & (table["from"] != table["to"])]
    for kind, column in (("real", "real"), ("border flicker", "flicker")):
        parts.append(within.assign(kind=kind, customers=within[column])[["from", "to", "kind", "customers"]])
    bands = pd.concat(parts, ignore_index=True)
    return bands[bands["customers"] > 0].astype({"customers": int})


def _order(names: pd.Series, colours: dict[str, int]) -> list[str]:
    return sorted(set(names), key=lambda name: (name in OUTSIDE, [*colours].index(name) if name in colours else 99))


def _slots(counts: pd.Series, names: list[str], inch: float) -> dict[str, tuple[float, float]]:
    """Where each name's slot begins and how high it is: as its flows, or as its label where that is higher."""
    slots, start = {}, 0.0
    for name in names:
        lines = len(textwrap.wrap(f"{name} {words.count(counts[name])}", LABEL_LETTERS))
        high = max(counts[name] * inch, lines * LINE) + 0.08
        slots[name] = (start, high)
        start += high
    return slots


def _colour(band: dict[str, object], colours: dict[str, int]) -> str:
    if band["kind"] == "real" and band["from"] in colours:
        return style.colour(colours[band["from"]])
    return style.MUTED


def _draw_band(axis: Axes, left: float, right: float, wide: float, colour: str, real: bool) -> None:
    x = np.linspace(0, 1, STEPS)
    y = left + (right - left) * (3 * x**2 - 2 * x**3)
    axis.fill_between(x, y, y + wide, color=colour, alpha=0.75 if real else FAINT, linewidth=0)


@style.applied()
def bridges(bridge: pd.DataFrame, colours: dict[int, int]) -> Figure:
    """Who came into each segment at the right and who left it at the left (``periods.bridge``); flicker is faint."""
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, ROW * len(bridge) + 0.7))
    for place, row in enumerate(bridge.to_dict("records")):
        colour = style.colour(colours[row["segment"]]) if row["segment"] in colours else style.MUTED
        came = [row["moved_in"] - row["flicker_in"], row[NEW] + row[RETURNED], row["flicker_in"]]
        left = [row["moved_out"] - row["flicker_out"], row[GONE], row["flicker_out"]]
        for sign, parts in ((1, came), (-1, left)):
            start = 0
            for count, (face, alpha) in zip(parts, ((colour, 1.0), (colour, 0.5), (style.MUTED, 0.5)), strict=True):
                axis.barh(place, sign * count, left=start, color=face, alpha=alpha, height=0.6)
                start += sign * count
        labels = [
            f"{name} {words.count(count)}"
            for name, count in zip(("moved in", "new or returned", "flicker in"), came, strict=True)
        ]
        labels += [
            f"{name} {words.count(count)}"
            for name, count in zip(("moved out", "gone", "flicker out"), left, strict=True)
        ]
        marks.say(axis, row["persona"], *labels, y=(place - 0.5, place + 0.5))
    axis.axvline(0, color=style.QUIET, linewidth=0.8)
    axis.set(yticks=range(len(bridge)), yticklabels=bridge["persona"], ylim=(len(bridge) - 0.5, -0.5))
    axis.tick_params(axis="y", length=0, labelcolor=style.INK)
    axis.spines["left"].set_visible(False)
    axis.xaxis.set_major_formatter(lambda count, _: words.count(abs(count)))
    axis.set_xlabel("← left     customers     came →")
    change = bridge["now"] - bridge["before"]
    beside(
        axis,
        [
            f"{words.count(now)} ({words.signed(step, words.count)})"
            for now, step in zip(bridge["now"], change, strict=True)
        ],
    )
    return figure


@style.applied()
def shares(trend: pd.DataFrame, colours: dict[int, int], names: Sequence[str]) -> Figure:
    """Each segment's share of customers in every period, from before the first, by ``periods.history.trend``."""
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 3.0))
    first = trend[trend["period"] == names[0]].set_index("segment")["before"]
    table = trend.pivot(index="period", columns="segment", values="share").reindex(["before", *names])
    table.loc["before"] = first / first.sum()
    names = [*table.index]
    called = trend.drop_duplicates("segment", keep="last").set_index("segment")["persona"]
    places = _apart(table.iloc[-1].dropna())
    for key, values in table.items():
        colour = style.colour(colours[key]) if key in colours else style.MUTED
        axis.plot(range(len(names)), values, color=colour, marker="o", markersize=3)
        for place, value in enumerate(values):
            if pd.notna(value):
                marks.say_at(axis, place, value, called[key], names[place], f"{words.percent(value)} of customers")
        if key in places:
            axis.annotate(
                called[key],
                (len(names) - 1, places[key]),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=colour,
                fontsize=8.5,
                annotation_clip=False,
            )
    axis.set_xticks(range(len(names)), _first_and_last(names))
    axis.yaxis.set_major_formatter(lambda share, _: words.percent(share))
    axis.set_ylim(0, None)
    axis.grid(axis="y")
    return figure


@style.applied()
def trend_of(trend: pd.DataFrame, colour: int) -> Figure:
    """One segment's customers in every period, from before the first; ``trend`` are its rows of
    ``periods.history.trend``."""
    names = ["before", *trend["period"]]
    counts = [trend["before"].iloc[0], *trend["now"]]
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 1.6))
    axis.bar(range(len(names)), counts, color=style.colour(colour), width=0.6)
    for place, (name, count) in enumerate(zip(names, counts, strict=True)):
        marks.say(axis, name, words.plural(int(count), "customer"), x=(place - 0.5, place + 0.5))
    axis.set_xticks(range(len(names)), _first_and_last(names))
    axis.yaxis.set_major_formatter(lambda count, _: words.count(count))
    axis.set_ylabel("Customers")
    return figure


@style.applied()
def moves(periods: pd.DataFrame) -> Figure:
    """Customers who really moved, and who flickered, in each period.

    Args:
        periods: ``periods.history.decisions``'s table.
    """
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 2.4))
    start = np.zeros(len(periods))
    for name, colour in (("real", style.ACCENT), ("flicker", style.MUTED)):
        axis.bar(range(len(periods)), periods[name], bottom=start, color=colour, width=0.7)
        start += periods[name].to_numpy()
    for place, row in enumerate(periods.to_dict("records")):
        labels = [f"{name} {words.count(row[name])}" for name in ("real", "flicker")]
        marks.say(axis, row["period"], *labels, x=(place - 0.5, place + 0.5))
    axis.set_xticks(range(len(periods)), _first_and_last(periods["period"].tolist()))
    axis.set_ylabel("Customers who moved")
    return figure


def _first_and_last(names: Sequence[str]) -> list[str]:
    return [name if place in (0, len(names) - 1) else "" for place, name in enumerate(names)]


def _apart(values: pd.Series, least: float = 0.055) -> dict[int, float]:
    """Heights of labels near their values, none on another."""
    step = least * float(values.max())
    places, last = {}, -np.inf
    for key, value in values.sort_values().items():
        last = max(value, last + step)
        places[key] = last
    return places
