"""How well every persona's signature fits: the segments, by their profiles, and each customer, by its own figures."""

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.personas import profiling, requirements
from seg_utils.personas.catalogue import KIND, LEAST_EVIDENCE, Catalogue, Persona, Trait
from seg_utils.personas.profiling import Readings

MEAN_KINDS = ("frequency", "share")
"""Kinds of the file's own columns, steps of a month, whose mean describes a segment; all else has long tails or
outliers of neighbouring segments, and is described by the median."""

WORST = 0.05
"""A trait that is not met at all still counts this much, so that one noisy trait cannot rule a persona out alone."""

UNKNOWN = 0.5
"""A trait of a feature without a value is neither met nor failed."""


def scores(profiles: pd.DataFrame, values: pd.DataFrame, labels: np.ndarray, catalogue: Catalogue) -> pd.DataFrame:
    """Match of every segment with every persona, 0..1, shape (k, personas); index segment, columns persona ids.

    A match is the weighted geometric mean of the traits, so that a persona is only as good as its weakest important
    trait; it is 0 where the segment's members break what the persona requires. Absolute anchors are on shares and
    ratios alone; amounts are compared with the other customers. So a match does not depend on the currency.

    Args:
        profiles: tidy profiles of the segments.
        values: ``profiling.described``'s table of all customers, shape (n, features).
        labels: the segment of each, shape (n,).
        catalogue: the personas to choose from.
    """
    segments = pd.Index(sorted(profiles["segment"].unique()), name="segment")
    read = profiling.of_segments(profiles)
    return pd.DataFrame(
        {
            one.id: _match(one, read) * requirements.all_hold(one.requires, values, labels).reindex(segments)
            for one in catalogue.personas
        },
        index=segments,
    )


def fits(values: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Which persona each customer is, by the customer's own figures: shape (n, personas), each row's kinds sum to 1.

    The kind of behaviour that matches best, where it reaches the threshold; one that matches as well shares the
    customer. Personas that come before or after the kinds are asked about for themselves.

    Args:
        values: ``profiling.described``'s table, one row a customer.
        catalogue: the personas to choose from.
    """
    features = {trait.feature for persona in catalogue.personas for trait in persona.signature}
    read = profiling.of_customers(values, features)
    matches = pd.DataFrame(
        {one.id: _match(one, read) * _meets_all(one, values) for one in catalogue.personas}, values.index
    )
    matches = matches.where(matches >= catalogue.threshold, 0.0)
    kinds = catalogue.in_order(KIND)
    best = matches[kinds].max(axis=1)
    ours = matches[kinds].eq(best, axis=0) & (best > 0).to_numpy()[:, None]
    found = (matches > 0).astype("float64")
    found[kinds] = ours.div(ours.sum(axis=1).clip(lower=1), axis=0)
    return found


def trait_scores(trait: Trait, read: Readings) -> np.ndarray:
    """How far each segment or customer meets a trait, 0..1, shape (k,); ``read`` is the trait's feature."""
    if trait.around is None:
        distance = (read.z - trait.z) / trait.width
    else:
        known = dictionary.load()
        is_months = trait.feature in known.names and known[trait.feature].kind in MEAN_KINDS
        distance = ((read.mean if is_months else read.median) - trait.around) / trait.width
    met = {
        "high": 0.5 + distance / 2,
        "low": 0.5 - distance / 2,
        "typical": 1 - np.abs(distance) / 2,
    }[trait.should_be]
    return np.nan_to_num(met.clip(0, 1), nan=UNKNOWN)


def _meets_all(persona: Persona, values: pd.DataFrame) -> np.ndarray | bool:
    """Whether each customer meets all that the persona requires, shape (n,); what has no value is not met."""
    asked = [one for one in persona.requires if one.feature in values]
    return np.logical_and.reduce([one.met(values[one.feature]) == 1 for one in asked]) if asked else True


def _match(persona: Persona, read: dict[str, Readings]) -> np.ndarray | float:
    """Weighted geometric mean of the traits, shape (k,); 0 where too little of the signature is in the file, or the
    dictionary lacks what the persona requires."""
    if persona.lacking():
        return 0.0
    present = [trait for trait in persona.signature if trait.feature in read]
    weight = sum(trait.weight for trait in present)
    if weight < LEAST_EVIDENCE * sum(trait.weight for trait in persona.signature):
        return 0.0
    logs = [np.log(trait_scores(one, read[one.feature]).clip(min=WORST)) * one.weight for one in present]
    return np.exp(sum(logs) / weight)
