"""Do more segments hold more groups than fewer do, or do they only cut those at a common value of single columns?

Nobody stands between a yes and a no, so the border of a cut there is empty, and the cut comes back whenever customers
are drawn anew. What it leaves is no group: nothing else goes with it.
"""

import numpy as np

from seg_utils.core.threads import parallel
from seg_utils.evaluation.resampling.null_models import Lookalikes


def lookalikes_of_fewer(
    X: np.ndarray, fewer: np.ndarray, labels: np.ndarray, *, seed: int, count: int
) -> list[np.ndarray]:
    """Customers who hold fewer segments, and no others: inside those each column is distributed as the real one.

    They correlate as inside the more segments, and columns that are zero together are not so here: a use that some
    members of a segment have, with all its columns, is a group that the more segments may well tell.

    Args:
        X: coordinates, shape (n, features).
        fewer: the segment of each customer, shape (n,), and ``labels`` the same for more segments.
        count: how many times as many customers as X has.
    """
    members = [np.flatnonzero(fewer == segment) for segment in range(int(fewer.max()) + 1)]
    models = [
        Lookalikes(X[own], np.random.default_rng([seed, 9, segment]), _renumbered(labels[own]), tied=False)
        for segment, own in enumerate(members)
        if len(own) > 1
    ]
    groups = [own for own in members if len(own) > 1]

    def drawn(number: int) -> np.ndarray:
        random, alike = np.random.default_rng([seed, 10, number]), X.copy()
        for own, model in zip(groups, models, strict=True):
            alike[own] = model.draw(random)
        return alike

    return parallel(drawn, range(count))


def _renumbered(labels: np.ndarray) -> np.ndarray:
    return np.unique(labels, return_inverse=True)[1]
