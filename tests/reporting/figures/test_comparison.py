"""What the figures of partitions side by side say."""

import pandas as pd

from seg_utils.reporting.figures import comparison

from .saying import said


def test_a_partition_says_its_algorithm_its_scale_and_its_numbers():
    table = pd.DataFrame(
        {
            "space": ["log", "standard", "log"],
            "algorithm": ["kmeans", "kmeans", "gmm"],
            "min_jaccard": [0.91, 0.5, None],
            "silhouette": [0.22, -0.1, None],
        }
    )
    assert said(comparison.stability(table)) == [
        f"{comparison.NAMES['kmeans']} · log scale · weakest Jaccard 0.91 · silhouette 0.22",
        f"{comparison.NAMES['kmeans']} · standard scale · weakest Jaccard 0.50 · silhouette −0.10",
    ]


def test_a_cell_says_which_two_agree_and_how_far():
    names = ["kmeans, log", "gmm, log"]
    told = said(comparison.agreement(pd.DataFrame([[1.0, 0.42], [0.42, 1.0]], index=names, columns=names)))
    assert told[1] == "kmeans, log and gmm, log · adjusted Rand index 0.42"
    assert len(told) == 4
