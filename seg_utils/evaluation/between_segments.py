"""Who stands between two segments."""

import pandas as pd

from seg_utils.clustering import OUTLIERS

BETWEEN = 0.1  # below this confidence a customer's own centre is hardly nearer than the next one: less than a tenth

# Where confidence is a probability: below this one the customer's own segment is hardly likelier than the others
UNSURE = 0.6

# What a confidence is called below ``LEAST``, below ``CLEAR`` and from there on
SURENESS = ("between two segments", "likely", "clear")

# From this confidence on a placement is called clear, by kind of placement
CLEAR = {"centres": 0.25, "exemplars": 0.25, "mixture": 0.9}

# By kind of placement: below this confidence a customer stands between segments
LEAST = {"centres": BETWEEN, "exemplars": BETWEEN, "mixture": UNSURE}


def between(placed: pd.DataFrame, least: float = BETWEEN) -> pd.Series:
    """Whether each customer stands between two segments, from ``confidence`` (1 at the centre, 0 on the border).

    Customers in no segment do not stand between two.

    Args:
        placed: ``segment, confidence``, one row a customer.
        least: the confidence from which on a customer stands inside; ``UNSURE`` for a mixture's probabilities.
    """
    return (placed["confidence"] < least) & (placed["segment"] != OUTLIERS)


def between_pairs(placed: pd.DataFrame, least: float = BETWEEN) -> pd.DataFrame:
    """How many customers of a segment stand on its border to another, most first.

    Args:
        placed: ``segment, next_segment, confidence``, one row a customer.

    Returns:
        ``segment, next_segment, customers, share`` (of all customers).
    """
    counted = (
        placed[between(placed, least)].groupby(["segment", "next_segment"]).size().rename("customers").reset_index()
    )
    counted["share"] = counted["customers"] / len(placed)
    return counted.sort_values("customers", ascending=False, kind="stable", ignore_index=True)
