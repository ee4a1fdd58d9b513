"""Segments by columns that customers were not compared by: a panel a column, a row a segment."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from seg_utils.core import words
from seg_utils.core.dictionary import NUMBER
from seg_utils.personas.descriptors import MISSING
from seg_utils.reporting.figures import marks, style
from seg_utils.reporting.markdown import printable

ROW, FRAME = 0.24, 0.75  # inches: of a segment's row, and of a panel's title and axis
LONGEST = 40

# Of a category's commonest levels, the darkest first; the others and missing values are grey. As many as these are
# all named, as in the table.
SHADES = ("#24405f", "#3f6a96", "#6d95bd", "#9dbad6", "#c8d8e8", "#e6eef5")


@style.applied()
def described(profile: pd.DataFrame, colours: Sequence[int], names: Sequence[str]) -> Figure:
    """Medians and middle halves of numbers, shares of categories, of ``personas.descriptors.profile``'s table; outliers
    are left out."""
    panels = [table for _, table in profile[profile["segment"] >= 0].groupby("descriptor", sort=False)]
    height = len(panels) * (FRAME + ROW * len(names))
    figure, axes = plt.subplots(len(panels), figsize=(style.PHONE_WIDTH, height), squeeze=False)
    for axis, table in zip(axes.flat, panels, strict=True):
        axis.set_title(drawable(table["label"].iloc[0]))
        if (table["kind"] == NUMBER).all():
            _middle_halves(axis, table[table["level"] != MISSING], colours, names)
        else:
            _shares(axis, table, names)
        axis.set_yticks(range(len(names)), names)
        axis.set_ylim(len(names) - 0.5, -0.5)
        axis.tick_params(axis="y", length=0)
    return figure


def _middle_halves(axis: Axes, table: pd.DataFrame, colours: Sequence[int], names: Sequence[str]) -> None:
    for row in table.dropna(subset="median").itertuples():
        colour = style.colour(colours[row.segment])
        axis.plot([row.q25, row.q75], [row.segment] * 2, color=colour, linewidth=4, alpha=0.45, solid_capstyle="butt")
        axis.plot(row.median, row.segment, "o", color=colour, markersize=5)
        span = f"{words.decimal(row.median)} ({words.decimal(row.q25)} to {words.decimal(row.q75)})"
        marks.say(axis, names[row.segment], "Median and middle half", span, x=(row.q25, row.q75), y=_row(row.segment))
    axis.grid(axis="x")


def _shares(axis: Axes, table: pd.DataFrame, names: Sequence[str]) -> None:
    shares = table.pivot(index="segment", columns="level", values="share")[table["level"].unique()]
    start = pd.Series(0.0, index=shares.index)
    known = [level for level in shares if level != MISSING]
    shown = known if len(known) <= len(SHADES) else known[: len(SHADES) - 1]
    grey = [level for level in shares if level not in shown]
    parts = [(drawable(level), shares[level], shade) for level, shade in zip(shown, SHADES, strict=False)]
    if grey:
        parts.append((MISSING if grey == [MISSING] else "all others", shares[grey].sum(axis=1), style.HAIRLINE))
    for label, values, shade in parts:
        axis.barh(values.index, values, left=start, color=shade, height=0.7, label=label)
        for segment, share in values[values > 0].items():
            marks.say(
                axis,
                names[segment],
                label,
                words.percent(share),
                x=(start[segment], start[segment] + share),
                y=_row(segment),
            )
        start = start + values
    axis.xaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    axis.set_xlim(0, 1)
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1.02), fontsize=8)


def _row(segment: int) -> marks.Span:
    return segment - 0.5, segment + 0.5


def drawable(text: str, longest: int = LONGEST) -> str:
    """Text of the file as a figure can show it: in one line, not endless, in letters that its fonts have."""
    shown = "".join(letter if ord(letter) < 0x530 else "\N{WHITE SQUARE}" for letter in printable(text))
    shown = f" {shown}" if shown.startswith("_") else shown  # matplotlib leaves such a one out of its legend
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
