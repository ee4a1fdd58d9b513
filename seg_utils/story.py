"""Page one in sentences, computed from artefacts only: what was found, what to do first, how far to trust it.

Every word that judges is chosen by a threshold with a name. Plain text: whoever renders it escapes it.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from seg_utils import words
from seg_utils.strategy.testplan import ENOUGH

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

NO_MOVE = (
    "The evidence finds no segments, so no move aims at one. Treat these customers as one group, or choose them by the "
    "one measure that an offer is about."
)
"""What stands in place of moves where there are no segments."""

PART_OF_CLOUD = "This is a part of one cloud, with a border that we drew."

SAME_ARI = 0.95
SIMILAR_ARI = 0.8
"""Agreement over seeds, as adjusted Rand index."""

WEAK = "do not build on"
"""The grade of a segment that does not come back when customers are drawn anew."""

TELLING_FINDINGS = ("bad_rows", "incomplete_rows", "missing", "features_subset")
"""Warnings about the customers file that bear on every number of the report."""

DATA_SENTENCES = 2

ROUNDING = 1e-9
"""Shares of the segments that sum to less than 1 by more than this leave customers out."""

MOST = 0.5
"""Above this share, most."""

EVEN = 0.2
"""A campaign whose value is within this multiple of its cost about breaks even, whatever its sign."""

PERIOD = "over the year after one campaign"
"""What every value of a campaign is counted over."""


@dataclass(frozen=True)
class Move:
    """What to do first: ``title`` says for whom, what and who acts, ``worth`` what it may bring at our assumptions.

    ``pays`` is whether it does at the base case.
    """

    title: str
    worth: str
    segment: int
    pays: bool = True

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
        findings=findings(people, strategy, verdict),
        moves=[] if no_segments(verdict) else moves(strategy, metrics),
        level=level(metrics, verdict),
        trust=[*trust(people, metrics, standing, verdict), *data(quality)],
        notice=notice(quality),
    )


def no_segments(verdict: dict[str, Any]) -> bool:
    """Whether the evidence finds no segments, so that those shown are parts of one cloud and no move aims at them."""
    return verdict["recommended_k"] is None


def headline(strategy: pd.DataFrame, verdict: dict[str, Any]) -> str:
    """The most telling concentration of money; where the evidence finds no segments, that."""
    if no_segments(verdict):
        return "The evidence finds no segments in these customers"
    told = _concentrations(strategy)
    return told[0] if told else "No segment stands out by its share of the money"


def findings(people: list[dict[str, Any]], strategy: pd.DataFrame, verdict: dict[str, Any]) -> list[str]:
    """Three or four sentences on what was found; the headline's own concentration is not repeated."""
    total = sum(one["size"] for one in people)
    largest, smallest = max(people, key=lambda one: one["size"]), min(people, key=lambda one: one["size"])
    fall = "are divided into" if no_segments(verdict) else "fall into"
    parts = words.plural(len(people), "part" if no_segments(verdict) else "segment")
    whole = "them" if abs(sum(one["share"] for one in people) - 1) < ROUNDING else "all customers"
    sentences = [
        f"{words.plural(total, 'customer')} {fall} {parts}; the largest, {words.name(largest['persona'])}, holds "
        f"{words.percent(largest['share'])} of {whole}, the smallest, {words.name(smallest['persona'])}, "
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


def trust(people: list[dict[str, Any]], metrics: dict[str, Any], standing: str, verdict: dict[str, Any]) -> list[str]:
    """How far to trust the segments: the verdict on k, what comes back, how separate they are, other seeds."""
    came_back = _parts(metrics) if no_segments(verdict) else _grades(people, metrics)
    sentences = [standing, came_back, _separation(metrics["silhouette"])]
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
    if no_segments(verdict) or weak > MOST * len(grades):
        return "low"
    return "high" if metrics["k"] in verdict["acceptable_k"] and weak == 0 else "medium"


def notice(quality: dict[str, Any]) -> str | None:
    """What must be said before anything else about synthetic customers."""
    if not quality["synthetic"]:
        return None
    return "These customers are synthetic: they were generated, and nothing here describes real people."


def data(quality: dict[str, Any]) -> list[str]:
    """What was found in the customers file that a reader of page one must know: at most two sentences."""
    told = [one for one in quality["findings"] if one["severity"] == "warning" and one["rule"] in TELLING_FINDINGS]
    told.sort(key=lambda one: (TELLING_FINDINGS.index(one["rule"]), -one["count"]))
    return [words.labelled(one["message"]) for one in told[:DATA_SENTENCES]]


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
            who = f"{words.percent(row['customers_share'])} of customers ({words.name(row['persona'])})"
            text = f"{who} {does.format(share)}"
            found.append((float(excess.max()), int(row["segment"]), text))
    found.sort(key=lambda one: -one[0])
    first = {segment: text for _, segment, text in reversed(found)}
    return [text for _, _, text in found if text in first.values()]


def _value(strategy: pd.DataFrame) -> str:
    row = strategy.loc[strategy["value_share"].idxmax()]
    return (
        f"At our assumptions, {words.name(row['persona'])} bring the most: {words.money(row['segment_value'])} a year, "
        f"{words.percent(row['value_share'])} of the total."
    )


def _move(row: dict[str, Any]) -> Move:
    title = f"{row['persona']}: {row['action_now']} ({row['owner']})"
    return Move(title, _worth(row), int(row["segment"]), pays=row["campaign_value_base"] > 0)


def _worth(row: dict[str, Any]) -> str:
    low, base, high = (row[f"campaign_value_{case}"] for case in ("low", "base", "high"))
    span = f"{words.money(low)} to {words.money(high)}"
    if low > 0:
        return f"Pays over the whole range of uplifts we assume: {span} {PERIOD}."
    if abs(base) <= EVEN * row["campaign_cost"]:
        return f"About breaks even at our assumptions, {span} {PERIOD} over the range of uplifts; {_trial(row)}."
    if base > 0:
        return f"Worth about {words.money(base)} {PERIOD} at our assumptions, {span} over the range of uplifts."
    loses = f"At our assumptions it loses {words.money(-base)} {PERIOD}"
    if pd.isna(row["break_even_response"]):
        return f"{loses}; it does not pay at any response."
    return f"{loses}; it breaks even when {words.percent(row['break_even_response'])} of those contacted respond."


def _trial(row: dict[str, Any]) -> str:
    """What the test plan has to say to a move that may or may not pay."""
    if row["test_verdict"] == ENOUGH:
        return "test it on a part of them first"
    return "they are too few for a test to tell"


def _parts(metrics: dict[str, Any]) -> str:
    grades = metrics["stability"]["grades"]
    back = len(grades) - grades.count(WEAK)
    if back == 0:
        return "None of the parts comes back when the customers are drawn anew."
    if back == len(grades):
        comes = f"{'Both parts' if back == 2 else f'All {back} parts'} come"
    else:
        comes = f"{back} of {words.plural(len(grades), 'part')} {'comes' if back == 1 else 'come'}"
    return f"{comes} back when the customers are drawn anew, which parts of one cloud may do as well."


def _grades(people: list[dict[str, Any]], metrics: dict[str, Any]) -> str:
    grades = metrics["stability"]["grades"]
    weak = [words.name(one["persona"]) for one, grade in zip(people, grades, strict=True) if grade == WEAK]
    firm = grades.count("firm")
    if firm == len(grades):
        which = {1: "The only segment is", 2: "Both segments are"}.get(firm, f"All {firm} segments are")
        back = "it comes" if firm == 1 else "they come"
        return f"{which} firm: {back} back almost unchanged when the customers are drawn anew."
    if len(weak) == len(grades):
        return "No segment comes back when the customers are drawn anew; do not build on any of them."
    text = f"{firm or 'None'} of {words.plural(len(grades), 'segment')} {'are' if firm > 1 else 'is'} firm"
    if weak:
        return f"{text}; do not build a campaign on {words.listing(weak)}."
    if firm == 0:
        return f"{text}; all are usable: they come back with some customers exchanged."
    return f"{text}, the {'other' if len(grades) - firm == 1 else 'others'} usable."


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
