"""What metrics.json holds of a partition with customers in no segment."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as reference

from seg_utils import evaluation
from seg_utils.clustering import OUTLIERS, Centres, Clustering
from seg_utils.evaluation import metrics

RANDOM = np.random.default_rng(6)
LABELS = np.repeat([0, 1, OUTLIERS], [60, 40, 20])
X = RANDOM.normal(size=(120, 3)) + 4.0 * LABELS[:, None]
CENTRES = np.array([X[segment == LABELS].mean(axis=0) for segment in (0, 1)])
FOUND = Clustering(LABELS, CENTRES, 12.5, starts=10, hits=4, rule=Centres(CENTRES))
PLACED = pd.DataFrame(
    {
        "segment": LABELS,
        "next_segment": np.where(LABELS == 0, 1, 0),
        "confidence": np.tile([0.05, 0.0999, 0.1, 0.2499, 0.25, 0.9], 20),
    }
)


@pytest.fixture(scope="module")
def measured():
    given = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(evaluation, "standing", lambda verdict, k: {"of": (verdict, k)})
        stable = {"jaccard": [0.9, 0.7], "grades": ["firm", "do not build on"]}
        patched.setattr(evaluation, "stability", lambda *args, **options: given.update(options) or stable)
        values, silhouettes = metrics.measure(X, FOUND, PLACED, {"a": 1}, seed=3)
    return values, silhouettes, given


def test_separation_is_of_customers_in_a_segment(measured):
    values, silhouettes, _ = measured
    own, labels = X[LABELS != OUTLIERS], LABELS[LABELS != OUTLIERS]
    each = reference.silhouette_samples(own, labels)
    assert values["silhouette"] == pytest.approx(each.mean())
    assert values["silhouette_by_segment"] == pytest.approx([each[labels == s].mean() for s in (0, 1)])
    assert values["silhouette_negative_share"] == (each < 0).mean()
    assert values["davies_bouldin"] == pytest.approx(reference.davies_bouldin_score(own, labels))
    assert values["calinski_harabasz"] == pytest.approx(reference.calinski_harabasz_score(own, labels))
    assert len(silhouettes.rows) == 100


def test_everybody_is_counted_once(measured):
    values, _, _ = measured
    assert (values["n_customers"], values["outliers"], values["sizes"]) == (120, 20, [60, 40])
    assert (values["starts"], values["hit_rate"], values["inertia"]) == (10, 0.4, 12.5)
    assert values["standing"] == {"of": ({"a": 1}, 2)}
    assert values["between_share"] == pytest.approx(sum(one < 0.1 for one in PLACED["confidence"][:100]) / 120)
    assert sum(pair["customers"] for pair in values["between_pairs"]) == 34


def test_confidence_is_called_by_the_bounds_of_the_placement(measured):
    assert measured[2]["levels"].tolist() == [0, 0, 1, 1, 2, 2] * 20
    assert (measured[2]["seed"], measured[2]["algorithm"]) == (3, "kmeans")


def test_one_row_a_segment(measured):
    table = metrics.by_segment(measured[0])
    assert table[["segment", "customers", "jaccard", "grade"]].to_numpy().tolist() == [
        [0, 60, 0.9, "firm"], [1, 40, 0.7, "do not build on"],
    ]  # fmt: skip
    assert table["silhouette"].tolist() == measured[0]["silhouette_by_segment"]
