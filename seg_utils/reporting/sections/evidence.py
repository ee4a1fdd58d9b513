"""How the number of segments was chosen, and how far each segment can be trusted."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from seg_utils import evaluation
from seg_utils.core import words
from seg_utils.evaluation.between_segments import SURENESS
from seg_utils.evaluation.resampling.stability import FIRM_JACCARD, OTHER_SEEDS, PATTERN_JACCARD, USABLE_JACCARD
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.figures import k_selection as curves
from seg_utils.reporting.figures import segments as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.narrative import repeats
from seg_utils.reporting.run_artefacts import Run, outcome
from seg_utils.reporting.sections import scaling
from seg_utils.reporting.templates import fill

CRITERIA = {
    "elbow": "Elbow of the inertia",
    "inertia": "Inertia",
    "silhouette": "Silhouette",
    "davies_bouldin": "Davies-Bouldin",
    "calinski_harabasz": "Calinski-Harabasz",
    "gap": "Gap statistic",
    "lookalike_gap": "Gap to lookalikes",
    "lookalike_gap_z": "The same in standard errors",
    "prediction_strength": "Prediction strength",
    "bootstrap_ari": "Bootstrap ARI",
    "min_jaccard": "Weakest Jaccard",
    "smallest_share": "Smallest segment",
    "border_density": "Border density",
}
"""What each criterion of the verdict and column of the scores is called; the glossary says what it means."""

SCORES = (
    "inertia",
    "silhouette",
    "davies_bouldin",
    "calinski_harabasz",
    "prediction_strength",
    "bootstrap_ari",
    "min_jaccard",
    "smallest_share",
)
SCALE_SCORES = ("min_jaccard", "bootstrap_ari", "prediction_strength", "smallest_share")
BOUNDS = {"at_least": "at least", "at_most": "at most"}


def choice(run: Run) -> Markdown:
    """The verdict, the rule it follows from, and how the k at hand fares in each of its tests."""
    return fill("k-evidence", run=run, evidence=narrative.standing(run.metrics), tests=_tests(run), again=_again(run))


def criteria(run: Run) -> Figure | None:
    """Every criterion over k; None where no k was looked at."""
    return None if run.scores.empty else curves.criteria(run.scores, run.verdict)


def votes(run: Run) -> str:
    """What each criterion would have chosen by itself."""
    rows = [
        [
            CRITERIA.get(vote["criterion"], vote["criterion"]),
            "none" if vote["chooses"] is None else str(vote["chooses"]),
            words.capitalised(vote["note"] or words.DASH),
        ]
        for vote in run.verdict["votes"]
    ]
    if not rows:
        return ""
    return markdown.pipe_table(
        rows,
        ["Criterion", "Chooses", "Remark"],
        label="tbl-votes",
        caption="What each criterion would choose on its own",
        align="lrl",
    )


def scores(run: Run) -> str:
    """The scores of every number of segments, the one at hand marked."""
    columns = [name for name in SCORES if name in run.scores]
    rows = [
        [
            Markdown(f"**{row['k']:.0f}**") if row["k"] == run.k else f"{row['k']:.0f}",
            *(_score(name, row[name]) for name in columns),
        ]
        for row in run.scores.to_dict("records")
    ]
    if not rows:
        return ""
    table = markdown.pipe_table(
        rows,
        ["k", *(CRITERIA[name] for name in columns)],
        label="tbl-scores",
        caption=f"Scores of every number of {_kind(run)}segments k",
        align="r" * (1 + len(columns)),
    )
    return f"{table}\n{_resamples(run, run.scores)}"


def scales(run: Run) -> str:
    """What another scale would make of these customers: how far it agrees, and how stable its segments are."""
    used = run.model["space"]["scale"]
    agreement = run.scale_agreement
    told = agreement[(agreement["scale"] == used) | (agreement["other"] == used)]
    nearest = told[(told["k"] - run.k).abs() == (told["k"] - run.k).abs().min()]
    if nearest.empty:
        return ""
    k = int(nearest["k"].iloc[0])
    others = {row.other if row.scale == used else row.scale: row.ari for row in nearest.itertuples()}
    looked_at = run.scale_stability[run.scale_stability["k"] == k]
    rows = [[row["scale"], *(_score(name, row[name]) for name in SCALE_SCORES)] for row in looked_at.to_dict("records")]
    table = markdown.pipe_table(
        rows,
        ["Scale", *(CRITERIA[name] for name in SCALE_SCORES)],
        label="tbl-scales",
        caption=f"How stable {k} {_kind(run)}segments{_unencoded(run)} are on each scale",
        align="lrrrr",
    )
    return fill(
        "scales",
        used=used,
        others=others,
        measured_by=scaling.MEASURED_BY,
        compared_at=Markdown(scaling.compared_at(run.k, k)),
        whose=Markdown(_whose(run)),
        unencoded=Markdown(_unencoded(run)),
        agreement=Markdown(scaling.agreement(others)),
        table=table,
        resamples=Markdown(_resamples(run, looked_at, encoded=False)),
    )


def another_model(run: Run) -> str:
    """What latent classes make of these customers, and which segments such a model finds, too."""
    compared = run.metrics["latent_classes"]
    return fill(
        "latent-classes", compared=compared, likeness=scaling.likeness(compared["ari"]), found=Markdown(_found(run))
    )


def _found(run: Run) -> str:
    """Which segments are classes, too; the others owe their borders to the way in which nearness is counted."""
    similarity = run.metrics["latent_classes"]["jaccard"]
    found = [run.name(one) for one in run.segments if (similarity[one] or 0.0) >= USABLE_JACCARD]
    bound = f"(Jaccard at least {USABLE_JACCARD:.2f})"
    if not found:
        return f"It finds none of the segments {bound}: where their borders run hangs on the model."
    if len(found) == run.k:
        return f"It finds every segment {bound}."
    return f"It finds {words.listing(found)} {bound}; where the borders of the others run hangs on the model."


def trust(run: Run) -> str:
    """Each segment's reproducibility and separation."""
    metrics = run.metrics
    rows = [
        [
            run.name(segment),
            words.count(metrics["sizes"][segment]),
            jaccard(metrics["stability"]["jaccard"][segment]),
            evaluation.apart(metrics["stability"]["jaccard_low"][segment], PATTERN_JACCARD),
            _number(metrics["silhouette_by_segment"][segment]),
            *([_fitting(run, segment)] if run.has_plans else []),
            run.badge(segment),
        ]
        for segment in run.segments
    ]
    fit = ["Fit the persona"] if run.has_plans else []
    table = markdown.pipe_table(
        rows,
        ["Segment", "Customers", "Jaccard", "Worst tenth", "Silhouette", *fit, "Grade"],
        label="tbl-trust",
        caption="How far each segment can be trusted",
        align=f"lrrrr{'r' * len(fit)}l",
        classes=["sortable"],
    )
    return fill(
        "trust",
        metrics=metrics,
        stability=metrics["stability"],
        on_features=narrative.on_features(metrics["encoding"]) if "encoding" in metrics else None,
        clear=narrative.CLEAR_SILHOUETTE,
        fair=narrative.FAIR_SILHOUETTE,
        other_seeds=OTHER_SEEDS,
        kept=kept(metrics["stability"]),
        table=table,
    )


