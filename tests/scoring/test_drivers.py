from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering
from seg_utils.features import feature_space
from seg_utils.scoring import model
from seg_utils.scoring.answer import drivers

CUSTOMERS = pd.DataFrame(
    {
        "BALANCE": [0.0, 10.0, 0.0, 10.0] * 10,
        "PURCHASES": [0.0, 1.0, 100.0, 101.0] * 10,
        "TENURE": [6.0, 8.0, 8.0, 6.0] * 10,
    }
)


@pytest.fixture(scope="module")
def made():
    fitted = feature_space.fit(CUSTOMERS, scale="standard", impute="median")
    by_purchases = np.tile([0, 0, 1, 1], 10)
    X = fitted.transform(CUSTOMERS)
    centroids = np.stack([X[by_purchases == segment].mean(axis=0) for segment in (0, 1)])
    return model.build(
        CUSTOMERS, fitted, clustering.Clustering(by_purchases, centroids, 0.0, 1, 1), algorithm="kmeans", seed=1
    )


def test_the_feature_that_tells_the_segments_apart_comes_first_with_its_direction(made):
    found = drivers(made, made.locate(CUSTOMERS.iloc[[0, 3]]))
    assert found.features[:, 0].tolist() == [made.space.features.index("PURCHASES")] * 2
    assert found.high[:, 0].tolist() == [False, True]


def test_a_value_that_was_filled_in_drives_nothing(made):
    some = CUSTOMERS.iloc[[0, 3]].reset_index(drop=True)
    some.loc[0, "PURCHASES"] = np.nan
    found = drivers(made, made.locate(some))
    purchases = made.space.features.index("PURCHASES")
    assert purchases not in found.features[0]
    assert purchases in found.features[1]


def test_a_feature_that_speaks_for_neither_is_left_out(made):
    found = drivers(made, made.locate(CUSTOMERS.iloc[[0]]))
    assert made.space.features.index("BALANCE") not in found.features[0]
    assert found.features[0, -1] == -1


def test_drivers_are_in_the_order_of_the_shapley_values(made):
    located = made.locate(CUSTOMERS.iloc[[1]])
    own, following = made.scaled_centroids[located.order[0, :2]]

    def nearer(point):
        """How much nearer, in squared distance, a point is to its own centre than to the next."""
        return ((point - following) ** 2).sum() - ((point - own) ** 2).sum()

    orders = list(permutations(range(len(own))))
    values = np.zeros(len(own))
    for order in orders:
        point = (own + following) / 2
        for feature in order:
            before, point = nearer(point), point.copy()
            point[feature] = located.scaled[0, feature]
            values[feature] += (nearer(point) - before) / len(orders)

    assert values.sum() == pytest.approx(nearer(located.scaled[0]))
    expected = [feature for feature in np.argsort(-values, kind="stable") if values[feature] > 1e-12]
    found = drivers(made, located).features[0]
    assert found[found >= 0].tolist() == expected
