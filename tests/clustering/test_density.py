"""Which dense regions are segments to report, on either side of each bound."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from seg_utils.clustering import OUTLIERS, density
from seg_utils.core.parameters import K_RANGE


def labels(*sizes, outliers=0):
    return np.repeat([*range(len(sizes)), OUTLIERS], [*sizes, outliers])


@pytest.mark.parametrize(
    ("found", "why_not"),
    [
        (labels(40, 30, outliers=30), ""),
        (labels(40, 26, outliers=34), "2 clusters of 66 customers, too few in all, and 34 outliers"),
        (labels(40, 27, outliers=33), ""),
        (labels(90, 10), ""),
        (labels(91, 9), "one cluster of 91 customers, 9 in small ones, and 0 outliers"),
        (labels(5, 91, 4), "one cluster of 91 customers, 9 in small ones, and 0 outliers"),
        (labels(100), "one cluster of 100 customers and 0 outliers"),
        (labels(outliers=100), "no cluster at all and 100 outliers"),
        (labels(*[5] * K_RANGE[-1]), ""),
        (labels(*[5] * (K_RANGE[-1] + 1)), f"{K_RANGE[-1] + 1} clusters, more than a report can tell apart, and 0 out"),
    ],
)
def test_what_is_no_segmentation_to_report(found, why_not):
    said = density._unreportable(found)
    assert said.startswith(why_not)
    assert bool(said) == bool(why_not)


def test_regions_below_a_hundredth_are_outliers_and_the_others_are_numbered_anew():
    found = labels(100, 1, 2, 90, outliers=7)
    kept = density._without_specks(found)
    assert kept.tolist() == [0] * 100 + [OUTLIERS] + [1] * 2 + [2] * 90 + [OUTLIERS] * 7
    assert density._without_specks(labels(outliers=3)).tolist() == [OUTLIERS] * 3


@pytest.mark.parametrize(
    ("distances", "found"),
    [([1.0, 1.1, 1.2, 1.3, 5.0], 1.3), ([0.0, 0.0, 0.0, 2.0, 9.0], 2.0), ([0.0] * 2, 1.0), ([0.0] * 3 + [4.0], 4.0)],
)  # fmt: skip
def test_the_radius_is_the_knee_or_the_first_distance_there_is(distances, found):
    assert density.radius(np.array(distances)) == found


def test_separation_counts_outliers_as_nothing():
    X = np.random.default_rng(0).normal(size=(100, 2)) + 6.0 * labels(50, 30, outliers=20)[:, None]
    found = labels(50, 30, outliers=20)
    own = found != OUTLIERS
    assert density._separation(X, found, 0) == pytest.approx(0.8 * silhouette_score(X[own], found[own]))
    assert density._separation(X, labels(80, outliers=20), 0) == 0
