"""What cannot be read in a file, and what is done about it: how much of which kind, the first places,
and whether the file would be another without those rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding
from seg_utils.data.formats.raw_table import Flaw
from seg_utils.data.wording import plural, show

MAX_DROPPED_SHARE = 0.5  # BAD_ROWS=drop stops here: what is left would no longer be the file

# Right for a model, too, which wants the features of the report that it was made with
CORRECT = "correct the file, or make a report without a column that holds no numbers by FEATURES="

NAMED_DROPPED = 1000
KINDS_SHOWN = 4
PLACES_SHOWN = 5


class Flaws:
    """Flaws counted, the first ``NAMED_DROPPED`` of them kept."""

    def __init__(self) -> None:
        self.n_rows = 0
        self._problems: Counter[str] = Counter()
        self._first: list[Flaw] = []

    def add(self, flaws: Iterable[Flaw]) -> None:
        """Count the flaws of further rows, which stand below all earlier ones."""
        flaws = sorted(flaws, key=lambda flaw: (flaw.row, flaw.column))
        self.n_rows += len({flaw.row for flaw in flaws})
        self._problems.update(flaw.problem for flaw in flaws)
        self._first += flaws[: NAMED_DROPPED - len(self._first)]

    def counted(self) -> dict[str, Any]:
        """What was counted so far, as plain values."""
        return {"rows": self.n_rows, "problems": self._problems, "first": [asdict(flaw) for flaw in self._first]}

    def add_counted(self, counted: Mapping[str, Any]) -> None:
        """Flaws of other rows, as ``counted`` gave them."""
        self.n_rows += counted["rows"]
        self._problems.update(counted["problems"])
        self._first += [Flaw(**flaw) for flaw in counted["first"][: NAMED_DROPPED - len(self._first)]]

    def settle(self, n_rows: int, bad_rows: str, bias: str = "") -> list[Finding]:
        """Stop at flaws, or name the rows that are dropped because the user asked for it, and how that is biased.
        Raises DataError: there are flaws and ``bad_rows`` is ``stop``, or more than half of the rows are flawed."""
        if not self.n_rows:
            return []
        most = self.n_rows > MAX_DROPPED_SHARE * n_rows
        if most and bad_rows == "drop":
            dropped = f"BAD_ROWS=drop would drop {self.n_rows:,} of {plural(n_rows, 'row')}, more than half"
            raise DataError(f"{self._summary()}; {dropped}: {CORRECT}")
        if most:
            raise DataError(f"{self._summary()}; {CORRECT}")
        if bad_rows == "stop":
            drop = f"drop {plural(self.n_rows, 'row')} with BAD_ROWS=drop"
            beware = f"; but {bias}: correct the file" if bias else ""
            raise DataError(f"{self._summary()}; correct the file, or {drop}{beware}")
        beware = f"; {bias}" if bias else ""
        words = {"summary": self._summary(), "beware": beware}
        examples = tuple(
            {"row": flaw.row, "column": flaw.column, "value": flaw.value[:80], "problem": flaw.problem}
            for flaw in self._first
        )
        return [Finding("warning", "bad_rows", "", self.n_rows, examples, action="dropped", parameters=words)]

    def _summary(self) -> str:
        """``12 places cannot be read`` and the like, the most frequent problem first, and where the first are."""
        places = self._problems.total()
        kinds = ", ".join(f"{count:,} × {problem}" for problem, count in self._problems.most_common(KINDS_SHOWN))
        shown = [
            f"row {flaw.row:,}{f' {flaw.column}' if flaw.column else ''} {show(flaw.value)}"
            for flaw in self._first[:PLACES_SHOWN]
        ]
        more = f" and {places - PLACES_SHOWN:,} more" if places > PLACES_SHOWN else ""
        return f"{plural(places, 'place')} cannot be read ({kinds}): {', '.join(shown)}{more}"


LEAST_ROWS = 10  # of fewer rows nothing can be said, and little hangs on them

# How far the chance that a dropped row has more than another may be from a half; 0.15 is a third of a spread
FARTHEST = 0.15

SURE = 4.0  # standard errors from a half: one of 16,000 comparisons of random rows, of which a file gives 17
SHOWN = 3


def of_dropping(frame: pd.DataFrame, rows: np.ndarray, flaws: Iterable[Flaw], features: Sequence[str]) -> str:
    """How rows (n,) with flaws differ from the others, the most telling columns first; empty where they do not.
    ``frame`` (n) holds what could be read of all rows, NaN where nothing could; what could not be read counts as the
    number it would be, if it is one."""
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