def kept(stability: dict[str, Any]) -> str:
    """What the words for a customer's confidence are worth: how many stay with their segment on other customers."""
    shares = zip(reversed(SURENESS), reversed(stability.get("kept", [])), strict=False)
    said = [f"{words.percent(share)} of those called {word}" for word, share in shares if share is not None]
    return f"Drawn anew, {words.listing(said)} are placed the same." if said else ""


def _fitting(run: Run, segment: int) -> str:
    """Share of a segment's customers who are its persona by their own figures; a dash where it has none."""
    share = narrative.fitting(run.people[segment])
    return words.DASH if share is None else words.percent(share)


def show_map(run: Run) -> None:
    """Show the customers on two principal components, coloured by segment."""
    coordinates = run.assignments[["first_component", "second_component"]].to_numpy()
    labels = run.assignments["segment"].to_numpy()
    first, second = run.metrics["explained_variance"]
    style.show(
        figures.segment_map(
            coordinates, (first, second), labels, run.names, [run.colour(segment) for segment in run.segments]
        ),
        label="fig-map",
        caption="Customers on the first two principal components, which explain the picture only",
        alt=f"A scatter of customers in {run.k} colours; axes hold {words.percent(first + second)} of the variance.",
    )


def _again(run: Run) -> list[str]:
    """Whether all of it comes out again: on others, on other scales, without a feature, and with its names."""
    told = (
        repeats.came_again(run.verdict),
        repeats.names_again(run.people),
        repeats.on_scales(run.verdict),
        repeats.without_features(run.verdict),
    )
    return [sentence for sentence in told if sentence]


