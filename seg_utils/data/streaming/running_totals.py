"""A totals row at the end of a file that is read in pieces: only sums over the whole file give it away."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from seg_utils.core.errors import DataError
from seg_utils.data.columns import junk_rows


class RunningTotals:
    """Sums and numbers of values of all customers so far, by feature."""

    def __init__(self, features: Sequence[str]) -> None:
        self._features = list(features)
        self._sums, self._known = np.zeros((2, len(self._features)))
        self._low, self._high = np.full((2, len(self._features)), np.nan)
        self._last = np.empty((0, len(self._features)))

    @np.errstate(over="ignore", invalid="ignore")  # numbers no card has are named by a check of their own
    def add(self, frame: pd.DataFrame) -> None:
        """Count the next customers of the file."""
        values = frame[self._features].to_numpy()
        self._sums += np.nansum(values, axis=0)
        self._known += np.count_nonzero(~np.isnan(values), axis=0)
        self._low = np.fmin(self._low, np.fmin.reduce(values, axis=0, initial=np.nan))
        self._high = np.fmax(self._high, np.fmax.reduce(values, axis=0, initial=np.nan))
        self._last = np.concatenate([self._last, values[-junk_rows.ROWS_SUMMED_UP :]])[-junk_rows.ROWS_SUMMED_UP :]

    @np.errstate(over="ignore", invalid="ignore")
    def check(self) -> None:
        """Refuse a file whose last rows sum up, or average, the rows above.

        Raises:
            DataError: one of them does.
        """
        above, known = self._sums - np.nansum(self._last, axis=0), self._known - (~np.isnan(self._last)).sum(axis=0)
        for place, row in enumerate(self._last):
            telling = np.where(self._low < self._high, row, 0)  # what is the same for all is the mean of the others
            if junk_rows.sums_up(row, above, known) and junk_rows.sums_up(telling, above, known):
                which = "the last row" if place == len(self._last) - 1 else "one of the last rows"
                raise DataError(f"{which} sums up the rows above; remove totals and averages")
            above, known = above + np.nan_to_num(row), known + ~np.isnan(row)
