"""What the evidence for k costs, beside what others take for parts of it. One run, one data set, k = 2..20.

``python benchmarks/selection.py [customers.csv]``; without a file, the bundled sample. Every comparison is timed on the
same coordinates in the same process, one after the other: on a busy machine look at the ratios.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from seg_utils import evaluation
from seg_utils.clustering import kmeans
from seg_utils.core import dictionary, threads
from seg_utils.core.paths import SAMPLE
from seg_utils.evaluation.criteria.gap_statistic import gaps
from seg_utils.evaluation.criteria.silhouette import EXACT_ROWS
from seg_utils.evaluation.evidence import BOXES, LOOKALIKES
from seg_utils.evaluation.resampling.bootstrap import bootstrap
from seg_utils.evaluation.resampling.null_models import Lookalikes, uniform_box
from seg_utils.evaluation.resampling.prediction_strength import halves
from seg_utils.features import feature_space

KS = range(2, 21)
GROWTH_KS = (3, 6, 9)
GROWTH = (9_000, 45_000, 90_000, 450_000)
SEED = 42


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Result, wall seconds and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def line(what: str, wall: float, cpu: float, note: str = "") -> None:
    """One row of the table."""
    print(f"{what:<52}{wall:>9.2f}{cpu:>9.2f}  {note}", flush=True)


def coordinates(path: Path) -> np.ndarray:
    """A customers file in canonical columns, on the log scale."""
    customers = pd.read_csv(path)
    names = [name for name in dictionary.load().names if name in customers]
    return feature_space.fit(customers, scale="log", impute="median", features=names).transform(customers)


def compare_silhouettes(X: np.ndarray, labels: dict[int, np.ndarray]) -> None:
    """Our one pass against a loop over scikit-learn's silhouette_score."""
    ours, wall, cpu = timed(lambda: evaluation.silhouettes(X, labels))
    line("silhouettes for all k, ours", wall, cpu)
    theirs, their_wall, their_cpu = timed(lambda: {k: silhouette_score(X, labels[k]) for k in labels})
    apart = max(abs(ours.mean(k) - theirs[k]) for k in labels)
    line("silhouettes for all k, loop over silhouette_score", their_wall, their_cpu, f"{their_wall / wall:.1f}× ours")
    print(f"{'':<52}largest difference {apart:.1e}")


def compare_others(X: np.ndarray) -> None:
    """yellowbrick's elbow with silhouettes and clustergram's sweep, where they are installed and run."""

    class Clusterer(KMeans):
        """K-Means that says what it is as yellowbrick 1.5 asks: by an attribute that scikit-learn gave up in 1.6."""

        _estimator_type = "clusterer"

    def yellowbrick() -> None:
        from yellowbrick.cluster import KElbowVisualizer

        model = KElbowVisualizer(Clusterer(n_init=1, random_state=SEED), k=(2, 21), metric="silhouette", timings=False)
        model.fit(X)

    def clustergram() -> None:
        from clustergram import Clustergram

        gram = Clustergram(KS, n_init=1, random_state=SEED, verbose=False)
        gram.fit(X)
        gram.silhouette_score()

    for name, sweep in (("yellowbrick, silhouette elbow", yellowbrick), ("clustergram with silhouettes", clustergram)):
        try:
            line(f"{name} (1 start)", *timed(sweep)[1:])
        except Exception as error:  # other people's code, in versions that may not fit ours
            print(f"{name}: not measured ({type(error).__name__})")


def cost_of_parts(X: np.ndarray, labels: dict[int, np.ndarray]) -> None:
    """Gap, lookalikes, bootstrap and split halves, each in full for every k; the evidence spares what is hopeless."""
    random = np.random.default_rng(SEED)
    zeros = np.zeros(len(KS))
    boxes = [uniform_box(X, random) for _ in range(BOXES)]
    line(f"gap: {BOXES} uniform boxes, all k", *timed(lambda: gaps(boxes, KS, zeros, seed=SEED, starts=1))[1:])
    source = Lookalikes(X, random)
    alike = [source.draw(random) for _ in range(LOOKALIKES)]
    line(f"lookalikes: {LOOKALIKES}, all k", *timed(lambda: gaps(alike, KS, zeros, seed=SEED, starts=3))[1:])
    work = lambda: [bootstrap(X, labels[k], seed=SEED, replicates=10) for k in KS]  # noqa: E731
    line("bootstrap: 10 replicates, all k", *timed(work)[1:])
    line("split halves: 4, all k", *timed(lambda: [halves(X, k, seed=SEED, splits=4) for k in KS])[1:])


def growth(X: np.ndarray) -> None:
    """Cost over n; customers beyond the file are drawn again with a little noise."""
    random = np.random.default_rng(SEED)
    walls = {}
    for n in GROWTH:
        more = X[random.integers(len(X), size=n)] + random.normal(scale=0.01, size=(n, X.shape[1]))
        _, walls[n], cpu = timed(lambda more=more: evaluation.gather(more, GROWTH_KS, seed=SEED))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        line(f"evidence for k = {', '.join(map(str, GROWTH_KS))}, n = {n:,}", walls[n], cpu, f"peak {peak:,.0f} MB")
    beyond = [n for n in GROWTH if n > EXACT_ROWS]
    slope = np.polyfit(np.log(beyond), np.log([walls[n] for n in beyond]), 1)[0]
    print(f"log-log slope beyond {EXACT_ROWS:,} customers: {slope:.2f}")


def main(path: Path) -> None:
    """Print everything."""
    X = coordinates(path)
    print(f"{path.name}: {X.shape[0]:,} customers, {X.shape[1]} features, {threads.cores()} cores")
    print(f"{'':<52}{'wall s':>9}{'CPU s':>9}")
    evidence, wall, cpu = timed(lambda: evaluation.gather(X, KS, seed=SEED))
    line("all of the evidence, k = 2..20", wall, cpu, f"recommends {evaluation.judge(evidence)['recommended_k']}")
    line("one K-Means of it, k = 7", *timed(lambda: kmeans(X, 7, seed=SEED))[1:])
    compare_silhouettes(X, evidence.labels)
    compare_others(X)
    cost_of_parts(X, evidence.labels)
    growth(X)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)
