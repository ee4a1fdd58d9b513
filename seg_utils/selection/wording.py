"""The verdict in a sentence an executive reads."""

import pandas as pd

SENTENCES = {
    "islands": "They are islands: hardly anyone stands between them.",
    "regions": "They are regions of one cloud, not islands: customers stand on the borders, only fewer than inside.",
}

FAINT_SILHOUETTE = 0.25
CLEAR_SILHOUETTE = 0.5


def sentence_of(scores: pd.DataFrame, recommended: int | None, structure: str, failures: dict[int, list[str]]) -> str:
    """Why this k, or why none, in words chosen by the numbers.

    Args:
        scores: one row a k.
        failures: for each k the tests it fails, in words.
    """
    if scores.empty:
        return "There are no segments here: there are too few different customers to look for any."
    first, last = int(scores["k"].min()), int(scores["k"].max())
    if recommended is None:
        nearest = min(failures, key=lambda k: (len(failures[k]), k))
        return (
            f"There are no segments here: no number of segments from {first} to {last} passes every test. "
            f"The nearest is {nearest}, but {' and '.join(failures[nearest])}."
        )
    row = scores.set_index("k").loc[recommended]
    reason = (
        f"{recommended} is the largest number of segments from {first} to {last} that holds up: every segment comes "
        f"back in resampled customers (Jaccard at least {row['min_jaccard']:.2f}), and one half of the customers "
        f"predicts the segments of the other (prediction strength {row['prediction_strength']:.2f})."
    )
    return f"{reason} {SENTENCES[structure]}"


def standing_of(k: int, recommended: int | None, failed: list[str] | None) -> str:
    """What to tell someone who asked for k segments.

    Args:
        failed: the tests that k fails, in words; None where k was not looked at.
    """
    if recommended is None:
        return f"These customers form no segments; the {k} shown here were asked for and divide one cloud."
    if k == recommended:
        return f"{k} segments is what the evidence recommends."
    if failed is None:
        return f"The evidence recommends {recommended} segments; {k} was not looked at."
    if not failed:
        return f"{k} segments hold up too; the evidence recommends {recommended}, the largest number that does."
    return (
        f"The evidence recommends {recommended} segments. {k} was asked for, and does not hold up: {'; '.join(failed)}."
    )
