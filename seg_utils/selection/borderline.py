"""Who stands between two segments."""

import pandas as pd

BETWEEN = 0.1
"""Below this confidence a customer's own centre is hardly nearer than the next one: less than a tenth."""


def between(placed: pd.DataFrame) -> pd.Series:
    """Whether each customer stands between two segments, from ``confidence`` (1 at the centre, 0 on the border)."""
    return placed["confidence"] < BETWEEN


def between_pairs(placed: pd.DataFrame) -> pd.DataFrame:
    """How many customers of a segment stand on its border to another, most first.

    Args:
        placed: ``segment, next_segment, confidence``, one row a customer.

    Returns:
        ``segment, next_segment, customers, share`` (of all customers).
    """
    counted = placed[between(placed)].groupby(["segment", "next_segment"]).size().rename("customers").reset_index()
    counted["share"] = counted["customers"] / len(placed)
    return counted.sort_values("customers", ascending=False, kind="stable", ignore_index=True)
