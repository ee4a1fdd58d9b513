"""One section a segment: who they are, how they differ, what to do now and later."""

from matplotlib.figure import Figure

from seg_utils import dictionary, tables, words
from seg_utils.figures import segments as figures
from seg_utils.figures import style
from seg_utils.pages.run import Run

BADGES = {"firm": "firm", "usable": "usable", "do not build on": "weak"}
BARS = 10
"""Features shown in the chart of what sets a segment apart: those in which it differs most."""

KEY_FEATURES = (
    "BALANCE",
    "PURCHASES",
    "ONEOFF_PURCHASES",
    "INSTALLMENTS_PURCHASES",
    "CASH_ADVANCE",
    "PAYMENTS",
    "CREDIT_LIMIT",
    "UTILISATION",
    "PURCHASES_FREQUENCY",
    "PRC_FULL_PAYMENT",
    "TENURE",
)


AMOUNTS = {
    "purchases_share": "Purchases",
    "balances_share": "Balances",
    "cash_advances_share": "Cash advances",
    "payments_share": "Payments",
    "credit_lines_share": "Credit lines",
}


def glance(run: Run) -> str:
    """All segments in one table, with their shares of customers and money."""
    amounts = {name: label for name, label in AMOUNTS.items() if name in run.money}
    rows = [
        [
            run.name(row["segment"]),
            words.count(row["customers"]),
            words.percent(row["customers_share"]),
            *(words.percent(row[name]) for name in amounts),
        ]
        for row in run.money.to_dict("records")
    ]
    table = tables.pipe_table(
        rows,
        ["Segment", "Customers", "Share", *amounts.values()],
        label="tbl-glance",
        caption="Each segment's customers, and its share of all customers and of each amount",
        align="l" + "r" * (2 + len(amounts)),
        classes=["sortable"],
    )
    return f"## Segments at a glance {{.new-page}}\n\n{table}"


def show_shares(run: Run) -> None:
    """Show who holds which share of the customers and of each amount."""
    amounts = {"customers_share": "Customers"} | {name: label for name, label in AMOUNTS.items() if name in run.money}
    style.show(
        figures.shares(run.money.rename(columns=amounts), list(amounts.values()), run.names),
        label="fig-shares",
        caption="Each segment's share of customers and of each amount",
        alt="Stacked bars, one a measure, each divided by segment; the table above has the numbers.",
    )


def opening(run: Run, segment: int) -> str:
    """Heading, portrait and grade of a segment."""
    person = run.people[segment]
    grade = run.metrics["stability"]["grades"][segment]
    jaccard = run.metrics["stability"]["jaccard"][segment]
    meaning = run.metrics["stability"]["meanings"][segment]
    first, *others = person["portrait"]
    return f"""::: {{.segment colour={segment}}}
### {tables.escape_markdown(person["persona"])}

::: {{.lead}}
**{tables.escape_markdown(first)}** {tables.escape_markdown(" ".join(others))}
:::

[{grade}]{{.badge .{BADGES[grade]}}} This segment {meaning} (Jaccard {jaccard:.2f}). {_name_fit(person)}
"""


def chart(run: Run, segment: int) -> Figure:
    """What sets a segment apart from all customers."""
    rows = run.profile(segment).dropna(subset="z")
    known = dictionary.load()
    shown = rows.loc[rows["z"].abs().sort_values(ascending=False, kind="stable").index[:BARS]]
    return figures.sets_apart(shown, segment, [known[name].label for name in shown["feature"]])


def show_chart(run: Run, segment: int) -> None:
    """Show the chart in the report, with its caption and its text alternative."""
    name, apart = run.names[segment], run.people[segment]["sets_apart"]
    strongest = [f"{one['label']} is {'above' if one['direction'] == 'high' else 'below'} average" for one in apart[:3]]
    style.show(
        chart(run, segment),
        label=f"fig-segment-{segment}",
        caption=f"What sets {tables.escape_markdown(name)} apart from all customers",
        alt=f"Bar chart of {name} against all customers: {words.listing(strongest or ['no feature stands out'])}.",
    )


def closing(run: Run, segment: int) -> str:
    """Key numbers and actions of a segment."""
    actions = run.people[segment]["actions"]
    return f"""{_key_numbers(run, segment)}

{_rule(run, segment)}

:::: {{.columns}}
::: {{.column}}
#### Now

{tables.escape_markdown(actions["now"])}
:::

::: {{.column}}
#### Later

{tables.escape_markdown(actions["later"])}
:::
::::

:::
"""


def _rule(run: Run, segment: int) -> str:
    rule = run.rules[segment]
    return (
        f"**Who is here, as a rule.** {tables.escape_markdown(rule['text'])}. It finds {words.percent(rule['recall'])} "
        f"of the segment; {words.percent(rule['precision'])} of those it finds belong to it."
    )


def _name_fit(person: dict) -> str:
    if person["persona_id"] == "unnamed":
        return "No persona of the catalogue fits well, so the segment is named by what sets it apart."
    return f"The name fits to {words.percent(person['match'])}."


def _key_numbers(run: Run, segment: int) -> str:
    rows = run.profile(segment).set_index("feature")
    known = dictionary.load()
    body = [
        [
            known[name].label,
            words.value(name, row["median"]),
            f"{words.value(name, row['q25'])} – {words.value(name, row['q75'])}",
            words.value(name, row["mean"]),
            words.value(name, row["population_median"]),
            words.value(name, row["population_mean"]),
        ]
        for name in KEY_FEATURES
        if name in rows.index
        for row in [rows.loc[name]]
    ]
    return tables.pipe_table(
        body,
        ["", "Median", "Middle half", "Mean", "All: median", "All: mean"],
        label=f"tbl-segment-{segment}",
        caption=f"Key numbers of {tables.escape_markdown(run.names[segment])}, in original units",
        align="lrrrrr",
    )
