"""A challenger to the segmentation in force: segments fitted afresh on the new period, in the same space."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from seg_utils import evaluation
from seg_utils.clustering import Clustering, algorithms, best_start, from_centres
from seg_utils.clustering.algorithms import tolerating_duplicates
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.threads import parallel
from seg_utils.features.row_sample import drawn
from seg_utils.periods import identity, lineage
from seg_utils.periods.lineage import KEPT, Fate
from seg_utils.scoring import model as scoring
from seg_utils.scoring.model import WORDS, Located, SegmentModel

DRAWS = 20  # bootstrap draws that say how sure a fate is
ROWS = 20_000  # customers that a draw is of, at most; K-Means on more of them finds the same
STARTS = 8

# Optima whose inertias differ by less of it leave the same spread: in planted months in which nothing happens they do
# (benchmarks/periods.py), and half of a segment that becomes a kind that there was not makes ten times as much
AS_GOOD = 0.01

# Customers that the recommended number of segments rests on, at most: it takes as long on any number of them
LOOKED_AT = 3_000

MORE = 2  # how many segments more than there are are looked at


@dataclass(frozen=True)
class Challenger:
    """``fates``: what became of each segment in force in the challenger's; ``sure``: the share of bootstrap draws in
    which it became that, or was kept where it was kept; ``loss``: how much less of the customers' spread is left within
    the challenger's segments, as a share of that within the segments in force."""

    clustering: Clustering
    shared: np.ndarray
    fates: list[Fate]
    sure: list[float]
    loss: float

    @property
    def emerged(self) -> list[int]:
        """The challenger's segments that no segment in force became."""
        return lineage.emerged(self.fates, self.clustering.k)


def recommendation(model: SegmentModel, placed: Located) -> dict[str, Any]:
    """The number of segments that the rule of ``evaluation`` recommends for a period, ``k``, and why, ``sentence``.

    ``k`` is None where the customers form no segments, and for an algorithm that finds its own number.
    """
    if ALGORITHMS[model.algorithm].finds_k:
        return {"k": None, "sentence": f"{ALGORITHMS[model.algorithm].label} finds its own number of segments."}
    X = placed.coordinates[drawn(len(placed.coordinates), LOOKED_AT, model.seed)]
    verdict = evaluation.judge(evaluation.gather(X, range(2, len(model.sizes) + MORE + 1), seed=model.seed), X=X)
    return {"k": verdict["recommended_k"], "sentence": verdict["sentence"]}


def fit(model: SegmentModel, placed: Located, k: int | None = None) -> Challenger:
    """Fit a challenger by the model's own algorithm, imputation and scale, and trace the lineage.

    Args:
        model: the segmentation in force.
        placed: the new period's customers placed by it.
        k: how many segments; as many as there are unless it is said.
    """
    X, own = placed.coordinates, len(model.sizes)
    k = k or own
    refitted = _like_those_in_force(model, X, algorithms.fit(model.algorithm, X, k, seed=model.seed))
    shared = lineage.overlaps(placed.segment, refitted.labels, own, refitted.k)
    fates = lineage.with_shifts(lineage.fates(shared), model.centroids, refitted.centroids)
    inside = placed.segment >= 0
    spread = (placed.distances[inside, placed.segment[inside]] ** 2).sum()
    fresh = sum(
        ((X[refitted.labels == segment] - centre) ** 2).sum() for segment, centre in enumerate(refitted.centroids)
    )
    draws = _draws(model, X, placed.segment, k)
    sure = [float(np.mean([_same(fate, draw[segment]) for draw in draws])) for segment, fate in enumerate(fates)]
    return Challenger(refitted, shared, fates, sure, float(1 - fresh / spread) if spread > 0 else 0.0)


