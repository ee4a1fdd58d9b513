"""Do new customers look like those a model was made from? Counts that add up, and what they say.

The population stability index (PSI) of a feature compares shares of customers between the deciles of training, those
without a value counting as one more group: the sum of (new - old) * ln(new / old). It looks at one feature at a time.
Beside it are judged how features go together, by their correlations, how far customers stand from their centres and how
many stand between two segments.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS
from seg_utils.core import dictionary
from seg_utils.evaluation.between_segments import LEAST
from seg_utils.scoring import reference
from seg_utils.scoring.model import SegmentModel

MODERATE_SHIFT = 0.1

# Siddiqi, Credit Risk Scorecards (2006): below 0.1 no change to speak of; from 0.25 another population
LARGE_SHIFT = 0.25

MIN_CUSTOMERS = 100  # fewer are too few to tell, whatever their PSI
FALSE_ALARMS = 0.01  # how often customers drawn like those of training may bring a warning at all
OUTSIDE_SHARE = 0.01  # from this share on, customers outside the training range are worth a warning
LEAST_CHANGE = 0.1  # a correlation that changed by less is no change to speak of
LEAST_MORE = 0.03  # nor is a share of customers between two segments that grew or fell by less
HALF = 0.5  # added to every count, so that an empty group has a logarithm
NO_SHIFT, MODERATE, LARGE, TOO_FEW = "as in training", "moderate shift", "large shift", "too few to tell"


@dataclass
class Tally:
    """Counts of new customers: for each input and derived feature (bins,) between the edges of training with the
    missing last, below and above the training range; of each segment with the outliers last; of distances to the own
    centre (bins,); of customers outside any range and between two segments; and the sums (m,) and sums of products
    (m, m) of the features' places."""

    customers: int = 0
    bins: dict[str, np.ndarray] = field(default_factory=dict)
    below: dict[str, int] = field(default_factory=dict)
    above: dict[str, int] = field(default_factory=dict)
    segments: np.ndarray | int = 0
    outside: int = 0
    distance: np.ndarray | int = 0
    between: int = 0
    sums: np.ndarray | int = 0
    products: np.ndarray | int = 0

    def add(self, other: "Tally") -> None:
        """Count these too."""
        for name in ("customers", "segments", "outside", "distance", "between", "sums", "products"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for mine, theirs in ((self.bins, other.bins), (self.below, other.below), (self.above, other.above)):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count


def tally(
    model: SegmentModel, customers: pd.DataFrame, segment: np.ndarray, confidence: np.ndarray, distance: np.ndarray
) -> Tally:
    """Counts of some customers (n,), the model's inputs in original units, and of where it placed them: segment,
    confidence and distance to the centre of the segment, each (n,)."""
    customers = model.space.with_derived(customers)
    counted = Tally(len(customers))
    outside = np.zeros(len(customers), dtype=bool)
    places = np.empty((len(customers), len(model.space.columns)))
    for column, name in enumerate(model.space.columns):
        values, trained_range = customers[name].to_numpy(), model.reference.ranges[name]
        places[:, column] = reference.places(values, trained_range)
        known = places[~np.isnan(values), column].astype(np.int64)
        below, above = values < trained_range.low, values > trained_range.high
        outside |= below | above
        missing = len(values) - len(known)
        counted.bins[name] = np.append(np.bincount(known, minlength=len(trained_range.shares)), missing)
        counted.below[name], counted.above[name] = int(below.sum()), int(above.sum())
    k = len(model.sizes)
    counted.segments = np.bincount(np.where(segment == OUTLIERS, k, segment), minlength=k + 1)
    counted.outside = int(outside.sum())
    counted.distance = reference.counts(distance, model.reference.distance.edges)
    counted.between = int(((confidence < LEAST[model.placement.kind]) & (segment != OUTLIERS)).sum())
    counted.sums, counted.products = places.sum(axis=0), places.T @ places
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
    from scipy.stats import chi2

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


def together(model: SegmentModel, counted: Tally) -> dict[str, Any]:
    """What no feature shows alone: ``distance`` to the own centre, as a PSI; ``between``, the share of customers who
    stand between two segments; ``pair``, the two features whose correlation changed most beside what chance brings."""
    n, trained = counted.customers, model.reference
    old = np.rint(np.asarray(trained.distance.shares) * trained.customers)
    return {
        "distance": _judged(model, counted.distance, old),
        "between": _of_shares(counted.between, n, trained.between, trained.customers, chance(model)),
        "pair": _of_correlations(model, counted),
    }


def _of_shares(new: int, n: int, old: int, trained: int, by_chance: float) -> dict[str, Any]:
    """Whether a share differs: the test of two proportions, and by more than ``LEAST_MORE``."""
    from scipy.stats import norm

    share, before, pooled = new / n, old / trained, (new + old) / (n + trained)
    noise = float(norm.isf(by_chance / 2) * np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / trained)))
    changed = abs(share - before) > max(noise, LEAST_MORE)
    return {"share": share, "training_share": before, "noise": noise, "verdict": _changed(changed, n)}


def _of_correlations(model: SegmentModel, counted: Tally) -> dict[str, Any]:
    """The pair of features whose rank correlation changed most, in standard errors of Fisher's z, and by more than
    ``LEAST_CHANGE``. The errors are those of Bonett & Wright (2000), the bound is Bonferroni's over all pairs."""
    from scipy.stats import norm

    n, columns = counted.customers, model.space.columns
    new = reference.correlated(n, np.asarray(counted.sums), np.asarray(counted.products))
    old = np.asarray(model.reference.correlations)
    first, second = np.triu_indices(len(columns), 1)
    rho, rho_before = new[first, second].clip(-0.999, 0.999), old[first, second].clip(-0.999, 0.999)
    variance = sum(
        (1 + r**2 / 2) / max(count - 3, 1) for r, count in ((rho, n), (rho_before, model.reference.customers))
    )
    errors = np.abs(np.arctanh(rho) - np.arctanh(rho_before)) / np.sqrt(variance)
    errors[np.abs(rho - rho_before) < LEAST_CHANGE] = 0.0
    worst = int(errors.argmax())
    changed = errors[worst] > norm.isf(chance(model) / (2 * len(errors)))
    pair = {"first": columns[first[worst]], "second": columns[second[worst]]}
    return {
        **pair,
        "correlation": float(rho[worst]),
        "training_correlation": float(rho_before[worst]),
        "verdict": _changed(changed, n),
    }


def _changed(changed: bool, n: int) -> str:
    return TOO_FEW if n < MIN_CUSTOMERS else MODERATE if changed else NO_SHIFT


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
    from scipy.stats import betabinom

    if n < MIN_CUSTOMERS or outside < OUTSIDE_SHARE * n:
        return False
    return bool(betabinom.sf(outside - 1, n, 2, max(trained - 1, 1)) < chance)


def chance(model: SegmentModel) -> float:
    """How often a single comparison may be a false alarm: each feature twice, the segments, and what is together."""
    return FALSE_ALARMS / (2 * len(model.space.columns) + 4)
