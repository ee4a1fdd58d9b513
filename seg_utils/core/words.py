"""Numbers as people read them, and lists as people say them. The one place that formats a number for the report."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from seg_utils.core import dictionary

DASH = "–"  # in place of a value where there is none
MILLION = 1_000_000
WHOLE_FROM = 10  # multiples and months from here on are shown without a decimal


def money(amount: float) -> str:
    """``$1,234``; from a million on ``$1.2 million``; amounts below ten keep cents."""
    currency = dictionary.load().currency
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    if size >= MILLION:
        return f"{sign}{currency}{size / MILLION:,.1f} million"
    digits = 2 if round(size, 2) < WHOLE_FROM and round(size, 2) != round(size) else 0
    text = f"{size:,.{digits}f}"
    return f"{currency}{text}" if float(text.replace(",", "")) == 0 else f"{sign}{currency}{text}"


def percent(share: float) -> str:
    """``12 %`` of a share 0.12; a share too small to round to 1 % keeps one decimal or is ``under 0.1 %``."""
    points = 100 * share
    if 0 < points < 0.1:
        return "under 0.1 %"
    digits = 1 if 0 < round(abs(points), 1) < 1 else 0
    return f"{points:z,.{digits}f} %".replace("-", "−")


def tenths(share: float) -> str:
    """``6.0 %``: of a rate, or a change, a tenth of a point counts."""
    return f"{100 * share:z.1f} %".replace("-", "−")


def points(share: float) -> str:
    """``6 points``: of a difference between shares."""
    return f"{100 * share:.0f} points"


def signed(number: float, write: Callable[[float], str]) -> str:
    """A number as ``write`` has it, with a plus in front where it is above 0."""
    return f"+{write(number)}" if number > 0 else write(number)


def shown(value: Any, write: Callable[[Any], str]) -> str:
    """A value as ``write`` has it, or a dash where there is none."""
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return DASH if missing else write(value)


def times(multiple: float) -> str:
    """``3.4×``."""
    return f"{_short(multiple)}×"


def times_in_words(multiple: float) -> str:
    """``3.4 times``."""
    return f"{_short(multiple)} times"


def count(number: float) -> str:
    """``1,234``, rounded to a whole number."""
    return f"{number:z,.0f}".replace("-", "−")


def measure(number: float, digits: int = 2) -> str:
    """``0.37``, ``−0.12``; what rounds to nothing has no sign."""
    return f"{number:z.{digits}f}".replace("-", "−")


def decimal(number: float) -> str:
    """``7.1``; ten or more without a decimal that says nothing."""
    return f"{number:z,.1f}".removesuffix(".0").replace("-", "−")


def value(feature: str, number: float | None) -> str:
    """A feature's value in its own unit: money, percent, count, months; a dash where there is none."""
    if number is None or math.isnan(number):
        return DASH
    kind = dictionary.load()[feature].kind
    as_people_read = {"amount": money, "frequency": percent, "share": percent}
    return as_people_read.get(kind, decimal)(number)


def listing(items: Sequence[str]) -> str:
    """``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def either(items: Sequence[str]) -> str:
    """``a, b or c``."""
    return " or ".join(filter(None, [", ".join(items[:-1]), items[-1]]))


def name(text: str) -> str:
    """A segment's name within a sentence: in quotes where it holds a comma, so that one sees where it ends."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}" if "," in text else text


def names(texts: Iterable[str]) -> str:
    """Several of them, as ``listing`` has it."""
    return listing([name(text) for text in texts])


def plural(number: int, noun: str) -> str:
    """``1 segment``, ``7 segments``."""
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def capitalised(text: str) -> str:
    """The first letter large, the rest untouched."""
    return text[:1].upper() + text[1:]


def labelled(message: str) -> str:
    """A text with each feature called by its label; a name in quotes is one of the file and stays."""
    known = dictionary.load()
    names = sorted((feature.name for feature in (*known.features, *known.derived)), key=len, reverse=True)
    return re.sub(rf"(?<!['\w])({'|'.join(names)})(?!['\w])", lambda match: known.label(match[1]), message)


def _short(multiple: float) -> str:
    return f"{multiple:,.0f}" if round(multiple, 1) >= WHOLE_FROM else f"{multiple:.1f}"
