"""Partitions as the published systems make them, from many seeds, each made once; and DBSCAN at many settings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from sklearn.cluster import DBSCAN, KMeans, MiniBatchKMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score
from threadpoolctl import threadpool_limits

from seg_utils import evaluation
from seg_utils.clustering.placement import principal_components
from seg_utils.core import dictionary
from seg_utils.core.threads import parallel
from seg_utils.core.words import percent
from seg_utils.features import feature_space
from seg_utils.features.feature_space import FeatureSpace
from seg_utils.personas import profiling

ALGORITHMS = ("kmeans", "minibatch")
FIRST_SEED = 42
K_MEANS_STARTS = 10
MINIBATCH_STARTS = 3
BEST_STARTS = 200


@dataclass(frozen=True)
class Method:
    """How a system is published. ``encoder`` holds the widths of the encoding layers; none means the features."""

    name: str
    impute: str
    scale: str
    algorithm: str
    seeds: int
    encoder: tuple[int, ...] = ()

    @property
    def all_seeds(self) -> range:
        return range(FIRST_SEED, FIRST_SEED + self.seeds)


@dataclass(frozen=True, eq=False)
class Run:
    """One partition: ``labels`` (n,), in no particular order of segments."""

    labels: np.ndarray
    inertia: float
    iterations: int | None


def _once(make: Callable[..., Any]) -> Callable[..., Any]:
    """What a method makes, made once for the same arguments."""

    @wraps(make)
    def kept(laboratory: "Laboratory", *arguments: Any, **options: Any) -> Any:
        key = (make.__name__, arguments, *options.items())
        if key not in laboratory.made:
            laboratory.made[key] = make(laboratory, *arguments, **options)
        return laboratory.made[key]

    return kept


class Laboratory:
    """Customers in original units, and what has been fitted on them so far.

    Args:
        customers: validated customers, one row each.
        tell: told what is being worked on.
    """

    def __init__(self, customers: pd.DataFrame, tell: Callable[[str], None] = lambda text: None) -> None:
        self.customers = customers
        self.tell = tell
        self.made: dict[tuple[Any, ...], Any] = {}

    @_once
    def spaces(self, method: Method) -> list[FeatureSpace]:
        """The feature space of each seed; without an encoder it is the same one."""

        def fit(seed: int) -> FeatureSpace:
            return feature_space.fit(
                self.customers,
                scale=method.scale,
                impute=method.impute,
                features=dictionary.load().names,  # what is published knows no derived ones
                encoder=method.encoder,
                seed=seed,
            )

        if not method.encoder:
            return [fit(FIRST_SEED)] * method.seeds
        self.tell(f"{method.name}: training {method.seeds} autoencoders")
        return parallel(fit, method.all_seeds)

    @_once
    def coordinates(self, method: Method) -> list[np.ndarray]:
        """Coordinates of the customers for each seed, each of shape (n, features or codes)."""
        if not method.encoder:
            return [self.common(method)] * method.seeds
        return [fitted.transform(self.customers) for fitted in self.spaces(method)]

    @_once
    def common(self, method: Method) -> np.ndarray:
        """The scaled features, shape (n, features): the space in which partitions of any method can be compared."""
        return self.spaces(method)[0].scaled(self.customers)

    def runs(self, method: Method, k: int) -> list[Run]:
        """The partition into k segments of each seed, as published."""
        return self.sweep(method, [k])[k]

    def sweep(self, method: Method, ks: Iterable[int]) -> dict[int, list[Run]]:
        """The partitions of each seed for every k."""
        wanted = list(ks)
        if missing := [k for k in wanted if ("runs", method, k) not in self.made]:
            span = f"k = {missing[0]}" + (f" to {missing[-1]}" if len(missing) > 1 else "")
            self.tell(f"{method.name}: {span}, {method.seeds} seeds")
            tasks = [
                (X, k, seed)
                for k in missing
                for X, seed in zip(self.coordinates(method), method.all_seeds, strict=True)
            ]
            runs = parallel(lambda task: _fit(method.algorithm, *task), tasks)
            for number, k in enumerate(missing):
                self.made["runs", method, k] = runs[number * method.seeds : (number + 1) * method.seeds]
        return {k: self.made["runs", method, k] for k in wanted}

    @_once
    def best(self, method: Method, k: int) -> Run | None:
        """The best optimum of K-Means known; none among codes, which differ from seed to seed."""
        if method.encoder:
            return None
        self.tell(f"{method.name}: best optimum of {BEST_STARTS} starts at k = {k}")
        with threadpool_limits(1):
            model = KMeans(k, n_init=BEST_STARTS, random_state=FIRST_SEED).fit(self.common(method))
        return Run(model.labels_, float(model.inertia_), None)

    @_once
    def scores(self, method: Method, k: int, *, common: bool = False) -> list[dict[str, float]]:
        """Scores of each seed's partition, and last those of the best one where there is one.

        Args:
            common: measure on the scaled features and not in the method's own space.
        """
        best = self.best(method, k)
        runs = [*self.runs(method, k), *([best] if best else [])]
        if method.encoder and not common:
            pairs = list(zip(self.coordinates(method), runs, strict=True))
            return [_scores(X, run, evaluation.silhouettes(X, {0: run.labels}).mean(0)) for X, run in pairs]
        X = self.common(method)
        silhouettes = evaluation.silhouettes(X, {number: run.labels for number, run in enumerate(runs)})
        return [_scores(X, run, silhouettes.mean(number)) for number, run in enumerate(runs)]

    def explained(self, method: Method) -> tuple[float, float]:
        """Share of the variance that each of the first two principal components explains."""
        return principal_components(self.common(method)).explained

    @cached_property
    def described(self) -> pd.DataFrame:
        """Features and derived features in original units, one row a customer."""
        return profiling.with_derived(self.customers).select_dtypes("number").astype("float64")


def _fit(algorithm: str, X: np.ndarray, k: int, seed: int) -> Run:
    """A fit as published: scikit-learn's own, not one that looks for the best optimum again and again."""
    if algorithm == "minibatch":
        model = MiniBatchKMeans(k, n_init=MINIBATCH_STARTS, random_state=seed)
    else:
        model = KMeans(k, n_init=K_MEANS_STARTS, max_iter=300, random_state=seed)
    model.fit(X)
    return Run(model.labels_, float(model.inertia_), int(model.n_iter_))


