"""How the number of segments was chosen, and how far each segment can be trusted."""

from seg_utils import tables, words
from seg_utils.figures import segments as figures
from seg_utils.figures import style
from seg_utils.pages.run import Run
from seg_utils.pages.segments import BADGES


def choice(run: Run) -> str:
    """The verdict, the rule it follows from, and what each criterion would have chosen."""
    verdict = run.verdict
    votes = [
        [vote["criterion"], "none" if vote["chooses"] is None else str(vote["chooses"]), vote["note"] or "–"]
        for vote in verdict["votes"]
    ]
    table = tables.pipe_table(
        votes,
        ["Criterion", "Chooses k", "Remark"],
        label="tbl-votes",
        caption="What each criterion chooses on its own",
        align="lrl",
    )
    return f"""## How many segments

{tables.escape_markdown(verdict["sentence"])} {tables.escape_markdown(run.metrics["standing"]["sentence"])}

**The rule.** {tables.escape_markdown(words.capitalised(verdict["rule"]))}

{table}
"""


def scores(run: Run) -> str:
    """The scores of every number of segments, the one at hand marked."""
    rows = [
        [
            tables.Markdown(f"**{row.k}**") if row.k == run.k else str(row.k),
            words.count(row.inertia),
            f"{row.silhouette:.3f}",
            f"{row.davies_bouldin:.2f}",
            words.count(row.calinski_harabasz),
            f"{row.prediction_strength:.2f}",
            f"{row.bootstrap_ari:.2f}",
            f"{row.min_jaccard:.2f}",
            words.percent(row.smallest_share),
        ]
        for row in run.scores.itertuples()
    ]
    header = [
        "k",
        "Inertia",
        "Silhouette",
        "Davies-Bouldin",
        "Calinski-Harabasz",
        "Prediction strength",
        "Bootstrap ARI",
        "Weakest Jaccard",
        "Smallest segment",
    ]
    return tables.pipe_table(
        rows, header, label="tbl-scores", caption="Scores of every number of segments", align="r" * len(header)
    )


def trust(run: Run) -> str:
    """Each segment's reproducibility and separation."""
    metrics = run.metrics
    rows = [
        [
            run.name(segment),
            words.count(metrics["sizes"][segment]),
            f"{metrics['stability']['jaccard'][segment]:.2f}",
            _silhouette(metrics["silhouette_by_segment"][segment]),
            tables.Markdown(f"[{grade}]{{.badge .{BADGES[grade]}}}"),
        ]
        for segment, grade in enumerate(metrics["stability"]["grades"])
    ]
    table = tables.pipe_table(
        rows,
        ["Segment", "Customers", "Jaccard", "Silhouette", "Grade"],
        label="tbl-trust",
        caption="How far each segment can be trusted",
        align="lrrrl",
        classes=["sortable"],
    )
    return f"""## How far to trust each segment

{words.percent(metrics["silhouette_negative_share"])} of the customers are nearer to another segment than to their own.
{words.percent(metrics["between_share"])} stand between two segments. Over resamples the whole partition agrees with
itself to an adjusted Rand index of {metrics["stability"]["ari"]:.2f}, over ten other seeds to
{metrics["stability"]["seeds_ari"]:.2f}; 1 is perfect agreement, 0 is chance.

{table}
"""


def show_map(run: Run) -> None:
    """Show the customers on two principal components, coloured by segment."""
    coordinates = run.assignments[["first_component", "second_component"]].to_numpy()
    labels = run.assignments["segment"].to_numpy()
    first, second = run.metrics["explained_variance"]
    style.show(
        figures.segment_map(coordinates, (first, second), labels, run.names),
        label="fig-map",
        caption="Customers on the first two principal components, which explain the picture only",
        alt=f"A scatter of customers in {run.k} colours; axes hold {words.percent(first + second)} of the variance.",
    )


def _silhouette(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
