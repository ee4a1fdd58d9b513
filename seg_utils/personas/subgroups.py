"""What is inside a segment: a tree of its customers by Ward's criterion, cut where the parts come back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from seg_utils import personas
from seg_utils.clustering.partition import by_exemplars
from seg_utils.core import dictionary
from seg_utils.core.parameters import ALL_SEGMENTS, check_subsegment
from seg_utils.core.threads import parallel
from seg_utils.evaluation.resampling.bootstrap import jaccards, mean_jaccard
from seg_utils.evaluation.resampling.stability import FIRM, FIRM_JACCARD, PATTERN_JACCARD, grade, worst_tenth
from seg_utils.features.row_sample import drawn
from seg_utils.personas.naming import standouts

NUMBERS = range(2, 6)

# A sub-group with fewer of the segment's customers is a handful cut off, no group to treat otherwise
LEAST_SHARE = 0.03

LEAST_CUSTOMERS = 60  # a smaller segment is not looked into: its replicates would draw a dozen customers a sub-group

# Beyond so many customers the tree is made from a random sample of so many; the others join the nearest of them
MOST_ROWS = 5_000

REPLICATES = 20
LEAVES = 24  # branches that a dendrogram shows; what is below them is one leaf with its number of customers
TOLD = 4  # so many of the dictionary's key numbers are told of each sub-group, as far as the run has them

RULE = (
    f"the largest number from {NUMBERS[0]} to {NUMBERS[-1]} whose sub-groups all come back when customers are drawn "
    f"anew (Jaccard of at least {FIRM_JACCARD}, and {PATTERN_JACCARD} in the worst tenth) and hold at least "
    f"{100 * LEAST_SHARE:.0f} % of the segment"
)


@dataclass(frozen=True)
class _Cut:
    """One number of sub-groups: labels (members,), and of each, largest first, the Jaccard and the grade."""

    labels: np.ndarray
    jaccard: list[float]
    grades: list[str]

    @property
    def smallest(self) -> float:
        return float(np.bincount(self.labels).min() / len(self.labels))

    @property
    def holds(self) -> bool:
        return set(self.grades) == {FIRM} and self.smallest >= LEAST_SHARE


def look(
    customers: pd.DataFrame,
    X: np.ndarray,
    labels: np.ndarray,
    names: Sequence[str],
    which: int | str | None,
    *,
    seed: int,
) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Sub-groups of one segment (``which``, a number), of ``ALL_SEGMENTS`` or, None, of none; a ParameterError where
    there is no such segment. Customers are in original units, with ``customer_id``; ``X`` (n, dimensions) are
    coordinates in the run's space, ``labels`` (n,) segments. Gives one dict a segment, plain values for
    ``subsegments.json``, and one row a customer of those segments, in input order: ``customer_id, segment, persona,
    subgroup`` (0 is the largest)."""
    check_subsegment(which, len(names))
    wanted = range(len(names)) if which == ALL_SEGMENTS else [] if which is None else [which]
    subgroup = np.full(len(labels), -1)
    described = []
    for segment in wanted:
        members = np.flatnonzero(labels == segment)
        inside, subgroup[members] = _segment(customers.iloc[members], X[members], seed)
        described.append({"segment": segment, "persona": names[segment], "customers": len(members), **inside})
    rows = np.flatnonzero(np.isin(labels, list(wanted)))
    table = pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy()[rows],
            "segment": labels[rows],
            "persona": np.array([*names, ""], dtype=object)[labels[rows]],
            "subgroup": subgroup[rows],
        }
    )
    return described, table


