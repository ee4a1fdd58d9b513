"""Measurements that the catalogue of claims may name: of the file, of a partition and its groups, of several."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.signal import find_peaks
from scipy.stats import gaussian_kde
from sklearn.metrics import adjusted_rand_score

from seg_utils import evaluation
from seg_utils.claims import laboratory
from seg_utils.claims.laboratory import Laboratory, Method, Run
from seg_utils.claims.verdict import Measured
from seg_utils.clustering.partition import means_of
from seg_utils.core import dictionary
from seg_utils.core.words import listing, percent
from seg_utils.data import exploration
from seg_utils.evaluation.criteria.internal import elbow as elbow_of

BY_SIZE = {"largest": True, "smallest": False}
ENDS = ("highest", "lowest")


def select(described: pd.DataFrame, labels: np.ndarray, group: str) -> int:
    """The segment (of ``labels`` (n,), by features in original units) that a few words name: ``largest``, ``smallest``,
    or ``highest FEATURE``, ``lowest FEATURE`` by mean."""
    if group in BY_SIZE:
        sizes = np.bincount(labels)
        return int(sizes.argmax() if BY_SIZE[group] else sizes.argmin())
    end, feature = group.split(" ")
    return int(_order(described, labels, feature, end)[0])


def place(described: pd.DataFrame, labels: np.ndarray, group: str, feature: str, counted_from: str) -> float:
    """A segment's place among the segments by its mean of a feature, 1 being the ``highest`` or ``lowest``."""
    order = _order(described, labels, feature, counted_from)
    return float(np.flatnonzero(order == select(described, labels, group))[0] + 1)


def within(described: pd.DataFrame, labels: np.ndarray, averages: Mapping[str, Sequence[float]]) -> float:
    """Number of segments whose means lie within ``averages``: for each feature the least and the most, as multiples of
    all customers' mean."""
    multiples = described.groupby(labels).mean() / described.mean()
    fits = [multiples[feature].between(*bounds) for feature, bounds in averages.items()]
    return float(np.logical_and.reduce(fits).sum())


