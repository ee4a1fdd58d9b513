"""The verdict on a claim, by rule, and the sentence that says by how much."""

import math
from dataclasses import dataclass

from seg_utils.claims.expectation import Expectation
from seg_utils.claims.units import distance, show
from seg_utils.words import count, listing

REPRODUCED = "reproduced"
DEPENDS = "depends on the seed"
NOT_REPRODUCED = "not reproduced"
CANNOT_BE_CHECKED = "cannot be checked"
VERDICTS = (REPRODUCED, DEPENDS, NOT_REPRODUCED, CANNOT_BE_CHECKED)

RULES = {
    REPRODUCED: "every seed agrees with the claim",
    DEPENDS: "some seeds agree with it and some do not",
    NOT_REPRODUCED: "no seed agrees with it",
    CANNOT_BE_CHECKED: "a customers file cannot tell",
}


@dataclass(frozen=True)
class Measured:
    """What was measured: one of the ``values`` for each of the ``runs`` ("seeds", "pairs of seeds", empty where nothing
    is random), the value at the ``best`` optimum known, where there is one, and a remark for the reader."""

    values: tuple[float, ...]
    runs: str = ""
    best: float | None = None
    remark: str = ""

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a measurement without a value is none")


def judge(expected: Expectation | None, measured: Measured | None) -> str:
    """One of ``VERDICTS``: does every run agree with the claim, some of them, or none?"""
    if expected is None or measured is None:
        return CANNOT_BE_CHECKED
    agreeing = _agreeing(expected, measured)
    if agreeing == len(measured.values):
        return REPRODUCED
    return DEPENDS if agreeing else NOT_REPRODUCED


def sentence(expected: Expectation, measured: Measured, unit: str) -> str:
    """``Claimed 50,000–60,000; measured 79,529 for every seed: 33 % above the upper end.``"""
    return f"Claimed {expected.text(unit)}; measured {spread(measured, unit)}{_how_far(expected, measured, unit)}."


def spread(measured: Measured, unit: str) -> str:
    """The measured values over all runs: ``0.215 for every seed``, ``0.209 to 0.339 over 20 seeds``, ``47.6 %``."""
    shown = sorted({(math.isnan(value), value) for value in measured.values})
    texts = list(dict.fromkeys(show(value, unit) for _, value in shown))
    if not measured.runs:
        return texts[0]
    if len(texts) == 1:
        return f"{texts[0]} for every {_one(measured.runs)}"
    several = listing(texts) if unit in ("k", "place") else f"{texts[0]} to {texts[-1]}"
    return f"{several} over {count(len(measured.values))} {measured.runs}"


def _one(runs: str) -> str:
    first, *rest = runs.split(" ")
    return " ".join([first.removesuffix("s"), *rest])


def _agreeing(expected: Expectation, measured: Measured) -> int:
    return sum(expected.holds(value) for value in measured.values)


def _how_far(expected: Expectation, measured: Measured, unit: str) -> str:
    verdict = judge(expected, measured)
    if verdict == DEPENDS:
        agreeing = _agreeing(expected, measured)
        agree = "agrees" if agreeing == 1 else "agree"
        return f"; {agreeing} of {len(measured.values)} {measured.runs} {agree} with the claim"
    if verdict == REPRODUCED or any(math.isnan(value) for value in measured.values):
        return ""
    return _miss(expected, measured, unit)


def _miss(expected: Expectation, measured: Measured, unit: str) -> str:
    """How far the run that comes nearest misses a claim that none meets."""
    low, high = min(measured.values), max(measured.values)
    if expected.low == expected.high:
        return ""
    if low >= expected.high:
        nearest, end, name = low, expected.high, "upper"
    elif high <= expected.low:
        nearest, end, name = high, expected.low, "lower"
    else:
        return ", on either side of the claim and never within it"
    if expected.value is not None:
        end, name = expected.value, ""
    far = distance(nearest, end, unit)
    if not far:
        return ""
    least = "at least " if show(low, unit) != show(high, unit) else ""
    two_ends = math.isfinite(expected.low) and math.isfinite(expected.high) and name
    where = f" the {name} end" if two_ends else (" the claim" if far.endswith("times") else "")
    return f": {least}{far}{where}"
