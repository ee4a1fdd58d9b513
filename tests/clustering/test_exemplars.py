"""A few customers that stand for all place everyone as the labels do."""

import numpy as np
import pytest

from seg_utils.clustering import OUTLIERS, partition
from seg_utils.clustering.partition import in_order

RANDOM = np.random.default_rng(3)
ANGLE = RANDOM.uniform(0, 2 * np.pi, 900)
RING = np.repeat([0, 1, OUTLIERS], [400, 300, 200])
POINTS = np.column_stack([np.cos(ANGLE), np.sin(ANGLE)]) * (1 + 2 * (RING % 3))[:, None]
X = POINTS + RANDOM.normal(0, 0.3, POINTS.shape)
ORDER = in_order(X)
ROWS, LABELS = X[ORDER], RING[ORDER]


@pytest.mark.parametrize("at_a_time", [1, 3, 256])
def test_everyone_is_placed_by_the_nearest_exemplar_however_many_are_looked_at_together(monkeypatch, at_a_time):
    whole = partition.condense(ROWS, LABELS)
    monkeypatch.setattr(partition, "AT_A_TIME", at_a_time)
    rule = partition.condense(ROWS, LABELS)
    np.testing.assert_array_equal(rule.points, whole.points)
    np.testing.assert_array_equal(rule.place(ROWS).segment, LABELS)
    assert len(rule.points) < len(ROWS) / 2
    assert (np.diff(in_order(rule.points)) == 1).all(), "in the order of the rows"


def test_segments_are_numbered_by_size_and_outliers_by_nothing():
    found = partition.by_exemplars(ROWS, ROWS, np.where(LABELS == OUTLIERS, OUTLIERS, 1 - LABELS))
    np.testing.assert_array_equal(found.labels, LABELS)
    assert (found.sizes.tolist(), found.outliers) == ([400, 300], 200)
    np.testing.assert_allclose(found.centroids, [ROWS[segment == LABELS].mean(axis=0) for segment in (0, 1)])
    spread = sum(((ROWS[s == LABELS] - found.centroids[s]) ** 2).sum() for s in (0, 1))
    assert found.inertia == pytest.approx(spread), "outliers do not count"
    np.testing.assert_array_equal(found.rule.place(ROWS).segment, LABELS)


def test_equal_rows_are_of_one_segment():
    rows = np.repeat(ROWS[:3], 2, axis=0)
    found = partition.by_exemplars(rows, rows, np.array([0, 1, 1, 0, 1, 1]))
    assert (found.labels[::2] == found.labels[1::2]).all()
    assert found.sizes.tolist() == [4, 2]


def test_a_part_of_the_rows_places_the_others():
    part = np.arange(len(ROWS)) % 3 > 0
    found = partition.by_exemplars(ROWS, ROWS[part], LABELS[part])
    np.testing.assert_array_equal(found.labels[part], LABELS[part])
    assert (found.labels == LABELS).mean() > 0.9
    assert len(found.labels) == len(ROWS)
