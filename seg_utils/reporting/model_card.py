"""The model card: what a model was made from, how far it holds, what it is for and what it must not be used for.

Sections after Mitchell et al., Model Cards for Model Reporting (2019). Every number comes from an artefact of the run.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seg_utils.clustering import Exemplars
from seg_utils.core import dictionary, paths, words
from seg_utils.core.artefacts import sha256, write_text
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.reporting import narrative
from seg_utils.reporting.exports.column_meanings import in_words
from seg_utils.reporting.markdown import plain_table, printable
from seg_utils.scoring import drift
from seg_utils.scoring.answer import segments
from seg_utils.scoring.model import SegmentModel

NAME = "model_card.md"

MARKUP = re.compile(r"[\\`*<>|\[\]&~$]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=[wW]{3})\.")
"""What does something within a line of Markdown as sites show it; an underscore between letters does not."""


@dataclass(frozen=True)
class Sources:
    """The artefacts a card is written from: the model with its segments' words, ``quality.json``, ``metrics.json``,
    and the versions of what made them."""

    model: SegmentModel
    quality: Mapping[str, Any]
    metrics: Mapping[str, Any]
    versions: Mapping[str, str]


def write(run: Path, sources: Sources) -> None:
    """Write ``model_card.md`` into a run folder."""
    write_text(run / NAME, page(sources))


def page(sources: Sources) -> str:
    """The card as Markdown; text from the data is inert."""
    parts = (_summary, _training, _trust, _segments, _use, _misuse, _privacy, _retraining, _provenance)
    return "\n".join(["# Model card: customer segments", "", *(part(sources) for part in parts)])


def _summary(sources: Sources) -> str:
    model, quality = sources.model, sources.quality
    parts = words.plural(len(model.sizes), "segment" if _holds(sources) else "part")
    of = "card customers" if dictionary.load().cards else "customers"
    lines = [
        f"{parts} of {of}, placed by {_algorithm(sources)}. The model is the "
        "plain JSON file `model.json`; loading it runs no code.",
    ]
    if not _holds(sources):
        lines = [
            f"**The evidence finds no segments in these customers.** {narrative.standing(sources.metrics)}",
            "",
            *lines,
        ]
    if quality["synthetic"]:
        lines += ["", "**The customers are synthetic: they were generated, and the model describes no real people.**"]
    return _section("", lines)


def _training(sources: Sources) -> str:
    model, quality, space = sources.model, sources.quality, sources.model.space
    known = dictionary.load()
    features = [f"{name} ({known.label(name)})" for name in space.features]
    missing = [
        f"{name} {words.percent(seen.missing)}" for name, seen in model.reference.ranges.items() if seen.missing > 0
    ]
    encoder = f"an autoencoder of {_widths(model)}" if space.encoder else "none"
    computed = [f"- Computed: {name} is {in_words(formula)}" for name, formula in space.formulas.items()]
    return _section(
        "What it was made from",
        [
            f"- File: {plain(quality['source']['name'])}, {words.count(quality['n_rows'])} rows, of which "
            f"{words.count(model.reference.customers)} are customers used for training",
            f"- Features ({len(features)}): {', '.join(features)}",
            *computed,
            f"- Missing values: filled with the training {space.impute}"
            + (f"; in training missing: {', '.join(missing)}" if missing else "; none was missing in training"),
            f"- Scale: {space.scale}; encoder: {encoder}",
            f"- Algorithm: {_algorithm(sources)}, seed {model.seed}",
            f"- Amounts are in {known.currency or 'the units of the file'}, and over the period that the file covers",
        ],
    )


def _trust(sources: Sources) -> str:
    metrics, stability = sources.metrics, sources.metrics["stability"]
    lines = [
        f"- {narrative.standing(metrics)}",
        f"- Mean silhouette {words.measure(metrics['silhouette'])}{_sampled(metrics)}; "
        f"{words.percent(metrics['silhouette_negative_share'])} of customers have a negative one: on average they are "
        "nearer to the customers of another segment than to those of their own",
        f"- Davies-Bouldin index {metrics['davies_bouldin']:.2f}, Calinski-Harabasz index "
        f"{words.count(metrics['calinski_harabasz'])}",
        f"- Segments found anew in {words.count(stability['replicates'])} resamples: mean adjusted Rand index "
        f"{stability['ari']:.2f}",
    ]
    if stability.get("seeds_ari") is not None:
        lines.append(f"- Other random starts agree to an adjusted Rand index of {stability['seeds_ari']:.2f}")
    if metrics["starts"] > 1:
        share, starts = words.capitalised(words.percent(metrics["hit_rate"])), words.count(metrics["starts"])
        lines.append(f"- {share} of {starts} random starts found the best solution")
    lines.append(
        f"- {words.capitalised(words.percent(metrics['between_share']))} of customers stand between two segments"
    )
    return _section("How far it holds", lines)


def _segments(sources: Sources) -> str:
    model, stability = sources.model, sources.metrics["stability"]
    personas = segments(model)
    total = model.reference.customers
    rows = [
        (
            number,
            plain(personas[number].name),
            words.count(size),
            words.percent(size / total),
            _number(stability["jaccard"][number]),
            _number(sources.metrics["silhouette_by_segment"][number]),
            stability["grades"][number] if _holds(sources) else narrative.NO_SEGMENT,
        )
        for number, size in enumerate(model.sizes)
    ]
    header = ["segment", "persona", "customers", "share", "Jaccard", "silhouette", "grade"]
    lines = plain_table(header, rows, "rlrrrrl").splitlines()
    if model.outliers:
        share = words.percent(model.outliers / total)
        lines += ["", f"{words.plural(model.outliers, 'customer')} ({share}) are outliers and belong to no segment."]
    lines += ["", "Jaccard: how much of a segment comes back when the customers are drawn anew; 1 is all of it."]
    return _section("Segments" if _holds(sources) else "Parts", lines)


def _use(sources: Sources) -> str:
    planning = (
        "- Describing a portfolio, planning campaigns and service by segment, and testing them on a control group"
    )
    return _section(
        "What it is for",
        [
            planning if _holds(sources) else "- Describing a portfolio in parts with borders that were drawn",
            "- Placing new customers of the same portfolio, with the same columns over a period of the same length "
            "(`make score`)",
        ],
    )


def _misuse(sources: Sources) -> str:
    personas, grades = segments(sources.model), sources.metrics["stability"]["grades"]
    weak = [plain(personas[number].name) for number, grade in enumerate(grades) if grade == WEAK]
    cards = dictionary.load().cards
    decisions = "Credit decisions, limits, prices or collections" if cards else "Decisions on prices, access or service"
    nothing_of = "neither risk nor affordability" if cards else "nothing of anybody's future"
    lines = [
        f"- {decisions} for a person, or anything else with legal or similarly significant effect on one: it groups "
        f"behaviour and estimates {nothing_of}",
        "- Other populations, currencies, products or periods than those it was made from",
        "- Guessing at a person's income, health, origin or any other attribute that is not in its features",
        "- Telling causes: a segment says how customers behave together, not why, nor what a campaign would change",
    ]
    if weak and _holds(sources):
        lines.append(
            f'- Building on segments graded "{WEAK}", which do not come back: {narrative.few(weak, len(grades))}'
        )
    if not _holds(sources):
        lines.insert(0, "- Campaigns or service by segment: these are parts of one cloud of customers, no segments")
    return _section("What it must not be used for", lines)


def _privacy(sources: Sources) -> str:
    placement = sources.model.placement
    held = "- The model file holds no ids"
    if isinstance(placement, Exemplars):
        kept = len(placement.points)
        held += (
            f", but {words.plural(kept, 'single customer')} of those it was made from, a row of coordinates each: "
            "values can be worked out from them, and whoever knows a customer's values finds the customer among them. "
            "It is personal data: keep it as you keep the customers file"
        )
    else:
        held += (
            " and no single customer's row: what it says of customers are means, shares and ranges, by feature and by "
            "segment"
        )
    lows = (
        "- The lowest and the highest value of each feature are those of real customers; of a segment with few "
        "customers, its centre says much about each"
    )
    return _section("What it gives away about customers", [held, lows])


def _retraining(sources: Sources) -> str:
    return _section(
        "When to make it anew",
        [
            "`make score` compares every file of new customers with those the model was made from.",
            "",
            f"- Watch: the population stability index (PSI) of a feature or of the segments' shares reaches "
            f"{drift.MODERATE_SHIFT:g}, or {words.percent(drift.OUTSIDE_SHARE)} of customers lie outside the training "
            "range of a feature",
            f"- Watch: a rank correlation of two features differs by {drift.LEAST_CHANGE:g}, or the share of customers "
            f"between two segments by {words.percent(drift.LEAST_MORE)}, and by more than chance brings",
            f"- Make it anew: a PSI reaches {drift.LARGE_SHIFT:g}, or a column changes its meaning, unit or period",
            f"- Fewer than {drift.MIN_CUSTOMERS} customers, and differences that chance explains, bring no warning",
        ],
    )


def _provenance(sources: Sources) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in sources.versions.items())
    return _section(
        "Where it comes from",
        [
            f"- Customers file, SHA-256: `{sources.quality['source']['sha256']}`",
            f"- Model, SHA-256 of its content: `{sources.model.to_dict()['sha256']}`",
            f"- Data dictionary, SHA-256: `{sha256(paths.catalogue('DICTIONARY'))}`",
            f"- Versions: {versions}",
        ],
    )


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([*([f"## {title}", ""] if title else []), *lines, ""])


def plain(text: object) -> str:
    """Text within a line that shows as it is: no HTML, no links, no emphasis, no end of a table's cell."""
    return MARKUP.sub(r"\\\g<0>", printable(text))


def _holds(sources: Sources) -> bool:
    """Whether the evidence finds segments at all."""
    return not narrative.no_segments(sources.metrics["standing"])


def _algorithm(sources: Sources) -> str:
    return sources.metrics.get("algorithm_name", sources.model.algorithm)


def _sampled(metrics: Mapping[str, Any]) -> str:
    return "" if metrics["silhouette_exact"] else f" (± {metrics['silhouette_half_width']:.2f}, on a sample)"


def _widths(model: SegmentModel) -> str:
    return "-".join(str(width) for width in model.space.encoder.sizes)


def _number(value: float | None) -> str:
    return "–" if value is None else words.measure(value)
