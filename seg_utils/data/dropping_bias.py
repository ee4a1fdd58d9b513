"""Are rows that would be dropped a random part of the file? Without its largest customers it is another file."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from seg_utils.data.formats.raw_table import Flaw

LEAST_ROWS = 10
"""Of fewer rows nothing can be said, and little hangs on them."""

FARTHEST = 0.15
"""How far the chance that a dropped row has more than another may be from a half; 0.15 is a third of a spread."""

SURE = 4.0
"""Standard errors from a half: one of 16,000 comparisons of random rows, of which a file gives 17."""

SHOWN = 3


def of_dropping(frame: pd.DataFrame, rows: np.ndarray, flaws: Iterable[Flaw], features: Sequence[str]) -> str:
    """How rows with flaws differ from the others, the most telling columns first; empty where they do not.

    Args:
        frame: all rows (n) with what could be read of them, NaN where nothing could.
        rows: their places in the file, shape (n,).
        flaws: what could not be read; what a number it would be, if it is one, counts as its value.
    """
    flaws = list(flaws)
    dropped = np.isin(rows, [flaw.row for flaw in flaws])
    if not LEAST_ROWS <= np.count_nonzero(dropped) < len(rows):
        return ""
    differing = []
    for name in features:
        values = frame[name].to_numpy(dtype=float)
        guessed = _guessed(values, rows, [flaw for flaw in flaws if flaw.column == name])
        away = _away(guessed[dropped], values[~dropped])
        if abs(away) > FARTHEST:
            typical = (float(np.nanmedian(part)) for part in (guessed[dropped], values[~dropped]))
            differing.append((-abs(away), name, *typical))
    sentences = [
        f"{name} is typically {_shown(inside)} in them and {_shown(outside)} elsewhere"
        for _, name, inside, outside in sorted(differing)
    ]
    if not sentences:
        return ""
    shown = ", ".join(sentences[:SHOWN])
    return f"these rows are no random part of the file ({shown}), so that every segment would be biased"


def _guessed(values: np.ndarray, rows: np.ndarray, flaws: Sequence[Flaw]) -> np.ndarray:
    """Values (n,) with the magnitudes of those that could not be read exactly."""
    if not flaws:
        return values
    flaws = [flaw for flaw, known in zip(flaws, np.isin([flaw.row for flaw in flaws], rows), strict=True) if known]
    guessed = values.copy()
    guessed[np.searchsorted(rows, [flaw.row for flaw in flaws])] = [_magnitude(flaw.value) for flaw in flaws]
    return guessed


def _magnitude(text: str) -> float:
    """About which number a text is, NaN where it is none: spreadsheets' ``5.00E+05`` and the like."""
    try:
        number = float(text.strip().replace(",", ".").rstrip("%"))
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan


def _shown(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _away(inside: np.ndarray, outside: np.ndarray) -> float:
    """By how much the chance that one value (m,) exceeds one of the others (n,) differs from a half; 0 if by chance."""
    from scipy.stats import mannwhitneyu

    inside, outside = inside[~np.isnan(inside)], outside[~np.isnan(outside)]
    m, n = len(inside), len(outside)
    if m < LEAST_ROWS or n < LEAST_ROWS:
        return 0.0
    away = mannwhitneyu(inside, outside, method="asymptotic").statistic / (m * n) - 0.5
    error = np.sqrt((m + n + 1) / (12 * m * n))
    return float(away) if abs(away) > SURE * error else 0.0
