"""How every figure looks, and how it becomes SVG whose bytes repeat.

The package draws inside ``with style.applied():``. A notebook calls ``style.use()`` once and then draws as it likes,
label, caption and text alternative in the cell's options; where these depend on data, ``style.show`` hands a figure
over with them. Importing this module imports no plotting library.
"""

import base64
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from seg_utils.core import artefacts
from seg_utils.reporting import typeface

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Colour i is segment i's, in every figure and table. Chosen to stay apart for colour-blind readers too: each colour
# is the one farthest, in OKLab and under simulated protanopia, deuteranopia and tritanopia, from those before it,
# among colours with a contrast of at least 3 to white. The four after the first eight are the farthest of those hues
# that are not used yet: a black, a taupe, a red and a grey. Beyond twelve they are kin: names carry the distinction.
PALETTE = (
    "#0072b2", "#d55e00", "#009e73", "#7a0043", "#b17af4", "#4e5900", "#2c219b", "#b13790", "#2d2d0f", "#876969",
    "#b40f1e", "#8796a5", "#781ef0", "#005a69", "#4b005a", "#e100c3", "#e16987", "#b43cff", "#693ca5", "#7869d2",
)  # fmt: skip

INK = "#1b2430"
QUIET = "#566072"
HAIRLINE = "#d5dae2"
ACCENT = "#1f4e79"

# For what stands behind: all customers, beside the segment at hand
MUTED = "#a9b3c1"

# Inches: the width of the report's text on paper, what a phone shows whole and readable (wider figures scroll there),
# and a column of two. Text in figures then has the report's size.
FULL_WIDTH = 6.8
PHONE_WIDTH = 4.8
HALF_WIDTH = 3.3

SETTINGS = {
    "svg.hashsalt": "seg_utils",
    "svg.fonttype": "path",
    "font.family": [typeface.FAMILY, typeface.FALLBACK],
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": HAIRLINE,
    "grid.linewidth": 0.7,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "text.color": INK,
    "text.parse_math": False,  # a dollar is money
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.6,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "white",
    "savefig.dpi": 160,  # of what is rasterized inside an SVG
}


# Environment variable: figures are shown as small PNG, for notebooks that are committed with their outputs
AS_PNG = "SEG_UTILS_FIGURES_AS_PNG"

PNG_DPI = 90

SVG_DPI = 72  # units of an SVG an inch, in which text is measured


def colour(segment: int) -> str:
    """The colour of a segment; they repeat after twenty."""
    return PALETTE[segment % len(PALETTE)]


@contextmanager
def applied() -> Iterator[None]:
    """Draw in the report's style, whatever a matplotlibrc says; also a decorator for drawing functions."""
    import matplotlib

    with matplotlib.rc_context():
        _set_up()
        yield


def use() -> None:
    """Have all that a notebook draws look like the report and be SVG whose bytes repeat, a plain seaborn chart as well;
    PNG where ``AS_PNG`` is set.

    Called once, at the notebook's head.
    """
    import matplotlib
    from IPython import get_ipython
    from matplotlib import pyplot as plt
    from matplotlib.figure import Figure

    shell = get_ipython()
    shell.run_line_magic("matplotlib", "inline")  # now, as it sets formatters of its own when it first draws
    _set_up()
    matplotlib.rcParams.update({"figure.figsize": (PHONE_WIDTH, 3), "axes.prop_cycle": plt.cycler(color=PALETTE)})
    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure, None)
    if os.environ.get(AS_PNG):
        formatters["image/png"].for_type(Figure, _png)
    else:
        formatters["image/svg+xml"].for_type(Figure, svg)


def _set_up() -> None:
    """The report's settings and fonts, in place of any other."""
    import matplotlib
    from matplotlib import font_manager

    known = {Path(font.fname) for font in font_manager.fontManager.ttflist}
    for path in map(typeface.file, typeface.WEIGHTS):
        if path not in known:
            font_manager.fontManager.addfont(path)
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(SETTINGS)


def svg(figure: "Figure") -> str:
    """A figure as SVG text: no date, no version, ids that depend on the content alone; over it what its marks say."""
    from seg_utils.reporting.figures import log_ticks, marks

    stream = io.StringIO()
    log_ticks.make_plain(figure)
    with applied():
        _print_svg(figure, stream)
    drawing, end, rest = re.sub(r"[ \t]+$", "", stream.getvalue(), flags=re.MULTILINE).rpartition("</svg>")
    return f"{drawing}{marks.layer(figure)}{end}{rest}"


def _print_svg(figure: "Figure", stream: io.StringIO) -> None:
    """What ``savefig`` writes, which draws a figure twice, the first time only to lay it out."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    shown_on, engine, dpi = figure.canvas, figure.get_layout_engine(), figure.get_dpi()
    canvas = FigureCanvasSVG(figure)
    if engine:
        figure.set_dpi(SVG_DPI)
        engine.execute(figure)
        figure.set_layout_engine("none")
    figure.set_dpi(matplotlib.rcParams["savefig.dpi"])
    figure.set_facecolor(matplotlib.rcParams["savefig.facecolor"])
    canvas.print_svg(stream, metadata={"Date": None, "Creator": None})
    figure.set(canvas=shown_on, layout_engine=engine, dpi=dpi)


def save(figure: "Figure", path: Path) -> None:
    """Write a figure as an SVG file."""
    artefacts.write_text(path, svg(figure))


def show(figure: "Figure", *, label: str, caption: str, alt: str) -> None:
    """Show a figure in a notebook such that the report takes it, and close it: as SVG, or PNG where ``AS_PNG`` is set.
    The label is ``fig-`` and lower-case letters, digits and hyphens, and ``@fig-…`` refers to it; the caption is one
    sentence in Markdown, with text that comes from data escaped; ``alt`` is plain text."""
    from IPython.display import display
    from matplotlib import pyplot as plt

    about = {"label": label, "fig-cap": caption, "fig-alt": alt}
    image = {"image/png": _png(figure)} if os.environ.get(AS_PNG) else {"image/svg+xml": svg(figure)}
    display({**image, "text/plain": alt}, metadata={"figure": about}, raw=True)
    plt.close(figure)


def _png(figure: "Figure") -> str:
    """A figure as PNG in base64, without a version: the same bytes again."""
    from seg_utils.reporting.figures import log_ticks

    stream = io.BytesIO()
    log_ticks.make_plain(figure)
    with applied():
        figure.savefig(stream, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return base64.b64encode(stream.getvalue()).decode("ascii")
