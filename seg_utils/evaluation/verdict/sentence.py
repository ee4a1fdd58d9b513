"""The verdict in a sentence an executive reads."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

SENTENCES = {
    "islands": "They are islands: hardly anyone stands between them.",
    "regions": "They are regions of one cloud, not islands: customers stand on the borders, only fewer than inside.",
}

MOSTLY_TOLD = 0.8
PARTLY_TOLD = 0.5  # share of customers whose segment yes/no switches tell, from which on a sentence says so
MOST_DIGITS = 9


def sentence_of(
    scores: pd.DataFrame,
    recommended: int | None,
    nearest: int | None,
    structure: str,
    failures: dict[int, list[str]],
) -> str:
    """Why this k, or why none, in words chosen by the numbers.

    Args:
        scores: one row a k.
        nearest: the k that comes nearest to passing, None where none was looked at.
        failures: for each k the tests it fails, in words.
    """
    if nearest is None:
        return "There are no segments that K-Means can find: there are too few different customers to look for any."
    first, last = int(scores["k"].min()), int(scores["k"].max())
    if recommended is None:
        looked = f"{first}, the only number of segments looked at, does not pass every test"
        if first < last:
            looked = f"no number of segments from {first} to {last} passes every test"
        why = " and ".join(failures[nearest])
        return f"There are no segments that K-Means can find: {looked}. The nearest is {nearest}, but {why}."
    row = scores.set_index("k").loc[recommended]
    reason = (
        f"{recommended} is the largest number of segments from {first} to {last} that holds up: every segment comes "
        f"back in resampled customers (Jaccard at least {row['min_jaccard']:.2f}), and one half of the customers "
        f"predicts the segments of the other (prediction strength {row['prediction_strength']:.2f})."
    )
    return f"{reason} {SENTENCES[structure]}"


def close_sentence(between: Sequence[int | None], tests: Sequence[Mapping[str, Any]]) -> str:
    """Between which numbers of segments it is too close to call, and what that hangs on; empty where it is not.

    Args:
        between: numbers of segments, None for none.
        tests: ``k, name, value, threshold, standard_error`` of each number that is within its error of a threshold.
    """
    if not between:
        return ""
    numbers = " or ".join("none" if k is None else str(k) for k in between)
    reasons = "; ".join(
        f"at k = {test['k']} {test['name']} is {apart(test['value'], test['threshold'])} ± "
        f"{apart(test['standard_error'], 0)}, and {test['threshold']:g} is asked"
        for test in tests
    )
    return f"Whether {numbers} is too close to call: {reasons}."


def second_sentence(recommended: int | None, second: Mapping[str, Any]) -> str:
    """That a second model finds more groups than K-Means finds segments, and how to see them.

    Args:
        recommended: K-Means' number of segments, None for none.
        second: what ``second_model.look`` returns, with groups.
    """
    groups = second["groups"]
    than = "though K-Means finds no segments" if recommended is None else f"where K-Means finds {recommended} segments"
    shown = "To see what other algorithms find:"
    if second["command"]:
        shown = f"To see them: make report {second['command']}; beside other algorithms:"
    return (
        f"But {than}, a Gaussian mixture, whose groups may be stretched, bent or unequal, finds {groups}: hardly "
        f"anyone stands between them, and they come again in either half of the customers (prediction strength "
        f"{second['prediction_strength']:.2f}). {shown} make compare K={groups}."
    )


def switches_sentence(uses: Sequence[str], share: float | None, *, groups: bool, zero: bool) -> str:
    """What yes/no switches alone say about the segments; empty where that is little.

    Args:
        uses: what each switch switches, such as "cash advances".
        share: share of customers whose segment the switches tell.
        groups: whether there are groups beyond the switches.
        zero: whether lowest means none at all.
    """
    if not uses or share is None:
        return ""
    which = "which of these a customer has at all" if zero else "which of these are above their lowest value"
    which = f"{which} ({', '.join(uses)})"
    if not groups:
        return f"Customers do differ in {which}, but that alone makes no groups."
    if share < PARTLY_TOLD:
        return ""
    part = "Mostly" if share >= MOSTLY_TOLD else "Partly"
    return (
        f"{part} they are told apart by yes or no: {which} tells the segment of {100 * share:.0f} % of the customers."
    )


def cut_sentence(last: int, asked: int, least_customers: int) -> str:
    """That fewer numbers of segments were looked at than asked for, and why; empty where all were."""
    if last >= asked:
        return ""
    return (
        f"Numbers beyond {last} were not looked at: there are too few customers for them, who should be at least "
        f"{least_customers} a segment on average, and different."
    )


def standing_of(
    k: int,
    recommended: int | None,
    failed: list[str] | None,
    *,
    switched: str = "",
    of_k_means: bool = False,
    groups: int | None = None,
) -> str:
    """What to tell someone who asked for k segments.

    Args:
        failed: the tests that k fails, in words; None where k was not looked at.
        switched: what the k segments follow, from ``switches_followed``; empty where they divide one cloud.
        of_k_means: whether another algorithm made the segments shown, so that this is told of K-Means' instead.
        groups: how many a second model finds, None for none.
    """
    if recommended is None and groups:
        by_k_means = "" if of_k_means else ", by K-Means,"
        shown = f"; the {k} shown here{by_k_means} were asked for"
        shown = ", as many as are shown here" if of_k_means and k == groups else shown
        return f"K-Means finds no segments among these customers, a Gaussian mixture finds {groups}{shown}."
    if recommended is None:
        none = "By the evidence, gathered with K-Means, these" if of_k_means else "These"
        shown = "asked for" if of_k_means else f"asked for and {switched or 'divide one cloud'}"
        return f"{none} customers form no segments; the {k} shown here were {shown}."
    if of_k_means:
        return _standing_of_k_means(k, recommended, failed)
    if k == recommended:
        return f"{k} segments is what the evidence recommends."
    if failed is None:
        return f"The evidence recommends {recommended} segments; {k} was not looked at."
    if not failed:
        return f"{k} segments hold up too; the evidence recommends {recommended}, the largest number that does."
    return (
        f"The evidence recommends {recommended} segments. {k} was asked for, and does not hold up: {'; '.join(failed)}."
    )


def _standing_of_k_means(k: int, recommended: int, failed: list[str] | None) -> str:
    """The same, of K-Means' segments: what the evidence on the number was gathered with."""
    gathered = f"The evidence, gathered with K-Means, recommends {recommended} segments"
    if k == recommended:
        return f"{gathered}, as many as are shown here."
    if failed is None:
        return f"{gathered}; {k} was not looked at."
    if not failed:
        return f"{gathered}; K-Means with {k} holds up too."
    return f"{gathered}. K-Means with {k} does not hold up: {'; '.join(failed)}."


def switches_followed(uses: Sequence[str], share: float | None, *, zero: bool) -> str:
    """What segments follow that yes/no switches tell for at least half of the customers; empty for fewer.

    Args:
        uses: what each switch switches, such as "cash advances".
        share: share of customers whose segment the switches tell; None where that was not looked at.
        zero: whether lowest means none at all.
    """
    if not uses or share is None or share < PARTLY_TOLD:
        return ""
    any_of = uses[0] if len(uses) == 1 else f"{', '.join(uses[:-1])} or {uses[-1]}"
    if zero:
        return f"differ mainly in whether they have {any_of} at all"
    return f"differ mainly in whether they are above the lowest value in {any_of}"


def apart(value: float, *bounds: float, digits: int = 2) -> str:
    """A number with ``digits`` decimals, or as many more as it takes to be read on the right side of every bound."""
    text = f"{value:z.{digits}f}"
    read = float(text)
    if digits >= MOST_DIGITS or all(np.sign(read - bound) == np.sign(value - bound) for bound in bounds):
        return text
    return apart(value, *bounds, digits=digits + 1)
