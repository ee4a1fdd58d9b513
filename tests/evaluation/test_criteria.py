import numpy as np
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from seg_utils.evaluation.criteria.internal import elbow, elbow_by_range


def test_scores_agree_with_independent_computations(evidence, five_blobs):
    for row in evidence.scores.itertuples():
        labels = evidence.labels[row.k]
        centroids = np.array([five_blobs[labels == segment].mean(axis=0) for segment in range(row.k)])
        inertia = ((five_blobs - centroids[labels]) ** 2).sum()
        assert row.inertia == pytest.approx(inertia, rel=1e-6)
        assert row.davies_bouldin == pytest.approx(davies_bouldin_score(five_blobs, labels), rel=1e-6)
        assert row.calinski_harabasz == pytest.approx(calinski_harabasz_score(five_blobs, labels), rel=1e-6)
        assert row.silhouette == pytest.approx(silhouette_score(five_blobs, labels), abs=1e-6)
        assert row.smallest_share == pytest.approx(np.bincount(labels).min() / len(labels))


def test_elbow_of_a_bent_line_is_the_bend():
    assert elbow(range(2, 11), [100, 60, 20, 19, 18, 17, 16, 15, 14]) == 4


def test_elbow_depends_on_the_range():
    ks = list(range(2, 21))
    inertias = [1000 / k for k in ks]
    found = elbow_by_range(ks, inertias)
    assert set(found) == set(range(4, 21))
    assert found[20] == elbow(ks, inertias)
    assert found[8] < found[20]


def test_two_points_have_no_elbow():
    assert elbow([2, 3], [5.0, 4.0]) is None
