"""One line on a segment: the catalogue's, where all of it is true of the segment; else what sets the segment apart."""

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.core.dictionary import Derived
from seg_utils.core.transformation import Formula
from seg_utils.personas import matching
from seg_utils.personas.catalogue import Persona, Trait
from seg_utils.personas.contrasts import Standout
from seg_utils.personas.naming import NOTHING_APART
from seg_utils.personas.profiling import Readings

MET = 0.5
"""A trait holds from this score on: the segment is on the right side of its anchor."""

PHRASES = 3


def describe(persona: Persona | None, rows: pd.DataFrame, apart: list[Standout]) -> str:
    """A sentence that no number of the segment's profile contradicts.

    Args:
        persona: the segment's persona, None for an unnamed segment.
        rows: the segment's rows of the tidy profiles, index feature.
        apart: what sets it apart, strongest first.
    """
    if persona is not None:
        present = [trait for trait in persona.signature if trait.feature in rows.index]
        if all(_holds(trait, rows) for trait in present):
            return f"{persona.line}."
    if not apart:
        return f"{NOTHING_APART}."
    return f"{words.capitalised(words.listing([one.phrase for one in apart[:PHRASES]]))}."


def _holds(trait: Trait, rows: pd.DataFrame) -> bool:
    """Whether every reading of the trait's feature that a table may show is on the right side of the anchor."""
    if matching.trait_scores(trait, Readings.of(rows.loc[[trait.feature]])).item() < MET:
        return False
    row = rows.loc[trait.feature]
    if trait.around is None:
        return _beside_all(trait, row)
    return all(_on_side(trait, reading) for reading in _readings(trait.feature, rows))


def _beside_all(trait: Trait, row: pd.Series) -> bool:
    """Mean and median lie on the same side of all customers as the z-score does.

    A mild trait, such as "not far above the others", claims nothing about the side and always holds here.
    """
    if trait.should_be == "high" and trait.z >= 0:
        return row["mean"] >= row["population_mean"] and row["median"] >= row["population_median"]
    if trait.should_be == "low" and trait.z <= 0:
        return row["mean"] <= row["population_mean"] and row["median"] <= row["population_median"]
    return True


def _readings(feature: str, rows: pd.DataFrame) -> list[float]:
    """The mean of a share; of a derived ratio also the ratio of the means, as a reader would work it out."""
    known = dictionary.load()[feature]
    readings = [float(rows.at[feature, "mean"])] if known.kind == "share" else []
    formula = known.formula if isinstance(known, Derived) else Formula()
    if formula.of and set(formula.needs) <= set(rows.index):
        divisor = sum(rows.at[name, "mean"] for name in formula.to)
        if divisor > 0:
            readings.append(float(sum(rows.at[name, "mean"] for name in formula.of) / divisor))
    return readings


def _on_side(trait: Trait, reading: float) -> bool:
    reach = abs(reading - trait.around)
    return {"high": reading >= trait.around, "low": reading <= trait.around, "typical": reach <= trait.width}[
        trait.should_be
    ]
