"""What the training customers looked like, feature by feature and together: what new customers are held against."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

DECILES = np.arange(1, 10) / 10
CONSTANT = 1e-6  # a spread of places below this is rounding


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
    """``customers`` trained on, and the range of each input and derived feature by name; of what the features are
    together, the correlations of their ``places`` (features, features), the range of customers' ``distance`` to their
    own centre, and how many stand ``between`` two segments."""

    customers: int
    ranges: dict[str, Range]
    correlations: tuple[tuple[float, ...], ...]
    distance: Range
    between: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "Reference":
        """Back from ``to_dict``, equal to the bit."""
        return cls(
            customers=raw["customers"],
            ranges={name: _back(known) for name, known in raw["ranges"].items()},
            correlations=tuple(map(tuple, raw["correlations"])),
            distance=_back(raw["distance"]),
            between=raw["between"],
        )


def _back(known: dict[str, Any]) -> Range:
    return Range(**{key: tuple(value) if isinstance(value, list) else value for key, value in known.items()})


def describe(customers: pd.DataFrame, columns: tuple[str, ...], distance: np.ndarray, between: int) -> Reference:
    """The training customers (original units) as a reference, with each one's distance (n,) to the own centre and how
    many stand between two segments."""
    values = {name: customers[name].to_numpy(dtype=np.float64) for name in columns}
    ranges = {name: _range(column) for name, column in values.items()}
    positions = np.column_stack([places(values[name], ranges[name]) for name in columns])
    correlations = correlated(len(positions), positions.sum(axis=0), positions.T @ positions)
    return Reference(len(customers), ranges, tuple(map(tuple, correlations.tolist())), _range(distance), between)


def places(values: np.ndarray, trained: Range) -> np.ndarray:
    """Between which deciles of training each value lies, 0 below the first (n,); the middle for a missing one.

    Unlike amounts, places are bounded: no single customer moves what they say of features together.
    """
    position = np.searchsorted(np.asarray(trained.edges), values, side="left").astype(np.float64)
    position[np.isnan(values)] = float(np.dot(np.arange(len(trained.shares)), trained.shares))
    return position


def correlated(n: int, sums: np.ndarray, products: np.ndarray) -> np.ndarray:
    """Correlations (m, m) from the sums (m,) and the sums of products (m, m) of n customers; 0 for a constant."""
    covariance = products / n - np.outer(sums / n, sums / n)
    scale = np.sqrt(np.clip(np.diag(covariance), 0, None))
    constant = scale < CONSTANT
    scale = np.where(constant, 1.0, scale)
    return np.where(constant[:, None] | constant, 0.0, covariance / np.outer(scale, scale))


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
