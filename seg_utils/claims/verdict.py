"""What a claim says a number is, the verdict on it by rule, and the sentence that says by how much."""

import math
import statistics
from collections import Counter
from dataclasses import dataclass

from seg_utils.core.marked_yaml import Entry
from seg_utils.core.words import count

UNITS = ("whole", "decimal", "share", "points", "k", "place", "times")
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
FEW = 10  # a distance from so small a count is told by the counts themselves
NOISE = 9  # decimals after which floating point says nothing
FAR = 3.0  # from so many times on, a distance is told as a multiple and not in per cent


def show(number: float, unit: str) -> str:
    """A number for people; one that is missing is ``none``."""
    if math.isnan(number):
        return "none"
    if unit == "place":
        return PLACES[int(number) - 1] if 1 <= number <= len(PLACES) else f"{number:.0f}th"
    shown = {
        "whole": f"{number:,.0f}",
        "k": f"{number:.0f}",
        "decimal": f"{number:.3f}",
        "share": f"{100 * number:.1f} %",
        "points": f"{100 * number:.1f} points",
        "times": f"{number:.2f}×",
    }[unit]
    return shown.replace("-", "−")


def distance(number: float, end: float, unit: str, *, least: bool = False) -> str:
    """How far a number is from the end of a range it misses: ``33 % above``, ``5.2 points below``; empty for a unit
    in which distances say nothing, or from zero.

    Args:
        least: say ``at least`` and round down, since a larger number would not be true.
    """
    if unit in ("k", "place") or end == 0 or (unit == "whole" and abs(end) < FEW):
        return ""
    side = "above" if number > end else "below"
    if unit in ("share", "points"):
        text = f"{_short(100 * abs(number - end), least)} points {side}"
    elif number / end >= FAR:
        text = f"{_short(number / end, least)} times"
    else:
        text = f"{_short(100 * abs(number / end - 1), least)} % {side}"
    return f"at least {text}" if least else text


def _short(number: float, down: bool) -> str:
    """Two digits that say something: ``33``, ``5.2``, ``0.94``; rounded to the nearest, or down."""
    exact = round(number, NOISE)
    digits = 0 if exact >= 10 or exact == 0 else 1 - math.floor(math.log10(exact))
    kept = math.floor(round(exact * 10**digits, NOISE)) / 10**digits if down else exact
    return f"{kept:.{digits}f}"


FORMS = ("from", "to", "value", "exactly", "above", "below")


@dataclass(frozen=True)
class Expectation:
    """A range of numbers. Its ends belong to it unless it is ``strict``; ``value`` is the single number claimed."""

    low: float = -math.inf
    high: float = math.inf
    strict: bool = False
    value: float | None = None

    def holds(self, number: float) -> bool:
        """Whether a measured number agrees; one that is missing never does."""
        return self.low < number < self.high if self.strict else self.low <= number <= self.high

    def text(self, unit: str) -> str:
        """What is claimed, in words: ``50,000–60,000``, ``at least 0.500``, ``above 0.000``."""
        if self.value is not None:
            return show(self.value, unit)
        least, most = show(self.low, unit), show(self.high, unit)
        if math.isinf(self.high):
            return f"{'above' if self.strict else 'at least'} {least}"
        if math.isinf(self.low):
            return f"{'below' if self.strict else 'at most'} {most}"
        return f"{least}–{most}"


def read_expectation(entry: Entry, tolerance: float) -> Expectation:
    """Read ``expect``: ``{from, to}``, ``{value}`` (within ``tolerance`` of it, a share), ``{exactly}``, ``{above}`` or
    ``{below}``; a CatalogueError where none or several of these are given."""
    given = set(entry)
    if not given or given - set(FORMS) or (len(given) > 1 and given != {"from", "to"}):
        raise entry.error("expect is one of {from}, {to}, {from, to}, {value}, {exactly}, {above}, {below}")
    if given <= {"from", "to"}:
        low, high = entry.number("from", -1e300), entry.number("to", 1e300)
        if low > high:
            raise entry.error(f"expect: from {low:g} is above to {high:g}")
        return Expectation(low if "from" in entry else -math.inf, high if "to" in entry else math.inf)
    (form,) = given
    number = entry.number(form)
    if form == "above":
        return Expectation(low=number, strict=True)
    if form == "below":
        return Expectation(high=number, strict=True)
    granted = abs(number) * tolerance if form == "value" else 0.0
    return Expectation(number - granted, number + granted, value=number)


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


# Where another processor gives other values, a verdict rests on their mean give or take so many standard deviations.
# Of 1,000 resamples of 60 seeds, none gave any of the published claims another verdict; of 20, up to 7 % did.
DEVIATIONS = 3.0


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
    text = f"{'Read as' if ours else 'Claimed'} {expected.text(unit)}; measured {spread(measured, unit)}"
    if judge(expected, measured) != DEPENDS:
        return f"{text}{_miss(expected, measured, unit)}."
    return f"{text}; {_divided(expected, measured)}{_own(expected, measured, own_seed)}."


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
        text = f"all {runs} {measured.runs} agree" if agreeing else f"none of {runs} {measured.runs} agrees"
        return f"{text} with the claim, but their spread reaches {'beyond it' if agreeing else 'it'}"
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
