"""The segments as people: name, match, portrait, what sets them apart, what to do. This is ``personas.json``."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.personas import matching, naming, portrait, profiling, requirements
from seg_utils.personas.catalogue import LAST, UNNAMED, Catalogue, Persona
from seg_utils.personas.naming import Standout, spoken, standouts
from seg_utils.personas.portrait import describe

FITS_NO_PERSONA = "no persona of the catalogue is true of enough of them"  # why a segment without a persona has no move
LEAST_TOLD = 0.05  # share of a segment's members from which a persona of theirs is told


def match(
    customers: pd.DataFrame,
    labels: np.ndarray,
    profiles: pd.DataFrame,
    catalogue: Catalogue,
    *,
    stands_for: float = 1.0,
) -> list[dict[str, Any]]:
    """Name and describe every segment, and say what to do with it.

    A segment that resembles no persona enough, or too few of whose members do, is named by what sets it apart and gets
    the persona id ``unnamed``. Names are unique and depend on the customers alone, not on the segments' numbers. Where
    the members contradict the premise of the persona's action, it is not proposed; ``no_move`` says why.

    Args:
        customers: canonical columns, original units, one row a customer.
        labels: the segment of each customer, shape (n,); whoever is in none of the profiles' counts for the shares.
        profiles: tidy profiles of ``personas.profile``, of the segments.
        stands_for: how many customers each of these stands for, where they are a sample; a segment's ``size`` is of
            all.

    Returns:
        One dict a segment, in segment order, of plain values for JSON.
    """
    weighed = weigh(customers, labels, profiles, catalogue)
    values, matches, shares = weighed.values, weighed.matches, weighed.shares
    persona_ids, apart = weighed.persona_ids, weighed.apart
    names = naming.display_names(persona_ids, catalogue, profiles, apart)
    colours = catalogue.colours(persona_ids)
    strengths = matching.strengths(matches, shares, weighed.spoken)
    people = []
    for segment, rows in ((int(segment), rows) for segment, rows in profiles.groupby("segment")):
        persona = catalogue.find(persona_ids[segment])
        share = int((labels == segment).sum()) / len(labels)
        size = round((labels == segment).sum() * stands_for)
        people.append(
            {
                "segment": segment,
                "size": size,
                "share": share,
                "persona_id": persona_ids[segment],
                "persona": names[segment],
                "colour": colours[segment],
                **_fit(matches.loc[segment], strengths.loc[segment], persona_ids[segment]),
                "members": _members(shares.loc[segment], persona_ids[segment], catalogue),
                "description": describe(persona, rows.set_index("feature"), apart[segment]),
                "portrait": portrait.sentences(rows, size, share),
                "sets_apart": [asdict(standout) for standout in apart[segment]],
                **_plan(persona, catalogue, values, np.asarray(labels) == segment),
            }
        )
    return people


@dataclass(frozen=True)
class Weighed:
    """What names are given by: all customers' features (n, features); match, share of the members and how much of what
    sets the segment ``apart`` a name speaks of, each (k, personas); and the persona id of each segment that follows."""

    values: pd.DataFrame
    matches: pd.DataFrame
    shares: pd.DataFrame
    spoken: pd.DataFrame
    persona_ids: pd.Series
    apart: dict[int, list[Standout]]


def weigh(customers: pd.DataFrame, labels: np.ndarray, profiles: pd.DataFrame, catalogue: Catalogue) -> Weighed:
    """How well each persona fits each segment, and which one each gets. The arguments are those of ``match``."""
    values = profiling.described(customers)
    matches = matching.scores(profiles, values, labels, catalogue)
    shares = matching.fits(values, catalogue).groupby(np.asarray(labels)).mean().reindex(matches.index)
    apart = {int(segment): standouts(rows) for segment, rows in profiles.groupby("segment")}
    said = spoken(apart, catalogue)
    return Weighed(values, matches, shares, said, matching.assign(matches, shares, said, catalogue), apart)


def _fit(matches: pd.Series, strengths: pd.Series, persona_id: str) -> dict[str, Any]:
    """The match of the given name and the strongest of the others; of an unnamed segment, of its nearest persona."""
    others = strengths.drop(persona_id, errors="ignore")
    runner_up = str(others.idxmax()) if len(others) else None
    return {
        "match": float(matches[runner_up if persona_id == UNNAMED else persona_id]) if len(matches) else None,
        "runner_up": runner_up,
        "runner_up_match": float(matches[runner_up]) if runner_up else None,
    }


def _members(shares: pd.Series, persona_id: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    """What the members are by their own figures, the largest share first; personas of next to nobody are left out, and
    broad ones that do not name the segment."""
    shares = shares.drop([last for last in catalogue.in_order(LAST) if last != persona_id])
    ranked = shares[shares >= LEAST_TOLD].sort_values(ascending=False, kind="stable")
    return [
        {"persona_id": persona, "persona": catalogue.find(persona).name, "share": float(share)}
        for persona, share in ranked.items()
    ]


def _plan(persona: Persona | None, catalogue: Catalogue, values: pd.DataFrame, inside: np.ndarray) -> dict[str, Any]:
    """What to do: the persona's strategy, where the members meet its premise."""
    no_move = requirements.broken(persona.premise, values, inside) if persona else FITS_NO_PERSONA
    proposed = not no_move
    strategy = persona.strategy if proposed else catalogue.otherwise
    return {
        "no_move": no_move,
        "actions": {name: getattr(strategy, name) if catalogue.personas else "" for name in ("now", "later")},
        "strategy": asdict(strategy),
        "audiences": dict(persona.audiences) if proposed else {},
    }
