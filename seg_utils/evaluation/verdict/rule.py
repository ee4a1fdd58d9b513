"""The recommended number of segments, by a rule that is written down."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.evaluation.evidence import LEAST_CUSTOMERS, Evidence
from seg_utils.evaluation.resampling.lookalike_gap import LEAST_ERRORS, LEAST_GAP
from seg_utils.evaluation.resampling.replicates import PASSING_JACCARD, PASSING_STRENGTH, VALLEY_DENSITY
from seg_utils.evaluation.verdict import second_model
from seg_utils.evaluation.verdict.sentence import (
    apart,
    close_sentence,
    cut_sentence,
    second_sentence,
    sentence_of,
    standing_of,
    switches_followed,
    switches_sentence,
)
from seg_utils.evaluation.verdict.votes import votes
from seg_utils.evaluation.zero_patterns import tells

RULE = (
    "The recommended k is the largest one that passes every test: each of its segments comes back in bootstrap "
    "replicates and in the other half of the customers, none is too small, its segments are tighter than those of "
    "lookalikes (customers with the same columns, the same correlations and the same zeros but no groups; spread "
    "evenly where borders are all but empty and no value is common) and are no mere pieces of one smooth curve, or of "
    "lines that branch, through the customers (but tighter, or with clearly emptier borders), nor, where values are "
    "common, pieces of the fewer segments of a k that passes (but tighter than if columns inside those had nothing to "
    "do with one another beyond their correlations), and there are fewer customers on the border between any two "
    "neighbouring segments than inside them. If no k passes, there are no segments."
)

ISLANDS = 0.5  # up to this border density segments are islands; above, regions of one cloud


@dataclass(frozen=True)
class Test:
    """One test of a k: ``column`` of the scores must be at least, or at most, ``threshold``.

    ``failure`` is not told where the test ``unless`` fails too, which says more.
    """

    column: str
    name: str
    threshold: float
    at_least: bool
    failure: str
    unless: str = ""

    def passes(self, scores: pd.DataFrame) -> pd.Series:
        """Whether each k passes."""
        values = scores[self.column]
        return values.ge(self.threshold) if self.at_least else values.le(self.threshold)

    def errors(self, scores: pd.DataFrame) -> pd.Series:
        """Standard error of each k's value; 1 for one that is in standard errors itself."""
        known = f"{self.column}_se"
        return scores[known] if known in scores else pd.Series(1.0, scores.index)

    def margins(self, scores: pd.DataFrame) -> pd.Series:
        """By how many standard errors each k passes; negative where it fails."""
        beyond = scores[self.column] - self.threshold if self.at_least else self.threshold - scores[self.column]
        return beyond / self.errors(scores).clip(lower=np.finfo(float).eps)


TESTS = (
    Test(
        "min_jaccard",
        "the weakest segment's Jaccard",
        PASSING_JACCARD,
        True,
        "the members of a segment change when customers are drawn anew",
    ),
    Test(
        "prediction_strength",
        "the prediction strength",
        PASSING_STRENGTH,
        True,
        "the segments found in one half of the customers are not those of the other half",
    ),
    Test(
        "smallest_share",
        "the share of the smallest segment",
        0.02,
        True,
        "a segment is too small",
    ),
    Test(
        "lookalike_gap",
        "the gap to lookalikes",
        LEAST_GAP,
        True,
        "its segments are hardly tighter than those of customers without such groups",
    ),
    Test(
        "lookalike_gap_z",
        "the gap to lookalikes in standard errors",
        LEAST_ERRORS,
        True,
        "its segments are tighter than those of customers without such groups, but by so little that it may be chance",
        unless="lookalike_gap",
    ),
    Test(
        "border_density",
        "the density on the border",
        VALLEY_DENSITY,
        False,
        "customers stand as close together between two segments as inside them",
    ),
)


