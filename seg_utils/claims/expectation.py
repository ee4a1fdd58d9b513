"""What a claim says a number is, and whether a measured number agrees with it."""

import math
from dataclasses import dataclass

from seg_utils.claims.units import show
from seg_utils.core.marked_yaml import Entry

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


def read(entry: Entry, tolerance: float) -> Expectation:
    """Read ``expect``: ``{from, to}``, ``{value}`` (within ``tolerance`` of it, a share), ``{exactly}``, ``{above}`` or
    ``{below}``.

    Raises:
        CatalogueError: none or several of these are given.
    """
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
