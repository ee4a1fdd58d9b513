"""The back of the report: data quality, method, limits, glossary."""

from seg_utils.core import dictionary, words
from seg_utils.evaluation.resampling.stability import FIRM_JACCARD, USABLE_JACCARD
from seg_utils.reporting import markdown
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections import algorithm
from seg_utils.strategy.shares import TOP

SEVERITIES = ("error", "warning", "info")
IMPUTED = {"median": "the median of all customers", "mean": "the mean of all customers"}
SCALED = {
    "log": "Amounts and counts go through log1p (mirrored below zero, for accounts in credit), so that a few very "
    "large values do not decide every distance; "
    "every feature is then brought to mean 0 and standard deviation 1.",
    "standard": "Every feature is brought to mean 0 and standard deviation 1.",
    "robust": "Every feature is centred on its median and divided by its interquartile range.",
}


TERMS = {
    "Segment": "A group of customers who use their card alike. Segment numbers follow size; names come from the "
    "persona catalogue.",
    "Persona": "The kind of customer a segment is like best, by its profile and by its customers one by one.",
    "Middle half": "Half of the customers lie between these two values, the quartiles; a quarter lie below, a "
    "quarter above.",
    "Firm, usable, do not build on": f"Grades of a segment by its Jaccard: at least {FIRM_JACCARD}, at least "
    f"{USABLE_JACCARD}, below.",
    "Jaccard": "Draw the customers anew and segment again: the share of a segment that comes back together, 0 to 1.",
    "Adjusted Rand index (ARI)": "How far two ways of dividing the same customers agree: 1 fully, 0 no more than by "
    "chance.",
    "Resample": "As many customers drawn anew from the same ones, to see whether the same segments come out.",
    "Scale": "How features are made comparable before anyone is compared with anyone.",
    "Prediction strength": "How well the segments of one half of the customers foretell those of the other half, "
    "0 to 1.",
    "Silhouette": "How much nearer a customer is to their own segment than to the next, from −1 to 1.",
    "Davies-Bouldin": "How wide segments are for the distance between them; the lower the better.",
    "Calinski-Harabasz": "How far segments lie apart for how wide they are; the higher the better.",
    "Inertia": "Sum of squared distances of all customers to the centre of their segment.",
    "Gap to lookalikes": "How much tighter the segments are than those of made-up customers with the same columns, "
    "correlations and zeros but no groups.",
    "Border density": "Customers on the border between two segments, for those inside: near 1 the border runs through "
    "a crowd.",
    "Utilisation": "Balance as a share of the credit limit.",
    "Break-even": "The effect on all who are contacted, on average, at which a campaign covers its cost.",
    "Lifetime value": "What a customer brings over the years customers stay, later years counting for less.",
    "Control group": "Customers kept out of a campaign, so that its effect can be told from what happens anyway.",
    "One customer in ten": f"The {TOP:.0%} of customers with the most of an amount.".replace("%", " %"),
}


def quality(run: Run) -> str:
    """What was found in the customers file and what was done about it, the worst first."""
    findings = sorted(run.quality["findings"], key=lambda one: SEVERITIES.index(one["severity"]))
    rows = [
        [
            markdown.Markdown(f"[{one['severity']}]{{.badge .{one['severity']}}}"),
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
    rows_read, entered = run.quality["n_rows"], run.quality["n_customers"]
    return f"""## Data quality

The file {markdown.escape_markdown(run.quality["source"]["name"])} holds {words.plural(rows_read, "row")};
{words.plural(entered, "customer")} entered the report.

{table if rows else "Nothing was found."}
"""


def method(run: Run) -> str:
    """How the segments were made, in words that follow from the model."""
    space, metrics = run.model["space"], run.metrics
    share = sum(metrics["explained_variance"])
    features = words.listing([dictionary.load().label(name).lower() for name in space["features"]])
    return f"""## Method

A customer is described by {words.plural(len(space["features"]), "feature")}: {markdown.escape_markdown(features)}.
Missing values are filled with {IMPUTED[space["impute"]]}. {SCALED[space["scale"]]}

{algorithm.made(run)} The mean silhouette is {words.measure(metrics["silhouette"])}, Davies-Bouldin
{metrics["davies_bouldin"]:.2f}, Calinski-Harabasz {words.count(metrics["calinski_harabasz"])}.

Segments are numbered by size. The map shows the first two principal components, which hold
{words.percent(share)} of the variance; nothing was clustered on them.
"""


def limits() -> str:
    """What the report cannot say."""
    return """## Limits

- The file holds one period of one issuer's customers. It describes behaviour, not its causes.
- A segment is a region of similar behaviour with a border that we drew; customers near it could be on either side.
- What a move earns rests on assumptions that are named beside each figure. Only a test with a control group tells.
- Nothing here may decide on one customer's credit: affordability needs a check of its own.
"""


def glossary() -> str:
    """The terms that the report uses."""
    entries = "\n\n".join(f"{term}\n:   {meaning}" for term, meaning in TERMS.items())
    return f"## Glossary\n\n{entries}\n"
