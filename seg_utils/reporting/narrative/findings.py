"""What was found: who there are, and where the money is."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.reporting.narrative.trust import no_segments

LEAST_EXCESS = 0.05  # a share of money is worth a sentence when it exceeds the share of customers by this much
ROUNDING = 1e-9  # shares of the segments that sum to less than 1 by more than this leave customers out


def headline(strategy: pd.DataFrame, verdict: dict[str, Any], metrics: dict[str, Any]) -> str:
    """The most telling concentration of money; where the evidence finds no segments, that."""
    if no_segments(verdict):
        return "The evidence finds no segments in these customers"
    weak = _weak(verdict, metrics)
    doubtful = strategy["segment"].isin(weak)
    concentrations = _concentrated(strategy[~doubtful], weak) or _concentrated(strategy[doubtful], weak)
    if concentrations:
        return concentrations[0]
    known = dictionary.load()
    shared = [dictionary.within(measure.label) for measure in known.measures if f"{measure.name}_share" in strategy]
    if shared:
        return f"No segment stands out by its share of {'the money' if known.cards else words.either(shared)}"
    return f"{words.plural(metrics['k'], 'segment')} of customers, each with a profile of its own"


def findings(
    people: list[dict[str, Any]],
    strategy: pd.DataFrame,
    verdict: dict[str, Any],
    metrics: dict[str, Any],
    stands_for: float = 1.0,
) -> list[str]:
    """How many segments there are and who bring the most; where the money is otherwise is the headline's to say. Where
    a sample was analysed, each of its customers ``stands_for`` so many, and sizes are of all."""
    weak = _weak(verdict, metrics)
    total = round(sum(round(person["size"] / stands_for) for person in people) * stands_for)
    largest, smallest = max(people, key=lambda person: person["size"]), min(people, key=lambda person: person["size"])
    fall = "are divided into" if no_segments(verdict) else "fall into"
    parts = words.plural(len(people), "part" if no_segments(verdict) else "segment")
    whole = "them" if abs(sum(person["share"] for person in people) - 1) < ROUNDING else "all customers"
    sentences = [
        f"{words.plural(total, 'customer')} {fall} {parts}; the largest, {_name(largest, weak)}, holds "
        f"{words.percent(largest['share'])} of {whole}, the smallest, {_name(smallest, weak)}, "
        f"{words.percent(smallest['share'])}."
    ]
    if "value_share" in strategy and strategy["value_share"].notna().all():
        sentences.append(_value(strategy, weak))
    elif "segment_value" in strategy and strategy["segment_value"].sum() < 0:
        sentences.append(_loss(strategy))
    return sentences


def _weak(verdict: dict[str, Any], metrics: dict[str, Any]) -> set[int]:
    """Segments not to build on; where there are no segments, no part is graded."""
    grades = [] if no_segments(verdict) else metrics["stability"]["grades"]
    return {segment for segment, grade in enumerate(grades) if grade == WEAK}


def _name(segment: Any, weak: Collection[int]) -> str:
    """A segment's name within a sentence, with its grade where it is not to be built on."""
    return words.name(segment["persona"]) + (f" ({WEAK})" if segment["segment"] in weak else "")


def _concentrated(strategy: pd.DataFrame, weak: Collection[int]) -> list[str]:
    ranked: list[tuple[float, int, str]] = []
    for measure in dictionary.load().measures:
        if strategy.empty or f"{measure.name}_share" not in strategy:
            continue
        excess = strategy[f"{measure.name}_share"] - strategy["customers_share"]
        row = strategy.loc[excess.idxmax()]
        if excess.max() >= LEAST_EXCESS:
            share = words.percent(row[f"{measure.name}_share"])
            name = words.name(row["persona"]) + (f"; {WEAK}" if row["segment"] in weak else "")
            who = f"{words.capitalised(words.percent(row['customers_share']))} of customers ({name})"
            ranked.append((float(excess.max()), int(row["segment"]), f"{who} {measure.does.format(share)}"))
    ranked.sort(key=lambda entry: -entry[0])
    first = {segment: text for _, segment, text in reversed(ranked)}
    return [text for _, _, text in ranked if text in first.values()]


def _value(strategy: pd.DataFrame, weak: Collection[int]) -> str:
    """Who bring the most; a segment not to build on only where there is no other."""
    best = strategy["value_share"].idxmax()
    solid = strategy[~strategy["segment"].isin(weak)]
    among = ""
    if len(solid) and strategy.loc[best, "segment"] in weak:
        best, among = solid["value_share"].idxmax(), " of the segments to build on"
    row = strategy.loc[best]
    return (
        f"At our assumptions, {_name(row, weak)} bring the most{among}: {words.money(row['segment_value'])} a year, "
        f"{words.percent(row['value_share'])} of what all bring."
    )


def _loss(strategy: pd.DataFrame) -> str:
    """Of customers who cost more than they bring: how much, and who cost the most."""
    most = strategy.loc[strategy["segment_value"].idxmin()]
    together, theirs = (words.money(-value) for value in (strategy["segment_value"].sum(), most["segment_value"]))
    return (
        f"At our assumptions, all of them together cost {together} a year more than they bring; "
        f"{words.name(most['persona'])} cost the most, {theirs}."
    )
