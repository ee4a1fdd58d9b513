"""Gap statistic (Tibshirani, Walther & Hastie 2001): are segments tighter than those of customers without groups?"""

from collections.abc import Sequence

import numpy as np

from seg_utils.clustering import best_start
from seg_utils.core.threads import parallel


def gaps(
    references: Sequence[np.ndarray], ks: Sequence[int], log_spread: Sequence[float], *, seed: int, starts: int
) -> tuple[np.ndarray, np.ndarray]:
    """Gap and its standard error for each k: how much tighter the data is than the references.

    Args:
        references: reference data sets, each of shape (n, features).
        ks: numbers of segments.
        log_spread: log of the data's inertia for each of ``ks``.
        starts: K-Means starts for each reference; too few flatter the data by the inertia they miss.

    Returns:
        The mean over references of log inertia minus ``log_spread``, and its spread times √(1 + 1/references).
    """
    tasks = [(reference, k) for reference in references for k in ks]
    inertias = parallel(lambda task: best_start(*task, seed=seed, starts=starts).inertia, tasks)
    table = log_inertia(np.array(inertias)).reshape(len(references), len(ks))
    error = table.std(axis=0) * np.sqrt(1 + 1 / len(references))
    return table.mean(axis=0) - np.asarray(log_spread), error


def log_inertia(inertia: np.ndarray) -> np.ndarray:
    """Log of an inertia that may be zero."""
    return np.log(np.maximum(inertia, np.finfo(float).tiny))


def first_within_error(ks: Sequence[int], gap: Sequence[float], error: Sequence[float]) -> int | None:
    """Smallest k whose gap is within one standard error of the next k's; ``None`` where the gap never stops rising."""
    for k, own, following, tolerance in zip(ks, gap, gap[1:], error[1:], strict=False):
        if own >= following - tolerance:
            return int(k)
    return None
