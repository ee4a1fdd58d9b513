"""A mixture of Gaussians with full covariances, fitted by expectation maximisation."""

import warnings
from typing import TYPE_CHECKING

import numpy as np

from seg_utils.clustering.partition import Clustering, described, empty_segment, renumbering, sample
from seg_utils.clustering.placement import Mixture
from seg_utils.core.threads import parallel

if TYPE_CHECKING:
    from sklearn.mixture import GaussianMixture

STARTS = 6

# Added to every variance, in squared units of the space: many customers with exactly zero must not be a component of
# no width, whose likelihood has no bound
LEAST_VARIANCE = 1e-3

ITERATIONS = 300

HIT_TOLERANCE = 1e-2  # starts whose mean log-likelihood is this near to the best one's count as hits


def fit(rows: np.ndarray, k: int, seed: int) -> Clustering:
    """The most likely of some starts, each from a K-Means of its own, that leaves no component without customers."""
    from sklearn.exceptions import ConvergenceWarning

    few = sample(rows, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the best of the starts is taken, converged or not
        runs = parallel(lambda start: _fit(few, k, seed + start), range(STARTS))
    whole = [run for run in runs if len(np.unique(_mixture(run).place(rows).segment)) == k]
    if not whole:
        raise empty_segment("a Gaussian mixture", k, STARTS)
    best = max(whole, key=lambda run: run.lower_bound_)
    rule = _mixture(best)
    labels = rule.place(rows).segment
    number = renumbering(rows, labels)
    order = np.argsort(number)
    hits = sum(run.lower_bound_ >= best.lower_bound_ - HIT_TOLERANCE for run in whole)
    ordered = Mixture(rule.weights[order], rule.means[order], rule.precisions[order])
    return described(rows, number[labels], ordered, starts=STARTS, hits=hits)


def _fit(rows: np.ndarray, k: int, seed: int) -> "GaussianMixture":
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(k, reg_covar=LEAST_VARIANCE, max_iter=ITERATIONS, random_state=seed).fit(rows)


def _mixture(run: "GaussianMixture") -> Mixture:
    return Mixture(run.weights_, run.means_, run.precisions_cholesky_)
