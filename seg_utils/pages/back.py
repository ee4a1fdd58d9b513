"""The back of the report: data quality, method, limits, glossary, how to reproduce it."""

from seg_utils import dictionary, tables, words
from seg_utils.pages.run import Run
from seg_utils.selection.trust import FIRM_JACCARD, USABLE_JACCARD

SEVERITIES = ("error", "warning", "info")
IMPUTED = {"median": "the median of all customers", "mean": "the mean of all customers"}
SCALED = {
    "log": "Amounts and counts go through log1p, so that a few very large values do not decide every distance; "
    "every feature is then brought to mean 0 and standard deviation 1.",
    "standard": "Every feature is brought to mean 0 and standard deviation 1.",
    "robust": "Every feature is centred on its median and divided by its interquartile range.",
}


def quality(run: Run) -> str:
    """What was found in the customers file and what was done about it."""
    findings = sorted(run.quality["findings"], key=lambda finding: SEVERITIES.index(finding["severity"]))
    rows = [
        [
            tables.Markdown(f"[{finding['severity']}]{{.badge .{finding['severity']}}}"),
            finding["message"],
            finding["action"],
        ]
        for finding in findings
    ]
    table = tables.pipe_table(
        rows,
        ["Severity", "What was found", "What was done"],
        label="tbl-quality",
        caption="Findings about the customers file",
        widths=[12, 60, 28],
    )
    source = tables.escape_markdown(run.quality["source"]["name"])
    return f"""## Data quality

The file {source} holds {words.plural(run.quality["n_rows"], "row")};
{words.plural(run.quality["n_customers"], "customer")} entered the report.

{table}
"""


def method(run: Run) -> str:
    """How the segments were made, in words that follow from the model."""
    space, metrics = run.model["space"], run.metrics
    share = sum(metrics["explained_variance"])
    features = words.listing([dictionary.load().label(name).lower() for name in space["features"]])
    return f"""## Method

{words.plural(len(space["features"]), "feature")} describe a customer: {tables.escape_markdown(features)}.
Missing values are filled with {IMPUTED[space["impute"]]}. {SCALED[space["scale"]]}

K-Means divides the customers into {run.k} segments. It was started {words.count(metrics["starts"])} times;
{words.percent(metrics["hit_rate"])} of the starts found the same best solution, with an inertia of
{words.count(metrics["inertia"])}. The mean silhouette is {metrics["silhouette"]:.2f}, Davies-Bouldin
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
    return f"""## Glossary

Segment
:   A group of customers who use their card alike. Segment numbers follow size; names come from the persona catalogue.

Persona
:   The kind of customer a segment is like best, by its profile.

Jaccard
:   Draw the customers anew and segment again: the share of a segment that comes back together, 0 to 1.

Silhouette
:   How much nearer a customer is to the own segment than to the next, from −1 to 1.

Inertia
:   Sum of squared distances of all customers to the centre of their segment.

Utilisation
:   Balance as a share of the credit limit.

Firm, usable, do not build on
:   Grades of a segment by its Jaccard: at least {FIRM_JACCARD}, at least {USABLE_JACCARD}, below.
"""


def reproduce(run: Run, versions: dict[str, str]) -> str:
    """The command, the input's hash and the versions that give this report again, byte for byte."""
    space, source = run.model["space"], run.quality["source"]
    words_of_command = [
        f"make report K={run.k}",
        *([] if run.quality["synthetic"] else [f"DATA={_quoted(source['name'])}"]),
        f"SCALE={space['scale']}",
        f"IMPUTE={space['impute']}",
        f"SEED={run.model['seed']}",
    ]
    packages = ", ".join(f"{name} {number}" for name, number in versions.items())
    return f"""## How to reproduce this

```
{" ".join(words_of_command)}
```

Input sha256 `{source["sha256"]}`.

Versions: {tables.escape_markdown(packages)}.
"""


def _quoted(name: str) -> str:
    """A file name as a shell takes it, in one line; a backtick would end the code block it is shown in."""
    plain = "".join(character if character.isprintable() and character != "`" else "?" for character in name)
    return "'" + plain.replace("'", "'\\''") + "'"
