"""Which persona each segment is: its profile against every signature, one best assignment over all segments."""

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from seg_utils import dictionary
from seg_utils.personas.catalogue import Catalogue, Persona, Requirement, Trait

MEAN_KINDS = ("frequency", "share")
"""Kinds of the file's own columns, steps of a month, whose mean describes a segment; all else has long tails or
outliers of neighbouring segments, and is described by the median."""

WORST = 0.05
"""A trait that is not met at all still counts this much, so that one noisy trait cannot rule a persona out alone."""

UNKNOWN = 0.5
"""A trait of a feature the segment has no value for is neither met nor failed."""

LEAST_EVIDENCE = 0.5
"""Share of a signature's weight that must be in the profiles for the persona to be considered at all."""

SHARED_PENALTY = 0.02
"""What a match must gain for a second segment to join a persona instead of taking the next best one."""


def scores(profiles: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Match of every segment with every persona, 0..1, shape (k, personas); index segment, columns persona ids.

    A match is the weighted geometric mean of the traits, so that a persona is only as good as its weakest important
    trait; it is 0 where the segment's median member breaks what the persona requires. Absolute anchors are on shares
    and ratios alone; amounts are compared with the other customers. So a match does not depend on the currency.
    """
    segments = pd.Index(sorted(profiles["segment"].unique()), name="segment")
    by_feature = {
        feature: rows.set_index("segment").reindex(segments)
        for feature, rows in profiles.groupby("feature", sort=False)
    }
    columns = {one.id: _match(one, by_feature) * may_be_named(one, by_feature) for one in catalogue.personas}
    return pd.DataFrame(columns, index=segments)


def trait_scores(trait: Trait, rows: pd.DataFrame) -> np.ndarray:
    """How far each segment meets a trait, 0..1, shape (k,); ``rows`` are the profiles of its feature, one a segment."""
    if trait.around is None:
        distance = (rows["z"].to_numpy() - trait.z) / trait.width
    else:
        known = dictionary.load()
        is_months = trait.feature in known.names and known[trait.feature].kind in MEAN_KINDS
        distance = (rows["mean" if is_months else "median"].to_numpy() - trait.around) / trait.width
    met = {
        "high": 0.5 + distance / 2,
        "low": 0.5 - distance / 2,
        "typical": 1 - np.abs(distance) / 2,
    }[trait.should_be]
    return np.nan_to_num(met.clip(0, 1), nan=UNKNOWN)


def may_be_named(persona: Persona, by_feature: dict[str, pd.DataFrame]) -> np.ndarray | bool:
    """Whether each segment's median member meets all that the persona requires, shape (k,).

    A feature that the run does not use is not asked about; one without any value in a segment is not met there.
    """
    present = [one for one in persona.requires if one.feature in by_feature]
    return np.logical_and.reduce([_meets(one, by_feature[one.feature]) for one in present]) if present else True


def _meets(requirement: Requirement, rows: pd.DataFrame) -> np.ndarray:
    median = rows["median"].to_numpy()
    than = rows["population_median"].to_numpy() if requirement.than is None else requirement.than
    return {"above": median > than, "at_least": median >= than, "at_most": median <= than}[requirement.bound]


def assign(matches: pd.DataFrame) -> pd.Series:
    """Persona of every segment: the assignment with the largest sum of matches (``scipy``'s linear sum assignment).

    A persona may take several segments, since a large kind of customer falls apart first as k grows; every segment
    beyond its first costs ``SHARED_PENALTY``. The order of the segments does not matter.
    """
    order = matches.sort_values(list(matches.columns), ascending=False).index
    ordered = matches.loc[order]
    first = ordered.to_numpy()
    slots = np.hstack([first, *[first - SHARED_PENALTY] * (len(order) - 1)])
    rows, columns = linear_sum_assignment(slots, maximize=True)
    chosen = [matches.columns[column % first.shape[1]] for column in columns]
    return pd.Series(chosen, index=order[rows]).reindex(matches.index)


def _match(persona: Persona, by_feature: dict[str, pd.DataFrame]) -> np.ndarray | float:
    """Weighted geometric mean of the traits, shape (k,); 0 where too little of the signature is in the profiles."""
    present = [trait for trait in persona.signature if trait.feature in by_feature]
    weight = sum(trait.weight for trait in present)
    if weight < LEAST_EVIDENCE * sum(trait.weight for trait in persona.signature):
        return 0.0
    logs = [np.log(trait_scores(one, by_feature[one.feature]).clip(min=WORST)) * one.weight for one in present]
    return np.exp(sum(logs) / weight)
