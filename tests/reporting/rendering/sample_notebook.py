"""An executed notebook that resembles the report, built without a kernel."""

from pathlib import Path

import matplotlib
import nbformat
import numpy as np
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from seg_utils.reporting import markdown
from seg_utils.reporting.figures import style

PERSONAS = (
    "Transactors", "Revolvers", "Instalment buyers", "Cash-advance dependent", "Responsible low spenders",
    "Premium", "One-off big-ticket buyers", "Near-limit", "Dormant", "New customers", "Moderate users",
    "Large balances",
)  # fmt: skip
FEATURES = ("Balance", "Purchases", "Cash advances", "Payments", "Credit limit", "Full payment", "Purchase frequency")


def build(path: Path, segments: int = 7) -> Path:
    """Write the executed notebook; bytes repeat."""
    cells = [
        code("import pandas as pd", tags=["parameters"]),
        code("show(page_one)", shown(PAGE_ONE.format(segments=segments))),
        code(
            "show(glance)",
            shown(glance(segments)),
            figure(bars(1, style.FULL_WIDTH), "fig-map", "All.", "A wide chart."),
        ),
        *[code("show(segment)", *segment(index)) for index in range(segments)],
        code("show(strategy)", shown(strategy(segments))),
        new_markdown_cell(BACK),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def code(source, *outputs, tags=()):
    return new_code_cell(source, outputs=list(outputs), execution_count=1, metadata={"tags": list(tags)})


def shown(text):
    return new_output("display_data", {"text/markdown": text, "text/plain": "<Markdown>"})


def figure(drawn: Figure, label: str, caption: str, alt: str):
    about = {"figure": {"label": label, "fig-cap": caption, "fig-alt": alt}}
    return new_output("display_data", {"image/svg+xml": style.svg(drawn), "text/plain": alt}, metadata=about)


def persona(index: int) -> markdown.Markdown:
    return markdown.Markdown(f"[{PERSONAS[index]}]{{.persona colour={index}}}")


def glance(segments: int) -> str:
    rows = [
        [
            persona(i),
            f"{2600 - 190 * i:,}",
            f"{29 - 2 * i} %",
            f"{41 - 3 * i} %",
            f"{12 + i} %",
            f"{3 + 4 * i} %",
            f"{20 - i} %",
        ]
        for i in range(segments)
    ]
    header = ["Segment", "Customers", "Share of customers", "Share of purchases", "Share of balances",
              "Share of cash advances", "Share of payments"]  # fmt: skip
    return (
        "## Segments at a glance\n\nThe first two segments bring most purchases; see @tbl-glance.\n\n"
        + markdown.pipe_table(
            rows,
            header,
            label="tbl-glance",
            caption="Each segment's share of customers and money.",
            align="lrrrrrr",
            classes=["sortable"],
        )
    )


def segment(index: int):
    name = PERSONAS[index]
    key = markdown.pipe_table(
        [[feature, f"${1234 + 97 * index:,}", f"${310 + index:,} – ${2210 + index:,}", "$873"] for feature in FEATURES],
        ["", "Median", "Middle half", "All customers"], label=f"tbl-segment-{index}",
        caption=f"{name}: key numbers, in original units.", align="lrrr",
    )  # fmt: skip
    opening = f"""::: {{.segment colour={index}}}
### {name}

::: {{.lead}}
**{2600 - 190 * index:,} customers, {29 - 2 * index} %.** They spend 3.4× the typical
customer, pay in full in 29 % of months and hardly ever take cash.
:::

[firm]{{.badge .firm}} Found again in 97 of 100 resamples; the runner-up persona was *Moderate users*.
"""
    alt = f"Bar chart: {name} against all customers on seven features; purchases are 2.1 standard deviations above."
    closing = f"""{key}
:::: {{.columns}}
::: {{.column}}
#### Now

Offer a pay-in-full reward on groceries; contact through the app in the week after the statement.
:::

::: {{.column}}
#### Later

Invite to the travel card once twelve months of full payment are on record.
:::
::::

**Rules.** Customers are here when *Purchases* is above $1,020 and *Full payment* is above 0.4 (recall 0.93).

:::
"""
    drawn = bars(index)
    return (
        shown(opening),
        figure(drawn, f"fig-segment-{index}", f"What sets *{name}* apart from all customers.", alt),
        shown(closing),
    )


def bars(index: int, width: float = style.PHONE_WIDTH) -> Figure:
    values = np.sin(np.arange(len(FEATURES)) * 1.7 + index) * 2
    with matplotlib.rc_context(style.SETTINGS):
        drawn = Figure(figsize=(width, 2.4))
        axes = drawn.subplots()
        axes.barh(FEATURES[::-1], values[::-1], color=style.colour(index), height=0.65)
        axes.axvline(0, color=style.INK, linewidth=0.8)
        axes.set_xlabel("Standard deviations from the average customer")
    return drawn


def strategy(segments: int) -> str:
    header = ["Segment", "Objective", "Action now", "Action later", "Offer", "Channel", "KPI to watch", "Guardrail"]
    row = [
        "Keep them paying in full and move more everyday spend to the card",
        "Pay-in-full reward on groceries for three statements",
        "Invite to the travel card after twelve months on record",
        "Two per cent back on groceries, capped at $20 a month",
        "App message, then e-mail",
        "Purchases a month and share paid in full",
        "No credit-limit increase without an affordability check",
    ]
    rows = [[persona(index), *row] for index in range(segments)]
    table = markdown.pipe_table(rows, header, label="tbl-strategy", caption="What to do with each segment.",
                              widths=[12, 16, 14, 14, 14, 10, 12, 14], classes=["stack"])  # fmt: skip
    return f"## Strategy\n\n{table}\n"


PAGE_ONE = """# {segments} kinds of card customer, and what to do about each

::: {{.subtitle}}
CC_GENERAL.csv · 8,950 customers · six months
:::

::: {{.callout-important title="Synthetic customers"}}
These customers were generated; nothing here describes real people.
:::

::: {{.lead}}
Most of the money comes from few people: 29 % of customers make 62 % of purchases. A second group of 16 % lives on cash
advances and carries 41 % of balances. Three segments pay in full and cost nothing to serve.
:::

::: {{.facts}}
- **8,950** customers
- **{segments}** segments, 6 of them firm
- **$8.9 m** purchases in six months
- **62 %** of purchases from 29 % of customers
:::

## Three moves to make first

::: {{.moves}}
1. **Reward full payment among Transactors.** They spend 3.4× the typical customer; worth $210,000 a year
   (*assumption*). *Marketing*
2. **Offer Revolvers an instalment plan.** It lowers their cost and our loss; break-even at a response of
   2.1 %. *Product, risk*
3. **Call Cash-advance dependent customers before the limit.** No credit is pushed; affordability
   first. *Customer success*
:::

::: {{.callout-tip title="How far to trust this"}}
6 of {segments} segments come back in every resample (Jaccard at least 0.85). *Near-limit* is a weak segment: do not
build a campaign on it. These are regions of a cloud, not islands; see @tbl-glance and @fig-segment-0.
:::
"""

BACK = """## Data quality

- 313 customers lack a minimum payment; they were given the median.
- 8 frequencies lie above 1 and were kept.

## Method

Amounts and counts go through log1p; every feature is then standardised. K-Means starts 50 times.

## Limits

Six months of behaviour, one issuer. Nothing here is causal.

## Glossary

Jaccard
:   The share of a segment's customers that come back together in a resample.

Silhouette
:   How much nearer a customer is to the own segment than to the next one, from −1 to 1.

## How to reproduce this

```
make report K=7 DATA="CC GENERAL.csv" SCALE=log
```

Input sha256 `6e7b7e4f2f0a5c1d9b8a7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f`.
"""
