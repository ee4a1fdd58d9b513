"""What the algorithm and the encoder did: outliers, soft membership, encoded features, sub-groups."""

from typing import Any

from seg_utils.core import dictionary, words
from seg_utils.evaluation.comparison.encoding_gain import CODES, ENCODED, FEATURES, RAW
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.personas.naming import standouts
from seg_utils.personas.subgroups import LEAST_CUSTOMERS, RULE
from seg_utils.reporting.figures import algorithms as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown, escape_markdown, fill
from seg_utils.reporting.narrative import SAME_ARI, SIMILAR_ARI, made_otherwise, on_features
from seg_utils.reporting.run_artefacts import Run, graded, outcome, show
from seg_utils.reporting.sections import evidence


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


def outliers(run: Run) -> Markdown:
    """How many customers are in no segment, in what they differ, and what to do with them."""
    count = run.metrics["outliers"]
    if not count:
        return Markdown("")
    apart = [(contrast.label, *_medians(run, contrast.feature), contrast.times) for contrast in standouts(run.outliers)]
    return fill("outliers", run=run, count=count, metrics=run.metrics, apart=[row for row in apart if row[1] != row[2]])


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


SURE = 0.99  # from this probability on, a mixture is all but certain of a customer's segment


def sureness(run: Run) -> str:
    """How sure a mixture says it is of each customer's segment, beside what comes back of the segments."""
    metrics = run.metrics
    if metrics["algorithm"] != "gmm":
        return ""
    sure = run.assignments["confidence"] >= SURE
    jaccards = metrics["stability"]["jaccard"]
    span = " to ".join(dict.fromkeys(evidence.jaccard(value) for value in (min(jaccards), max(jaccards))))
    doubtful = run.assignments["segment"].isin([segment for segment in run.segments if run.grade(segment) == WEAK])
    sentence = _of_customers(sure.mean())
    if run.has_segments and doubtful.any():
        sentence += f", and {_of_customers(sure[doubtful].mean())} in segments not to build on,"
    return fill("sureness", said=Markdown(sentence), sure=SURE, span=Markdown(span))


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
        partitions=sorted(encoding["partitions"], key=lambda row: row["measured_on"] == CODES),
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


def _gain(encoding: dict[str, Any]) -> str:
    """What encoding does to separation where both can be compared."""
    common = {row["partition"]: row for row in encoding["partitions"] if row["measured_on"] == FEATURES}
    if len(common) < 2:
        return ""
    raw, encoded = common[RAW], common[ENCODED]
    better = encoded["silhouette"] > raw["silhouette"], encoded["davies_bouldin"] < raw["davies_bouldin"]
    words_of = {
        (True, True): "separates the customers better by both measures",
        (False, False): "separates the customers worse by both measures",
        (True, False): "separates them better by the silhouette and worse by Davies-Bouldin",
        (False, True): "separates them worse by the silhouette and better by Davies-Bouldin",
    }[better]
    own, other = (words.measure(row["silhouette"], 3) for row in (encoded, raw))
    return (
        f"Only the rows on the scaled features compare like with like. There, encoding {words_of} (silhouette {own} "
        f"against {other}, Davies-Bouldin {encoded['davies_bouldin']:.2f} against {raw['davies_bouldin']:.2f}; lower "
        "is better). What the codes say of themselves is no gain: distances between codes are distances of something "
        "else."
    )


DIFFERENCES = 3  # of what sets a sub-group apart, so many are named


def inside(run: Run, inside: dict[str, Any]) -> Markdown:
    """What is inside one segment: how the number was chosen and what sets its sub-groups apart."""
    known, groups = dictionary.load(), inside["subgroups"]
    return fill(
        "inside",
        name=run.name(inside["segment"]),
        inside=inside,
        least=LEAST_CUSTOMERS,
        rule=Markdown(RULE),
        outcome=outcome,
        labels={name: known.label(name) for name in groups[0]["medians"]} if groups else {},
        differences=_differences,
        graded=graded,
    )


def show_tree(run: Run, inside: dict[str, Any]) -> None:
    """Show the top of a segment's tree."""
    if inside["tree"] is None:
        return
    segment, count = inside["segment"], len(inside["subgroups"])
    style.show(
        figures.dendrogram(inside["tree"], segment),
        label=f"fig-tree-{segment}",
        caption=f"How the customers of {escape_markdown(run.names[segment])} join; the dashed line parts "
        f"{count} sub-groups",
        alt=f"A tree from single branches at the bottom to one at the top, cut by a dashed line into {count} parts.",
    )


def _differences(group: dict[str, Any]) -> str:
    """What sets a sub-group apart most, in words."""
    phrases = [contrast["phrase"] for contrast in group["sets_apart"][:DIFFERENCES]]
    return words.capitalised(words.listing(phrases)) if phrases else "Like the segment as a whole"
