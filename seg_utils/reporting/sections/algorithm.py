"""What the algorithm and the encoder did: outliers, soft membership, encoded features."""

from typing import Any

from seg_utils.core import words
from seg_utils.evaluation.comparison.encoding_gain import CODES, ENCODED, FEATURES, RAW
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.personas.contrasts import standouts
from seg_utils.reporting import markdown
from seg_utils.reporting.figures import algorithms as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.narrative import SAME_ARI, SIMILAR_ARI, made_otherwise, on_features
from seg_utils.reporting.run_artefacts import Run, show
from seg_utils.reporting.sections import evidence

SEVERAL_STARTS = ("kmeans", "minibatch", "gmm")
PLACES = {
    "kmeans": "A new customer joins the segment whose centre is nearest.",
    "minibatch": "A new customer joins the segment whose centre is nearest.",
    "gmm": "A new customer joins the segment that is most probable.",
}
BY_EXEMPLAR = (
    "A new customer joins the segment of the most similar of some customers that the model keeps as coordinates, "
    "without their ids; with them, every customer of this file falls into the own segment."
)


def made(run: Run) -> str:
    """How the segments were made, in a paragraph."""
    metrics = run.metrics
    algorithm = metrics["algorithm"]
    found = words.plural(run.k, "segment")
    encoded = f" by the {metrics['encoding']['sizes'][-1]} codes of an autoencoder" if "encoding" in metrics else ""
    first = f"{words.capitalised(metrics['algorithm_name'])} divides the customers{encoded} into {found}."
    inertia = f"The inertia of its segments is {words.count(metrics['inertia'])}."
    how = f"{_starts(metrics)} {inertia}" if algorithm in SEVERAL_STARTS else inertia
    return f"{first} {how} {PLACES.get(algorithm, BY_EXEMPLAR)}"


def outliers_line(run: Run) -> str:
    """A line for page one where customers are in no segment."""
    count = run.metrics["outliers"]
    if not count:
        return ""
    return f"""::: {{.callout-note title="Outliers"}}
{words.plural(count, "customer")} ({words.percent(count / run.metrics["n_customers"])}) are unlike any segment and in
none. Shares are of all customers, so those of the segments sum to less than 100 %.
:::"""


def encoding_line(run: Run) -> str:
    """A line for page one where codes were segmented: on codes, separation and starts say little."""
    if "encoding" not in run.metrics:
        return ""
    told = run.metrics["encoding"]
    kind = "note" if told["seeds_ari"] >= SIMILAR_ARI else "warning"
    flattered = on_features(told) < run.metrics["silhouette"]
    looks = "; on its codes they would look farther apart than they are" if flattered else ""
    return f"""::: {{.callout-{kind} title="Encoded features"}}
These segments are made on the codes of an autoencoder, a small neural network that condenses the features. Trained
again from other seeds, it gives {_seeds(told["seeds_ari"])}. How far apart the segments lie is judged on the features
themselves{looks}.
:::"""


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
    return f"""## Outliers {{.new-page}}

{words.plural(count, "customer")}, {words.percent(count / run.metrics["n_customers"])} of all, are in no segment:
{run.metrics["algorithm_name"]} finds too few customers like them. They have little in common but being rare, so no
persona, no campaign and no economics are told for them. Look at them one by one: the largest accounts, errors and
fraud may be among them. In `segments.csv` their segment is −1 and their persona "Outliers"; the next segment
there is the nearest one.

{table if rows else "They do not stand out in any feature as a whole: they are rare in each in another way."}
"""


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
    return f"""**How sure the mixture is of itself.** It gives {told}
a probability of {words.percent(SURE)} or more for their own segment. Such probabilities take it for granted that the
segments are real and shaped as the mixture assumes; where they are not, it is surer than it should be. When the
customers are drawn anew, its segments come back with a Jaccard of {span}. Go by the grades, not by the probabilities.
"""


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
    told = run.metrics["encoding"]
    unused = (
        f" {words.plural(told['unused_codes'], 'code')} of them are 0 for everyone." if told["unused_codes"] else ""
    )
    return f"""## Encoded features

The customers were segmented on {words.plural(told["sizes"][-1], "code")} that an autoencoder makes of the scaled
features (layers of {words.listing([words.count(size) for size in told["sizes"]])}, then back; ReLU, Adam,
{words.plural(told["epochs"], "epoch")}).{unused} Its reconstruction loss fell from {told["first_loss"]:.3f} after the
first epoch to {told["last_loss"]:.3f}. Rules, portraits and drivers are told in features all the same.

**Other seeds.** Autoencoders trained from {told["encoders"]} seeds lead to segments that agree with one another to an
adjusted Rand index of {told["seeds_ari"]:.2f}, which means {_seeds(told["seeds_ari"])}.{_to_raw(told)}

{_partitions(told)}

{_gain(told)}
"""


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


def _starts(metrics: dict[str, Any]) -> str:
    return (
        f"It was started {words.count(metrics['starts'])} times; {words.percent(metrics['hit_rate'])} of the starts "
        "found the best solution."
    )


def _medians(run: Run, feature: str) -> tuple[str, str]:
    """A feature's median among outliers and among all customers, as people read them."""
    row = run.outliers.set_index("feature").loc[feature]
    return words.value(feature, row["median"]), words.value(feature, row["population_median"])


def _seeds(ari: float) -> str:
    if ari >= SAME_ARI:
        return "almost the same segments each time"
    return "similar segments each time" if ari >= SIMILAR_ARI else "other segments: they depend on its seed"


def _to_raw(told: dict[str, Any]) -> str:
    if told["ari_to_raw"] is None:
        return " On the features themselves, the algorithm finds no segments to compare with."
    return f" With segments made on the features themselves they agree to {told['ari_to_raw']:.2f}."


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
