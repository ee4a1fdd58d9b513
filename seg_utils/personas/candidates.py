"""Why a segment bears one persona's name and not another's."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from seg_utils.core.words import percent, shown
from seg_utils.personas import matching, requirements
from seg_utils.personas.catalogue import ORDERS, Catalogue, Persona
from seg_utils.personas.segment_personas import Weighed, weigh

COLUMNS = ("segment", "persona", "given", "score", "signature", "members", "rules", "why_not")


def candidates(
    customers: pd.DataFrame, labels: np.ndarray, profiles: pd.DataFrame, catalogue: Catalogue
) -> pd.DataFrame:
    """What was weighed when ``match``, of the same arguments, named the segments: one row a segment and persona, the
    highest score first.

    ``signature`` is how well the segment's profile fits, ``members`` the share of its customers who are that persona by
    their own figures, and ``score`` what ranks the names: both together, and how much of what sets the segment apart
    the name speaks of; none of them looks at ``requires``. ``rules`` says how many of those hold, and ``why_not``
    everything that stands against the name, or that another was ``given``; empty for the one that was.
    """
    weighed = weigh(customers, labels, profiles, catalogue)
    signatures = matching.signatures(profiles, catalogue)
    scores = matching.strengths(signatures, weighed.shares, weighed.spoken)
    of_members = {
        id(rule): _members(rule, weighed.values, labels) for one in catalogue.personas for rule in one.requires
    }
    rows = []
    for segment in signatures.index:
        for persona in catalogue.personas:
            rules = [(rule, of_members[id(rule)]) for rule in persona.requires if rule.feature in weighed.values]
            broken = [_broken(rule, of.loc[segment]) for rule, of in rules if not of.loc[segment, "share"] > rule.by]
            signature, members = signatures.loc[segment, persona.id], weighed.shares.loc[segment, persona.id]
            against = [*_too_little(persona, signature, members, catalogue), *broken]
            given = weighed.persona_ids[segment] == persona.id
            if not against and not given:
                against = [_another(persona, segment, scores, weighed, catalogue)]
            held = f"{len(rules) - len(broken)} of {len(rules)}"
            score = scores.loc[segment, persona.id]
            rows.append((segment, persona.name, given, score, signature, members, held, "; ".join(against)))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["segment", "score"], ascending=[True, False], kind="stable", ignore_index=True)


def _members(rule: requirements.Requirement, values: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Of each segment (index), the share of the members who meet a rule and their median of its feature."""
    if rule.feature not in values:
        return pd.DataFrame()
    medians = values[rule.feature].groupby(np.asarray(labels)).median()
    return pd.DataFrame({"share": requirements.shares(rule, values, labels), "median": medians})


def _broken(rule: requirements.Requirement, members: pd.Series) -> str:
    than = "that of all" if rule.than is None else f"{rule.than:g}"
    meet = f"{shown(members['share'], percent)} of the members, more than {percent(rule.by)} needed"
    return f"{rule.feature} {rule.bound.replace('_', ' ')} {than}: {meet}, median {members['median']:.3g}"


def _too_little(persona: Persona, signature: float, members: float, catalogue: Catalogue) -> Iterator[str]:
    """Why a profile or its customers are not enough for a name."""
    if lacking := persona.lacking():
        yield f"the dictionary lacks {', '.join(lacking)}"
    elif signature < catalogue.threshold:
        yield f"signature {signature:.2f}, threshold {catalogue.threshold:g}"
    if members < catalogue.members:
        yield f"{percent(members)} of the members, {percent(catalogue.members)} needed"


def _another(persona: Persona, segment: int, scores: pd.DataFrame, weighed: Weighed, catalogue: Catalogue) -> str:
    """Why a name that would hold was not given."""
    given = catalogue.find(weighed.persona_ids[segment])
    if given is None:
        return "another segment bears it"
    if ORDERS.index(given.order) < ORDERS.index(persona.order):
        return f"{given.name} goes before it"
    more = scores.loc[segment, given.id] - scores.loc[segment, persona.id]
    return f"{given.name} scores {more:.2f} more" if more > 0 else "the names of all segments together fit better"
