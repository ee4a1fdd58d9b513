"""DBSCAN at several settings: at which of them a silhouette can tell clusters apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from sklearn.cluster import DBSCAN

from seg_utils.core.threads import parallel
from seg_utils.core.words import percent

NEIGHBOURS = (5, 17, 34)
RADII = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
SMALLEST_CLUSTER = 0.01
MOST_NOISE = 0.5


@dataclass(frozen=True)
class Setting:
    """Customers are neighbours within ``radius`` on the ``scale``; ``neighbours`` of them make a core."""

    scale: str
    radius: float
    neighbours: int


@dataclass(frozen=True)
class Found:
    """Clusters of at least 1 % of the customers, and the share of customers left out as ``noise``."""

    clusters: int
    noise: float

    @property
    def counts(self) -> bool:
        """Whether at most half of the customers are noise."""
        return self.noise <= MOST_NOISE

    @property
    def comparable(self) -> bool:
        """Whether a silhouette says something: it needs two clusters."""
        return self.counts and self.clusters > 1


def search(spaces: Mapping[str, np.ndarray]) -> dict[Setting, Found]:
    """What DBSCAN finds at every radius and number of neighbours.

    Args:
        spaces: for each scale the coordinates of the customers, shape (n, features).
    """

    def find(setting: Setting) -> Found:
        X = spaces[setting.scale]
        labels = DBSCAN(eps=setting.radius, min_samples=setting.neighbours).fit(X).labels_
        shares = np.bincount(labels + 1)[1:] / len(X)
        return Found(int((shares >= SMALLEST_CLUSTER).sum()), float((labels < 0).mean()))

    settings = [Setting(*one) for one in product(spaces, RADII, NEIGHBOURS)]
    return dict(zip(settings, parallel(find, settings), strict=True))


def most_clusters(found: Mapping[Setting, Found]) -> int:
    """The most clusters at a setting that counts."""
    return max((one.clusters for one in found.values() if one.counts), default=0)


def remark(found: Mapping[Setting, Found], scale: str) -> str:
    """How many settings on a scale make a comparison possible, and the one of them with the least noise."""
    tried = {setting: one for setting, one in found.items() if setting.scale == scale}
    fit = {setting: one for setting, one in tried.items() if one.comparable}
    if not fit:
        return f"On the {scale} scale none of {len(tried)} settings tried gives two such clusters."
    setting, best = min(fit.items(), key=lambda one: one[1].noise)
    give = "gives" if len(fit) == 1 else "give"
    return (
        f"On the {scale} scale {len(fit)} of {len(tried)} settings tried {give} two or more: with {setting.neighbours} "
        f"neighbours and radius {setting.radius:g} there are {best.clusters}, and {percent(best.noise)} noise."
    )
