"""What each mark of a chart says in words: its segment, its measure, its value.

A drawing function says it beside drawing the mark (``marks.say``). Nothing of it shows. ``style.svg`` lays it over the
figure as transparent rectangles with a ``title``, which a browser shows where the SVG is opened by itself; in the
report ``report.js`` reads them out of the picture and shows them on hover, focus and tap. Places are shares of the
picture, so they hold at any size.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox, Transform

Span = tuple[float, float]

SEPARATOR = " · "
POINTS_PER_INCH = 72
REACH = 5  # points around a single point within which it is pointed at

# What XML 1.0 cannot hold, not even escaped
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Mark(Artist):
    """The place of a mark and what it says; draws nothing and takes no room."""

    def __init__(self, box: Bbox, transform: Transform, text: str, reach: float):
        super().__init__()
        self.text = text
        self._box, self._reach = box, reach
        self.set_transform(transform)
        self.set_in_layout(False)

    def draw(self, renderer: object) -> None:
        """Nothing shows."""

    def place(self, figure: Figure) -> tuple[float, float, float, float] | None:
        """Left, top, width and height as shares of the figure's; None where the axes show nothing of it."""
        points = self.get_transform().transform(self._box.get_points())
        reach = self._reach * figure.dpi / POINTS_PER_INCH
        around = Bbox([points.min(axis=0) - reach, points.max(axis=0) + reach])
        seen = Bbox.intersection(around, self.axes.bbox)
        if seen is None or not np.isfinite(seen.get_points()).all():
            return None
        (left, bottom), (right, top) = figure.transFigure.inverted().transform(seen.get_points())
        return left, 1 - top, right - left, top - bottom


def say(axis: Axes, *parts: str, x: Span | None = None, y: Span | None = None, reach: float = 0) -> None:
    """Have a place of a chart say something, such as segment, measure and value; what is said first is read first.
    ``x`` and ``y`` are from where to where in the axis's units, None the whole of it; the place extends ``reach``
    points beyond that on every side."""
    transforms = {
        (True, True): axis.transData,
        (True, False): axis.get_xaxis_transform(),
        (False, True): axis.get_yaxis_transform(),
        (False, False): axis.transAxes,
    }
    (left, right), (bottom, top) = x or (0, 1), y or (0, 1)
    transform = transforms[x is not None, y is not None]
    axis.add_artist(Mark(Bbox([[left, bottom], [right, top]]), transform, SEPARATOR.join(filter(None, parts)), reach))


def say_at(axis: Axes, x: float, y: float, *parts: str, reach: float = REACH) -> None:
    """Have a single point say something."""
    say(axis, *parts, x=(x, x), y=(y, y), reach=reach)


def halfway(places: Sequence[float]) -> list[Span]:
    """For places in ascending order the stretch that is nearer to each than to any other."""
    if len(places) < 2:
        return [(place - 0.5, place + 0.5) for place in places]
    middles = [(place + other) / 2 for place, other in pairwise(places)]
    return list(pairwise([2 * places[0] - middles[0], *middles, 2 * places[-1] - middles[-1]]))


def layer(figure: Figure) -> str:
    """The marks of a figure that has been drawn, as an SVG group of transparent rectangles; ASCII, empty if none."""
    rectangles = "\n".join(_rectangles(figure))
    return f'<g class="marks" fill="none" pointer-events="all">\n{rectangles}\n</g>\n' if rectangles else ""


def _rectangles(figure: Figure) -> Iterator[str]:
    for mark in (artist for axis in figure.axes for artist in axis.artists if isinstance(artist, Mark)):
        if (place := mark.place(figure)) is None:
            continue
        where = " ".join(
            f'{name}="{100 * share:.2f}%"' for name, share in zip(("x", "y", "width", "height"), place, strict=True)
        )
        yield f"<rect {where}><title>{_text(mark.text)}</title></rect>"


def _text(text: str) -> str:
    """Text as an SVG holds it, on one line."""
    whole = escape(NOT_XML.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split())))
    return whole.encode("ascii", "xmlcharrefreplace").decode("ascii")
