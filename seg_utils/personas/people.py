"""The segments as people: name, match, portrait, what sets them apart, what to do. This is ``personas.json``."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from seg_utils.personas import matching, naming, portrait
from seg_utils.personas.catalogue import UNNAMED, Catalogue, Persona
from seg_utils.personas.description import describe
from seg_utils.personas.standout import standouts


def match(
    profiles: pd.DataFrame, sizes: Sequence[int], catalogue: Catalogue, customers: int | None = None
) -> list[dict[str, Any]]:
    """Name and describe every segment.

    A segment whose match is below the catalogue's threshold is named by what sets it apart and gets the persona id
    ``unnamed``. Names are unique and depend on the profiles alone, not on the segments' numbers.

    Args:
        profiles: tidy profiles of ``personas.profile``.
        sizes: customers in each segment, shape (k,).
        catalogue: the personas to choose from.
        customers: how many shares are of; where some are in no segment, more than the sizes' sum, which is the default.

    Returns:
        One dict a segment, in segment order, of plain values for JSON.
    """
    matches = matching.scores(profiles, catalogue)
    best = matching.assign(matches)
    persona_ids = pd.Series(
        {segment: one if matches.at[segment, one] >= catalogue.threshold else UNNAMED for segment, one in best.items()}
    )
    by_segment = {int(segment): rows for segment, rows in profiles.groupby("segment")}
    apart = {segment: standouts(rows) for segment, rows in by_segment.items()}
    names = naming.display_names(persona_ids, catalogue, profiles, apart)
    total = customers or sum(int(size) for size in sizes)
    people = []
    for segment, rows in by_segment.items():
        persona = catalogue.find(persona_ids[segment])
        size, share = int(sizes[segment]), int(sizes[segment]) / total
        people.append(
            {
                "segment": segment,
                "size": size,
                "share": share,
                "persona_id": persona_ids[segment],
                "persona": names[segment],
                **_fit(matches.loc[segment], best[segment], persona_ids[segment]),
                "description": describe(persona, rows.set_index("feature"), apart[segment]),
                "portrait": portrait.sentences(rows, size, share),
                "sets_apart": [asdict(one) for one in apart[segment]],
                **_plan(persona, catalogue),
            }
        )
    return people


def _fit(matches: pd.Series, assigned: str, persona_id: str) -> dict[str, Any]:
    """The match of the given name and the best of the others; for an unnamed segment, the two nearest personas."""
    others = matches.drop(assigned) if persona_id != UNNAMED else matches
    runner_up = str(others.idxmax()) if len(others) else None
    return {
        "match": float(matches[assigned]),
        "runner_up": runner_up,
        "runner_up_match": float(others[runner_up]) if runner_up else None,
    }


def _plan(persona: Persona | None, catalogue: Catalogue) -> dict[str, Any]:
    strategy = persona.strategy if persona else catalogue.otherwise
    return {
        "actions": {"now": strategy.now, "later": strategy.later},
        "strategy": asdict(strategy),
        "audiences": dict(persona.audiences) if persona else {},
    }
