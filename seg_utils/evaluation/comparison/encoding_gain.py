"""What encoding gains and costs: raw and encoded partitions measured in one common space, and each in its own.

A silhouette among codes says nothing about one among features: they are distances of different things. So both
partitions are measured on the scaled features, which every encoding starts from, and both again on the codes.
"""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from seg_utils import evaluation
from seg_utils.clustering import OUTLIERS, Clustering, algorithms
from seg_utils.core.errors import UserError
from seg_utils.core.threads import parallel
from seg_utils.evaluation.resampling.bootstrap import mean_jaccard
from seg_utils.evaluation.resampling.stability import resampled
from seg_utils.features import encoder
from seg_utils.features.encoder import Encoder

FEATURES, CODES = "scaled features", "codes"
RAW, ENCODED = "raw", "encoded"

OTHER_ENCODERS = 2  # encoders trained from other seeds beside the one at hand
REPLICATES = 20


def compare(
    scaled: np.ndarray,
    found: Clustering,
    trained: Encoder,
    *,
    algorithm: str,
    seed: int,
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> dict[str, Any]:
    """The encoding of a run, judged.

    Args:
        scaled: scaled features, shape (n, features).
        found: the partition of the codes.
        trained: the encoder that made them.
        algorithm: what made the partition; the raw partition is made by it, too, with as many segments.

    Returns:
        Plain values: ``sizes, epochs, first_loss, last_loss, losses`` (one an epoch), ``unused_codes`` (codes that are
        0 for everyone); ``seeds_ari`` (mean adjusted Rand index between the partitions that encoders of ``encoders``
        seeds lead to); ``ari_to_raw``; ``partitions``: for the raw and the encoded partition, measured in either space,
        ``silhouette, davies_bouldin, ari`` and ``min_jaccard`` over replicates fitted in that space.
    """
    from sklearn.metrics import adjusted_rand_score

    codes = trained.encode(scaled)
    progress("encoders of other seeds", 0.7)
    seeds_ari = _seeds_ari(scaled, found, trained.sizes, algorithm, seed)
    progress("raw and encoded, side by side", 0.8)
    partitions = {RAW: _partition(scaled, found.k, algorithm, seed), ENCODED: found}
    measured = [
        {"partition": name, "measured_on": space, "made_on_it": (name == RAW) == (space == FEATURES)}
        | _measure(X, partition, algorithm, seed)
        for name, partition in partitions.items()
        if partition is not None
        for space, X in ((FEATURES, scaled), (CODES, codes))
    ]
    raw = partitions[RAW]
    return {
        "sizes": list(trained.sizes),
        "epochs": len(trained.losses),
        "first_loss": trained.losses[0],
        "last_loss": trained.losses[-1],
        "losses": list(trained.losses),
        "unused_codes": int((codes.max(axis=0) <= 0).sum()),
        "encoders": 1 + OTHER_ENCODERS,
        "seeds_ari": seeds_ari,
        "ari_to_raw": None if raw is None else float(adjusted_rand_score(raw.labels, found.labels)),
        "partitions": measured,
    }


def _partition(X: np.ndarray, k: int, algorithm: str, seed: int) -> Clustering | None:
    """The partition of some coordinates; None where the algorithm finds none there."""
    try:
        return algorithms.fit(algorithm, X, k, seed=seed)
    except UserError:
        return None


def _seeds_ari(scaled: np.ndarray, clustering: Clustering, sizes: tuple[int, ...], algorithm: str, seed: int) -> float:
    """Mean agreement of every two partitions on the codes of encoders from different seeds."""
    from sklearn.metrics import adjusted_rand_score

    seeds = [seed + 1_000 * number for number in range(1, OTHER_ENCODERS + 1)]
    others = parallel(lambda other: encoder.fit(scaled, sizes, seed=other), seeds)
    found_there = [_partition(one.encode(scaled), clustering.k, algorithm, seed) for one in others]
    nothing = np.zeros(len(scaled), dtype=np.int64)
    labels = [clustering.labels, *(nothing if one is None else one.labels for one in found_there)]
    return float(np.mean([adjusted_rand_score(one, other) for one, other in itertools.combinations(labels, 2)]))


def _measure(X: np.ndarray, partition: Clustering, algorithm: str, seed: int) -> dict[str, float]:
    from sklearn.metrics import davies_bouldin_score

    inside = partition.labels != OUTLIERS
    k, labels = partition.k, partition.labels[inside]
    ari, similarity, *_ = resampled(X, partition, seed=seed, replicates=REPLICATES, algorithm=algorithm)
    return {
        "silhouette": evaluation.silhouettes(X[inside], {k: labels}, seed=seed).mean(k),
        "davies_bouldin": davies_bouldin_score(X[inside], labels),
        "ari": float(ari.mean()),
        "min_jaccard": float(mean_jaccard(similarity).min()),
    }
