"""Latent classes of customers: a second lens that knows no distances, only what is used at all and how much of it.

Each feature is split into the customers at its lowest value (who do not use it), those at its highest, and the values
in between. Who is where is a yes/no indicator, features that are unused by the same customers have one between them,
and values in between are normal; within a class all are independent (Vermunt and Magidson 2002, latent class cluster
analysis for indicators of mixed type). One pseudo-customer a class, spread as everyone is, keeps every probability off
0 and 1 and every variance off 0: without it many customers at one value would be a class whose likelihood has no bound.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS
from seg_utils.core.threads import parallel
from seg_utils.evaluation import zero_patterns
from seg_utils.evaluation.resampling.bootstrap import crosstab, jaccards
from seg_utils.features.row_sample import drawn

MOST_ROWS = 4_000  # beyond so many customers a seeded sample of so many is divided

# Random starts, and how many go on after ``FIRST_STEPS`` (short runs of EM: Biernacki, Celeux and Govaert 2003)
STARTS, FINALISTS = 12, 4

FIRST_STEPS, STEPS = 15, 300
TOLERANCE = 1e-7  # steps end when they add less than that share of the log-likelihood
PSEUDO_CUSTOMERS = 1.0
LEAST_VARIANCE = 0.01  # of values in between, in squared standard deviations of all customers' values
LEAST_VALUES = 10  # a feature with fewer values in between says nothing by them


class Indicators(NamedTuple):
    """``flags`` (n, b), 0 or 1; ``values`` (n, v) standardised, NaN where a customer is at an end of the feature."""

    flags: np.ndarray
    values: np.ndarray


class _Classes(NamedTuple):
    """Logarithms of ``shares`` (k,); of probabilities ``on`` and ``off`` (k, b); ``means``, ``variances`` (k, v)."""

    shares: np.ndarray
    on: np.ndarray
    off: np.ndarray
    means: np.ndarray
    variances: np.ndarray


@dataclass(frozen=True)
class LatentClasses:
    """``labels`` (n,) by the most probable class; ``bic`` and ``icl``, of which smaller is better.

    The ICL adds to the BIC twice the entropy of the memberships: it asks for classes that are apart, too.
    """

    labels: np.ndarray
    bic: float
    icl: float


def indicators(X: np.ndarray) -> Indicators:
    """Split scaled features, shape (n, features), into yes/no indicators and the values in between."""
    values = X.astype(float)
    lowest, highest = np.equal(X, X.min(axis=0)), np.equal(X, X.max(axis=0))
    flags = []
    for switch in zero_patterns.switches(X):
        flags.append(~switch.off)
        for column in switch.columns:
            values[lowest[:, column], column] = np.nan
    often = highest.mean(axis=0)
    for column in np.flatnonzero((often > zero_patterns.LEAST_OFF) & (often < zero_patterns.MOST_OFF)):
        flags.append(highest[:, column])
        values[highest[:, column], column] = np.nan
    spread = [column for column in range(X.shape[1]) if _varies(values[:, column])]
    values = values[:, spread]
    if spread:
        values = (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0)
    return Indicators(np.array(flags, dtype=float).reshape(len(flags), len(X)).T, values)


def fit(X: np.ndarray, k: int, *, seed: int) -> LatentClasses:
    """Divide customers, scaled features of shape (n, features), into at most k classes by expectation maximisation."""
    data = indicators(X)
    design = _design(data)
    short = parallel(lambda start: _maximise(design, _start(data, k, seed, start), FIRST_STEPS), range(STARTS))
    short.sort(key=lambda run: -run[0])
    finals = parallel(lambda run: _maximise(design, run[1], STEPS), short[:FINALISTS])
    likelihood, memberships = max(finals, key=lambda run: run[0])
    free = k - 1 + k * data.flags.shape[1] + 2 * k * data.values.shape[1]
    bic = free * np.log(len(X)) - 2 * likelihood
    entropy = -float((memberships * np.log(np.maximum(memberships, np.finfo(float).tiny))).sum())
    return LatentClasses(memberships.argmax(axis=1), float(bic), float(bic + 2 * entropy))


def by_k(
    X: np.ndarray, ks: Iterable[int], *, seed: int, progress: Callable[[str, float], None] = lambda text, done: None
) -> pd.DataFrame:
    """BIC and ICL of so many classes, one row a k, columns ``bic, icl``."""
    X, ks = X[drawn(len(X), MOST_ROWS, seed)], list(ks)
    rows = []
    for number, k in enumerate(ks):
        progress(f"{k} latent classes", number / len(ks))
        fitted = fit(X, k, seed=seed)
        rows.append({"bic": fitted.bic, "icl": fitted.icl})
    return pd.DataFrame(rows, index=pd.Index(ks, name="k"))


def beside(X: np.ndarray, labels: np.ndarray, *, seed: int) -> dict[str, Any]:
    """As many latent classes as there are segments, and how far the two agree.

    Args:
        X: scaled features, shape (n, features).
        labels: everyone's segment, shape (n,), from 0 on; customers in none are left out.

    Returns:
        Plain values: ``customers`` compared, ``ari``; ``alike``, the share of customers in the class that is matched to
        their segment, one class to one segment; ``jaccard`` of each segment to its best class; ``by_use``, the share of
        customers whose segment follows from what they use at all.
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import adjusted_rand_score

    k = int(labels.max()) + 1
    inside = np.flatnonzero(labels != OUTLIERS)
    rows = inside[drawn(len(inside), MOST_ROWS, seed)]
    X, labels = X[rows], labels[rows]
    classes = fit(X, k, seed=seed).labels
    table = crosstab(labels, classes)
    matched = table[linear_sum_assignment(table, maximize=True)].sum()
    similarity = np.full(k, np.nan)
    similarity[: len(table)] = jaccards(labels, classes)
    return {
        "customers": len(rows),
        "ari": float(adjusted_rand_score(labels, classes)),
        "alike": float(matched / len(rows)),
        "jaccard": [None if np.isnan(value) else float(value) for value in similarity],
        "by_use": zero_patterns.told_by(zero_patterns.switches(X), labels),
    }


