"""Do new customers look like those a model was made from? Counts that add up, and what they say.

The population stability index (PSI) of a feature compares shares of customers between the deciles of training, those
without a value counting as one more group: the sum of (new - old) * ln(new / old).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import betabinom, chi2

from seg_utils.clustering import OUTLIERS
from seg_utils.core import dictionary
from seg_utils.scoring import reference
from seg_utils.scoring.model import SegmentModel

MODERATE_SHIFT = 0.1
LARGE_SHIFT = 0.25
"""Siddiqi, Credit Risk Scorecards (2006): below 0.1 no change to speak of; from 0.25 another population."""

MIN_CUSTOMERS = 100
"""Fewer are too few to tell, whatever their PSI."""

FALSE_ALARMS = 0.01
"""How often customers drawn like those of training may bring a warning at all."""

OUTSIDE_SHARE = 0.01
"""From this share on, customers outside the training range are worth a warning."""

HALF = 0.5
"""Added to every count, so that an empty group has a logarithm."""

NO_SHIFT, MODERATE, LARGE, TOO_FEW = "as in training", "moderate shift", "large shift", "too few to tell"


@dataclass
class Tally:
    """Counts of new customers: for each input and derived feature (bins,) between the edges of training with the
    missing last, below and above the training range; of each segment with the outliers last; and of customers outside
    any range."""

    customers: int = 0
    bins: dict[str, np.ndarray] = field(default_factory=dict)
    below: dict[str, int] = field(default_factory=dict)
    above: dict[str, int] = field(default_factory=dict)
    segments: np.ndarray | int = 0
    outside: int = 0

    def add(self, other: "Tally") -> None:
        """Count these too."""
        self.customers += other.customers
        self.segments = self.segments + other.segments
        self.outside += other.outside
        for mine, theirs in ((self.bins, other.bins), (self.below, other.below), (self.above, other.above)):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count


def tally(model: SegmentModel, customers: pd.DataFrame, segment: np.ndarray) -> Tally:
    """Counts of some customers (n,), the model's inputs in original units, placed in ``segment`` (n,)."""
    customers = model.space.with_derived(customers)
    counted = Tally(len(customers))
    outside = np.zeros(len(customers), dtype=bool)
    for name in model.space.columns:
        values, trained_range = customers[name].to_numpy(), model.reference.ranges[name]
        known = values[~np.isnan(values)]
        below, above = values < trained_range.low, values > trained_range.high
        outside |= below | above
        missing = len(values) - len(known)
        counted.bins[name] = np.append(reference.counts(known, trained_range.edges), missing)
        counted.below[name], counted.above[name] = int(below.sum()), int(above.sum())
    k = len(model.sizes)
    counted.segments = np.bincount(np.where(segment == OUTLIERS, k, segment), minlength=k + 1)
    counted.outside = int(outside.sum())
    return counted


def psi(new: np.ndarray, old: np.ndarray) -> float:
    """Population stability index of counts (bins,) against those of training; groups empty in both do not count."""
    filled = (new > 0) | (old > 0)
    new, old = new[filled] + HALF, old[filled] + HALF
    new, old = new / new.sum(), old / old.sum()
    return float(((new - old) * np.log(new / old)).sum())


def noise(new: np.ndarray, old: np.ndarray, chance: float) -> float:
    """The PSI that customers drawn like those of training exceed by ``chance``.

    Without drift PSI is about chi-squared with one degree less than groups, times 1/n + 1/N (Yurdakul, Statistical
    Properties of Population Stability Index, 2018).
    """
    groups = int(((new > 0) | (old > 0)).sum())
    return float(chi2.isf(chance, max(groups - 1, 1)) * (1 / max(new.sum(), 1) + 1 / old.sum()))


def by_feature(model: SegmentModel, counted: Tally) -> pd.DataFrame:
    """One row an input and derived feature, in the model's order: how new customers compare with those of training.

    Columns: ``feature, label, psi, noise`` (what chance alone may bring)``, verdict, missing_share,
    training_missing_share, below_share, above_share, training_low, training_high, outside`` (whether more customers lie
    outside the training range than chance brings there).
    """
    return pd.DataFrame([_compared(model, counted, name) for name in model.space.columns])


def of_segments(model: SegmentModel, counted: Tally) -> dict[str, Any]:
    """The PSI of the shares of segments, what chance alone may bring, and the verdict."""
    old = np.array([*model.sizes, model.outliers])
    return _judged(model, counted.segments, old)


def worst_first(table: pd.DataFrame) -> pd.DataFrame:
    """The features to warn of, the largest shift first."""
    warned = table["verdict"].isin([MODERATE, LARGE]) | table["outside"]
    return table[warned].sort_values("psi", ascending=False, kind="stable")


def _compared(model: SegmentModel, counted: Tally, name: str) -> dict[str, Any]:
    trained_range, n = model.reference.ranges[name], counted.customers
    trained = model.reference.customers
    known = trained * (1 - trained_range.missing)
    old = np.rint(np.append(np.asarray(trained_range.shares) * known, trained * trained_range.missing))
    below, above = counted.below[name], counted.above[name]
    return {
        "feature": name,
        "label": dictionary.load().label(name),
        **_judged(model, counted.bins[name], old),
        "missing_share": counted.bins[name][-1] / n,
        "training_missing_share": trained_range.missing,
        "below_share": below / n,
        "above_share": above / n,
        "training_low": trained_range.low,
        "training_high": trained_range.high,
        "outside": _many_outside(below + above, n, trained, chance(model)),
    }


def _judged(model: SegmentModel, new: np.ndarray, old: np.ndarray) -> dict[str, Any]:
    value, by_chance = psi(new, old), noise(new, old, chance(model))
    verdict = NO_SHIFT
    if new.sum() < MIN_CUSTOMERS:
        verdict = TOO_FEW
    elif value > by_chance and value >= MODERATE_SHIFT:
        verdict = LARGE if value >= LARGE_SHIFT else MODERATE
    return {"psi": value, "noise": by_chance, "verdict": verdict}


def _many_outside(outside: int, n: int, trained: int, chance: float) -> bool:
    """Whether so many of n lie outside the range of those trained on: two ends beyond the outermost of N are a
    Beta(2, N - 1) share of the same population."""
    if n < MIN_CUSTOMERS or outside < OUTSIDE_SHARE * n:
        return False
    return bool(betabinom.sf(outside - 1, n, 2, max(trained - 1, 1)) < chance)


def chance(model: SegmentModel) -> float:
    """How often a single comparison may be a false alarm: each feature twice, and the segments."""
    return FALSE_ALARMS / (2 * len(model.space.columns) + 1)
