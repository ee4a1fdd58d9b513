"""When odd rows are an oddity to note and when they are damage to stop at; the columns as the checks see them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding
from seg_utils.data.wording import MAX_EXAMPLES

ALWAYS_FEW_ROWS = 2  # so few odd rows are noted and never stop a run, however small the file
FEW_ROWS = 10

# More rows than FEW_ROWS and a larger share than this are damage. The public file's worst such oddity is 0.2 %.
MANY_SHARE = 0.01

MOST_SHARE = 0.05  # in a small file this share is damage although the rows are few

# A relation holds in a file when fewer rows than this break it; the public file's pairs break in 0.07 % at most
KEPT_SHARE = 0.005

SAMPLED_ROWS = 5000  # medians and correlations over the whole file look no further

# So many rows of a few columns stay in a processor's cache, and their intermediate results with them
BLOCK_ROWS = 1 << 16


Measured = TypeVar("Measured")


class Columns:
    """The features of n customers as arrays (n,), each in original units with NaN where missing."""

    def __init__(self, frame: pd.DataFrame, features: list[str]) -> None:
        self._frame = frame
        self.features = [dictionary.load()[name] for name in features]
        self._values = {name: frame[name].to_numpy() for name in features}
        self._ids = frame[ID].array
        self._extremes: dict[str, tuple[float, float]] = {}
        self._incomplete: set[str] = set()
        self._samples: dict[str, np.ndarray] = {}
        self._measured: dict[Callable[[Columns], Any], Any] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        return self._values[name]

    def __len__(self) -> int:
        return len(self._frame)

    def has(self, *names: str) -> bool:
        return all(name in self._values for name in names)

    def of_kind(self, *kinds: str) -> list[dictionary.Feature]:
        return [feature for feature in self.features if feature.kind in kinds]

    def names(self, *kinds: str) -> list[str]:
        return [feature.name for feature in self.of_kind(*kinds)]

    def extremes(self, name: str) -> tuple[float, float]:
        """Smallest and largest value, NaN where there is none."""
        if name not in self._extremes:
            values = self._values[name]
            low, high = values.min(), values.max()  # both are NaN where any value is
            if np.isnan(low):
                self._incomplete.add(name)
                low, high = np.fmin.reduce(values), np.fmax.reduce(values)
            self._extremes[name] = (float(low), float(high))
        return self._extremes[name]

    def is_complete(self, name: str) -> bool:
        self.extremes(name)
        return name not in self._incomplete

    def sample(self, name: str) -> np.ndarray:
        """At most about SAMPLED_ROWS values of a column, evenly spread over the file."""
        if name not in self._samples:
            self._samples[name] = self._values[name][:: self.step].copy()
        return self._samples[name]

    def measured(self, measure: Callable[["Columns"], Measured]) -> Measured:
        """What a function says of these columns, computed once however many rules ask."""
        if measure not in self._measured:
            self._measured[measure] = measure(self)
        return self._measured[measure]

    @property
    def step(self) -> int:
        """Every how many rows one is in a sample."""
        return max(len(self) // SAMPLED_ROWS, 1)

    def examples(self, rows: Sequence[int], *names: str) -> tuple[dict[str, object], ...]:
        """The first few of these customers, with the values of these columns."""
        return tuple(
            {ID: str(self._ids[row])} | {name: _plain(self._values[name][row]) for name in names}
            for row in rows[:MAX_EXAMPLES]
        )

    def finding(
        self, severity: str, rule: str, odd: np.ndarray, *names: str, case: str = "", action: str = "", **more: Any
    ) -> Finding:
        """A finding on the rows of a mask (n,), shown with the values of these columns, the first of which it is about.

        Args:
            more: parameters of its wording.
        """
        rows = np.flatnonzero(odd)
        action = action or ("stopped" if severity == "error" else "kept")
        return Finding(
            severity, rule, names[0], len(rows), self.examples(rows, *names), action, len(self), case, more, rows
        )


Rule = Callable[[Columns], Iterator[Finding]]  # a check: yields what it finds, an ``error`` where the run must stop


def blockwise(test: Callable[..., np.ndarray], *columns: np.ndarray) -> np.ndarray:
    """The mask (n,) of a test that looks at each row of the columns (n,) by itself, some rows at a time.

    A test of several steps over whole large columns spends its time on memory for the intermediate results.
    """
    return blockwise_each(lambda *blocks: [test(*blocks)], 1, *columns)[0]


def blockwise_each(tests: Callable[..., Sequence[np.ndarray]], count: int, *columns: np.ndarray) -> np.ndarray:
    """The masks (count, n) of several tests that read the same columns (n,), which leave memory once for all."""
    masks = np.empty((count, len(columns[0])), dtype=bool)
    for start in range(0, masks.shape[1], BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        for mask, odd in zip(masks, tests(*(values[block] for values in columns)), strict=True):
            mask[block] = odd
    return masks


def is_many(count: int, n: int, share: float = MANY_SHARE) -> bool:
    """Whether so many of n rows mean damage."""
    if count <= ALWAYS_FEW_ROWS:
        return False
    return count > max(MOST_SHARE, share) * n or (count > FEW_ROWS and count > share * n)


def by_share(
    columns: Columns, rule: str, odd: np.ndarray, *names: str, share: float = MANY_SHARE, case: str = "", **more: Any
) -> Iterator[Finding]:
    """A warning where few rows of the mask ``odd`` (n,) are set, an error with the likely cause where many are."""
    count = int(np.count_nonzero(odd))
    if count:
        many = is_many(count, len(columns), share)
        yield columns.finding("error" if many else "warning", rule, odd, *names, case=case, many=many, **more)


def _plain(value: float) -> float | int | None:
    if np.isnan(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else float(value)
