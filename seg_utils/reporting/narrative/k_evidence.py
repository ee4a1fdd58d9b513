"""What the evidence says of the number of segments, for the algorithm that made them."""

from collections.abc import Mapping
from typing import Any

EVIDENCE = "kmeans"
"""The algorithm that the evidence on the number of segments is gathered with."""

NO_SEGMENT = "no segment"
"""In place of a grade where the evidence finds no segments."""


def no_segments(verdict: Mapping[str, Any]) -> bool:
    """Whether the evidence finds no segments, so that those shown are parts of one cloud and no move aims at them.

    Args:
        verdict: ``k_verdict.json``, or the standing of a k in it.
    """
    return verdict["recommended_k"] is None


def made_otherwise(metrics: Mapping[str, Any]) -> bool:
    """Whether another algorithm made the segments than gathered the evidence."""
    return metrics.get("algorithm", EVIDENCE) != EVIDENCE


def standing(metrics: Mapping[str, Any]) -> str:
    """How the number of segments stands against the verdict, in a sentence that is true of the algorithm at hand."""
    told = metrics["standing"]
    return told["sentence_of_k_means"] if made_otherwise(metrics) else told["sentence"]
