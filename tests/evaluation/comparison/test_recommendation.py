"""The rule, on tables that are made up."""

import pandas as pd
import pytest

from seg_utils.evaluation.comparison import recommend
from seg_utils.evaluation.comparison.side_by_side import COLUMNS, Comparison


def compared(*rows):
    """Rows of (space, algorithm, segments, smallest share, smallest Jaccard, silhouette)."""
    names = ("space", "algorithm", "segments", "smallest_share", "min_jaccard", "silhouette")
    table = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows], columns=COLUMNS)
    return Comparison(table.astype({"segments": "Int64"}), pd.DataFrame(), pd.DataFrame(), [], 1000, 1000, 4)


STABLE = ("log", "kmeans", 4, 0.1, 0.95, 0.20)
NEAR = ("log", "ward", 4, 0.1, 0.91, 0.25)
SPECKS = ("robust", "kmeans", 4, 0.001, 0.99, 0.60)
SHAKY = ("standard", "gmm", 4, 0.1, 0.55, 0.40)
NOTHING = ("log", "dbscan", None, None, None, None)


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        ((STABLE, SHAKY), ("log", "kmeans")),
        ((STABLE, NEAR), ("log", "ward")),
        ((STABLE, SPECKS), ("log", "kmeans")),
        ((NOTHING, STABLE), ("log", "kmeans")),
        ((STABLE, ("standard", "kmeans", 4, 0.1, 0.95, 0.20)), ("log", "kmeans")),
        ((STABLE, ("log", "minibatch", 4, 0.1, 0.95, 0.2003)), ("log", "kmeans")),
        ((STABLE, ("log", "gmm", 2, 0.01, 0.96, 0.3)), ("log", "gmm")),
        ((STABLE, ("log", "gmm", 2, 0.0099, 0.96, 0.3)), ("log", "kmeans")),
        ((STABLE, ("log", "gmm", 1, 1.0, 0.99, 0.9)), ("log", "kmeans")),
        ((STABLE, ("log", "gmm", 4, 0.1, 0.89, 0.9)), ("log", "kmeans")),
        ((("log", "gmm", 4, 0.1, 0.75, 0.1),), ("log", "gmm")),
        ((("log", "gmm", 4, 0.1, 0.7499, 0.1),), (None, None)),
        ((SHAKY, NOTHING), (None, None)),
        ((SPECKS, NOTHING), (None, None)),
    ],
)
def test_the_most_stable_eligible_partition_is_recommended(rows, chosen):
    said = recommend(compared(*rows))
    assert (said["space"], said["algorithm"]) == chosen


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((STABLE, NOTHING), "Of 2 partitions that were tried, 1 is eligible. The rule recommends K-Means on"),
        ((STABLE, NEAR), "with a Jaccard of 0.91, within 0.05 of the highest (0.95)"),
        ((SHAKY, SHAKY), "2 are eligible, but in each a segment does not come back (Jaccard at most 0.55)"),
        ((SPECKS,), "Of 1 partitions that were tried, none is eligible, so none is recommended."),
    ],
)
def test_the_sentence_follows_from_the_table(rows, words):
    assert words in recommend(compared(*rows))["sentence"]


def test_usable_means_a_grade_and_nothing_else():
    said = recommend(compared(STABLE, SHAKY, NOTHING))
    assert "usable" not in said["rule"] + said["sentence"]
