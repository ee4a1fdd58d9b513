"""What the training customers looked like, feature by feature: the measure that new customers are held against."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

DECILES = np.arange(1, 10) / 10


@dataclass(frozen=True)
class Range:
    """One feature in original units.

    ``edges`` are the distinct deciles; ``shares`` (one more than edges) the share of customers up to each edge and
    beyond the last, of those who have a value; ``missing`` the share of those who have none.
    """

    low: float
    high: float
    median: float
    edges: tuple[float, ...]
    shares: tuple[float, ...]
    missing: float


@dataclass(frozen=True)
class Reference:
    """``customers`` trained on, and the range of each input and derived feature by name."""

    customers: int
    ranges: dict[str, Range]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"customers": self.customers, "ranges": {name: asdict(known) for name, known in self.ranges.items()}}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "Reference":
        """Back from ``to_dict``, equal to the bit."""
        ranges = {
            name: Range(**{key: tuple(value) if isinstance(value, list) else value for key, value in known.items()})
            for name, known in raw["ranges"].items()
        }
        return cls(raw["customers"], ranges)


def describe(customers: pd.DataFrame, columns: tuple[str, ...]) -> Reference:
    """The training customers in original units, as a reference."""
    return Reference(len(customers), {name: _range(customers[name].to_numpy(dtype=np.float64)) for name in columns})


def counts(values: np.ndarray, edges: tuple[float, ...]) -> np.ndarray:
    """How many values are at most each edge (and above the one before) and beyond the last, shape (edges + 1,)."""
    return np.bincount(np.searchsorted(np.asarray(edges), values, side="left"), minlength=len(edges) + 1)


def _range(column: np.ndarray) -> Range:
    known = column[~np.isnan(column)]
    edges = tuple(np.unique(np.quantile(known, DECILES)).tolist())
    return Range(
        low=float(known.min()),
        high=float(known.max()),
        median=float(np.median(known)),
        edges=edges,
        shares=tuple((counts(known, edges) / len(known)).tolist()),
        missing=float(1.0 - len(known) / len(column)),
    )
