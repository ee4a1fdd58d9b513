"""Which segment is which through all periods: a key, a name and a colour that it keeps whatever its number.

A key is for ever, and so is a colour. A name changes where the lineage breaks, since what did not survive is another
segment with another key, or where its persona fails in two periods running: where the period's customers of the segment
are another persona's by the catalogue. Then what to do changes with it, and both names are told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from seg_utils import personas
from seg_utils.clustering import OUTLIERS
from seg_utils.scoring.answer import colour, segments
from seg_utils.scoring.model import SegmentModel

FAILING = 2  # periods running in which a persona fails before the name changes
KEY = "key"  # under this name a model that was fitted on a later period keeps the key of each segment
RENAMED = ("persona", "description", "actions")  # what changes with a name; the colour stays


def keys(model: SegmentModel) -> np.ndarray:
    """The key of each segment by its number, shape (k,): its number in the model of the run that came first."""
    words = model.segments or [{} for _ in model.sizes]
    return np.array([segment.get(KEY, number) for number, segment in enumerate(words)])


def as_keys(numbers: np.ndarray, model: SegmentModel) -> np.ndarray:
    """Keys of segments given by number, ``OUTLIERS`` as they are, any shape."""
    return np.append(keys(model), OUTLIERS)[numbers]


def unused(model: SegmentModel, memberships: Iterable[pd.DataFrame]) -> int:
    """The first key that no segment has, nor had in any of the memberships."""
    return 1 + max([int(keys(model).max()), *(int(membership["segment"].max()) for membership in memberships)])


def names(model: SegmentModel) -> dict[int, str]:
    """The name of each segment, and of outliers, by key."""
    return {int(as_keys(np.array(number), model)): words.name for number, words in segments(model).items()}


def actions(model: SegmentModel) -> dict[int, str]:
    """What to do now with each segment, by key; empty for outliers."""
    return {int(as_keys(np.array(number), model)): words.actions["now"] for number, words in segments(model).items()}


def described(model: SegmentModel) -> list[dict[str, Any]]:
    """``key, persona, colour`` of each segment, in the model's order, as plain values for JSON."""
    called = names(model)
    return [
        {KEY: key, "persona": called[key], "colour": colour(model, number)}
        for number, key in enumerate(keys(model).tolist())
    ]


def people(customers: pd.DataFrame, labels: np.ndarray) -> list[dict[str, Any]]:
    """What segments are called by the catalogue, and what to do with each, by these customers: ``personas.match``'s."""
    profiles = personas.profile(customers, labels)
    return personas.match(customers, labels, profiles[profiles["segment"] >= 0], personas.catalogue.load())


def unlike(name: str, taken: Iterable[str]) -> str:
    """A name that no other segment has."""
    number, given, taken = 2, name, set(taken)
    while name in taken:
        name, number = f"{given} {number}", number + 1
    return name


def carried(model: SegmentModel, last: Iterable[Mapping[str, Any]]) -> SegmentModel:
    """The model with the names that segments had in the period before, and what was done with them.

    Args:
        model: the segmentation in force.
        last: ``segments`` of that period's ``decision.json``.
    """
    words = {segment[KEY]: segment["words"] for segment in last if "words" in segment}
    if not model.segments:
        return model
    segments = zip(keys(model).tolist(), model.segments, strict=True)
    return replace(model, segments=tuple({**own, **words.get(key, {})} for key, own in segments))


def _fails(name: str, persona_id: str) -> bool:
    """Whether a name is a persona's, and another's customers than those there are; what else sets siblings apart, and
    names of segments that no persona fits, say nothing that could fail."""
    catalogue = personas.catalogue.load()
    ids = {persona.name: persona.id for persona in catalogue.personas}
    known = [persona for persona in ids if name == persona or name.startswith((f"{persona},", f"{persona} "))]
    return bool(known) and ids[max(known, key=len)] != persona_id


def renamed(
    model: SegmentModel, found: Iterable[Mapping[str, Any]], last: Iterable[Mapping[str, Any]]
) -> tuple[SegmentModel, list[dict[str, Any]]]:
    """The model with a new name for each segment whose persona fails once more, and what is to be told of each segment.

    Args:
        model: the segmentation in force, names as ``carried``.
        found: ``people`` of the period's customers in its segments.
        last: ``segments`` of the ``decision.json`` before.

    Returns:
        The model, and for each segment ``key, persona, colour, found`` (what it would be called), ``failed`` (periods
        running in which that was another), ``formerly`` (the name before, where it changes now, else None) and, once a
        name has changed, the ``words`` that stand in place of the model's.
    """
    found, told_of = {segment["segment"]: segment for segment in found}, []
    before = {segment[KEY]: segment for segment in last}
    segments = [dict(words) for words in model.segments]
    for number, (key, words) in enumerate(zip(keys(model).tolist(), segments, strict=True)):
        now, former = found.get(number), before.get(key, {})
        fails = now is not None and _fails(words["persona"], now["persona_id"])
        failed = former.get("failed", 0) + 1 if fails else 0
        changed = {name: former["words"][name] for name in RENAMED} if "words" in former else {}
        formerly = None
        if failed >= FAILING:
            formerly = words["persona"]
            taken = [other["persona"] for other in segments if other is not words]
            changed = {name: now[name] for name in RENAMED} | {"persona": unlike(now["persona"], taken)}
            words.update(changed)
            failed = 0
        told_of.append({"found": now and now["persona"], "failed": failed, "formerly": formerly})
        if changed:
            told_of[-1]["words"] = changed
    fresh = replace(model, segments=tuple(segments))
    return fresh, [named | more for named, more in zip(described(fresh), told_of, strict=True)]
