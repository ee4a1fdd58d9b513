"""What a model that does not cut spheres finds where K-Means finds no segments, or may have joined some."""

from typing import Any

import numpy as np

from seg_utils.clustering import OUTLIERS, algorithms
from seg_utils.core.errors import UserError
from seg_utils.evaluation.resampling.lookalike_gap import FEW_LOOKALIKES, lookalikes, uniform_boxes
from seg_utils.evaluation.resampling.mixture_groups import groups_that_come_again, merged_mixtures
from seg_utils.evaluation.row_order import ordered
from seg_utils.evaluation.zero_patterns import common_values
from seg_utils.features.row_sample import drawn

MOST_ROWS = 4_000  # beyond so many customers a seeded sample of so many is looked at
LEAST_ROWS = 100  # fewer customers say nothing about shapes
ALGORITHMS = ("gmm", "hdbscan")  # algorithms of a report that may find such groups
SAME_ARI = 0.9  # from this agreement on an algorithm finds the groups


def worth_asking(X: np.ndarray, *, clear: bool) -> bool:
    """Whether a second model can add to the verdict: it is none or in doubt, or no value of a column is common.

    Where values are common, gaps between those who have them and the others make groups of their own in any mixture, so
    that it has nothing to say against a clear number of segments.
    """
    return not clear or not common_values(X)


def look(X: np.ndarray, *, seed: int) -> dict[str, Any]:
    """Groups of any shape among customers, shape (n, features), as plain values.

    Keys: ``groups`` (None: none, or none that come again, or not more than customers without groups fall into, who are
    otherwise alike), their ``prediction_strength``, the parameters of the ``command`` that makes segments of them
    (empty where no algorithm of a report finds the same) and the number of ``customers`` looked at.
    """
    rows = ordered(X).X
    rows = rows[drawn(len(rows), MOST_ROWS, seed)]
    nothing = {"groups": None, "prediction_strength": None, "command": "", "customers": len(rows)}
    if len(rows) < LEAST_ROWS:
        return nothing
    groups, strength = groups_that_come_again(rows, seed)
    if groups == 1 or not _more_than_references(rows, groups, seed):
        return nothing
    return nothing | {"groups": groups, "prediction_strength": strength, "command": _command(rows, groups, seed)}


def _more_than_references(rows: np.ndarray, groups: int, seed: int) -> bool:
    """Whether customers without groups fall into fewer: spread evenly, or lookalikes where values are common."""
    alike = lookalikes if common_values(rows) else uniform_boxes
    return all(groups_that_come_again(other, seed)[0] < groups for other in alike(rows, seed, FEW_LOOKALIKES))


def _command(rows: np.ndarray, groups: int, seed: int) -> str:
    """The parameters of a report on these groups, tried out on the rows."""
    from sklearn.metrics import adjusted_rand_score

    labels = merged_mixtures([rows], seed)[0].place(rows)
    for name in ALGORITHMS:
        try:
            segments = algorithms.fit(name, rows, groups, seed=seed)
        except UserError:
            continue
        inside = segments.labels != OUTLIERS
        if segments.k == groups and adjusted_rand_score(labels[inside], segments.labels[inside]) >= SAME_ARI:
            finds_k = algorithms.ALGORITHMS[name].finds_k
            return f"ALGORITHM={name}" if finds_k else f"ALGORITHM={name} K={groups}"
    return ""
