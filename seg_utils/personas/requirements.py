"""What must be true of a segment's members for a name to be borne or an action to be proposed."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.marked_yaml import Entry

HALF = 0.5
BOUNDS = ("above", "at_least", "at_most")
OF_ALL = "all"  # in place of a number, the median of all customers


@dataclass(frozen=True)
class Requirement:
    """More than a share ``by`` of the members lie within a bound of a feature; ``than`` None is the median of all.

    By more than half, so does the median. ``otherwise`` says in words what is the case where it is broken.
    """

    feature: str
    bound: str
    than: float | None
    by: float = HALF
    otherwise: str = ""

    def met(self, values: pd.Series) -> pd.Series:
        """Which customers meet it, 0 or 1; NaN where there is no value. ``values`` are of all customers, shape (n,)."""
        than = values.median() if self.than is None else self.than
        within = {"above": values.gt, "at_least": values.ge, "at_most": values.le}[self.bound](than)
        return within.astype("float64").where(values.notna())


def shares(requirement: Requirement, values: pd.DataFrame, labels: np.ndarray) -> pd.Series:
    """Share of each segment's members, of those with a value, who meet it; NaN where none has any. Index segment."""
    return requirement.met(values[requirement.feature]).groupby(np.asarray(labels)).mean()


def all_hold(requirements: Iterable[Requirement], values: pd.DataFrame, labels: np.ndarray) -> pd.Series:
    """Whether each segment (index; ``labels`` (n,) of all customers) meets all rules of one name; a feature that
    ``values`` (n, features) lack is not asked about."""
    hold = pd.Series(True, index=np.unique(labels))
    for rule in (rule for rule in requirements if rule.feature in values):
        hold &= shares(rule, values, labels) > rule.by
    return hold


def broken(requirements: Iterable[Requirement], values: pd.DataFrame, inside: np.ndarray) -> str:
    """Why an action's premise does not hold of a segment, of the customers ``inside`` (n,), in words; empty where it
    does. A premise of a feature that ``values`` (n, features) lack, or of which no member has a value, does not hold.
    """
    for rule in requirements:
        lacking = f"the file does not say their {dictionary.within(dictionary.described(rule.feature).label)}"
        share = rule.met(values[rule.feature])[inside].mean() if rule.feature in values else np.nan
        if not share > rule.by:
            return lacking if np.isnan(share) else rule.otherwise
    return ""


def read(entry: Entry, features: tuple[str, ...], *, with_words: bool) -> Requirement:
    """One rule of the catalogue, about one of the ``features``; ``with_words``, it must say what is the case where it
    is broken. A CatalogueError names file and line of a mistake."""
    entry.check_keys(("feature", "else") if with_words else ("feature",), (*BOUNDS, "by"))
    feature = entry.choice("feature", features)
    given = [bound for bound in BOUNDS if bound in entry]
    if len(given) != 1:
        raise entry.error(f"{feature}: give one of {', '.join(BOUNDS)}, as {{feature: {feature}, above: 0}}")
    [bound] = given
    by = entry.number("by", HALF, least=0)
    if by >= 1:
        raise entry.error(f"'by' is {by:g}; more than this share of the members must meet it, so it is below 1", "by")
    otherwise = entry.text("else") if with_words else ""
    return Requirement(feature, bound, _than(entry, feature, bound), by, otherwise)


def _than(entry: Entry, feature: str, bound: str) -> float | None:
    if entry[bound] == OF_ALL:
        return None
    if isinstance(entry[bound], str):
        raise entry.error(f"{bound!r} is {entry[bound]!r}; it must be a number, or {OF_ALL} for all customers", bound)
    than = entry.number(bound)
    if than != 0 and dictionary.described(feature).kind == "amount":
        raise entry.error(f"{feature} is an amount of money: compare it with 0, or with {OF_ALL} customers", bound)
    return than
