"""What the marks of a figure say and what it draws, read from the figure itself."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from seg_utils.reporting.figures.marks import Mark


def said(figure: Figure) -> list[str]:
    """All texts in reading order, of marks that each have a place."""
    marks = [mark for axis in figure.axes for mark in axis.artists if isinstance(mark, Mark)]
    assert all(mark._reach > 0 or (mark._box.width and mark._box.height) for mark in marks)
    return [mark.text for mark in marks]


def spans(axis: Axes) -> list[list[float]]:
    """From where to where each mark lies: left, bottom, right and top, in the axis's units or shares of it."""
    return [_rounded(mark._box.get_points().ravel()) for mark in axis.artists if isinstance(mark, Mark)]


def lines(axis: Axes, *colours: str) -> list[tuple[list[float], list[float]]]:
    """Places (x, y) of every line and point in one of the colours, in the order drawn."""
    found = [line for line in axis.lines if not colours or to_hex(line.get_color()) in colours]
    return [(_rounded(line.get_xdata()), _rounded(line.get_ydata())) for line in found]


def bars(axis: Axes) -> list[tuple[str, list[float]]]:
    """Colour, and left, bottom, right and top of every bar, in the order drawn."""
    corners = [(bar.get_bbox().get_points().ravel(), bar.get_facecolor()) for bar in axis.patches]
    return [(to_hex(colour), _rounded(places)) for places, colour in corners]


def areas(axis: Axes) -> list[tuple[str, list[float]]]:
    """Colour, and left, bottom, right and top of every area, in the order drawn."""
    found = []
    for area in axis.collections:
        points = (
            area.get_offsets() if len(area.get_offsets()) > 1 else np.vstack([p.vertices for p in area.get_paths()])
        )
        found.append((to_hex(area.get_facecolor()[0]), _rounded([*np.min(points, axis=0), *np.max(points, axis=0)])))
    return found


def _rounded(values) -> list[float]:
    return np.round(np.asarray(values, dtype=float), 6).tolist()