def _tests(run: Run) -> str:
    """What the rule asks for, what this k measures, and whether that passes; nothing where k was not looked at."""
    measured = run.scores.set_index("k")
    if run.k not in measured.index:
        return ""
    row = measured.loc[run.k]
    rows = []
    for name, bound in run.verdict["thresholds"].items():
        if name not in row:
            continue
        kind, threshold = next(iter(bound.items()))
        passes = row[name] >= threshold if kind == "at_least" else row[name] <= threshold
        rows.append(
            [
                CRITERIA.get(name, name),
                f"{BOUNDS[kind]} {_score(name, threshold)}",
                _score(name, row[name], threshold),
                outcome(passes),
            ]
        )
    return markdown.pipe_table(
        rows,
        ["Test", "Needed", "Measured", "Outcome"],
        label="tbl-tests",
        caption=f"The tests of the rule for {run.k} {_kind(run)}segments",
        align="lrrl",
    )


def _score(name: str, value: float, *bounds: float) -> str:
    """A score as people read it: shares in percent, large numbers whole, the rest with the digits that tell on which
    side of the bounds it is."""
    if name == "smallest_share":
        exact = evaluation.apart(100 * value, *(100 * bound for bound in bounds), digits=0)
        return f"{exact} %" if "." in exact else words.percent(value)
    if name in ("inertia", "calinski_harabasz"):
        return words.count(value)
    digits = {"silhouette": 3, "lookalike_gap": 3, "lookalike_gap_z": 1}.get(name, 2)
    return evaluation.apart(value, *bounds, digits=digits).replace("-", "−")


def jaccard(value: float) -> str:
    """A Jaccard with the digits that tell which grade it has."""
    return evaluation.apart(value, FIRM_JACCARD, USABLE_JACCARD)


def _resamples(run: Run, scores: pd.DataFrame, *, encoded: bool = True) -> str:
    """Over how many resamples the stability of a table was measured, and why the grades differ.

    Args:
        encoded: whether the table is on encoded segments in a run with an encoder.
    """
    if "replicates" not in scores:
        return ""
    least, most = int(scores["replicates"].min()), int(scores["replicates"].max())
    number = words.plural(most, "resample") if least == most else f"{least} to {words.plural(most, 'resample')}"
    resamples = run.metrics["stability"]["replicates"]
    graded = words.plural(resamples, "resample")
    rest = f"Jaccard and bootstrap ARI here rest on {number}, as many as a clear outcome takes"
    if narrative.made_otherwise(run.metrics):
        return f"{rest}. Those rest on K-Means, the grades on {run.metrics['algorithm_name']} and {graded}.\n"
    if not encoded and "encoding" in run.metrics:
        return f"{rest}. Those rest on the features, the grades on the codes and {graded}.\n"
    if run.k not in scores["k"].tolist():
        return f"{rest}; the {words.count(run.k)} segments of this report are not among them and rest on {graded}.\n"
    over = words.count(resamples)
    return (
        f"{rest}; the segments of this report were graded over {over}, so their Jaccards differ, most for "
        "segments that come back in some resamples only.\n"
    )


def _kind(run: Run) -> str:
    """Whose segments the evidence is on, where another algorithm made those of the report."""
    return "K-Means " if narrative.made_otherwise(run.metrics) else ""


def _whose(run: Run) -> str:
    return "K-Means' own" if narrative.made_otherwise(run.metrics) else f"the {run.model['space']['scale']}"


def _unencoded(run: Run) -> str:
    """That scales are compared before any encoding, where the report's segments are encoded."""
    return " made on the features, before any encoding," if "encoding" in run.metrics else ""


def _number(value: Any) -> str:
    return words.DASH if value is None else words.measure(value)
