"""IF-rules that say who is in a segment, in original units.

A tree with one leaf a segment, built by iterative mistake minimisation (Moshkovitz, Dasgupta, Rashtchian & Frost 2020,
"Explainable k-means and k-medians clustering"): every split separates centroids, and is the one that sends the fewest
customers away from their own. Unlike a tree that maximises accuracy it names small segments too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS, Clustering
from seg_utils.clustering.partition import means_of
from seg_utils.core import dictionary
from seg_utils.core.dictionary import Feature
from seg_utils.features.feature_space import FeatureSpace

MOST_DIGITS = 12


@dataclass(frozen=True)
class Condition:
    """``low < feature <= high`` in original units; ``None`` leaves a side open."""

    feature: str
    low: float | None = None
    high: float | None = None

    def holds(self, customers: pd.DataFrame) -> np.ndarray:
        """Whether each customer meets the condition, shape (n,)."""
        values = customers[self.feature].to_numpy()
        met = np.ones(len(values), dtype=bool)
        if self.low is not None:
            met &= values > self.low
        if self.high is not None:
            met &= values <= self.high
        return met

    def text(self) -> str:
        feature = dictionary.load()[self.feature]
        if self.low is None:
            return f"{feature.label} {_at_most(self.high, feature)}"
        if self.high is None:
            return f"{feature.label} above {_number(self.low, feature)}"
        return f"{feature.label} above {_number(self.low, feature)} and {_at_most(self.high, feature)}"


@dataclass(frozen=True)
class Rule:
    """Who is in a segment. ``recall``: share of the segment that meets the rule; ``precision``: share of those who
    meet the rule that are in the segment; ``customers`` meet it."""

    segment: int
    conditions: tuple[Condition, ...]
    recall: float
    precision: float
    customers: int

    def holds(self, customers: pd.DataFrame) -> np.ndarray:
        """Whether each customer, in original units and without missing values, meets all conditions, shape (n,)."""
        met = np.ones(len(customers), dtype=bool)
        for condition in self.conditions:
            met &= condition.holds(customers)
        return met

    def text(self) -> str:
        return " and ".join(condition.text() for condition in self.conditions)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "segment": self.segment,
            "text": self.text(),
            "conditions": [
                {"feature": c.feature, "low": c.low, "high": c.high, "text": c.text()} for c in self.conditions
            ],
            "recall": self.recall,
            "precision": self.precision,
            "customers": self.customers,
        }


def rules(customers: pd.DataFrame, space: FeatureSpace, clustering: Clustering) -> list[Rule]:
    """One rule a segment, in segment order; every customer (original units, missing values allowed) meets exactly one
    of them, outliers too. The tree is grown on the scaled features, whatever the customers were clustered on: codes
    have no meaning."""
    filled = space.impute_missing(customers)
    inside = clustering.labels != OUTLIERS
    labels, scaled = clustering.labels[inside], space.scaled(customers)[inside]
    tree = _Tree(filled.to_numpy(dtype=float)[inside], scaled, labels, space.features)
    measured = []
    for segment, conditions in sorted(tree.leaves()):
        rule = Rule(segment, conditions, recall=0.0, precision=0.0, customers=0)
        met = rule.holds(filled)
        right = int((met & (clustering.labels == segment)).sum())
        size, count = int(clustering.sizes[segment]), int(met.sum())
        measured.append(Rule(segment, conditions, right / size, right / count if count else 0.0, count))
    return measured


class _Tree:
    """Iterative mistake minimisation on scaled features; thresholds are told in original units."""

    def __init__(self, raw: np.ndarray, X: np.ndarray, labels: np.ndarray, features: tuple[str, ...]) -> None:
        self._raw, self._X, self._labels, self._features = raw, X, labels, features
        self._centroids = means_of(X, labels)

    def leaves(self) -> Iterator[tuple[int, tuple[Condition, ...]]]:
        """Segment and conditions of each leaf."""
        yield from self._grow(np.arange(len(self._X)), np.arange(len(self._centroids)), {})

    def _grow(
        self, rows: np.ndarray, segments: np.ndarray, bounds: dict[int, tuple[float | None, float | None]]
    ) -> Iterator[tuple[int, tuple[Condition, ...]]]:
        if len(segments) == 1:
            conditions = (Condition(self._features[column], *bounds[column]) for column in sorted(bounds))
            yield int(segments[0]), tuple(conditions)
            return
        column, cut = self._best_split(rows, segments)
        threshold = self._in_original_units(column, cut)
        low, high = bounds.get(column, (None, None))
        for left in (True, False):
            going = (self._X[rows, column] <= cut) == left
            of_centroid = (self._centroids[segments, column] <= cut) == left
            # customers cut off from their centroid are lost to this side: later splits must not be bent by them
            kept = rows[going & np.isin(self._labels[rows], segments[of_centroid])]
            narrowed = bounds | {column: (low, threshold) if left else (threshold, high)}
            yield from self._grow(kept, segments[of_centroid], narrowed)

    def _best_split(self, rows: np.ndarray, segments: np.ndarray) -> tuple[int, float]:
        """Column and coordinate that separate the centroids with the fewest mistakes; ties go to the widest gap."""
        best: tuple[tuple[int, float, int], float] | None = None
        for column in range(self._X.shape[1]):
            centers = self._centroids[segments, column]
            if centers.min() == centers.max():
                continue
            values = self._X[rows, column]
            cuts, margin = _cuts(values, centers)
            wrong = _mistakes(values, self._labels[rows], cuts, segments, centers)
            choice = int(np.lexsort((-margin, wrong))[0])
            key = (int(wrong[choice]), -float(margin[choice]), column)
            if best is None or key < best[0]:
                best = key, float(cuts[choice])
        assert best is not None, "two segments have the same centroid"
        return best[0][2], best[1]

    def _in_original_units(self, column: int, cut: float) -> float:
        """A round number that separates the customers as ``cut`` does."""
        below = self._X[:, column] <= cut
        low = self._raw[below, column].max() if below.any() else -np.inf
        high = self._raw[~below, column].min() if (~below).any() else np.inf
        return round_between(float(low), float(high))


def _cuts(values: np.ndarray, centers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates that separate the centers, and how wide the gap between customers is there, both (cuts,)."""
    points = np.unique(np.concatenate([values, centers]))
    points = points[(points >= centers.min()) & (points <= centers.max())]
    return points[:-1], np.diff(points)


