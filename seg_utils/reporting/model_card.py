"""The model card: what a model was made from, how far it holds, what it is for and what it must not be used for.

Sections after Mitchell et al., Model Cards for Model Reporting (2019). Every number comes from an artefact of the run.
"""

import re
from collections.abc import Mapping
from typing import Any

from seg_utils.clustering import Exemplars
from seg_utils.core import dictionary, paths, words
from seg_utils.core.artefacts import sha256
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.reporting import narrative
from seg_utils.reporting.markdown import Markdown, fill, printable
from seg_utils.scoring import drift
from seg_utils.scoring.answer import segments
from seg_utils.scoring.model import SegmentModel

NAME = "model_card.md"

# What does something within a line of Markdown as sites show it; an underscore between letters does not
MARKUP = re.compile(r"[\\`*<>|\[\]&~$]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=[wW]{3})\.")


def page(
    model: SegmentModel, quality: Mapping[str, Any], metrics: Mapping[str, Any], versions: Mapping[str, str]
) -> Markdown:
    """The card as Markdown, of a model with its segments' words, ``quality.json``, ``metrics.json`` and the versions of
    what made them; text from the data is inert."""
    known = dictionary.load()
    stability, space = metrics["stability"], model.space
    holds = not narrative.no_segments(metrics["standing"])
    names = [segments(model)[number].name for number in range(len(model.sizes))]
    grades = stability["grades"] if holds else [narrative.NO_SEGMENT] * len(names)
    weak = [plain(name) for name, grade in zip(names, grades, strict=True) if grade == WEAK]
    missing = [f"{name} {words.percent(seen.missing)}" for name, seen in model.reference.ranges.items() if seen.missing]
    return fill(
        "model-card",
        model=model,
        quality=quality,
        metrics=metrics,
        stability=stability,
        holds=holds,
        cards=known.cards,
        plain=plain,
        standing=Markdown(narrative.standing(metrics)),
        algorithm=Markdown(metrics.get("algorithm_name", model.algorithm)),
        total=model.reference.customers,
        features=Markdown(", ".join(f"{name} ({known.label(name)})" for name in space.features)),
        computed=[Markdown(f"{name} is {formula.in_words()}") for name, formula in space.formulas.items()],
        missing=Markdown(", ".join(missing)),
        encoder=Markdown(f"an autoencoder of {'-'.join(map(str, space.encoder.sizes))}" if space.encoder else "none"),
        currency=Markdown(known.currency or "the units of the file"),
        segments=zip(names, model.sizes, stability["jaccard"], metrics["silhouette_by_segment"], grades, strict=True),
        weak=Markdown(narrative.few(weak, len(names)) if weak else ""),
        weak_grade=WEAK,
        exemplars=len(model.placement.points) if isinstance(model.placement, Exemplars) else 0,
        drift=drift,
        model_sha256=model.to_dict()["sha256"],
        dictionary_sha256=sha256(paths.catalogue("DICTIONARY")),
        versions=Markdown(", ".join(f"{name} {number}" for name, number in versions.items())),
    )


def plain(text: object) -> Markdown:
    """Text within a line that shows as it is: no HTML, no links, no emphasis, no end of a table's cell."""
    return Markdown(MARKUP.sub(r"\\\g<0>", printable(text)))
