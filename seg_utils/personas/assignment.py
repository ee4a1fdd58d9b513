"""Which persona's name each segment bears: one best assignment over all segments, of names that hold."""

import pandas as pd

from seg_utils.personas.catalogue import ORDERS, UNNAMED, Catalogue

MEMBERS_WEIGHT = 0.4
"""What the members' own figures count beside the segment's profile when personas compete for a segment. Anything from
0.2 to 0.5 names about as many planted segments right; 0 and 1 name fewer."""

NO_MEMBERS = 0.05
"""What a share of no members still counts, so that a profile can speak for itself when personas are ranked."""

SILENCE = 0.3
"""What a name loses that speaks of nothing that sets the segment apart."""

SHARED_PENALTY = 0.02
"""What a segment's strength must gain for it to join another's persona instead of taking the next best one."""


def assign(matches: pd.DataFrame, shares: pd.DataFrame, spoken: pd.DataFrame, catalogue: Catalogue) -> pd.Series:
    """Persona id of every segment, or ``unnamed``; index segment.

    The assignment has the largest sum of strengths (``scipy``'s linear sum assignment). A persona may take several
    segments, since a large kind of customer falls apart first as k grows; every segment beyond its first costs
    ``SHARED_PENALTY``. The order of the segments does not matter.

    Args:
        matches: how well each signature fits each segment's profile, 0..1, shape (k, personas).
        shares: share of each segment's members that are each persona by their own figures, same shape.
        spoken: how much of what sets each segment apart each name speaks of, 0..1, same shape.
        catalogue: the least match and the least share that a name needs, and the order of the personas.
    """
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
