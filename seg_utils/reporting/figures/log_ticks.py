"""Ticks of logarithmic axes as plain numbers: matplotlib writes them as mathematics, which a report does not hold."""

from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatterMathtext, LogFormatterSciNotation


class PlainLogFormatter(LogFormatterSciNotation):
    """Labels the ticks that matplotlib would label, such as 1,000."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label of the tick at x; empty where it has none."""
        return f"{x:,.10g}" if super().__call__(x, pos) else ""


def make_plain(figure: Figure) -> None:
    """Label all logarithmic axes of a figure with plain numbers."""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        if isinstance(axis.get_major_formatter(), LogFormatterMathtext):
            axis.set_major_formatter(PlainLogFormatter())
        if isinstance(axis.get_minor_formatter(), LogFormatterMathtext):
            axis.set_minor_formatter(PlainLogFormatter())
