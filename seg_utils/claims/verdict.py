"""The verdict on a claim, by rule, and the sentence that says by how much."""

import math
import statistics
from collections import Counter
from dataclasses import dataclass

from seg_utils.claims.expectation import Expectation
from seg_utils.claims.units import FEW, distance, show
from seg_utils.core.words import count

REPRODUCED = "reproduced"
DEPENDS = "depends on the seed"
NOT_REPRODUCED = "not reproduced"
CANNOT_BE_CHECKED = "cannot be checked"
VERDICTS = (REPRODUCED, DEPENDS, NOT_REPRODUCED, CANNOT_BE_CHECKED)

RULES = {
    REPRODUCED: "every seed agrees with the claim",
    DEPENDS: "some seeds agree with it and some do not, or some are below and some above a number or range",
    NOT_REPRODUCED: "all seeds miss it on one side, or none meets a single k, place or count, which has no sides",
    CANNOT_BE_CHECKED: "neither the customers file nor what is published can tell",
}


DEVIATIONS = 3.0
"""Where another processor gives other values, a verdict rests on their mean give or take so many standard deviations.
Of 1,000 resamples of 60 seeds, none gave any of the published claims another verdict; of 20, up to 7 % did."""


@dataclass(frozen=True)
class Measured:
    """What was measured: one of the ``values`` for each of the ``runs`` ("seeds", "pairs of seeds", empty where nothing
    is random), the value at the ``best`` optimum known, where there is one, a remark for the reader, and whether
    another processor gives other ``values``."""

    values: tuple[float, ...]
    runs: str = ""
    best: float | None = None
    remark: str = ""
    by_processor: bool = False

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a measurement without a value is none")


def judge(expected: Expectation | None, measured: Measured | None) -> str:
    """One of ``VERDICTS``: does every run agree with the claim, some of them, or none? Runs on either side of a claim
    depend on the seed as well; only a claim that allows one value alone has no sides to speak of."""
    if expected is None or measured is None:
        return CANNOT_BE_CHECKED
    agreeing, judged = _agreeing(expected, measured), measured
    if measured.by_processor:
        judged = Measured(_give_or_take(measured.values))
        agreeing = _agreeing(expected, judged)
    if agreeing == len(judged.values):
        return REPRODUCED
    return DEPENDS if agreeing or all(_sides(expected, judged)) else NOT_REPRODUCED


def sentence(
    expected: Expectation, measured: Measured, unit: str, *, ours: bool = False, own_seed: int | None = None
) -> str:
    """``Claimed 50,000–60,000; measured 79,529 for every seed: 33 % above the upper end.``

    Args:
        ours: the threshold is our reading of words, and not a number that the system publishes.
        own_seed: the seed that the system publishes, the first of the runs; where seeds differ, it is told apart.
    """
    said = f"{'Read as' if ours else 'Claimed'} {expected.text(unit)}; measured {spread(measured, unit)}"
    if judge(expected, measured) != DEPENDS:
        return f"{said}{_miss(expected, measured, unit)}."
    return f"{said}; {_divided(expected, measured)}{_own(expected, measured, own_seed)}."


def spread(measured: Measured, unit: str) -> str:
    """The measured values over all runs: ``0.215 for every seed``, ``0.209 to 0.339 over 20 seeds``, ``47.6 %``, and
    of a few whole numbers how many runs gave each: ``3 by 19 seeds, 10 by 1``."""
    shown = sorted((math.isnan(value), value) for value in measured.values)
    numbers = Counter(show(value, unit) for _, value in shown)
    texts = list(numbers)
    if not measured.runs:
        return texts[0]
    if len(texts) == 1:
        return f"{texts[0]} for every {_one(measured.runs)}"
    if unit in ("k", "place") or (unit == "whole" and max(map(abs, measured.values)) < FEW):
        (first, number), *others = numbers.items()
        runs = _one(measured.runs) if number == 1 else measured.runs
        return ", ".join([f"{first} by {number} {runs}", *(f"{text} by {number}" for text, number in others)])
    return f"{texts[0]} to {texts[-1]} over {count(len(measured.values))} {measured.runs}"


def _one(runs: str) -> str:
    first, *rest = runs.split(" ")
    return " ".join([first.removesuffix("s"), *rest])


def _give_or_take(values: tuple[float, ...]) -> tuple[float, float]:
    """Between which two values those of another processor lie."""
    middle, far = statistics.fmean(values), DEVIATIONS * statistics.stdev(values)
    return middle - far, middle + far


def _agreeing(expected: Expectation, measured: Measured) -> int:
    return sum(expected.holds(value) for value in measured.values)


def _sides(expected: Expectation, measured: Measured) -> tuple[int, int]:
    """How many runs are below and above a claim that has two ends."""
    if expected.low == expected.high:
        return 0, 0
    below = sum(value < expected.low for value in measured.values)
    return below, sum(value > expected.high for value in measured.values)


def _divided(expected: Expectation, measured: Measured) -> str:
    """How the runs divide where they do not all say the same, or would not on every processor."""
    agreeing, runs = _agreeing(expected, measured), len(measured.values)
    if agreeing in (0, runs) and not all(_sides(expected, measured)):
        said = f"all {runs} {measured.runs} agree" if agreeing else f"none of {runs} {measured.runs} agrees"
        return f"{said} with the claim, but their spread reaches {'beyond it' if agreeing else 'it'}"
    if agreeing:
        return f"{agreeing} of {runs} {measured.runs} {'agrees' if agreeing == 1 else 'agree'} with the claim"
    below, above = _sides(expected, measured)
    return (
        f"{below} of {runs} {measured.runs} {'is' if below == 1 else 'are'} below the claim, {above} above, none within"
    )


def _own(expected: Expectation, measured: Measured, seed: int | None) -> str:
    """Whether the run of the seed that the system publishes agrees."""
    if seed is None or measured.runs != "seeds" or not _agreeing(expected, measured):
        return ""
    return f", and its own, seed {seed}, {'does' if expected.holds(measured.values[0]) else 'does not'}"


def _miss(expected: Expectation, measured: Measured, unit: str) -> str:
    """How far the run that comes nearest misses a claim that none meets; empty where the claim is met."""
    low, high = min(measured.values), max(measured.values)
    if expected.low == expected.high or _agreeing(expected, measured) or any(map(math.isnan, measured.values)):
        return ""
    nearest, end, name = (low, expected.high, "upper") if low >= expected.high else (high, expected.low, "lower")
    if expected.value is not None:
        end, name = expected.value, ""
    far = distance(nearest, end, unit, least=show(low, unit) != show(high, unit))
    if not far:
        return ""
    two_ends = math.isfinite(expected.low) and math.isfinite(expected.high) and name
    where = f" the {name} end" if two_ends else (" the claim" if far.endswith("times") else "")
    return f": {far}{where}"
