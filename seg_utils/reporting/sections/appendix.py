"""The back of the report: data quality, method, glossary, and how to make this report again."""

import json
import re

from seg_utils.core import dictionary, parameters, paths, words
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.parameters import ALL_SEGMENTS, Parameters
from seg_utils.data.columns.matching import ID, Names
from seg_utils.evaluation.resampling.stability import FIRM_JACCARD, PATTERN_JACCARD, USABLE_JACCARD
from seg_utils.reporting.markdown import Markdown, fill
from seg_utils.reporting.run_artefacts import Run
from seg_utils.strategy.overview import TOP

MAPPING = "mapping.yml"


def reproduction(run: Run, versions: dict[str, str]) -> str:
    """The command, the input's hash and the versions that give this report again, byte for byte."""
    return fill(
        "reproduction",
        command=Markdown(" ".join(["make report", *_parameters(run)])),
        mapping_file=Markdown(MAPPING),
        mapping=Markdown(_mapping(run)),
        presets={Markdown(name): parameters.about_preset(name) for name in _presets(run)},
        sha256=Markdown(run.quality["source"]["sha256"]),
        versions=versions,
    )


def _parameters(run: Run) -> list[str]:
    """What was asked for, as far as the artefacts tell; of the rest, the defaults hold."""
    space, default = run.model["space"], Parameters()
    rules = {finding["rule"] for finding in run.quality["findings"]}
    kmax = int(run.k_scores["k"].max()) if len(run.k_scores) else default.kmax
    algorithm, source = run.metrics["algorithm"], run.quality["source"]
    segments = [str(inside["segment"]) for inside in run.subsegments]
    described = " ".join(run.segment_descriptors["descriptor"].unique())
    asked = {
        "K": None if ALGORITHMS[algorithm].finds_k else str(run.k),
        "DATA": None if run.quality["synthetic"] else _quoted(source.get("database", source["name"])),
        "TABLE": _quoted(source["table"]) if "table" in source else None,
        "COLUMNS": MAPPING if _renamed(run) else None,
        "FEATURES": None if _uses_all(run) else _quoted(" ".join(run.quality["features"])),
        "DESCRIBE": _quoted(described) if described else None,
        **{name: _quoted(paths.catalogue(name).name) for name in paths.CATALOGUES if paths.is_own(name)},
        "BAD_ROWS": "drop" if "bad_rows" in rules else None,
        "SCALE": space["scale"],
        "IMPUTE": space["impute"],
        "ENCODER": "-".join(map(str, run.metrics["encoding"]["sizes"])) if "encoding" in run.metrics else None,
        "ALGORITHM": None if algorithm == default.algorithm else algorithm,
        "SUBSEGMENT": ALL_SEGMENTS if len(segments) > 1 else next(iter(segments), None),
        "KMAX": None if kmax == default.kmax else str(kmax),
        "EVIDENCE": "full" if run.k_verdict["repeats"] else None,
        "SEED": str(run.model["seed"]),
        "CAMPAIGN": None if run.campaign == default.campaign else run.campaign,
        "MARKET": None if run.portfolio["market"] == default.market else run.portfolio["market"],
    }
    return [f"{name}={value}" for name, value in asked.items() if value is not None]


def _presets(run: Run) -> list[str]:
    """The presets that stand for these parameters; what one leaves open may be anything. They are of cards. One that
    asks for what holds anyway tells nothing of a run."""
    if not dictionary.load().cards:
        return []
    asked = {name: parameters.parse([f"PRESET={name}"]) for name in parameters.presets()}
    return [name for name, preset in asked.items() if preset != Parameters() and _is(run, preset)]


def _is(run: Run, preset: Parameters) -> bool:
    """Whether a preset asks for what the segments of a run were made by."""
    space, metrics = run.model["space"], run.metrics
    k = run.k_verdict["recommended_k"] if preset.k is None else preset.k
    encoder = tuple(metrics["encoding"]["sizes"]) if "encoding" in metrics else ()
    made = (run.k, space["scale"], space["impute"], encoder, metrics["algorithm"])
    asked = (k, preset.scale, preset.impute, preset.encoder, preset.algorithm)
    features = set(preset.features or dictionary.load().clustering_features)
    return made == asked and features == set(run.quality["features"])


def _uses_all(run: Run) -> bool:
    return set(run.quality["features"]) == set(dictionary.load().clustering_features)


def _mapping(run: Run) -> str:
    """What the mapping file holds, where columns were matched by one."""
    renamed = _renamed(run).items()
    return "\n".join(f"{json.dumps(_inert(theirs), ensure_ascii=False)}: {name}" for theirs, name in renamed)


def _renamed(run: Run) -> dict[str, str]:
    """The file's columns that no spelling of the dictionary explains, and the feature each was taken for."""
    pairs = [
        pair for finding in run.quality["findings"] if finding["rule"] == "columns" for pair in finding["examples"]
    ]
    names = Names({})
    canonical = {ID: dictionary.load().id_name}
    return {
        pair["column"]: canonical.get(pair["feature"], pair["feature"])
        for pair in pairs
        if (names.rank(pair["column"]) or (0, None))[1] != pair["feature"]
    }


def _quoted(text: str) -> str:
    """Text as a shell takes it."""
    return "'" + _inert(text).replace("'", "'\\''") + "'"


def _inert(text: str) -> str:
    """Text in one line, without what would end or run the code block it is shown in."""
    plain = "".join(character if character.isprintable() and character != "`" else "?" for character in text)
    return re.sub(r"\{(?=[{=])", "?", plain)


SEVERITIES = ("error", "warning", "info")


def quality(run: Run) -> Markdown:
    """What was found in the customers file and what was done about it, the worst first."""
    findings = sorted(run.quality["findings"], key=lambda finding: SEVERITIES.index(finding["severity"]))
    return fill("quality", quality=run.quality, findings=findings, labelled=words.labelled)


def method(run: Run) -> Markdown:
    """How the segments were made, in words that follow from the model."""
    space, metrics = run.model["space"], run.metrics
    return fill(
        "method",
        run=run,
        metrics=metrics,
        space=space,
        features=[dictionary.within(dictionary.load().label(name)) for name in space["features"]],
        logged=_logged(run),
        several_starts=ALGORITHMS[metrics["algorithm"]].starts,
        cards=dictionary.load().cards,
    )


def _logged(run: Run) -> str:
    """Which features the log scale takes logarithms of: all amounts and counts, or those that the dictionary says."""
    known = dictionary.load()
    used = run.model["space"]["features"]
    features = [feature for feature in known.described if feature.name in used]
    logged = [feature for feature in features if feature.transform == "log1p"]
    if not logged:
        return "no features"
    if logged == [feature for feature in features if feature.kind in ("amount", "count")]:
        return "amounts and counts"
    return words.listing([feature.label for feature in logged])


def limits(run: Run) -> Markdown:
    return fill("limits", run=run, cards=dictionary.load().cards)


def glossary(run: Run) -> Markdown:
    """The terms that the report uses."""
    known = dictionary.load()
    return fill(
        "glossary",
        run=run,
        cards=known.cards,
        utilisation=any(feature.name == "UTILISATION" for feature in known.derived),
        firm=FIRM_JACCARD,
        worst=PATTERN_JACCARD,
        usable=USABLE_JACCARD,
        top=TOP,
    )
