"""Page one in sentences, computed from artefacts only: what was found, what to do first, how far to trust it.

Every word that judges is chosen by a threshold with a name. Plain text: whoever renders it escapes it.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from seg_utils import words

MEASURES = {
    "purchases": "make {} of all purchases",
    "balances": "owe {} of all balances",
    "cash_advances": "draw {} of all cash advances",
    "payments": "make {} of all payments",
    "credit_lines": "hold {} of all credit lines",
}
"""What a segment does with its share of each measure of the strategy table."""

LEAST_EXCESS = 0.05
"""A share of money is worth a sentence when it exceeds the share of customers by this much."""

MONEY_SENTENCES = 2
MOVES = 3

CLEAR_SILHOUETTE = 0.5
FAIR_SILHOUETTE = 0.25
"""Kaufman & Rousseeuw (1990): from 0.5 a reasonable structure; below 0.25 none to speak of."""

SAME_ARI = 0.95
SIMILAR_ARI = 0.8
"""Agreement over seeds, as adjusted Rand index."""

WEAK = "do not build on"
"""The grade of a segment that does not come back when customers are drawn anew."""

MOST = 0.5
"""Above this share, most."""

EVEN = 0.5
"""A campaign whose value is within this multiple of its cost about breaks even, whatever its sign."""


@dataclass(frozen=True)
class Move:
    """What to do first: ``title`` says for whom, what and who acts, ``worth`` what it may bring at our assumptions."""

    title: str
    worth: str
    segment: int

    def __str__(self) -> str:
        return f"{self.title}. {self.worth}"


@dataclass(frozen=True)
class Story:
    """Everything page one says, as plain sentences. ``notice`` is None for real customers."""

    headline: str
    findings: list[str]
    moves: list[Move]
    level: str
    trust: list[str]
    notice: str | None


def tell(
    people: list[dict[str, Any]],
    strategy: pd.DataFrame,
    metrics: dict[str, Any],
    verdict: dict[str, Any],
    quality: dict[str, Any],
    standing: str,
) -> Story:
    """Page one of a run.

    Args:
        people: ``personas.json``.
        strategy: ``strategy.csv`` with the numbers of money, economics and test plan.
        metrics: ``metrics.json``.
        verdict: ``k_verdict.json``.
        quality: ``quality.json``.
        standing: how the k asked for stands against the verdict, in a sentence.
    """
    return Story(
        headline=headline(strategy, verdict),
        findings=findings(people, strategy),
        moves=moves(strategy, metrics),
        level=level(metrics, verdict),
        trust=trust(people, metrics, standing),
        notice=notice(quality),
    )


def headline(strategy: pd.DataFrame, verdict: dict[str, Any]) -> str:
    """The most telling concentration of money; where the evidence finds no segments, that."""
    if verdict["recommended_k"] is None:
        return "The evidence finds no segments in these customers"
    told = _concentrations(strategy)
    return told[0] if told else "No segment stands out by its share of the money"


def findings(people: list[dict[str, Any]], strategy: pd.DataFrame) -> list[str]:
    """Three or four sentences on what was found; the headline's own concentration is not repeated."""
    total = sum(one["size"] for one in people)
    largest, smallest = max(people, key=lambda one: one["size"]), min(people, key=lambda one: one["size"])
    sentences = [
        f"{words.count(total)} customers fall into {len(people)} segments; the largest, {largest['persona']}, holds "
        f"{words.percent(largest['share'])} of them, the smallest, {smallest['persona']}, "
        f"{words.percent(smallest['share'])}."
    ]
    sentences += [f"{one}." for one in _concentrations(strategy)[1 : 1 + MONEY_SENTENCES]]
    if "value_share" in strategy and strategy["value_share"].notna().all():
        sentences.append(_value(strategy))
    return sentences


def moves(strategy: pd.DataFrame, metrics: dict[str, Any]) -> list[Move]:
    """The three moves to make first: by campaign value, segments not to build on last."""
    weak = strategy["segment"].map(lambda segment: metrics["stability"]["grades"][segment] == WEAK)
    order = strategy.assign(weak=weak).sort_values(["weak", "rank_base"], kind="stable")
    return [_move(row) for row in order.head(MOVES).to_dict("records")]


def trust(people: list[dict[str, Any]], metrics: dict[str, Any], standing: str) -> list[str]:
    """How far to trust the segments: the verdict on k, what comes back, how separate they are, other seeds."""
    sentences = [standing, _grades(people, metrics), _separation(metrics["silhouette"])]
    if "seeds_ari" in metrics["stability"]:
        sentences.append(_seeds(metrics["stability"]["seeds_ari"]))
    return sentences


