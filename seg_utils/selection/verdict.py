"""The recommended number of segments, by a rule that is written down."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from seg_utils.selection.evidence import Evidence
from seg_utils.selection.votes import votes
from seg_utils.selection.wording import sentence_of, standing_of

RULE = (
    "The recommended k is the largest one that passes every test: each of its segments comes back in bootstrap "
    "replicates and in the other half of the customers, none is too small, its segments are tighter than those of "
    "lookalikes (customers with the same columns and the same correlations but no groups), and there are fewer "
    "customers on the border between any two neighbouring segments than inside them. If no k passes, there are no "
    "segments."
)

ISLANDS = 0.5
"""Up to this border density segments are islands; above, regions of one cloud."""


@dataclass(frozen=True)
class Test:
    """One test of a k: ``column`` of the scores must be at least, or at most, ``threshold``."""

    column: str
    threshold: float
    at_least: bool
    failure: str

    def passes(self, scores: pd.DataFrame) -> pd.Series:
        """Whether each k passes."""
        values = scores[self.column]
        return values.ge(self.threshold) if self.at_least else values.le(self.threshold)


TESTS = (
    Test("min_jaccard", 0.75, True, "a segment does not come back in bootstrap replicates"),
    Test("prediction_strength", 0.8, True, "one half of the customers does not predict the segments of the other"),
    Test("smallest_share", 0.02, True, "a segment is too small"),
    Test("lookalike_gap", 0.02, True, "its segments are no tighter than those of customers without groups"),
    Test("lookalike_gap_z", 3.0, True, "its segments may be tighter than those of customers without groups by chance"),
    Test("border_density", 0.95, False, "a border runs where customers are as dense as inside the segments"),
)


def judge(evidence: Evidence) -> dict[str, Any]:
    """The verdict as plain values for ``k_verdict.json``.

    Keys: ``recommended_k`` (None: no segments), ``acceptable_k``, ``structure`` (islands, regions or none),
    ``sentence``, ``rule``, ``thresholds`` (a column of the scores: its bound), ``failures`` (k as text: the tests it
    fails, in words), ``votes`` (criterion, chooses, note), and on how many ``customers`` and ``rows`` it rests.
    """
    scores = evidence.scores
    failures = {int(k): [] for k in scores["k"]}
    for test in TESTS if failures else ():
        for k in scores.loc[~test.passes(scores), "k"]:
            failures[int(k)].append(test.failure)
    acceptable = [k for k, failed in failures.items() if not failed]
    recommended = max(acceptable, default=None)
    structure = _structure(scores, recommended)
    return {
        "recommended_k": recommended,
        "acceptable_k": acceptable,
        "structure": structure,
        "sentence": sentence_of(scores, recommended, structure, failures),
        "rule": RULE,
        "thresholds": {test.column: {"at_least" if test.at_least else "at_most": test.threshold} for test in TESTS},
        "failures": {str(k): failed for k, failed in failures.items()},
        "votes": votes(scores),
        "customers": evidence.customers,
        "rows": evidence.rows,
    }


def _structure(scores: pd.DataFrame, recommended: int | None) -> str:
    if recommended is None:
        return "none"
    border = scores.set_index("k").loc[recommended, "border_density"]
    return "islands" if border <= ISLANDS else "regions"


def standing(verdict: dict[str, Any], k: int) -> dict[str, Any]:
    """How the k asked for stands against the verdict.

    Returns:
        ``k``, ``recommended_k``, ``distance`` (k minus the recommended one; None without one), ``accepted`` (None where
        k was not looked at), ``failures`` (the tests it fails, in words) and a ``sentence``.
    """
    recommended = verdict["recommended_k"]
    failed = verdict["failures"].get(str(k))
    return {
        "k": k,
        "recommended_k": recommended,
        "distance": None if recommended is None else k - recommended,
        "accepted": None if failed is None else not failed,
        "failures": failed or [],
        "sentence": standing_of(k, recommended, failed),
    }
