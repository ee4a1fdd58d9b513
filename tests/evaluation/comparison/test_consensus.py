"""Who keeps their company in other partitions."""

import numpy as np
import pytest

from seg_utils.evaluation.comparison import consensus

SEGMENTS = np.array([0, 0, 0, 0, 1, 1, 1, 2])
SAME = np.array([1, 1, 1, 1, 0, 0, 0, 2])
MERGED = np.array([0, 0, 0, 0, 1, 1, 1, 1])
HALVED = np.array([0, 0, 1, 1, 2, 2, 2, 3])


def test_company_is_the_jaccard_of_segment_and_cluster():
    company = consensus.company(SEGMENTS, {"same": SAME, "merged": MERGED, "halved": HALVED})

    assert company["same"].tolist() == [1.0] * 8
    assert company["merged"].tolist() == [1.0] * 4 + [0.75] * 3 + [0.25]
    assert company["halved"].tolist() == [0.5] * 4 + [1.0] * 4


def test_kept_in_all_and_in_most():
    thirds = np.array([0, 0, 1, 2, 3, 3, 3, 4])

    kept = consensus.kept(SEGMENTS, {"merged": MERGED, "halved": HALVED, "thirds": thirds})

    assert kept[consensus.ALWAYS].tolist() == pytest.approx([0.5, 1.0, 0.0, 5 / 8])
    assert kept[consensus.MOSTLY].tolist() == pytest.approx([1.0, 1.0, 1.0, 1.0])
    assert kept.index.tolist() == [0, 1, 2, "everyone"]
