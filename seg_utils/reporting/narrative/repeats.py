"""Whether the whole procedure comes to the same end again: on others, on other scales, without a feature."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from seg_utils.core import dictionary, words

NOT_COMPUTED = (
    "How often the whole procedure comes to the same end on customers drawn anew, on other scales and without one of "
    "the features was not computed; EVIDENCE=full does, without an encoder."
)

OFTEN = 0.9  # share of repeats from which on a name comes back nearly always


def came_again(verdict: Mapping[str, Any]) -> str:
    """How often each number of segments won when everything was done anew, or that this was not computed."""
    ks = verdict["repeats"]
    if not ks:
        return NOT_COMPUTED
    counts = sorted(Counter(ks).items(), key=lambda pair: (-pair[1], pair[0] or 0))
    first, *others = [(_segments(k), count) for k, count in counts]
    rest = "".join(f", {count} to {segments}" for segments, count in others)
    return (
        f"Imputation, scaling and the rule were repeated {len(ks)} times on customers drawn anew: {first[1]} of the "
        f"{len(ks)} came to {first[0]}{rest}."
    )


def same_again(verdict: Mapping[str, Any]) -> tuple[int, int] | None:
    """How many of how many repeats came to the verdict's own number of segments; None where there were none."""
    ks = verdict["repeats"]
    return (sum(k == verdict["recommended_k"] for k in ks), len(ks)) if ks else None


def on_scales(verdict: Mapping[str, Any]) -> str:
    """The rule's verdict on every scale, in one line; empty where it was not computed."""
    rows = [row for row in verdict["otherwise"] or [] if row["without"] is None]
    return f"The rule's verdict by scale: {_by_outcome(rows, 'scale')}." if rows else ""


def without_features(verdict: Mapping[str, Any]) -> str:
    """The rule's verdict without each feature in turn, in one line; empty where it was not computed."""
    known = dictionary.load()
    rows = [
        row | {"without": known.label(row["without"])}
        for row in verdict["otherwise"] or []
        if row["without"] is not None
    ]
    if not rows:
        return ""
    usual, different = verdict["recommended_k"], _different(rows, verdict)
    if not different:
        return f"Whichever feature is left out, the rule still says {_segments(usual)}."
    rest = "" if len(different) == len(rows) else f"; without any other one, {_segments(usual)}"
    return f"Without one feature, the rule says otherwise: {_by_outcome(different, 'without')}{rest}."


def disagreement(verdict: Mapping[str, Any]) -> str:
    """One sentence for page one where another scale, or one feature less, changes the verdict; empty otherwise."""
    rows = _different(verdict["otherwise"] or [], verdict)
    scales = [row for row in rows if row["without"] is None]
    features = [row for row in rows if row["without"] is not None]
    parts = []
    if scales:
        parts.append(f"on another scale ({_by_outcome(scales, 'scale')})")
    if features:
        parts.append(f"without one of {words.plural(len(features), 'feature')}")
    return f"The number of segments hangs on choices: the rule says otherwise {' and '.join(parts)}." if parts else ""


def names_again(people: Sequence[Mapping[str, Any]]) -> str:
    """How often the segments' names came back in the repeats; empty where that was not computed."""
    shares = [(person["persona"], person["name_survives"]) for person in people if person["name_survives"] is not None]
    if not shares:
        return ""
    seldom = [(words.name(name), share) for name, share in shares if share < OFTEN]
    if not seldom:
        return f"Every name came back in at least {words.percent(OFTEN)} of the repeats."
    listed = words.listing([f"{name} in {words.percent(share)}" for name, share in seldom])
    others = len(shares) - len(seldom)
    rest = f"; the other {words.count(others)} in at least {words.percent(OFTEN)}" if others else ""
    return f"Not every name comes back in the repeats: {listed}{rest}."


def _different(rows: Iterable[Mapping[str, Any]], verdict: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["recommended_k"] != verdict["recommended_k"]]


def _by_outcome(rows: Iterable[Mapping[str, Any]], key: str) -> str:
    outcomes: dict[int | None, list[str]] = {}
    for row in rows:
        outcomes.setdefault(row["recommended_k"], []).append(row[key])
    joiner = "without " if key == "without" else ""
    return "; ".join(f"{joiner}{words.listing(names)}, {_segments(k)}" for k, names in outcomes.items())


def _segments(k: int | None) -> str:
    return "no segments" if k is None else words.plural(k, "segment")
