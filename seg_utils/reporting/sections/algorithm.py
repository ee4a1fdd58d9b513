"""What the algorithm and the encoder did: outliers, soft membership, encoded features."""

from typing import Any

from seg_utils.core import words
from seg_utils.evaluation.comparison.encoding_gain import CODES, ENCODED, FEATURES, RAW
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.personas.contrasts import standouts
from seg_utils.reporting import markdown
from seg_utils.reporting.figures import algorithms as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.narrative import SAME_ARI, SIMILAR_ARI, made_otherwise, on_features
from seg_utils.reporting.run_artefacts import Run, show
from seg_utils.reporting.sections import evidence
from seg_utils.reporting.templates import fill


def encoding_line(run: Run) -> str:
    """A line for page one where codes were segmented: on codes, separation and starts say little."""
    if "encoding" not in run.metrics:
        return ""
    encoding = run.metrics["encoding"]
    return fill(
        "encoding-note",
        similar=encoding["seeds_ari"] >= SIMILAR_ARI,
        seeds=Markdown(_seeds(encoding["seeds_ari"])),
        flattered=on_features(encoding) < run.metrics["silhouette"],
    )


def outliers(run: Run) -> str:
    """How many customers are in no segment, in what they differ, and what to do with them."""
    count = run.metrics["outliers"]
    if not count:
        return ""
    rows = [
        [words.capitalised(one.label), own, everyone, words.times(one.times)]
        for one in standouts(run.outliers)
        for own, everyone in [_medians(run, one.feature)]
        if own != everyone
    ]
    table = markdown.pipe_table(
        rows,
        ["Feature", "Outliers, median", "All customers, median", "Mean, to all"],
        label="tbl-outliers",
        caption="What sets the outliers apart from all customers",
        align="lrrr",
    )
    return fill("outliers", count=count, metrics=run.metrics, table=table if rows else "")


def evidence_note(run: Run) -> str:
    """What the evidence on the number of segments was gathered with, where it was not what made the segments."""
    metrics = run.metrics
    sentences = []
    if made_otherwise(metrics):
        sentences.append(
            "The evidence on the number of segments was gathered with K-Means. The segments of this report are made by "
            f"{metrics['algorithm_name']}, so it says how many groups these customers hold, not how good these are."
        )
    if "encoding" in metrics:
        sentences.append(
            "The evidence on the number of segments was gathered on the codes of the autoencoder. Scales are compared "
            "on the features, before any encoding."
        )
    return " ".join(sentences)


SURE = 0.99
"""From this probability on, a mixture is all but certain of a customer's segment."""


def sureness(run: Run) -> str:
    """How sure a mixture says it is of each customer's segment, beside what comes back of the segments."""
    metrics = run.metrics
    if metrics["algorithm"] != "gmm":
        return ""
    sure = run.assignments["confidence"] >= SURE
    jaccards = metrics["stability"]["jaccard"]
    span = " to ".join(dict.fromkeys(evidence.jaccard(value) for value in (min(jaccards), max(jaccards))))
    doubtful = run.assignments["segment"].isin([one for one in run.segments if run.grade(one) == WEAK])
    told = _of_customers(sure.mean())
    if run.has_segments and doubtful.any():
        told += f", and {_of_customers(sure[doubtful].mean())} in segments not to build on,"
    return fill("sureness", told=Markdown(told), sure=SURE, span=Markdown(span))


def _of_customers(share: float) -> str:
    """A share of customers; one that is nearly all of them is never rounded to all."""
    if share == 1:
        return "all customers"
    return (
        f"all but {words.percent(1 - share)} of the customers"
        if share > SURE
        else f"{words.percent(share)} of the customers"
    )