def judge(evidence: Evidence, customers: pd.DataFrame | None = None, X: np.ndarray | None = None) -> dict[str, Any]:
    """The verdict as plain values for ``k_verdict.json``.

    Keys: ``recommended_k`` (None: no segments), ``acceptable_k``, ``nearest_k`` (the recommended one, or the one that
    fails the fewest tests; None where none was looked at), ``structure`` (islands, regions or none), ``sentence``,
    ``rule``, ``thresholds`` (a column of the scores: its bound), ``failures`` (k as text: the tests it fails, in
    words), ``too_close_to_call`` (``between`` which k, None for none, the verdict falls if tested numbers are one
    standard error better or worse, or by the groups of a second model, and the ``tests`` it hangs on; both empty where
    it stands), ``votes`` (criterion, chooses, note), ``switches``, ``second_model``, ``repeats`` and ``otherwise``
    (None: not computed; else what ``second_model.look`` and those of ``repeats`` return), and on how many ``customers``
    and ``rows`` it rests.
    In ``switches``: ``columns`` that are at their lowest together, ``groups``: whether the nearest k holds more than
    those, ``told``: the share of customers whose segment they tell there, 0 where the size of the largest segment
    says nearly as much, ``told_by_k``: the same for every k (as text), ``uses``: what each switches, ``zero``: whether
    lowest means none at all.

    Args:
        customers: in original units, in the columns that the evidence was gathered on; without them no sentence
            names a column.
        X: the coordinates that the evidence was gathered on; with them a second model is asked where it can add to the
            verdict.
    """
    scores = evidence.scores
    failures = _failures(scores)
    acceptable = [k for k, failed in failures.items() if not failed]
    recommended = max(acceptable, default=None)
    nearest = recommended or min(failures, key=lambda k: (len(failures[k]), k), default=None)
    structure = _structure(scores, recommended)
    close = _too_close_to_call(scores, recommended)
    second = None if X is None else _second_look(X, recommended, close["between"], evidence.seed)
    differs = second is not None and _finds_more(second["groups"], recommended, close["between"])
    switched = _switches(evidence, nearest, customers)
    sentences = [
        sentence_of(scores, recommended, nearest, structure, failures),
        close_sentence(close["between"], close["tests"]),
        second_sentence(recommended, second) if differs else "",
        switches_sentence(switched["uses"], switched["told"], groups=switched["groups"], zero=switched["zero"]),
        cut_sentence(max(failures), evidence.asked, LEAST_CUSTOMERS) if failures else "",
    ]
    return {
        "recommended_k": recommended,
        "acceptable_k": acceptable,
        "nearest_k": nearest,
        "structure": structure,
        "sentence": " ".join(filter(None, sentences)),
        "rule": RULE,
        "thresholds": {test.column: {"at_least" if test.at_least else "at_most": test.threshold} for test in TESTS},
        "failures": {str(k): failed for k, failed in failures.items()},
        "too_close_to_call": _with_groups(close, recommended, second["groups"]) if differs else close,
        "votes": votes(scores),
        "switches": switched,
        "second_model": second,
        "repeats": None,
        "otherwise": None,
        "customers": evidence.customers,
        "rows": evidence.rows,
    }


def passes(scores: pd.DataFrame) -> pd.Series:
    """Whether each k passes every test that its scores allow."""
    return pd.DataFrame([test.passes(scores) for test in TESTS if test.column in scores]).all()


def outcomes(scores: pd.DataFrame) -> pd.DataFrame:
    """Every test of every k as text, with digits enough to tell which side of its threshold a number is on.

    Columns: ``k``, one a test (its number, ``fails`` after one that does), and the ``splits``, ``replicates`` and
    ``references`` that the numbers rest on.
    """
    if scores.empty:
        return pd.DataFrame({"k": []})
    table = {"k": scores["k"]}
    for test in TESTS:
        texts = scores[test.column].map(lambda value, bound=test.threshold: apart(value, bound))
        table[test.column] = texts.where(test.passes(scores), texts + " fails")
    return pd.DataFrame(table | {name: scores[name] for name in ("splits", "replicates", "references")})


def _failures(scores: pd.DataFrame) -> dict[int, list[str]]:
    """For each k the tests it fails, in words."""
    if scores.empty:
        return {}
    passed = {test.column: test.passes(scores).tolist() for test in TESTS}
    return {
        int(k): [
            test.failure
            for test in TESTS
            if not passed[test.column][row] and (not test.unless or passed[test.unless][row])
        ]
        for row, k in enumerate(scores["k"])
    }


