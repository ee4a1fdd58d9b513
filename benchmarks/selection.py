"""What the evidence for k costs, beside what others take for parts of it, for k = 2..20.

``python benchmarks/selection.py [customers.csv] [--growth 9000 100000 1000000]``; without a file, the bundled sample.
Every line is a process of its own, timed without its imports, so that its peak memory is its own; on a busy machine
look at the ratios. Silhouettes stand beside two loops of scikit-learn's: one that has the distances computed for every
k, and one over distances that are computed once. ``--growth`` times the computations of the whole of 02 over the number
of customers, who are drawn from the bundled ones. Others' packages take part where they are installed
(``pip install yellowbrick clustergram``); where they are not, the line says so.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from measuring import SEED, customers, in_own_process, timed

from seg_utils.core import threads
from seg_utils.core.paths import SAMPLE

KS = range(2, 21)
GROWTH = (9_000, 90_000)

Timed = tuple[Any, float, float]


def main(arguments: list[str] | None = None) -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("customers", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--growth", nargs="*", type=int, default=GROWTH)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        X, labels = Path(folder) / "X.npy", Path(folder) / "labels.npz"
        shape, _ = in_own_process(save_coordinates, options.customers, X)
        print(f"{options.customers.name}: {shape[0]:,} customers, {shape[1]} features, {threads.cores()} cores")
        print(f"{'':<56}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
        line("all of the evidence, k = 2..20", evidence, X, labels)
        line("one K-Means of it, k = 7", one_partition, X)
        own = line("silhouettes of all k, ours", silhouettes, X, labels)
        for name, loop in (("computed for each k", loop_over_scores), ("computed once", loop_over_precomputed)):
            theirs = line(f"silhouette_score in a loop, distances {name}", loop, X, labels)
            apart = max(abs(own[0][k] - theirs[0][k]) for k in KS)
            print(f"{'':<8}{theirs[1] / own[1]:.1f} times ours in wall, means differ by {apart:.0e} at most")
        for name, sweep in (("yellowbrick, silhouette elbow", yellowbrick), ("clustergram, silhouettes", clustergram)):
            line(f"{name}, 1 start", sweep, X)
        for name, part in PARTS.items():
            line(name, part, X, labels)
        for n in options.growth:
            line(f"the computations of 02, n = {n:,}", whole_stage, n)


def line(name: str, work: Callable[..., Timed | str], *arguments: object) -> Timed:
    """One row of the table: what ``work`` says of its time, and the peak memory of its process."""
    measured, cost = in_own_process(work, *arguments)
    if isinstance(measured, str):
        print(f"{name:<56}  {measured}", flush=True)
        return None, float("nan"), float("nan")
    print(f"{name:<56}{measured[1]:>9.2f}{measured[2]:>9.2f}{cost.peak:>9.0f}", flush=True)
    return measured


def save_coordinates(path: Path, target: Path) -> tuple[int, int]:
    """A customers file in canonical columns, on the log scale; returns its shape."""
    import pandas as pd

    from seg_utils.core import dictionary
    from seg_utils.features import feature_space

    frame = pd.read_csv(path)
    names = [name for name in dictionary.load().names if name in frame]
    X = feature_space.fit(frame, scale="log", impute="median", features=names).transform(frame)
    np.save(target, X)
    return X.shape


def evidence(X: Path, labels: Path) -> Timed:
    """All of it; keeps the partitions for the other lines."""
    from seg_utils import evaluation

    rows = np.load(X)
    gathered, wall, cpu = timed(lambda: evaluation.gather(rows, KS, seed=SEED))
    np.savez(labels, **{str(k): found for k, found in gathered.labels.items()})
    return None, wall, cpu


def one_partition(X: Path) -> Timed:
    """K-Means with as many starts as the package takes."""
    from seg_utils.clustering import kmeans

    rows = np.load(X)
    return None, *timed(lambda: kmeans(rows, 7, seed=SEED))[1:]


def kept(X: Path, labels: Path) -> tuple[np.ndarray, dict[int, np.ndarray]]:
    """Coordinates and the partition for each k."""
    found = np.load(labels)
    return np.load(X), {k: found[str(k)] for k in KS}


def silhouettes(X: Path, labels: Path) -> Timed:
    """Our one pass: mean silhouette of each k."""
    from seg_utils import evaluation

    rows, partitions = kept(X, labels)
    measured, wall, cpu = timed(lambda: evaluation.silhouettes(rows, partitions))
    return {k: measured.mean(k) for k in KS}, wall, cpu


def loop_over_scores(X: Path, labels: Path) -> Timed:
    """scikit-learn's silhouette_score, which computes the distances each time."""
    from sklearn.metrics import silhouette_score

    rows, partitions = kept(X, labels)
    return timed(lambda: {k: silhouette_score(rows, partitions[k]) for k in KS})