def level(metrics: dict[str, Any], verdict: dict[str, Any]) -> str:
    """``high``, ``medium`` or ``low`` trust.

    Low: the evidence finds no segments, or most of them are not to be built on. High: this k passes every test of the
    verdict and no segment is weak.
    """
    grades = metrics["stability"]["grades"]
    weak = grades.count(WEAK)
    if verdict["recommended_k"] is None or weak > MOST * len(grades):
        return "low"
    return "high" if metrics["k"] in verdict["acceptable_k"] and weak == 0 else "medium"


def notice(quality: dict[str, Any]) -> str | None:
    """What must be said before anything else about synthetic customers."""
    if not quality["synthetic"]:
        return None
    return "These customers are synthetic: they were generated, and nothing here describes real people."


def _concentrations(strategy: pd.DataFrame) -> list[str]:
    """Where a segment's share of a measure exceeds its share of customers most, the largest excess first.

    A segment is told of once, with the measure it is most telling for.
    """
    found: list[tuple[float, int, str]] = []
    for measure, does in MEASURES.items():
        if f"{measure}_share" not in strategy:
            continue
        excess = strategy[f"{measure}_share"] - strategy["customers_share"]
        row = strategy.loc[excess.idxmax()]
        if excess.max() >= LEAST_EXCESS:
            share = words.percent(row[f"{measure}_share"])
            text = f"{words.percent(row['customers_share'])} of customers ({row['persona']}) {does.format(share)}"
            found.append((float(excess.max()), int(row["segment"]), text))
    found.sort(key=lambda one: -one[0])
    first = {segment: text for _, segment, text in reversed(found)}
    return [text for _, _, text in found if text in first.values()]


def _value(strategy: pd.DataFrame) -> str:
    row = strategy.loc[strategy["value_share"].idxmax()]
    return (
        f"At our assumptions, {row['persona']} bring the most a year: {words.money(row['segment_value'])}, "
        f"{words.percent(row['value_share'])} of the total."
    )


def _move(row: dict[str, Any]) -> Move:
    return Move(f"{row['persona']}: {row['action_now']} ({row['owner']})", _worth(row), int(row["segment"]))


def _worth(row: dict[str, Any]) -> str:
    low, base, high = (row[f"campaign_value_{case}"] for case in ("low", "base", "high"))
    if low > 0:
        return f"Pays over the whole range of uplifts we assume: {words.money(low)} to {words.money(high)} a year."
    if abs(base) <= EVEN * row["campaign_cost"]:
        return (
            f"About breaks even at our assumptions, {words.money(low)} to {words.money(high)} a year over the range of "
            "uplifts; test it on a few first."
        )
    if base > 0:
        return (
            f"Worth about {words.money(base)} a year at our assumptions, {words.money(low)} to {words.money(high)} "
            "over the range of uplifts."
        )
    if pd.isna(row["break_even_response"]):
        return "At our assumptions it does not pay at any response."
    return (
        "At our assumptions it does not pay yet: it breaks even when "
        f"{words.percent(row['break_even_response'])} of those contacted respond."
    )


def _grades(people: list[dict[str, Any]], metrics: dict[str, Any]) -> str:
    grades = metrics["stability"]["grades"]
    weak = [one["persona"] for one, grade in zip(people, grades, strict=True) if grade == WEAK]
    firm = grades.count("firm")
    if firm == len(grades):
        which = "Both" if firm == 2 else f"All {firm}"
        return f"{which} segments are firm: they come back almost unchanged when the customers are drawn anew."
    text = f"{firm} of {words.plural(len(grades), 'segment')} {'is' if firm == 1 else 'are'} firm"
    if not weak:
        return f"{text}, the others usable."
    if len(weak) == len(grades):
        return "No segment comes back when the customers are drawn anew; do not build on any of them."
    return f"{text}; do not build a campaign on {words.listing(weak)}."


def _separation(silhouette: float) -> str:
    said = f"(mean silhouette {silhouette:.2f})"
    if silhouette >= CLEAR_SILHOUETTE:
        return f"Customers are much nearer to their own segment than to the next one {said}."
    if silhouette >= FAIR_SILHOUETTE:
        return f"Customers are clearly nearer to their own segment than to the next one, on average {said}."
    return f"Customers are only a little nearer to their own segment than to the next one, on average {said}."


def _seeds(ari: float) -> str:
    said = f"(adjusted Rand index {ari:.2f})"
    if ari >= SAME_ARI:
        return f"Other random starts give almost the same segments {said}."
    if ari >= SIMILAR_ARI:
        return f"Other random starts give similar segments {said}."
    return f"Other random starts often give other segments {said}."