def _too_close_to_call(scores: pd.DataFrame, recommended: int | None) -> dict[str, list[Any]]:
    """Between which k (None for no segments) the verdict falls, one standard error up or down, and by which tests.

    A k that passes does so for sure where every test has a standard error to spare. One that fails does not for sure
    where all its failures together are within one: the root of their summed squares.
    """
    if scores.empty:
        return {"between": [], "tests": []}
    margins = np.column_stack([test.margins(scores) for test in TESTS])
    missed = np.sqrt((np.minimum(margins, 0) ** 2).sum(axis=1))
    strict, lenient = scores.loc[margins.min(axis=1) >= 1, "k"].max(), scores.loc[missed < 1, "k"].max()
    possible = {None if pd.isna(k) else int(k) for k in (strict, recommended, lenient)}
    if len(possible) == 1:
        return {"between": [], "tests": []}
    doubtful = scores[scores["k"].isin([k for k in possible if k is not None])]
    tests = [
        {
            "k": int(doubtful.loc[row, "k"]),
            "name": test.name,
            "value": float(doubtful.loc[row, test.column]),
            "threshold": test.threshold,
            "standard_error": float(test.errors(doubtful)[row]),
        }
        for row in doubtful.index
        for test in TESTS
        if abs(test.margins(doubtful)[row]) < 1
    ]
    return {"between": sorted(possible, key=lambda k: k or 0), "tests": tests}


def _second_look(X: np.ndarray, recommended: int | None, between: list[int | None], seed: int) -> dict[str, Any] | None:
    """What a second model finds where it can add to the verdict; None where it is not asked."""
    clear = recommended is not None and not between
    return second_model.look(X, seed=seed) if second_model.worth_asking(X, clear=clear) else None


def _finds_more(groups: int | None, recommended: int | None, between: list[int | None]) -> bool:
    """Whether groups of a second model are more than the verdict has segments, and none of the numbers in doubt."""
    return groups is not None and groups > (recommended or 1) and groups not in between


def _with_groups(close: dict[str, list[Any]], recommended: int | None, groups: int) -> dict[str, list[Any]]:
    """What is too close to call, with the groups of a second model among the possible numbers."""
    possible = {recommended, groups, *close["between"]}
    return {**close, "between": sorted(possible, key=lambda k: k or 0)}


def _switches(evidence: Evidence, nearest: int | None, customers: pd.DataFrame | None) -> dict[str, Any]:
    """Which columns are at their lowest together, and how much of the nearest k they say."""
    columns = [
        [str(column) if customers is None else str(customers.columns[column]) for column in switch]
        for switch in evidence.switches
    ]
    first = [] if customers is None else [switch[0] for switch in columns]
    known = dictionary.load()
    found = {
        "columns": columns,
        "uses": [dictionary.within(known.label(column)) for column in first],
        "zero": all(customers[column].min() == 0 for column in first),
    }
    if nearest is None:
        return found | {"told": None, "told_by_k": {}, "groups": False}
    share_by_k = {
        str(k): float(share) if tells(share, evidence.labels[k]) else 0.0
        for k, share in evidence.scores.set_index("k")["told_by_switches"].items()
    }
    row = evidence.scores[evidence.scores["k"] == nearest]
    tighter = all(test.passes(row).all() for test in TESTS if test.column.startswith("lookalike"))
    return found | {"told": share_by_k[str(nearest)], "told_by_k": share_by_k, "groups": tighter}


def _structure(scores: pd.DataFrame, recommended: int | None) -> str:
    if recommended is None:
        return "none"
    border = scores.set_index("k").loc[recommended, "border_density"]
    return "islands" if border <= ISLANDS else "regions"


def standing(verdict: dict[str, Any], k: int) -> dict[str, Any]:
    """How the k asked for stands against the verdict.

    Returns:
        ``k``, ``recommended_k``, ``distance`` (k minus the recommended one; None without one), ``accepted`` (None where
        k was not looked at), ``failures`` (the tests it fails, in words), a ``sentence``, and ``sentence_of_k_means``:
        the same for segments that another algorithm made, as the evidence is on those of K-Means.
    """
    recommended = verdict["recommended_k"]
    failed = verdict["failures"].get(str(k))
    groups = verdict["second_model"] and verdict["second_model"]["groups"]
    return {
        "k": k,
        "recommended_k": recommended,
        "distance": None if recommended is None else k - recommended,
        "accepted": None if failed is None else not failed,
        "failures": failed or [],
        "sentence": standing_of(k, recommended, failed, switched=_followed(verdict["switches"], k), groups=groups),
        "sentence_of_k_means": standing_of(k, recommended, failed, of_k_means=True, groups=groups),
    }


def _followed(switched: dict[str, Any], k: int) -> str:
    """What the k segments follow where there is nothing more to them than yes/no switches."""
    if not switched["columns"] or switched["groups"]:
        return ""
    return switches_followed(switched["uses"], switched["told_by_k"].get(str(k)), zero=switched["zero"])