def loop_over_precomputed(X: Path, labels: Path) -> Timed:
    """The same on distances that are computed once and kept: n² numbers."""
    from sklearn.metrics import pairwise_distances, silhouette_score

    rows, partitions = kept(X, labels)

    def work() -> dict[int, float]:
        distances = pairwise_distances(rows)
        np.fill_diagonal(distances, 0)
        return {k: silhouette_score(distances, partitions[k], metric="precomputed") for k in KS}

    return timed(work)


def yellowbrick(X: Path) -> Timed | str:
    """Its elbow with silhouettes."""
    try:
        from yellowbrick.cluster import KElbowVisualizer
    except ImportError:
        return "not run: yellowbrick is not installed"
    from sklearn.cluster import KMeans

    class Clusterer(KMeans):
        """K-Means that says what it is as yellowbrick 1.5 asks: by an attribute that scikit-learn gave up in 1.6."""

        _estimator_type = "clusterer"

    rows, model = np.load(X), Clusterer(n_init=1, random_state=SEED)
    sweep = KElbowVisualizer(model, k=(KS.start, KS.stop), metric="silhouette", timings=False)
    return None, *timed(lambda: sweep.fit(rows))[1:]


def clustergram(X: Path) -> Timed | str:
    """Its sweep with silhouettes."""
    try:
        from clustergram import Clustergram
    except ImportError:
        return "not run: clustergram is not installed"
    rows, gram = np.load(X), Clustergram(KS, n_init=1, random_state=SEED, verbose=False)
    return None, *timed(lambda: (gram.fit(rows), gram.silhouette_score()))[1:]


def boxes(X: Path, labels: Path) -> Timed:
    """Uniform boxes of the gap statistic."""
    from seg_utils.evaluation.evidence import BOXES
    from seg_utils.evaluation.resampling.null_models import uniform_box

    rows, random = np.load(X), np.random.default_rng(SEED)
    return _gaps([uniform_box(rows, random) for _ in range(BOXES)], starts=1)


def lookalikes(X: Path, labels: Path) -> Timed:
    """Customers without groups."""
    from seg_utils.evaluation.resampling.lookalike_gap import LOOKALIKE_STARTS, LOOKALIKES
    from seg_utils.evaluation.resampling.null_models import Lookalikes

    random = np.random.default_rng(SEED)
    source = Lookalikes(np.load(X), random)
    return _gaps([source.draw(random) for _ in range(LOOKALIKES)], starts=LOOKALIKE_STARTS)


def _gaps(references: Sequence[np.ndarray], starts: int) -> Timed:
    from seg_utils.evaluation.criteria.gap_statistic import gaps

    return None, *timed(lambda: gaps(references, KS, np.zeros(len(KS)), seed=SEED, starts=starts))[1:]


def replicates(X: Path, labels: Path) -> Timed:
    """Ten bootstrap replicates of every k."""
    from seg_utils.evaluation.resampling.bootstrap import bootstrap

    rows, partitions = kept(X, labels)
    return None, *timed(lambda: [bootstrap(rows, partitions[k], seed=SEED, replicates=10) for k in KS])[1:]


def splits(X: Path, labels: Path) -> Timed:
    """Four half splits of every k."""
    from seg_utils.evaluation.resampling.prediction_strength import halves

    rows = np.load(X)
    return None, *timed(lambda: [halves(rows, k, seed=SEED, splits=4) for k in KS])[1:]


# Each in full for every k; the evidence spares what is hopeless
PARTS = {
    "gap: uniform boxes, all k": boxes,
    "lookalikes, all k": lookalikes,
    "bootstrap: 10 replicates, all k": replicates,
    "split halves: 4, all k": splits,
}


def whole_stage(n: int) -> Timed:
    """Coordinates, evidence, verdict and the comparison of scales, as in the notebook, without its figures."""
    from seg_utils import evaluation
    from seg_utils.core import dictionary
    from seg_utils.features import feature_space

    frame = customers(n, "random")
    features = [name for name in dictionary.load().names if name in frame]

    def work() -> None:
        X = feature_space.fit(frame, scale="log", impute="median", features=features).transform(frame)
        gathered = evaluation.gather(X, KS, seed=SEED)
        shown = evaluation.judge(gathered, frame[features])["recommended_k"] or KS.start
        nearby = [k for k in KS if abs(k - shown) <= 1]
        evaluation.compare_scales(frame, nearby, features=features, seed=SEED, gathered={"log": gathered})

    return timed(work)


if __name__ == "__main__":
    sys.exit(main())