def show_sureness(run: Run) -> None:
    """Show how sure a mixture is of each customer's segment, in words and in a figure."""
    if run.metrics["algorithm"] != "gmm":
        return
    show(sureness(run))
    least, share = run.metrics["between_below"], run.metrics["between_share"]
    style.show(
        figures.sureness(run.assignments["confidence"].to_numpy(), least),
        label="fig-sureness",
        caption=f"How probable the mixture takes each customer's own segment to be; for {words.percent(share)} of the "
        f"customers it is less than {words.percent(least)}. `memberships.parquet` holds every customer's probabilities",
        alt=f"Bars of the share of customers over the probability of their segment; a dashed line at {least:g}.",
    )


def encoding(run: Run) -> str:
    """What the autoencoder is, how far its segments depend on its seed, and how they compare with raw ones."""
    if "encoding" not in run.metrics:
        return ""
    encoding = run.metrics["encoding"]
    return fill(
        "encoding",
        encoding=encoding,
        seeds=Markdown(_seeds(encoding["seeds_ari"])),
        partitions=_partitions(encoding),
        gain=Markdown(_gain(encoding)),
    )


def show_loss(run: Run) -> None:
    """Show the autoencoder's loss over its epochs."""
    if "encoding" not in run.metrics:
        return
    losses = run.metrics["encoding"]["losses"]
    style.show(
        figures.loss_curve(losses),
        label="fig-loss",
        caption="Reconstruction loss of the autoencoder after each epoch (mean squared error of the scaled features)",
        alt=f"A line from {losses[0]:.3f} after the first epoch down to {losses[-1]:.3f} after the last.",
    )


def _medians(run: Run, feature: str) -> tuple[str, str]:
    """A feature's median among outliers and among all customers, as people read them."""
    row = run.outliers.set_index("feature").loc[feature]
    return words.value(feature, row["median"]), words.value(feature, row["population_median"])


def _seeds(ari: float) -> str:
    if ari >= SAME_ARI:
        return "almost the same segments each time"
    return "similar segments each time" if ari >= SIMILAR_ARI else "other segments: they depend on its seed"


def _partitions(told: dict[str, Any]) -> str:
    rows = [
        [
            words.capitalised(one["partition"]),
            words.capitalised(one["measured_on"]) + (" (their own)" if one["made_on_it"] else ""),
            words.measure(one["silhouette"], 3),
            f"{one['davies_bouldin']:.2f}",
            words.measure(one["ari"]),
            f"{one['min_jaccard']:.2f}",
        ]
        for one in sorted(told["partitions"], key=lambda one: one["measured_on"] == CODES)
    ]
    return markdown.pipe_table(
        rows,
        ["Segments made on", "Measured on", "Silhouette", "Davies-Bouldin", "Replicates, ARI", "Weakest Jaccard"],
        label="tbl-encoding",
        caption="Raw and encoded segments, measured on the scaled features that both start from, and on the codes",
        align="llrrrr",
    )


def _on_features(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Raw and encoded partition as measured on the scaled features, by name."""
    return {one["partition"]: one for one in told["partitions"] if one["measured_on"] == FEATURES}


def _gain(told: dict[str, Any]) -> str:
    """What encoding does to separation where both can be compared."""
    common = _on_features(told)
    if len(common) < 2:
        return ""
    raw, encoded = common[RAW], common[ENCODED]
    better = encoded["silhouette"] > raw["silhouette"], encoded["davies_bouldin"] < raw["davies_bouldin"]
    said = {
        (True, True): "separates the customers better by both measures",
        (False, False): "separates the customers worse by both measures",
        (True, False): "separates them better by the silhouette and worse by Davies-Bouldin",
        (False, True): "separates them worse by the silhouette and better by Davies-Bouldin",
    }[better]
    own, other = (words.measure(one["silhouette"], 3) for one in (encoded, raw))
    return (
        f"Only the rows on the scaled features compare like with like. There, encoding {said} (silhouette {own} "
        f"against {other}, Davies-Bouldin {encoded['davies_bouldin']:.2f} against {raw['davies_bouldin']:.2f}; lower "
        "is better). What the codes say of themselves is no gain: distances between codes are distances of something "
        "else."
    )
