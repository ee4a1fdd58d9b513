"""How the number of segments was chosen, and how far each segment can be trusted."""

from typing import Any

import pandas as pd
from matplotlib import pyplot
from matplotlib.figure import Figure

from seg_utils import evaluation
from seg_utils.core import words
from seg_utils.evaluation.between_segments import SURENESS
from seg_utils.evaluation.resampling.stability import FIRM_JACCARD, OTHER_SEEDS, PATTERN_JACCARD, USABLE_JACCARD
from seg_utils.reporting import narrative
from seg_utils.reporting.figures import k_selection as curves
from seg_utils.reporting.figures import segments as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown, fill
from seg_utils.reporting.narrative import repeats
from seg_utils.reporting.run_artefacts import Run, outcome

# What each criterion of the verdict and column of the scores is called; the glossary says what it means
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

SCORES = (
    "inertia", "silhouette", "davies_bouldin", "calinski_harabasz", "prediction_strength", "bootstrap_ari",
    "min_jaccard", "smallest_share",
)  # fmt: skip
SCALE_SCORES = ("min_jaccard", "bootstrap_ari", "prediction_strength", "smallest_share")
BOUNDS = {"at_least": "at least", "at_most": "at most"}

PART_ARI = 0.4  # partitions that agree less than this hardly agree


def choice(run: Run) -> Markdown:
    """The verdict, the rule it follows from, and how the k at hand fares in each of its tests."""
    sentences = (
        repeats.came_again(run.k_verdict),
        repeats.names_again(run.personas),
        repeats.on_scales(run.k_verdict),
        repeats.without_features(run.k_verdict),
    )
    return fill(
        "k-evidence",
        run=run,
        evidence=narrative.standing(run.metrics),
        tests=_tests(run),
        kind=Markdown(_kind(run)),
        again=[sentence for sentence in sentences if sentence],
    )


def criteria(run: Run) -> Figure | None:
    """Every criterion over k, closed, so that a notebook shows it once; None where no k was looked at."""
    if run.k_scores.empty:
        return None
    figure = curves.criteria(run.k_scores, run.k_verdict)
    pyplot.close(figure)
    return figure


def votes(run: Run) -> Markdown:
    """What each criterion would have chosen by itself."""
    votes = run.k_verdict["votes"]
    return fill("votes", votes=votes, criteria=CRITERIA) if votes else Markdown("")


def scores(run: Run) -> Markdown:
    """The scores of every number of segments, the one at hand marked."""
    if run.k_scores.empty:
        return Markdown("")
    return fill(
        "scores",
        run=run,
        columns=[name for name in SCORES if name in run.k_scores],
        criteria=CRITERIA,
        scores=run.k_scores.to_dict("records"),
        score=_score,
        kind=Markdown(_kind(run)),
        resamples=Markdown(_resamples(run, run.k_scores)),
    )


def scales(run: Run) -> Markdown:
    """What another scale would make of these customers: how far it agrees, and how stable its segments are."""
    used = run.model["space"]["scale"]
    compared = run.scale_agreement.query("scale == @used or other == @used")
    away = (compared["k"] - run.k).abs()
    nearest = compared[away == away.min()]
    if nearest.empty:
        return Markdown("")
    k = int(nearest["k"].iloc[0])
    others = {row.other if row.scale == used else row.scale: row.ari for row in nearest.itertuples()}
    looked_at = run.scale_stability[run.scale_stability["k"] == k]
    return fill(
        "scales",
        run=run,
        used=used,
        others=others,
        likeness=_likeness,
        alike=min(others.values()) >= narrative.SIMILAR_ARI,
        encoded="encoding" in run.metrics,
        columns=SCALE_SCORES,
        criteria=CRITERIA,
        stability=looked_at.to_dict("records"),
        score=_score,
        k=k,
        kind=Markdown(_kind(run)),
        resamples=Markdown(_resamples(run, looked_at, encoded=False)),
    )


def another_model(run: Run) -> str:
    """What latent classes make of these customers, and which segments such a model finds, too."""
    compared = run.metrics["latent_classes"]
    names = [run.name(segment) for segment in run.segments if (compared["jaccard"][segment] or 0.0) >= USABLE_JACCARD]
    return fill("latent-classes", run=run, compared=compared, names=names, bound=USABLE_JACCARD, likeness=_likeness)


def trust(run: Run) -> Markdown:
    """Each segment's reproducibility and separation."""
    metrics = run.metrics
    return fill(
        "trust",
        run=run,
        metrics=metrics,
        stability=metrics["stability"],
        on_features=narrative.on_features(metrics["encoding"]) if "encoding" in metrics else None,
        clear=narrative.CLEAR_SILHOUETTE,
        fair=narrative.FAIR_SILHOUETTE,
        other_seeds=OTHER_SEEDS,
        kept=Markdown(kept(metrics["stability"])),
        jaccard=jaccard,
        worst_tenth=lambda value: evaluation.apart(value, PATTERN_JACCARD),
        fitting=narrative.fitting,
    )


def kept(stability: dict[str, Any]) -> str:
    """What the words for a customer's confidence are worth: how many stay with their segment on other customers."""
    shares = zip(reversed(SURENESS), reversed(stability.get("kept", [])), strict=False)
    parts = [f"{words.percent(share)} of those called {word}" for word, share in shares if share is not None]
    return f"Drawn anew, {words.listing(parts)} are placed the same." if parts else ""


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


def _tests(run: Run) -> list[tuple[str, str, str, Markdown]]:
    """What the rule asks for, what this k measures, and whether that passes; nothing where k was not looked at."""
    measured = run.k_scores.set_index("k")
    if run.k not in measured.index:
        return []
    row = measured.loc[run.k]
    bounds = [(name, *next(iter(bound.items()))) for name, bound in run.k_verdict["thresholds"].items() if name in row]
    return [
        (
            CRITERIA.get(name, name),
            f"{BOUNDS[kind]} {_score(name, threshold)}",
            _score(name, row[name], threshold),
            outcome(row[name] >= threshold if kind == "at_least" else row[name] <= threshold),
        )
        for name, kind, threshold in bounds
    ]


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


def _likeness(ari: float) -> str:
    """How far two partitions agree, as a verb to put between them."""
    if ari >= narrative.SAME_ARI:
        return "are almost"
    if ari >= narrative.SIMILAR_ARI:
        return "are much like"
    return "agree only in part with" if ari >= PART_ARI else "hardly agree with"
