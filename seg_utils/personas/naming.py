"""What sets segments apart, and their names: the persona's own, told apart from siblings by their real difference."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.core.dictionary import Wording
from seg_utils.personas.catalogue import UNNAMED, Catalogue

LEAST_Z = 0.5  # a segment stands out where its z-score is at least this far from 0
FAINT_Z = 0.1  # where nothing stands out so far, this far will do
LEAST_TIMES = 1.1  # in either case its mean is at least this many times the population's mean (or at most one over it)
KEPT = 5


@dataclass(frozen=True)
class Standout:
    """A feature in which a segment is high or low; ``times`` is segment mean over population mean."""

    feature: str
    label: str
    direction: str
    z: float
    times: float
    phrase: str


def standouts(rows: pd.DataFrame) -> list[Standout]:
    """What sets one segment apart, the strongest first, at most ``KEPT``, one a topic.

    Only features on which z-score, mean and median agree are taken, so that no table contradicts the words.
    """
    return _beyond(LEAST_Z, rows) or _beyond(FAINT_Z, rows)


def spoken(apart: dict[int, list[Standout]], catalogue: Catalogue) -> pd.DataFrame:
    """How much of what sets each segment apart each persona's signature speaks of, 0..1, shape (k, personas).

    By absolute z-scores; a trait speaks of its feature's topic on its own side. Where nothing stands out, nothing is
    left unsaid.
    """
    topics = {feature: wording.topic for feature, wording in dictionary.load().wordings.items()}
    shares = {}
    for persona in catalogue.personas:
        traits = {(topics.get(trait.feature), trait.should_be) for trait in persona.signature}
        shares[persona.id] = {segment: _share_said(standouts, traits, topics) for segment, standouts in apart.items()}
    return pd.DataFrame(shares, index=list(apart)).rename_axis("segment")


def _share_said(apart: list[Standout], traits: set[tuple[str | None, str]], topics: dict[str, str]) -> float:
    whole = sum(abs(standout.z) for standout in apart)
    part = sum(abs(standout.z) for standout in apart if (topics[standout.feature], standout.direction) in traits)
    return part / whole if whole > 0 else 1.0


def _beyond(least_z: float, rows: pd.DataFrame) -> list[Standout]:
    known = dictionary.load()
    spoken = rows[rows["feature"].isin(known.wordings)].dropna(subset=["z", "mean", "median"])
    by_topic: dict[str, Standout] = {}
    for row in spoken.sort_values("z", key=abs, ascending=False, kind="stable").itertuples():
        direction = _direction(row, least_z)
        wording = known.wordings[row.feature]
        if direction is None or wording.topic in by_topic:
            continue
        phrase = wording.none if wording.none and row.mean == 0 else getattr(wording, direction)
        if phrase in {standout.phrase for standout in by_topic.values()}:
            continue
        by_topic[wording.topic] = Standout(
            feature=row.feature,
            label=known.label(row.feature),
            direction=direction,
            z=float(row.z),
            times=float(row.mean / row.population_mean),
            phrase=phrase,
        )
    return list(by_topic.values())[:KEPT]


def _direction(row: tuple, least_z: float) -> str | None:
    if row.population_mean <= 0:
        return None
    times = row.mean / row.population_mean
    if row.z >= least_z and times >= LEAST_TIMES and row.median >= row.population_median:
        return "high"
    if row.z <= -least_z and times <= 1 / LEAST_TIMES and row.median <= row.population_median:
        return "low"
    return None


# Siblings are told apart by a column of the file that shows a gap this wide in z-scores, else by a derived one
CLEAR_GAP = 0.25

# What a sibling is called beside the others of its name where it is high or low beside all customers
_SIDES = {"high": "higher", "low": "lower"}

PHRASES = 2  # what sets a segment apart fills its name up to this many phrases

# A sibling that is neither highest nor lowest of its name in anything that sets the others apart
IN_BETWEEN = "in between"

NOTHING_APART = "Without a trait that stands out"
EQUAL = 1e-9


def display_names(
    persona_ids: pd.Series, catalogue: Catalogue, profiles: pd.DataFrame, standouts: dict[int, list[Standout]]
) -> dict[int, str]:
    """One unique name a segment.

    Args:
        persona_ids: persona id or ``unnamed``, index segment.
    """
    persona_names = {one.id: one.name for one in catalogue.personas}
    plain = _plain_names({one: standouts[one] for one in persona_ids.index[persona_ids == UNNAMED]})
    base = {segment: plain.get(segment) or persona_names[persona] for segment, persona in persona_ids.items()}
    names: dict[int, str] = {}
    table = _Table(profiles)
    beyond = _beyond_their_name(persona_ids, catalogue, table)
    for name in dict.fromkeys(base.values()):
        siblings = [segment for segment in base if base[segment] == name]
        topics = _topics(standouts[siblings[0]]) if persona_ids[siblings[0]] == UNNAMED else frozenset()
        for segment, qualifiers in _told_apart(siblings, table, topics).items():
            unsaid = [phrase for phrase in beyond.get(segment, []) if phrase not in qualifiers]
            names[segment] = ", ".join([name, *qualifiers, *unsaid[:1]])
    return names


def _beyond_their_name(persona_ids: pd.Series, catalogue: Catalogue, table: "_Table") -> dict[int, list[str]]:
    """What each segment has more (or less) of than one of another name that promises most (or least) of it.

    Means are compared; what stands for the two sides is the dictionary's wording.
    """
    leaders: dict[tuple[str, str], list[int]] = {}
    for segment, persona in persona_ids[persona_ids != UNNAMED].items():
        for lead in catalogue.find(persona).leads.items():
            leaders.setdefault(lead, []).append(segment)
    beyond: dict[int, list[str]] = {}
    for (feature, side), leading in leaders.items():
        if feature in table.mean:
            means, wording = table.mean[feature], dictionary.load().wordings[feature]
            high = side == "high"
            further = means > means[leading].min() if high else means < means[leading].max()
            for segment in means.index[further].difference(leading):
                beyond.setdefault(segment, []).append(wording.higher if high else wording.lower)
    return beyond


def _plain_names(standouts: dict[int, list[Standout]]) -> dict[int, str]:
    """What sets each segment apart, in up to ``PHRASES`` phrases; in one where two segments would share the name."""
    names = {segment: _plain_name(own, PHRASES) for segment, own in standouts.items()}
    shared = [name for name in names.values() if list(names.values()).count(name) > 1]
    return {segment: _plain_name(standouts[segment], 1) if name in shared else name for segment, name in names.items()}


def _plain_name(standouts: Sequence[Standout], phrases: int) -> str:
    if not standouts:
        return NOTHING_APART
    return words.capitalised(", ".join(standout.phrase for standout in standouts[:phrases]))


def _topics(standouts: Sequence[Standout]) -> frozenset[str]:
    """What a plain name speaks of already."""
    return frozenset(dictionary.load().wordings[standout.feature].topic for standout in standouts[:PHRASES])


class _Table:
    """Profiles as matrices: one row a segment, one column a feature that has words of its own."""

    def __init__(self, profiles: pd.DataFrame) -> None:
        spoken = profiles[profiles["feature"].isin(dictionary.load().wordings)]
        self.z, self.mean, self.median = (
            spoken.pivot(index="segment", columns="feature", values=column)[spoken["feature"].unique()]
            for column in ("z", "mean", "median")
        )
        sides = [_SIDES.get(_direction(row, LEAST_Z)) for row in spoken.itertuples()]
        self.sides = spoken.assign(side=sides).pivot(index="segment", columns="feature", values="side")
        self.columns = list(self.z.columns)
        self.own = [feature for feature in self.columns if feature in dictionary.load().names]

    def agrees(self, feature: str, lower: list[int], upper: list[int]) -> bool:
        """Whether all of ``upper`` have larger means than all of ``lower``, and no smaller medians."""
        means, medians = self.mean[feature], self.median[feature]
        return means[lower].max() < means[upper].min() and medians[lower].max() <= medians[upper].min()


@dataclass(frozen=True)
class _Extreme:
    """A sibling above or below all others of its name in one feature; ``gap`` in z-scores to the nearest of them."""

    segment: int
    feature: str
    side: str
    gap: float
    beyond: float  # the sibling's z-score on this side: negative where its words would deny it among all customers
    stands_out: bool  # on this side of all customers, too
    plain: bool  # whether the feature is a column of the file and the gap clear

    @property
    def wording(self) -> Wording:
        return dictionary.load().wordings[self.feature]

    @property
    def phrase(self) -> str:
        return getattr(self.wording, self.side)


def _told_apart(segments: list[int], table: _Table, topics: frozenset[str]) -> dict[int, list[str]]:
    """Qualifiers of each sibling, at most two: what it has more or less of than all others of its name.

    Args:
        topics: topics that the name speaks of already; used again only where nothing else differs.
    """
    if len(segments) == 1:
        return {segments[0]: []}
    qualifiers = _qualifiers(segments, table, topics)
    left = [segment for segment in segments if segment not in qualifiers]
    if len(left) == 1 and qualifiers:
        return qualifiers | {left[0]: [IN_BETWEEN]}
    further = _qualifiers(left, table, topics) if qualifiers else {}
    for number, segment in enumerate(left, start=1):
        last = further.get(segment, [f"group {number}"])
        qualifiers[segment] = [IN_BETWEEN, *last] if qualifiers.keys() - set(left) else last
    return qualifiers


def _qualifiers(segments: list[int], table: _Table, topics: frozenset[str]) -> dict[int, list[str]]:
    """The words of each sibling that is an extreme of something: its widest gap; two are the two sides of one gap.

    Words that say of a sibling no more than what is so of all customers are left out where the others' tell it apart.
    That can be done for one: of whom they are least true. Others take what sets them apart from all customers, too.
    """
    extremes = [extreme for feature in table.columns for extreme in _extremes(segments, table, feature)]
    extremes.sort(key=lambda extreme: (extreme.wording.topic in topics, not extreme.plain, -extreme.gap))
    chosen = _widest(extremes)
    ordinary = [extreme for extreme in chosen if not extreme.stands_out]
    bare = min(ordinary, key=lambda extreme: extreme.beyond).segment if ordinary else None
    if len(ordinary) > 1:
        extremes.sort(key=lambda extreme: (extreme.wording.topic in topics, not extreme.stands_out))
        chosen = _widest([extreme for extreme in extremes if extreme.segment != bare])
    qualifiers = {extreme.segment: [extreme.phrase] for extreme in chosen}
    return qualifiers if bare is None else qualifiers | {bare: []}


def _widest(extremes: list[_Extreme]) -> list[_Extreme]:
    """The first of each sibling; no two siblings are told apart by the same words."""
    chosen: dict[int, _Extreme] = {}
    taken: set[tuple[str, str]] = set()
    for extreme in extremes:
        words_of = (extreme.wording.topic, extreme.side)
        if extreme.segment not in chosen and words_of not in taken:
            chosen[extreme.segment] = extreme
            taken.add(words_of)
    return list(chosen.values())


def _extremes(segments: list[int], table: _Table, feature: str) -> list[_Extreme]:
    """The sibling with most and the one with least of a feature, where z-scores, means and medians agree on it."""
    z = table.z.loc[segments, feature].sort_values(kind="stable")
    if len(z) < 2 or z.isna().any():
        return []
    order = list(z.index)
    extremes = []
    for segment, side, gap in (
        (order[-1], "higher", z.iloc[-1] - z.iloc[-2]),
        (order[0], "lower", z.iloc[1] - z.iloc[0]),
    ):
        others = [sibling for sibling in segments if sibling != segment]
        lower, upper = (others, [segment]) if side == "higher" else ([segment], others)
        if gap > EQUAL and table.agrees(feature, lower, upper):
            beyond = float(z[segment] if side == "higher" else -z[segment])
            stands_out = table.sides.at[segment, feature] == side and gap > FAINT_Z
            plain = feature in table.own and gap > CLEAR_GAP
            extremes.append(_Extreme(int(segment), feature, side, float(gap), beyond, stands_out, plain))
    return extremes