def between_share(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Share of each column's variance that lies between the segments (eta squared), shape (columns,)."""
    overall = X.mean(axis=0)
    sizes = np.bincount(labels)
    between = (sizes[:, None] * (means_of(X, labels) - overall) ** 2).sum(axis=0)
    return between / ((X - overall) ** 2).sum(axis=0)


def _order(described: pd.DataFrame, labels: np.ndarray, feature: str, end: str) -> np.ndarray:
    """Segments by their mean of a feature, from the named end on."""
    means = described[feature].groupby(labels).mean().to_numpy()
    return np.argsort({"highest": -means, "lowest": means}[end], kind="stable")


HIGHER_IS_BETTER = {"silhouette": True, "calinski_harabasz": True, "davies_bouldin": False, "inertia": False}
WHOLE = 0.01  # a number of months this near a whole one is one: shares in the file have six decimals
CENT = 0.011  # amounts in the file have two decimals; a sum of two may be off by one of them, and by rounding
GRID = 512
PROMINENT = 0.05  # a peak counts that rises above what lies between it and a higher one by this share of the highest
MEASUREMENTS: dict[str, Callable[..., Measured]] = {}


def measurement(function: Callable[..., Measured]) -> Callable[..., Measured]:
    """Let the catalogue name a function ``(laboratory, **arguments) -> Measured``."""
    MEASUREMENTS[function.__name__] = function
    return function


@measurement
def score(lab: Laboratory, method: Method, k: int, name: str) -> Measured:
    """A score of each seed's partition, in the method's own space."""
    return _scored(lab, method, k, name, common=False)


@measurement
def common_score(lab: Laboratory, method: Method, k: int, name: str) -> Measured:
    """A score of each seed's partition, on the scaled features."""
    return _scored(lab, method, k, name, common=True)


@measurement
def gain(lab: Laboratory, method: Method, over: Method, k: int, name: str) -> Measured:
    """By how much a method is better than another on the scaled features, seed by seed; negative where it is worse."""
    ours, theirs = (common_score(lab, first, k, name).values for first in (method, over))
    sign = 1 if HIGHER_IS_BETTER[name] else -1
    return Measured(tuple(sign * (first - other) for first, other in zip(ours, theirs, strict=False)), "seeds")


@measurement
def elbow(lab: Laboratory, method: Method, last: int) -> Measured:
    """The elbow of the inertia over k = 2 to ``last`` (kneed); none is not a number."""
    sweep = lab.sweep(method, range(2, last + 1))
    ks = list(sweep)
    elbows = [elbow_of(ks, [runs[number].inertia for runs in sweep.values()]) for number in range(method.seeds)]
    best = elbow_of(ks, [min(run.inertia for run in runs) for runs in sweep.values()])
    return Measured(tuple(math.nan if k is None else float(k) for k in elbows), "seeds", best)


@measurement
def best_silhouette(lab: Laboratory, method: Method, last: int) -> Measured:
    """The k from 2 to ``last`` with the highest mean silhouette."""
    sweep = lab.sweep(method, range(2, last + 1))
    lab.tell(f"{method.name}: silhouettes for k = 2 to {last}")

    def chosen(X: np.ndarray, runs: Mapping[int, Run]) -> float:
        silhouettes = evaluation.silhouettes(X, {k: run.labels for k, run in runs.items()})
        return float(max(runs, key=lambda k: silhouettes.mean(k)))

    by_seed = [{k: runs[number] for k, runs in sweep.items()} for number in range(method.seeds)]
    return Measured(tuple(chosen(X, runs) for X, runs in zip(lab.coordinates(method), by_seed, strict=True)), "seeds")


@measurement
def explained_variance(lab: Laboratory, method: Method) -> Measured:
    """Share of the variance that two principal components explain."""
    return Measured((sum(lab.explained(method)),))


@measurement
def sizes_apart(lab: Laboratory, method: Method, sizes: Sequence[float]) -> Measured:
    """The largest difference between claimed and found shares, both sorted."""
    claimed = np.sort(np.array(sizes, dtype=float))[::-1]
    return _of_sizes(lab, method, len(sizes), lambda shares: np.abs(shares - claimed).max())


@measurement
def smallest_share(lab: Laboratory, method: Method, k: int) -> Measured:
    """Share of the smallest segment."""
    return _of_sizes(lab, method, k, np.min)


@measurement
def largest_share(lab: Laboratory, method: Method, k: int) -> Measured:
    """Share of the largest segment."""
    return _of_sizes(lab, method, k, np.max)


@measurement
def share_of_sum(lab: Laboratory, method: Method, k: int, group: str, feature: str) -> Measured:
    """A group's part of what all customers' values of a feature sum to."""
    values = lab.described[feature]
    return _of_group(lab, method, k, group, lambda members: values[members].sum() / values.sum())


@measurement
def share_of(lab: Laboratory, method: Method, k: int, group: str) -> Measured:
    """Share of the customers who are in a group."""
    return _of_group(lab, method, k, group, np.mean)


@measurement
def mean_of(lab: Laboratory, method: Method, k: int, group: str, feature: str) -> Measured:
    """A group's mean of a feature, original units."""
    return _of_group(lab, method, k, group, lambda members: lab.described.loc[members, feature].mean())


@measurement
def times_average(lab: Laboratory, method: Method, k: int, group: str, feature: str) -> Measured:
    """A group's mean of a feature as a multiple of all customers' mean."""
    values = lab.described[feature]
    return _of_group(lab, method, k, group, lambda members: values[members].mean() / values.mean())


@measurement
def place_of(lab: Laboratory, method: Method, k: int, group: str, feature: str, counted_from: str) -> Measured:
    """A group's place among the groups by its mean of a feature, 1 being the ``highest`` or ``lowest``."""
    return _of_partitions(lab, method, k, lambda labels: place(lab.described, labels, group, feature, counted_from))


@measurement
def groups_where(lab: Laboratory, method: Method, k: int, averages: Mapping[str, Sequence[float]]) -> Measured:
    """Number of groups whose means are all within bounds, told as multiples of the average customer's."""
    described = lab.described[list(averages)]
    return _of_partitions(lab, method, k, lambda labels: within(described, labels, averages))


@measurement
def named_among_top(lab: Laboratory, method: Method, k: int, features: Sequence[str]) -> Measured:
    """How many of the features are among as many with the largest share of variance between segments."""
    X, names = lab.common(method), lab.spaces(method)[0].features

    def top(labels: np.ndarray) -> list[str]:
        between = between_share(X, labels)
        return [names[column] for column in np.argsort(-between, kind="stable")[: len(features)]]

    best = lab.best(method, k)
    at_best = [dictionary.load().label(name) for name in top(best.labels)] if best else []
    remark = f"At the best optimum these are {listing(at_best)}." if at_best else ""
    return _of_partitions(lab, method, k, lambda labels: float(len({*top(labels)} & {*features})), remark=remark)


@measurement
def seeds_agreement(lab: Laboratory, method: Method, k: int) -> Measured:
    """Adjusted Rand index of every two seeds' partitions."""
    pairs = combinations([run.labels for run in lab.runs(method, k)], 2)
    return Measured(tuple(float(adjusted_rand_score(*pair)) for pair in pairs), "pairs of seeds")


@measurement
def methods_agreement(lab: Laboratory, method: Method, against: Method, k: int) -> Measured:
    """Adjusted Rand index of two methods' partitions, seed by seed, and of their best ones."""
    pairs = zip(lab.runs(method, k), lab.runs(against, k), strict=False)
    values = tuple(float(adjusted_rand_score(first.labels, second.labels)) for first, second in pairs)
    best = [run.labels for run in (lab.best(method, k), lab.best(against, k)) if run]
    return Measured(values, "seeds", float(adjusted_rand_score(*best)) if len(best) == 2 else None)


@measurement
def loss(lab: Laboratory, method: Method, epoch: str) -> Measured:
    """Mean squared error of the reconstruction in the ``first`` or ``last`` epoch of training."""
    position = {"first": 0, "last": -1}[epoch]
    return Measured(tuple(fitted.encoder.losses[position] for fitted in lab.spaces(method)), "seeds")


@measurement
def correlation(lab: Laboratory, feature: str, other: str) -> Measured:
    """Pearson correlation of two features, original units."""
    return Measured((float(lab.customers[feature].corr(lab.customers[other])),))


@measurement
def sums_up(lab: Laboratory, parts: Sequence[str], whole: str) -> Measured:
    """Share of customers whose parts sum to the whole, to a cent."""
    rest = lab.customers[whole] - lab.customers[list(parts)].sum(axis=1)
    return Measured((float((rest.abs() < CENT).mean()),))


@measurement
def modes(lab: Laboratory, feature: str) -> Measured:
    """Peaks of the density of log(1 + a feature) among those who have any, by a Gaussian kernel of Scott's width."""
    some = np.log1p(lab.customers.loc[lab.customers[feature] > 0, feature].to_numpy())
    grid = np.linspace(some.min(), some.max(), GRID)
    laboratory = gaussian_kde(some)(grid)
    peaks, _ = find_peaks(np.concatenate([[0.0], laboratory, [0.0]]), prominence=PROMINENT * laboratory.max())
    nobody = f"{percent(1 - len(some) / len(lab.customers))} of the customers have none and are left out."
    return Measured((float(len(peaks)),), remark=nobody)


@measurement
def missing_values(lab: Laboratory, feature: str) -> Measured:
    """Customers without a value."""
    return Measured((float(lab.customers[feature].isna().sum()),))


@measurement
def skewed_features(lab: Laboratory) -> Measured:
    """Features whose distribution is skewed."""
    table = exploration.shapes(lab.customers)
    return Measured((float((table["skewness"].abs() >= exploration.SKEWED).sum()),))


@measurement
def whole_months(lab: Laboratory, share: str) -> Measured:
    """Share of customers for whom a share of months times TENURE is a whole number of months."""
    months = lab.customers[share] * lab.customers["TENURE"]
    return Measured((float(((months - months.round()).abs() < WHOLE).mean()),))


@measurement
def dbscan_clusters(lab: Laboratory, method: Method, scales: Sequence[str]) -> Measured:
    """Clusters of at least 1 % of the customers that DBSCAN finds on one of the scales at the radius and neighbours
    with most of them, of those settings that leave out at most half of the customers as noise."""
    lab.tell(f"DBSCAN on the scales {listing(scales)}")
    results = laboratory.dbscan_search({scale: lab.common(replace(method, scale=scale)) for scale in scales})
    remarks = " ".join(laboratory.dbscan_remark(results, scale) for scale in scales)
    return Measured((float(laboratory.most_dbscan_clusters(results)),), remark=remarks)


def _scored(lab: Laboratory, method: Method, k: int, name: str, *, common: bool) -> Measured:
    scores = [seed[name] for seed in lab.scores(method, k, common=common)]
    best = scores[method.seeds] if len(scores) > method.seeds and not math.isnan(scores[method.seeds]) else None
    return Measured(tuple(scores[: method.seeds]), "seeds", best)


def _of_partitions(
    lab: Laboratory, method: Method, k: int, measure: Callable[[np.ndarray], float], remark: str = ""
) -> Measured:
    """A number of the labels (n,) of each seed's partition and of the best one."""
    best = lab.best(method, k)
    values = tuple(float(measure(run.labels)) for run in lab.runs(method, k))
    return Measured(values, "seeds", float(measure(best.labels)) if best else None, remark)


def _of_group(lab: Laboratory, method: Method, k: int, group: str, measure: Callable[[np.ndarray], float]) -> Measured:
    """A number of a group's members, given as a mask (n,)."""
    return _of_partitions(lab, method, k, lambda labels: measure(labels == select(lab.described, labels, group)))


def _of_sizes(lab: Laboratory, method: Method, k: int, measure: Callable[[np.ndarray], float]) -> Measured:
    """A number of the segments' shares of customers (k,), falling; the remark says those of the best optimum."""
    best = lab.best(method, k)
    listed = listing([f"{100 * share:.1f}" for share in _shares(best.labels)]) if best else ""
    remark = f"At the best optimum: {listed} %." if best else ""
    return _of_partitions(lab, method, k, lambda labels: measure(_shares(labels)), remark)


def _shares(labels: np.ndarray) -> np.ndarray:
    return np.sort(np.bincount(labels) / len(labels))[::-1]
