"""Page one: what was found, how far to trust it, the three moves to make first."""

from seg_utils import tables, words
from seg_utils.pages.run import Run

SYNTHETIC = """::: {.callout-important title="Synthetic customers"}
These customers were generated; nothing here describes real people.
:::
"""


def page(run: Run) -> str:
    """The first page."""
    quality, grades = run.quality, run.metrics["stability"]["grades"]
    firm = grades.count("firm")
    return f"""# {words.capitalised(words.plural(run.k, "segment"))} of card customers

::: {{.subtitle}}
{tables.escape_markdown(quality["source"]["name"])} · {words.plural(quality["n_customers"], "customer")}
:::

{SYNTHETIC if quality["synthetic"] else ""}

::: {{.tiles}}
- **{words.count(quality["n_customers"])}** customers
- **{run.k}** segments, {firm} of them firm
:::
"""