def _mistakes(
    values: np.ndarray, labels: np.ndarray, cuts: np.ndarray, segments: np.ndarray, centers: np.ndarray
) -> np.ndarray:
    """Customers that each cut separates from their centroid, shape (cuts,)."""
    wrong = np.zeros(len(cuts), dtype=np.int64)
    for segment, center in zip(segments, centers, strict=True):
        members = np.sort(values[labels == segment])
        below = np.searchsorted(members, cuts, side="right")
        wrong += np.where(center <= cuts, len(members) - below, below)
    return wrong


def round_between(low: float, high: float) -> float:
    """The number with the fewest digits that is at least ``low`` and below ``high``."""
    if not np.isfinite(low) or not np.isfinite(high) or low == 0:
        return low if np.isfinite(low) else high
    size = np.floor(np.log10(max(abs(low), abs(high))))
    for digits in range(1, MOST_DIGITS):
        decimals = int(digits - 1 - size)
        candidate = round(np.ceil(low * 10.0**decimals) / 10.0**decimals, max(decimals, 0))
        if low <= candidate < high:
            return float(candidate)
    return low


def _at_most(value: float, feature: Feature) -> str:
    return "zero" if value == 0 else f"at most {_number(value, feature)}"


def _number(value: float, feature: Feature) -> str:
    if feature.kind == "amount":
        cents = round(value, 2) == value != round(value)
        return f"{dictionary.load().currency}{f'{value:,.2f}' if cents else _digits(value)}"
    if feature.kind in ("frequency", "share"):
        return f"{_digits(100 * value)} %" + (" of months" if feature.kind == "frequency" else "")
    return f"{_digits(value)} months" if feature.kind == "months" else _digits(value)


def _digits(value: float) -> str:
    """All digits that a round number has, and no others."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")
