"""The segments as people: name, match, portrait, what sets them apart, what to do. This is ``personas.json``."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from seg_utils import words
from seg_utils.personas import matching, naming, portrait
from seg_utils.personas.catalogue import UNNAMED, Catalogue
from seg_utils.personas.standout import Standout, standouts

MET = 0.5
"""A catalogue line describes a segment only where every trait of the signature is met this far."""


def match(profiles: pd.DataFrame, sizes: Sequence[int], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Name and describe every segment.

    A segment whose match is below the catalogue's threshold is named by what sets it apart and gets the persona id
    ``unnamed``. Names are unique and depend on the profiles alone, not on the segments' numbers.

    Args:
        profiles: tidy profiles of ``personas.profile``.
        sizes: customers in each segment, shape (k,).
        catalogue: the personas to choose from.

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
    total = sum(int(size) for size in sizes)
    return [
        {
            "segment": segment,
            "size": int(sizes[segment]),
            "share": int(sizes[segment]) / total,
            "persona_id": persona_ids[segment],
            "persona": names[segment],
            **_fit(matches.loc[segment], best[segment], persona_ids[segment]),
            "description": _description(persona_ids[segment], catalogue, rows, apart[segment]),
            "portrait": portrait.sentences(rows, int(sizes[segment]), int(sizes[segment]) / total),
            "sets_apart": [asdict(one) for one in apart[segment]],
            **_plan(persona_ids[segment], catalogue),
        }
        for segment, rows in by_segment.items()
    ]


def _fit(matches: pd.Series, assigned: str, persona_id: str) -> dict[str, Any]:
    """The match of the given name and the best of the others; for an unnamed segment, the two nearest personas."""
    others = matches.drop(assigned) if persona_id != UNNAMED else matches
    runner_up = str(others.idxmax()) if len(others) else None
    return {
        "match": float(matches[assigned]),
        "runner_up": runner_up,
        "runner_up_match": float(others[runner_up]) if runner_up else None,
    }


def _description(persona_id: str, catalogue: Catalogue, rows: pd.DataFrame, apart: list[Standout]) -> str:
    """The catalogue's line where the segment meets the whole signature; otherwise what sets the segment apart."""
    persona = next((one for one in catalogue.personas if one.id == persona_id), None)
    if persona is not None:
        by_feature = {feature: one.set_index("segment") for feature, one in rows.groupby("feature")}
        met = [
            matching.trait_scores(trait, by_feature[trait.feature]).iloc[0] >= MET
            for trait in persona.signature
            if trait.feature in by_feature
        ]
        if all(met):
            return f"{persona.line}."
    if not apart:
        return f"{naming.AVERAGE_NAME}."
    return f"{words.capitalised(words.listing([one.phrase for one in apart[:3]]))}."


def _plan(persona_id: str, catalogue: Catalogue) -> dict[str, Any]:
    persona = next((one for one in catalogue.personas if one.id == persona_id), None)
    strategy = catalogue.strategy(persona_id)
    return {
        "actions": {"now": strategy.now, "later": strategy.later},
        "strategy": asdict(strategy),
        "audiences": dict(persona.audiences) if persona else {},
    }
