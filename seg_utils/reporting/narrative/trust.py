"""How far to trust the segments: what comes back, how separate they are, what other seeds say, who is left out.

In plain words: the figures behind them stand in the section on trust, where there is room to explain them.
"""

from typing import Any

from seg_utils.core import words
from seg_utils.evaluation.comparison.encoding_gain import ENCODED, FEATURES
from seg_utils.evaluation.resampling.stability import FIRM, WEAK
from seg_utils.reporting.narrative.k_evidence import no_segments, standing
from seg_utils.reporting.narrative.name_fit import MOST

CLEAR_SILHOUETTE = 0.5
FAIR_SILHOUETTE = 0.25
"""Kaufman & Rousseeuw (1990): from 0.5 a reasonable structure; below 0.25 none to speak of."""

SAME_ARI = 0.95
SIMILAR_ARI = 0.8
"""Agreement over seeds, as adjusted Rand index."""

MANY_OUTLIERS = 0.1
"""Above this share of customers in no segment, trust is at most medium."""

MANY_BETWEEN = 0.1
"""Above this share of customers between two segments, page one says so."""

NAMED = 4
"""Segments not to build on that a sentence names; of more, it names ``EXAMPLES``."""

EXAMPLES = 3


def trust(people: list[dict[str, Any]], metrics: dict[str, Any], verdict: dict[str, Any]) -> list[str]:
    """How far to trust the grouping: the verdict on k, what comes back, and how many customers stand between two or are
    left out where those are many; of encoded segments, how far they depend on the encoder's seed."""
    came_back = _parts(metrics) if no_segments(verdict) else _grades(people, metrics)
    sentences = [standing(metrics), came_back]
    silhouette = on_features(metrics["encoding"]) if "encoding" in metrics else metrics["silhouette"]
    if silhouette <= 0:
        sentences.append("Customers are no nearer to their own segment than to the next one, on average.")
    if "encoding" in metrics:
        sentences.append(_encoders(metrics["encoding"]["seeds_ari"]))
    if metrics["between_share"] > MANY_BETWEEN:
        share = words.percent(metrics["between_share"])
        sentences.append(f"{share} of the customers stand between two of them and could be in either.")
    if left_out(metrics) > MANY_OUTLIERS:
        share = words.percent(left_out(metrics))
        sentences.append(f"{share} of customers are outliers and in no segment; nothing here is about them.")
    return [one for one in sentences if one]


def level(metrics: dict[str, Any], verdict: dict[str, Any]) -> str:
    """``high``, ``medium`` or ``low`` trust.

    Low: the evidence finds no segments, most of them are not to be built on, or this k fails the verdict and fewer than
    half of its segments are firm. High: this k passes every test of the
    verdict, no segment is weak, few customers are left out and the segments do not depend on an autoencoder's seed.
    """
    grades = metrics["stability"]["grades"]
    weak = grades.count(WEAK)
    holds = metrics["k"] in verdict["acceptable_k"]
    few_firm = grades.count(FIRM) < MOST * len(grades)
    if no_segments(verdict) or weak > MOST * len(grades) or (few_firm and not holds):
        return "low"
    by_chance = "encoding" in metrics and metrics["encoding"]["seeds_ari"] < SIMILAR_ARI
    if by_chance or left_out(metrics) > MANY_OUTLIERS:
        return "medium"
    return "high" if holds and weak == 0 else "medium"


def left_out(metrics: dict[str, Any]) -> float:
    """Share of customers in no segment."""
    outliers = metrics.get("outliers", 0)
    return outliers / metrics["n_customers"] if outliers else 0.0


def on_features(encoding: dict[str, Any]) -> float:
    """Mean silhouette of encoded segments, measured on the features."""
    [found] = [
        one["silhouette"]
        for one in encoding["partitions"]
        if one["partition"] == ENCODED and one["measured_on"] == FEATURES
    ]
    return found


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
    firm = grades.count(FIRM)
    if firm == len(grades):
        which = {1: "The only segment is", 2: "Both segments are"}.get(firm, f"All {firm} segments are")
        back = "it comes" if firm == 1 else "they come"
        return f"{which} firm: {back} back almost unchanged when the customers are drawn anew."
    if len(weak) == len(grades):
        return "No segment comes back when the customers are drawn anew; do not build on any of them."
    text = f"{firm or 'None'} of {words.plural(len(grades), 'segment')} {'are' if firm > 1 else 'is'} firm"
    if weak:
        return f"{text}; do not build a campaign on {few(weak, len(grades))}."
    if firm == 0:
        return f"{text}; all are usable: they come back with some customers exchanged."
    return f"{text}, the {'other' if len(grades) - firm == 1 else 'others'} usable."


def few(names: list[str], segments: int) -> str:
    """``A, B and C``; of many, how many they are and a few examples."""
    if len(names) <= NAMED:
        return words.listing(names)
    return f"{len(names)} of {words.plural(segments, 'segment')}, among them {words.listing(names[:EXAMPLES])}"


def _encoders(ari: float) -> str:
    """How far autoencoders trained from other seeds agree."""
    if ari >= SAME_ARI:
        return "Autoencoders trained from other seeds lead to almost the same segments."
    if ari >= SIMILAR_ARI:
        return "Autoencoders trained from other seeds lead to similar segments."
    return "Autoencoders trained from other seeds often lead to other segments."