def _segment(customers: pd.DataFrame, X: np.ndarray, seed: int) -> tuple[dict[str, Any], np.ndarray]:
    """What is inside one segment, as plain values, and the sub-group of each of its customers."""
    from scipy.cluster.hierarchy import linkage

    order = np.lexsort(X.T[::-1])
    rows = X[order]
    distinct = len(np.unique(rows, axis=0))
    if len(rows) < LEAST_CUSTOMERS or distinct <= NUMBERS[-1]:
        return {"subgroups": [], "candidates": [], "holds": False, "tree": None}, np.zeros(len(rows), dtype=np.int64)
    few = drawn(len(rows), MOST_ROWS, seed)
    tree = linkage(rows[few], "ward")
    cuts = _cuts(rows, few, tree, seed)
    holding = [number for number, cut in cuts.items() if cut.holds]
    number = (
        max(holding)
        if holding
        else max(cuts, key=lambda candidate: (cuts[candidate].smallest >= LEAST_SHARE, min(cuts[candidate].jaccard)))
    )
    labels = np.empty(len(rows), dtype=np.int64)
    labels[order] = cuts[number].labels
    return {
        "subgroups": _described(customers, labels, cuts[number]),
        "candidates": [
            {"number": candidate, "min_jaccard": min(cut.jaccard), "smallest_share": cut.smallest, "holds": cut.holds}
            for candidate, cut in cuts.items()
        ],
        "holds": bool(holding),
        "tree": _lines(tree, number),
    }, labels


def _cuts(rows: np.ndarray, sample: np.ndarray, tree: np.ndarray, seed: int) -> dict[int, _Cut]:
    """Every number of sub-groups; each replicate draws customers, makes one tree of them and cuts it alike."""
    from scipy.cluster.hierarchy import fcluster, linkage

    few = rows[sample]
    at = {number: fcluster(tree, number, criterion="maxclust") - 1 for number in NUMBERS}

    def replicate(turn: int) -> list[np.ndarray]:
        redrawn = np.unique(np.random.default_rng([seed, 2, turn]).integers(len(few), size=len(few)))
        again = linkage(few[redrawn], "ward")
        return [
            _similarity(own[redrawn], fcluster(again, number, criterion="maxclust") - 1, number)
            for number, own in at.items()
        ]

    replicates = parallel(replicate, range(REPLICATES))
    cuts = {}
    for place, (number, own) in enumerate(at.items()):
        similarity = np.stack([replicate_jaccards[place] for replicate_jaccards in replicates])
        jaccard, worst = mean_jaccard(similarity), worst_tenth(similarity)
        labels = by_exemplars(rows, few, own).labels
        before = {int(new): int(old) for new, old in zip(labels[sample], own, strict=True)}
        order = [before[new] for new in sorted(before)]
        cuts[number] = _Cut(labels, jaccard[order].tolist(), [grade(jaccard[old], worst[old]) for old in order])
    return cuts


def _similarity(own: np.ndarray, others: np.ndarray, number: int) -> np.ndarray:
    similarity = np.full(number, np.nan)
    jaccard = jaccards(own, others)
    similarity[: len(jaccard)] = jaccard
    return similarity


def _described(customers: pd.DataFrame, labels: np.ndarray, cut: _Cut) -> list[dict[str, Any]]:
    """One dict a sub-group: size, Jaccard, grade, what sets it apart from the segment, medians in original units."""
    profiles = personas.profile(customers, labels)
    features = [name for name in dictionary.load().key_numbers[:TOLD] if name in customers]
    return [
        {
            "subgroup": int(number),
            "size": int((labels == number).sum()),
            "share": float((labels == number).mean()),
            "jaccard": cut.jaccard[number],
            "grade": cut.grades[number],
            "sets_apart": [asdict(standout) for standout in standouts(rows)],
            "medians": {name: float(rows.set_index("feature")["median"][name]) for name in features},
        }
        for number, rows in profiles.groupby("segment")
    ]


def _lines(tree: np.ndarray, number: int) -> dict[str, Any]:
    """The top of the tree as lines: ``x`` and ``y`` (branches, 4), heights in units of the space; ``leaves`` (customers
    in each, left to right) and ``cut``, the height that parts the sub-groups."""
    from scipy.cluster.hierarchy import dendrogram

    lines = dendrogram(tree, truncate_mode="lastp", p=LEAVES, no_plot=True)
    heights = tree[:, 2]
    sizes = [tree[node - len(tree) - 1, 3] if node > len(tree) else 1 for node in lines["leaves"]]
    return {
        "x": lines["icoord"],
        "y": lines["dcoord"],
        "leaves": [int(size) for size in sizes],
        "cut": float((heights[-number] + heights[1 - number]) / 2),
    }
