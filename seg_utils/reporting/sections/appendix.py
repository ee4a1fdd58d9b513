"""The back of the report: data quality, method, glossary."""

from seg_utils.core import dictionary, words
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.evaluation.resampling.stability import FIRM_JACCARD, PATTERN_JACCARD, USABLE_JACCARD
from seg_utils.reporting import markdown
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.templates import fill
from seg_utils.strategy.shares import TOP

SEVERITIES = ("error", "warning", "info")


def quality(run: Run) -> Markdown:
    """What was found in the customers file and what was done about it, the worst first."""
    findings = sorted(run.quality["findings"], key=lambda one: SEVERITIES.index(one["severity"]))
    rows = [
        [
            Markdown(f"[{one['severity']}]{{.badge .{one['severity']}}}"),
            words.labelled(one["message"]),
            words.capitalised(one["action"]),
        ]
        for one in findings
    ]
    table = markdown.pipe_table(
        rows,
        ["Severity", "What was found", "What was done"],
        label="tbl-quality",
        caption="Findings about the customers file",
        widths=[12, 66, 22],
    )
    return fill("quality", quality=run.quality, table=table)


def method(run: Run) -> Markdown:
    """How the segments were made, in words that follow from the model."""
    space, metrics = run.model["space"], run.metrics
    return fill(
        "method",
        run=run,
        metrics=metrics,
        space=space,
        features=[dictionary.load().label(name).lower() for name in space["features"]],
        logged=_logged(run),
        several_starts=ALGORITHMS[metrics["algorithm"]].starts,
        cards=dictionary.load().cards,
    )


def _logged(run: Run) -> str:
    """Which features the log scale takes logarithms of: all amounts and counts, or those that the dictionary says."""
    known = dictionary.load()
    features = [one for one in (*known.features, *known.derived) if one.name in run.model["space"]["features"]]
    logged = [one for one in features if one.transform == "log1p"]
    if logged == [one for one in features if one.kind in ("amount", "count")]:
        return "amounts and counts"
    return words.listing([one.label for one in logged]) if logged else "no features"


def limits(run: Run) -> Markdown:
    """What the report cannot say."""
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
