"""Display names: the persona's own, told apart from its siblings by their real difference, always unique."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from seg_utils import dictionary, words
from seg_utils.personas.catalogue import UNNAMED, Catalogue
from seg_utils.personas.standout import Standout

CLEAR_GAP = 0.25
"""Siblings are told apart by a column of the file that shows a gap this wide in z-scores, else by a derived one."""

PHRASES = 2
"""What sets a segment apart fills its name up to this many phrases."""

NOTHING_APART = "Without a trait that stands out"
EQUAL = 1e-9


def display_names(
    persona_ids: pd.Series, catalogue: Catalogue, profiles: pd.DataFrame, standouts: dict[int, list[Standout]]
) -> dict[int, str]:
    """One unique name a segment.

    Args:
        persona_ids: persona id or ``unnamed``, index segment.
        profiles: tidy profiles.
        standouts: what sets each segment apart, strongest first.
    """
    persona_names = {one.id: one.name for one in catalogue.personas}
    base = {
        segment: _plain_name(standouts[segment]) if persona == UNNAMED else persona_names[persona]
        for segment, persona in persona_ids.items()
    }
    names: dict[int, str] = {}
    table = _Table(profiles)
    for name in dict.fromkeys(base.values()):
        siblings = [segment for segment in base if base[segment] == name]
        told = _topics(standouts[siblings[0]]) if persona_ids[siblings[0]] == UNNAMED else frozenset()
        for segment, qualifiers in _told_apart(siblings, table, told).items():
            names[segment] = ", ".join([name, *qualifiers])
    return names


def _plain_name(standouts: Sequence[Standout]) -> str:
    if not standouts:
        return NOTHING_APART
    return words.capitalised(", ".join(one.phrase for one in standouts[:PHRASES]))


def _topics(standouts: Sequence[Standout]) -> frozenset[str]:
    """What a plain name speaks of already."""
    return frozenset(dictionary.load().wordings[one.feature].topic for one in standouts[:PHRASES])


class _Table:
    """Profiles as matrices: one row a segment, one column a feature that has words of its own."""

    def __init__(self, profiles: pd.DataFrame) -> None:
        spoken = profiles[profiles["feature"].isin(dictionary.load().wordings)]
        self.z, self.mean, self.median = (
            spoken.pivot(index="segment", columns="feature", values=column)[spoken["feature"].unique()]
            for column in ("z", "mean", "median")
        )
        self.columns = list(self.z.columns)
        self.own = [feature for feature in self.columns if feature in dictionary.load().names]

    def agrees(self, feature: str, lower: list[int], upper: list[int]) -> bool:
        """Whether all of ``upper`` have larger means than all of ``lower``, and no smaller medians."""
        means, medians = self.mean[feature], self.median[feature]
        return means[lower].max() < means[upper].min() and medians[lower].max() <= medians[upper].min()


def _told_apart(segments: list[int], table: _Table, told: frozenset[str]) -> dict[int, list[str]]:
    """Qualifiers of each sibling: split them at the widest gap of any feature, then each side again.

    Args:
        told: topics that the name speaks of already; used again only where nothing else differs.
    """
    if len(segments) == 1:
        return {segments[0]: []}
    wordings = dictionary.load().wordings
    fresh = [feature for feature in table.columns if wordings[feature].topic not in told]
    split = (
        _widest_gap(segments, table, [feature for feature in fresh if feature in table.own], CLEAR_GAP)
        or _widest_gap(segments, table, fresh, EQUAL)
        or _widest_gap(segments, table, table.columns, EQUAL)
    )
    if split is None:
        return {segment: [f"group {number}"] for number, segment in enumerate(segments, start=1)}
    feature, lower, upper = split
    sides = ((upper, wordings[feature].higher), (lower, wordings[feature].lower))
    told |= {wordings[feature].topic}
    return {
        segment: [qualifier, *rest]
        for side, qualifier in sides
        for segment, rest in _told_apart(side, table, told).items()
    }


def _widest_gap(
    segments: list[int], table: _Table, features: list[str], least: float
) -> tuple[str, list[int], list[int]] | None:
    """The feature with the widest gap in z-scores above ``least``, and the segments below and above that gap.

    Only a gap that shows in the means and medians as well counts, so that no table contradicts the name.
    """
    best: tuple[float, str, list[int], list[int]] | None = None
    for feature in features:
        z = table.z.loc[segments, feature].sort_values(kind="stable")
        if z.isna().any():
            continue
        gaps = np.diff(z.to_numpy())
        cut = int(gaps.argmax()) + 1
        lower, upper = list(z.index[:cut]), list(z.index[cut:])
        if gaps[cut - 1] > (best[0] if best else least) and table.agrees(feature, lower, upper):
            best = (float(gaps[cut - 1]), feature, lower, upper)
    return best[1:] if best else None