def _scores(X: np.ndarray, run: Run, silhouette: float) -> dict[str, float]:
    return {
        "inertia": run.inertia,
        "silhouette": silhouette,
        "davies_bouldin": davies_bouldin_score(X, run.labels),
        "calinski_harabasz": calinski_harabasz_score(X, run.labels),
        "iterations": float("nan") if run.iterations is None else float(run.iterations),
    }


NEIGHBOURS = (5, 17, 34)
RADII = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
SMALLEST_CLUSTER = 0.01
MOST_NOISE = 0.5


def dbscan_search(spaces: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """What DBSCAN finds at every setting, on coordinates (n, features) by scale: ``scale, radius, neighbours``, how
    many of them make a core; ``clusters`` of at least 1 % of the customers, and ``noise``, the share left out."""

    def find(setting: tuple[str, float, int]) -> tuple[str, float, int, int, float]:
        scale, radius, neighbours = setting
        labels = DBSCAN(eps=radius, min_samples=neighbours).fit(spaces[scale]).labels_
        shares = np.bincount(labels + 1)[1:] / len(labels)
        return *setting, int((shares >= SMALLEST_CLUSTER).sum()), float((labels < 0).mean())

    rows = parallel(find, list(product(spaces, RADII, NEIGHBOURS)))
    return pd.DataFrame(rows, columns=["scale", "radius", "neighbours", "clusters", "noise"])


def most_dbscan_clusters(results: pd.DataFrame) -> int:
    """The most clusters at a setting that leaves out at most half of the customers."""
    return int(results["clusters"].where(results["noise"] <= MOST_NOISE, 0).max())


def dbscan_remark(results: pd.DataFrame, scale: str) -> str:
    """How many settings on a scale give the two clusters that a silhouette needs, and the one with the least noise."""
    tried = results[results["scale"] == scale]
    fit = tried[(tried["noise"] <= MOST_NOISE) & (tried["clusters"] > 1)]
    if fit.empty:
        return f"On the {scale} scale none of {len(tried)} settings tried gives two such clusters."
    best = fit.loc[fit["noise"].idxmin()]
    give = "gives" if len(fit) == 1 else "give"
    return (
        f"On the {scale} scale {len(fit)} of {len(tried)} settings tried {give} two or more: with {best.neighbours} "
        f"neighbours and radius {best.radius:g} there are {best.clusters}, and {percent(best.noise)} noise."
    )
