"""How far to trust the segments: what comes back, how separate they are, what other seeds say, what their names are
worth.

In plain words: the figures behind them stand in the section on trust, where there is room to explain them.
"""

from collections.abc import Mapping
from typing import Any

from seg_utils.core import words
from seg_utils.evaluation.comparison.encoding_gain import ENCODED, FEATURES
from seg_utils.evaluation.resampling.stability import FIRM, WEAK
from seg_utils.personas.catalogue import UNNAMED

CLEAR_SILHOUETTE = 0.5
FAIR_SILHOUETTE = 0.25  # Kaufman & Rousseeuw (1990): from 0.5 a reasonable structure; below 0.25 none to speak of
SAME_ARI = 0.95
SIMILAR_ARI = 0.8  # agreement over seeds, as adjusted Rand index
MANY_OUTLIERS = 0.1  # above this share of customers in no segment, trust is at most medium
MANY_BETWEEN = 0.1  # above this share of customers between two segments, page one says so
NAMED = 4  # segments not to build on that a sentence names; of more, it names ``EXAMPLES``
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
        sentences.append(f"{share} of the customers stand between two segments and could be in either.")
    if outlier_share(metrics) > MANY_OUTLIERS:
        share = words.percent(outlier_share(metrics))
        sentences.append(f"{share} of customers are outliers and in no segment; nothing here is about them.")
    return [sentence for sentence in sentences if sentence]


def level(metrics: dict[str, Any], verdict: dict[str, Any]) -> str:
    """``high``, ``medium`` or ``low`` trust.

    Low: the evidence finds no segments, this k fails a test of the verdict, or most segments are not to be built on.
    High: no segment is weak, few customers are left out and the segments do not depend on an autoencoder's seed.
    """
    grades = metrics["stability"]["grades"]
    weak = grades.count(WEAK)
    if metrics["k"] not in verdict["acceptable_k"] or no_segments(verdict) or weak > MOST * len(grades):
        return "low"
    by_chance = "encoding" in metrics and metrics["encoding"]["seeds_ari"] < SIMILAR_ARI
    if by_chance or outlier_share(metrics) > MANY_OUTLIERS:
        return "medium"
    return "high" if weak == 0 else "medium"


def outlier_share(metrics: dict[str, Any]) -> float:
    """Share of customers in no segment."""
    outliers = metrics.get("outliers", 0)
    return outliers / metrics["n_customers"] if outliers else 0.0


def on_features(encoding: dict[str, Any]) -> float:
    """Mean silhouette of encoded segments, measured on the features."""
    [silhouette] = [
        partition["silhouette"]
        for partition in encoding["partitions"]
        if partition["partition"] == ENCODED and partition["measured_on"] == FEATURES
    ]
    return silhouette


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
    weak = [words.name(person["persona"]) for person, grade in zip(people, grades, strict=True) if grade == WEAK]
    firm = grades.count(FIRM)
    if firm == len(grades):
        subject = {1: "The only segment is", 2: "Both segments are"}.get(firm, f"All {firm} segments are")
        back = "it comes" if firm == 1 else "they come"
        return f"{subject} firm: {back} back almost unchanged when the customers are drawn anew."
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


EVIDENCE = "kmeans"  # the algorithm that the evidence on the number of segments is gathered with
NO_SEGMENT = "no segment"  # in place of a grade where the evidence finds no segments


def no_segments(verdict: Mapping[str, Any]) -> bool:
    """Whether the evidence finds no segments, so that those shown are parts of one cloud and no move aims at them.

    Args:
        verdict: ``k_verdict.json``, or the standing of a k in it.
    """
    return verdict["recommended_k"] is None


def made_otherwise(metrics: Mapping[str, Any]) -> bool:
    """Whether another algorithm made the segments than gathered the evidence."""
    return metrics.get("algorithm", EVIDENCE) != EVIDENCE


def standing(metrics: Mapping[str, Any]) -> str:
    """How the number of segments stands against the verdict, in a sentence that is true of the algorithm at hand."""
    verdict = metrics["standing"]
    return verdict["sentence_of_k_means"] if made_otherwise(metrics) else verdict["sentence"]


MOST = 0.5  # above this share, most


def fitting(person: dict[str, Any]) -> float | None:
    """Share of a segment's customers who are its persona by their own figures; None where it has no persona."""
    if person["persona_id"] == UNNAMED:
        return None
    return next((member["share"] for member in person["members"] if member["persona_id"] == person["persona_id"]), 0.0)


def names_level(people: list[dict[str, Any]]) -> str:
    """How far to trust the names: ``high`` where they fit most customers of every named segment, ``medium`` where of at
    least half of them, else ``low``."""
    named, most = _named_and_fitting(people)
    return "high" if most == named else "medium" if most >= named / 2 else "low"


def caveat(person: dict[str, Any]) -> str:
    """What is to be said in the same breath as a segment's name, for brackets after it; empty where most of the
    segment's customers fit the name, and where it has no persona."""
    share = fitting(person)
    return "" if share is None or share > MOST else f"{words.percent(share)} of them fit this name one by one"


def why_no_action(person: dict[str, Any]) -> str:
    """Why nothing is proposed for a segment, as a sentence; empty where its persona's action is."""
    return f"No action is proposed: {person['no_move']}." if person.get("no_move") else ""


def names_hold(people: list[dict[str, Any]]) -> str:
    """Of how many segments most customers fit the persona; empty where no segment bears a persona's name."""
    named, most = _named_and_fitting(people)
    if not named:
        return ""
    of = "every named segment" if most == named else f"{most} of {words.plural(named, 'named segment')}"
    where = f"in {of} they fit" if most else "in no segment do they fit"
    return f"Names describe the typical customer of a segment; {where} most customers, taken one by one."


def _named_and_fitting(people: list[dict[str, Any]]) -> tuple[int, int]:
    """How many segments bear a persona's name, and of how many of these it fits most customers."""
    shares = [share for person in people if (share := fitting(person)) is not None]
    return len(shares), sum(share > MOST for share in shares)
