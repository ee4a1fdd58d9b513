"""What each algorithm costs, in time and peak memory, beside scikit-learn's bare estimator where there is one.

``python benchmarks/algorithms.py [customers.csv] [--rows 9000] [--k 7]``; without a file, the bundled sample, whose
customers are repeated with a little noise where more rows are asked for. Every fit runs in a process of its own, so
that its peak memory is its own; on a busy machine look at the ratios of one run.
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.paths import SAMPLE

SEED = 42
NOISE = 0.01
MB_PER_MAXRSS = 1 / 1024  # Linux counts in kilobytes
ENCODERS = ((64, 32, 8), (7, 500, 500, 2000, 10))


def main(arguments: list[str] | None = None) -> None:
    """Print one line an algorithm and one an encoder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--k", type=int, default=7)
    options = parser.parse_args(arguments)
    X = coordinates(options.data, options.rows)
    print(f"{len(X):,} customers, {X.shape[1]} features, k = {options.k}; seconds and peak MB of a process of its own")
    print(f"{'':<28}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}  what came out")
    for algorithm in ALGORITHMS:
        line(algorithm, in_own_process(fitted, algorithm, X, options.k))
        if bare(algorithm, options.k) is not None:
            line("  scikit-learn, one start", in_own_process(fitted_barely, algorithm, X, options.k))
    for sizes in ENCODERS:
        line(f"encoder {'-'.join(map(str, sizes))}", in_own_process(trained, X, sizes))


def line(what: str, measured: tuple[float, float, float, str]) -> None:
    """One row of the table."""
    wall, cpu, peak, note = measured
    print(f"{what:<28}{wall:>8.2f}{cpu:>8.2f}{peak:>9.0f}  {note}", flush=True)


def coordinates(path: Path, rows: int | None) -> np.ndarray:
    """A customers file on the log scale; beyond its length, customers again with a little noise."""
    from seg_utils import data
    from seg_utils.features import feature_space

    frame = data.load(path).frame
    X = feature_space.fit(frame, scale="log", impute="median").transform(frame)
    if rows is None:
        return X
    random = np.random.default_rng(SEED)
    drawn = X[random.integers(len(X), size=rows)] if rows > len(X) else X[:rows]
    return drawn + random.normal(scale=NOISE, size=drawn.shape) if rows > len(X) else drawn


def fitted(algorithm: str, X: np.ndarray, k: int) -> str:
    """Ours: from starts to the rule that places customers."""
    from seg_utils.clustering.algorithms import fit
    from seg_utils.core.errors import NoSegmentsError

    try:
        found = fit(algorithm, X, k, seed=SEED)
    except NoSegmentsError:
        return "no segments to report"
    exemplars = len(getattr(found.rule, "points", []))
    return f"{found.k} segments" + (f", {exemplars:,} exemplars" if exemplars else f", {found.starts} starts")


def bare(algorithm: str, k: int) -> Any:
    """The estimator by itself; None where it would need n² memory or a radius that we look for."""
    from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans, MiniBatchKMeans
    from sklearn.mixture import GaussianMixture

    return {
        "kmeans": KMeans(k, n_init=1, random_state=SEED),
        "minibatch": MiniBatchKMeans(k, n_init=1, random_state=SEED),
        "gmm": GaussianMixture(k, reg_covar=1e-3, random_state=SEED),
        "ward": AgglomerativeClustering(k, linkage="ward"),
        "hdbscan": HDBSCAN(min_cluster_size=90, min_samples=34, copy=True),
    }.get(algorithm)


def fitted_barely(algorithm: str, X: np.ndarray, k: int) -> str:
    """scikit-learn's estimator with one start, on as many customers as ours is fitted on."""
    from seg_utils.clustering.partition import sample

    rows = X if algorithm in ("kmeans", "minibatch") else sample(X, SEED)
    labels = bare(algorithm, k).fit_predict(rows)
    return f"{labels.max() + 1} clusters of {len(rows):,} customers"


def trained(X: np.ndarray, sizes: tuple[int, ...]) -> str:
    """An autoencoder on the same coordinates."""
    from seg_utils.features import encoder

    losses = encoder.fit(X, sizes, seed=SEED).losses
    return f"loss {losses[0]:.3f} to {losses[-1]:.3f} in {len(losses)} epochs"


def in_own_process(work: Callable[..., str], *arguments: Any) -> tuple[float, float, float, str]:
    """Wall seconds, CPU seconds, peak MB and result of work in a fresh process."""
    here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_measured, args=(there, work, *arguments))
    process.start()
    there.close()
    measured = here.recv()
    process.join()
    return measured


def _measured(there: Connection, work: Callable[..., str], *arguments: Any) -> None:
    import seg_utils.clustering.algorithms  # noqa: F401 - imports are no cost of one algorithm

    wall, cpu = time.perf_counter(), time.process_time()
    note = work(*arguments)
    spent = time.perf_counter() - wall, time.process_time() - cpu
    there.send((*spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MB_PER_MAXRSS, note))


if __name__ == "__main__":
    main()
