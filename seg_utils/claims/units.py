"""How a number of the ledger is written, by its unit."""

import math

UNITS = ("whole", "decimal", "share", "points", "k", "place", "times")
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
FEW = 10
"""A distance from so small a count is told by the counts themselves."""

NOISE = 9
"""Decimals after which floating point says nothing."""

FAR = 3.0
"""From so many times on, a distance is told as a multiple and not in per cent."""


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
        said = f"{_short(100 * abs(number - end), least)} points {side}"
    elif number / end >= FAR:
        said = f"{_short(number / end, least)} times"
    else:
        said = f"{_short(100 * abs(number / end - 1), least)} % {side}"
    return f"at least {said}" if least else said


def _short(number: float, down: bool) -> str:
    """Two digits that say something: ``33``, ``5.2``, ``0.94``; rounded to the nearest, or down."""
    exact = round(number, NOISE)
    digits = 0 if exact >= 10 or exact == 0 else 1 - math.floor(math.log10(exact))
    kept = math.floor(round(exact * 10**digits, NOISE)) / 10**digits if down else exact
    return f"{kept:.{digits}f}"
