"""What a scale makes of amounts, and how far the segments of two scales agree, in words."""

from seg_utils.core import words
from seg_utils.reporting import narrative

MEASURED_BY = {
    "log": "large amounts are compressed, so that a few very large ones do not decide who is alike",
    "standard": "amounts count as they are, so that very large ones weigh heavily",
    "robust": "amounts are measured by the middle half of the customers, so that very large ones weigh most",
}
"""What each scale makes of amounts."""

PART_ARI = 0.4
"""Scales that agree less than this hardly agree."""


def compared_at(shown: int, k: int) -> str:
    """At how many segments the scales were compared, and that this is not at those shown where it is not."""
    if k == shown:
        return f"At {words.plural(k, 'segment')},"
    return (
        f"The scales were not compared at {words.plural(shown, 'segment')}; at {words.count(k)}, the nearest that was,"
    )


def agreement(others: dict[str, float]) -> str:
    """How far the segments agree with those of the other scales, and what follows."""
    told = [
        f"{likeness(ari)} those of {scale} (adjusted Rand index {words.measure(ari)})" for scale, ari in others.items()
    ]
    follows = (
        "The choice of scale matters little here."
        if min(others.values()) >= narrative.SIMILAR_ARI
        else "So these segments are one way to divide the customers, not the only one."
    )
    return f"{words.listing(told)}; 1 would be the same segments, 0 no more in common than chance gives. {follows}"


def likeness(ari: float) -> str:
    """How far two partitions agree, as a verb to put between them."""
    if ari >= narrative.SAME_ARI:
        return "are almost"
    if ari >= narrative.SIMILAR_ARI:
        return "are much like"
    return "agree only in part with" if ari >= PART_ARI else "hardly agree with"
