"""The report's typeface, Source Sans Pro by Adobe under the SIL Open Font License, as each format takes it.

The files come with a package, so they are the same on every machine and nothing is fetched. What they lack is set in
DejaVu Sans, which comes with matplotlib.
"""

import base64
import io
from functools import cache
from pathlib import Path

from seg_utils.core.paths import package_folder

FAMILY = "Source Sans Pro"
FALLBACK = "DejaVu Sans"

# Cuts that a page on screen needs, by the weight they stand for; figures need the same two
WEIGHTS = {400: "Regular", 700: "Semibold"}

# What goes into a page: Latin letters, punctuation, currencies, arrows, signs. A browser sets the rest otherwise.
COVERED = (*range(0x20, 0x180), *range(0x2010, 0x2045), 0x20AC, *range(0x2190, 0x2194), 0x2212, 0x2260, 0x2264, 0x2265)

KEPT_FEATURES = ["kern", "liga", "tnum", "lnum"]


def folders() -> list[Path]:
    """Where Typst finds all fonts of the report; found without importing the packages they come with."""
    return [
        package_folder("font_source_sans_pro") / "files",
        package_folder("matplotlib") / "mpl-data" / "fonts" / "ttf",
    ]


def file(weight: int) -> Path:
    """The file of one cut.

    Args:
        weight: one of ``WEIGHTS``.
    """
    return folders()[0] / f"SourceSansPro-{WEIGHTS[weight]}.ttf"


@cache
def css() -> str:
    """The ``@font-face`` rules of a page that carries its fonts in itself, about 25 kB a cut."""
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-display: swap; '
        f"src: url(data:font/woff;base64,{base64.b64encode(_subset(file(weight))).decode('ascii')}) "
        'format("woff"); }'
        for weight in WEIGHTS
    )


def _subset(path: Path) -> bytes:
    """A font with the characters covered alone, as WOFF."""
    from fontTools import subset  # half a second
    from fontTools.ttLib import TTFont

    stream = io.BytesIO()
    with TTFont(path, recalcTimestamp=False, lazy=True) as font:
        subsetter = subset.Subsetter(subset.Options(layout_features=KEPT_FEATURES, hinting=False))
        subsetter.populate(unicodes=COVERED)
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(stream)
    return stream.getvalue()
