"""What sets a segment apart from all customers, one feature a topic."""

from dataclasses import dataclass

import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.dictionary import Wording
from seg_utils.personas.catalogue import Catalogue

LEAST_Z = 0.5
"""A segment stands out where its z-score is at least this far from 0."""

FAINT_Z = 0.1
"""Where nothing stands out so far, this far will do."""

LEAST_TIMES = 1.1
"""In either case its mean is at least this many times the population's mean (or at most one over it)."""

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

    Args:
        rows: the segment's rows of the tidy profiles.
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
        said = {(topics.get(trait.feature), trait.should_be) for trait in persona.signature}
        shares[persona.id] = {segment: _share_said(found, said, topics) for segment, found in apart.items()}
    return pd.DataFrame(shares, index=list(apart)).rename_axis("segment")


def _share_said(apart: list[Standout], said: set[tuple[str | None, str]], topics: dict[str, str]) -> float:
    whole = sum(abs(one.z) for one in apart)
    part = sum(abs(one.z) for one in apart if (topics[one.feature], one.direction) in said)
    return part / whole if whole > 0 else 1.0


def _beyond(least_z: float, rows: pd.DataFrame) -> list[Standout]:
    known = dictionary.load()
    spoken = rows[rows["feature"].isin(known.wordings)].dropna(subset=["z", "mean", "median"])
    found: dict[str, Standout] = {}
    for row in spoken.sort_values("z", key=abs, ascending=False, kind="stable").itertuples():
        direction = _direction(row, least_z)
        wording = known.wordings[row.feature]
        if direction is None or wording.topic in found:
            continue
        phrase = _phrase(wording, direction, row.mean)
        if phrase in {one.phrase for one in found.values()}:
            continue
        found[wording.topic] = Standout(
            feature=row.feature,
            label=known.label(row.feature),
            direction=direction,
            z=float(row.z),
            times=float(row.mean / row.population_mean),
            phrase=phrase,
        )
    return list(found.values())[:KEPT]


def _phrase(wording: Wording, direction: str, mean: float) -> str:
    return wording.none if wording.none and mean == 0 else getattr(wording, direction)


def _direction(row: tuple, least_z: float) -> str | None:
    if row.population_mean <= 0:
        return None
    times = row.mean / row.population_mean
    if row.z >= least_z and times >= LEAST_TIMES and row.median >= row.population_median:
        return "high"
    if row.z <= -least_z and times <= 1 / LEAST_TIMES and row.median <= row.population_median:
        return "low"
    return None
