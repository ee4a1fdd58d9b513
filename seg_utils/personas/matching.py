"""How well every persona's signature fits: the segments, by their profiles, and each customer, by its own figures;
and the one best assignment of names to segments that follows."""

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.personas import profiling, requirements
from seg_utils.personas.catalogue import KIND, LEAST_EVIDENCE, ORDERS, UNNAMED, Catalogue, Persona, Trait
from seg_utils.personas.profiling import Readings

# Kinds of the file's own columns, steps of a month, whose mean describes a segment; all else has long tails or
# outliers of neighbouring segments, and is described by the median
MEAN_KINDS = ("frequency", "share")

# A trait that is not met at all still counts this much, so that one noisy trait cannot rule a persona out alone
WORST = 0.05

UNKNOWN = 0.5  # a trait of a feature without a value is neither met nor failed


def scores(profiles: pd.DataFrame, values: pd.DataFrame, labels: np.ndarray, catalogue: Catalogue) -> pd.DataFrame:
    """Match of every segment with every persona, 0..1, shape (k, personas); index segment, columns persona ids. A match
    is the weighted geometric mean of the traits, so that a persona is only as good as its weakest important trait; it
    is 0 where the segment's members (``profiling.described``'s table) break what the persona requires. Absolute anchors
    are on shares and ratios alone; amounts are compared with the other customers. So a match does not depend on the
    currency."""
    fitting = signatures(profiles, catalogue)
    hold = {persona.id: requirements.all_hold(persona.requires, values, labels) for persona in catalogue.personas}
    return fitting * pd.DataFrame(hold, fitting.index)


def signatures(profiles: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """``scores``, whatever the personas require."""
    segments = pd.Index(sorted(profiles["segment"].unique()), name="segment")
    read = profiling.of_segments(profiles)
    return pd.DataFrame({persona.id: _match(persona, read) for persona in catalogue.personas}, segments)


def fits(values: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Which persona each customer is, by the customer's own figures (``profiling.described``'s table): shape (n,
    personas), each row's kinds sum to 1. The kind of behaviour that matches best, where it reaches the threshold; one
    that matches as well shares the customer. Personas that come before or after the kinds are asked about for
    themselves."""
    features = {trait.feature for persona in catalogue.personas for trait in persona.signature}
    read = profiling.of_customers(values, features)
    matches = pd.DataFrame(
        {persona.id: _match(persona, read) * _meets_all(persona, values) for persona in catalogue.personas},
        values.index,
    )
    matches = matches.where(matches >= catalogue.threshold, 0.0)
    kinds = catalogue.in_order(KIND)
    best = matches[kinds].max(axis=1)
    ours = matches[kinds].eq(best, axis=0) & (best > 0).to_numpy()[:, None]
    shares = (matches > 0).astype("float64")
    shares[kinds] = ours.div(ours.sum(axis=1).clip(lower=1), axis=0)
    return shares


def trait_scores(trait: Trait, read: Readings) -> np.ndarray:
    """How far each segment or customer meets a trait, 0..1, shape (k,); ``read`` is the trait's feature."""
    if trait.around is None:
        distance = (read.z - trait.z) / trait.width
    else:
        known = dictionary.load()
        is_months = trait.feature in known.names and known[trait.feature].kind in MEAN_KINDS
        distance = ((read.mean if is_months else read.median) - trait.around) / trait.width
    met = {"high": 0.5 + distance / 2, "low": 0.5 - distance / 2, "typical": 1 - np.abs(distance) / 2}[trait.should_be]
    return np.nan_to_num(met.clip(0, 1), nan=UNKNOWN)


def _meets_all(persona: Persona, values: pd.DataFrame) -> np.ndarray | bool:
    """Whether each customer meets all that the persona requires, shape (n,). What has no value is above nothing: of a
    customer without purchases and cash, no part is cash; all else that has no value is not met."""
    applicable = [rule for rule in persona.requires if rule.feature in values]
    met = [rule.met(values[rule.feature]).fillna(float(rule.bound == "at_most")) == 1 for rule in applicable]
    return np.logical_and.reduce(met) if met else True


def _match(persona: Persona, read: dict[str, Readings]) -> np.ndarray | float:
    """Weighted geometric mean of the traits, shape (k,); 0 where too little of the signature is in the file, or the
    dictionary lacks what the persona requires."""
    if persona.lacking():
        return 0.0
    present = [trait for trait in persona.signature if trait.feature in read]
    weight = sum(trait.weight for trait in present)
    if weight < LEAST_EVIDENCE * sum(trait.weight for trait in persona.signature):
        return 0.0
    logs = [np.log(trait_scores(trait, read[trait.feature]).clip(min=WORST)) * trait.weight for trait in present]
    return np.exp(sum(logs) / weight)


# What the members' own figures count beside the segment's profile when personas compete for a segment. Anything from
# 0.2 to 0.5 names about as many planted segments right; 0 and 1 name fewer.
MEMBERS_WEIGHT = 0.4

# What a share of no members still counts, so that a profile can speak for itself when personas are ranked
NO_MEMBERS = 0.05

SILENCE = 0.3  # what a name loses that speaks of nothing that sets the segment apart

# What a segment's strength must gain for it to join another's persona instead of taking the next best one
SHARED_PENALTY = 0.02


def assign(matches: pd.DataFrame, shares: pd.DataFrame, spoken: pd.DataFrame, catalogue: Catalogue) -> pd.Series:
    """Persona id of every segment, or ``unnamed``; index segment. The assignment has the largest sum of strengths
    (``scipy``'s linear sum assignment), by how well each signature fits each segment's profile, the share of its
    members that are each persona by their own figures, and how much of what sets it apart each name speaks of, all (k,
    personas). A persona may take several segments, since a large kind of customer falls apart first as k grows; every
    segment beyond its first costs ``SHARED_PENALTY``. The order of the segments does not matter."""
    from scipy.optimize import linear_sum_assignment

    if not catalogue.personas:
        return pd.Series(UNNAMED, index=matches.index)
    strength = strengths(matches, shares, spoken).where(_may_bear(matches, shares, catalogue), 0.0)
    order = strength.sort_values(list(strength.columns), ascending=False).index
    first = strength.loc[order].to_numpy()
    slots = pd.concat([strength.loc[order], *[strength.loc[order] - SHARED_PENALTY] * (len(order) - 1)], axis=1)
    rows, columns = linear_sum_assignment(slots.to_numpy(), maximize=True)
    chosen = {
        order[row]: strength.columns[column % first.shape[1]] if slots.iat[row, column] > 0 else UNNAMED
        for row, column in zip(rows, columns, strict=True)
    }
    return pd.Series(chosen).reindex(matches.index)


def strengths(matches: pd.DataFrame, shares: pd.DataFrame, spoken: pd.DataFrame) -> pd.DataFrame:
    """What ranks the personas of a segment: match, members and what sets it apart, 0..1, shape (k, personas)."""
    of_members = shares.clip(upper=1) * (1 - NO_MEMBERS) + NO_MEMBERS
    fitting = matches ** (1 - MEMBERS_WEIGHT) * of_members**MEMBERS_WEIGHT
    return fitting * (1 - SILENCE + SILENCE * spoken)


def _may_bear(matches: pd.DataFrame, shares: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Which names would hold of which segments, bool, shape (k, personas): of those, the first in order."""
    holds = (matches >= catalogue.threshold) & (shares >= catalogue.members)
    named = pd.Series(False, index=holds.index)
    for order in ORDERS:
        names = catalogue.in_order(order)
        holds.loc[named, names] = False
        named |= holds[names].any(axis=1)
    return holds