def _varies(values: np.ndarray) -> bool:
    seen = values[~np.isnan(values)]
    return len(seen) >= LEAST_VALUES and float(np.ptp(seen)) > 0


def _start(data: Indicators, k: int, seed: int, start: int) -> np.ndarray:
    """Memberships (n, k): everyone in the class of the nearest of k customers drawn at random."""
    rows = np.hstack([2 * data.flags, np.nan_to_num(data.values)])
    centres = rows[np.random.default_rng([seed, start]).choice(len(rows), k, replace=False)]
    distances = (centres**2).sum(axis=1) - 2 * rows @ centres.T
    return np.eye(k)[distances.argmin(axis=1)]


def _design(data: Indicators) -> tuple[np.ndarray, ...]:
    """What every step multiplies with: flags, which values there are, the values (0 where there is none), squares."""
    values = np.nan_to_num(data.values)
    return data.flags, (~np.isnan(data.values)).astype(float), values, values**2


def _maximise(design: tuple[np.ndarray, ...], memberships: np.ndarray, steps: int) -> tuple[float, np.ndarray]:
    """Log-likelihood and memberships (n, k) after at most ``steps`` steps of expectation maximisation."""
    from scipy.special import logsumexp

    before = -np.inf
    for _ in range(steps):
        joint = _log_joint(design, _classes(design, memberships))
        total = logsumexp(joint, axis=1, keepdims=True)
        memberships = np.exp(joint - total)
        likelihood = float(total.sum())
        if likelihood - before < TOLERANCE * abs(likelihood):
            break
        before = likelihood
    return likelihood, memberships


def _classes(design: tuple[np.ndarray, ...], memberships: np.ndarray) -> _Classes:
    flags, present, values, squares = design
    sizes = memberships.sum(axis=0) + PSEUDO_CUSTOMERS
    on = (memberships.T @ flags + PSEUDO_CUSTOMERS * flags.mean(axis=0)) / sizes[:, None]
    weight = memberships.T @ present + PSEUDO_CUSTOMERS
    means = memberships.T @ values / weight
    variances = (memberships.T @ squares + PSEUDO_CUSTOMERS) / weight - means**2
    shares = np.log(sizes / sizes.sum())
    return _Classes(shares, np.log(on), np.log1p(-on), means, np.maximum(variances, LEAST_VARIANCE))


def _log_joint(design: tuple[np.ndarray, ...], classes: _Classes) -> np.ndarray:
    """Logarithm of the density of each customer in each class, times the class's share, shape (n, k)."""
    flags, present, values, squares = design
    shares, on, off, means, variances = classes
    constant = np.log(2 * np.pi * variances) + means**2 / variances
    normal = present @ constant.T - 2 * values @ (means / variances).T + squares @ (1 / variances).T
    return shares + off.sum(axis=1) + flags @ (on - off).T - normal / 2