def _like_those_in_force(model: SegmentModel, X: np.ndarray, best: Clustering) -> Clustering:
    """The optimum that the segments in force lead to, where it is as good as the best of all starts.

    Where K-Means has several optima that leave the same spread, chance alone decides which of them is best this month;
    that is no change of the segments.
    """
    if model.algorithm != "kmeans" or best.k != len(model.centroids):
        return best
    near = from_centres(X, model.centroids)
    return near if near.inertia <= best.inertia * (1 + AS_GOOD) else best


def _same(fate: Fate, other: Fate) -> bool:
    """Whether two fates say the same of a segment; a shift is a survival."""
    return fate.kind == other.kind or (fate.kind in KEPT and other.kind in KEPT)


def _draws(model: SegmentModel, X: np.ndarray, segment: np.ndarray, k: int) -> list[list[Fate]]:
    """The fates on bootstrap draws of the customers, each fitted afresh."""
    own, rows = len(model.sizes), drawn(len(X), ROWS, model.seed)

    def draw(number: int) -> list[Fate]:
        random = np.random.default_rng([model.seed, number])
        chosen = rows[random.integers(len(rows), size=len(rows))]
        if model.algorithm == "kmeans":
            labels = best_start(X[chosen], k, seed=number, starts=STARTS).labels
        else:
            labels = algorithms.fit(model.algorithm, X[chosen], k, seed=number).labels
        return lineage.fates(lineage.overlaps(segment[chosen], labels, own, int(labels.max()) + 1))

    with tolerating_duplicates():  # filters are one for all threads
        return parallel(draw, range(DRAWS))


def as_model(model: SegmentModel, challenger: Challenger, customers: pd.DataFrame, unused: int) -> SegmentModel:
    """The challenger as a model: segments that survived keep key, name, colour and words, others get new ones.

    Args:
        model: the segmentation in force.
        customers: the new period's, in original units.
        unused: the first key that no segment ever had.
    """
    clustering = challenger.clustering
    built = scoring.build(customers, model.space, clustering, algorithm=model.algorithm, seed=model.seed)
    keys = lineage.inherited(challenger.fates, identity.keys(model), clustering.k, unused)
    old = dict(zip(identity.keys(model).tolist(), model.segments, strict=True))
    people = identity.people(customers, clustering.labels)
    taken = {old[key]["persona"] for key in keys if key in old}
    colours = {old[key]["colour"] for key in keys if key in old}
    segments = []
    for key, person in zip(keys, people, strict=True):
        own = {name: person[name] for name in WORDS}
        if key in old:
            own |= {name: old[key][name] for name in ("persona", "colour", "description", "actions")}
        else:
            own["persona"] = identity.unlike(own["persona"], taken)
            own["colour"] = own["colour"] if own["colour"] not in colours else key
            taken.add(own["persona"])
            colours.add(own["colour"])
        segments.append(own | {identity.KEY: key})
    return replace(built, segments=tuple(segments))


def summary(model: SegmentModel, challenger: Challenger, fresh: SegmentModel) -> dict[str, Any]:
    """The lineage as plain values for ``lineage.json``."""
    called, new = identity.described(model), identity.described(fresh)
    sizes = challenger.shared.sum(axis=1)
    return {
        "segments": [
            {
                **called[number],
                "customers": int(sizes[number]),
                "fate": fate.kind,
                "into": [new[segment][identity.KEY] for segment in fate.into],
                "shares": [float(challenger.shared[number, segment] / max(sizes[number], 1)) for segment in fate.into],
                "sure": challenger.sure[number],
            }
            for number, fate in enumerate(challenger.fates)
        ],
        "challenger": [
            {**words, "customers": size} for words, size in zip(new, challenger.clustering.sizes.tolist(), strict=True)
        ],
        "emerged": [new[segment][identity.KEY] for segment in challenger.emerged],
        "loss": challenger.loss,
        "draws": DRAWS,
        "thresholds": {"together": lineage.TOGETHER, "part": lineage.PART, "shift": lineage.SHIFT},
    }
