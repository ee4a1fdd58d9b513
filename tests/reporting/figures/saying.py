"""What the marks of a figure say, read from the figure itself."""

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from seg_utils.reporting.figures.marks import Mark


def said(figure: Figure) -> list[str]:
    """All texts in reading order; closes the figure."""
    plt.close(figure)
    return [mark.text for axis in figure.axes for mark in axis.artists if isinstance(mark, Mark)]
