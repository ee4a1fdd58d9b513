"""One section a segment: who they are, how they differ, what to do now and later."""

import pandas as pd
from matplotlib.figure import Figure

from seg_utils.core import dictionary, words
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.figures import segments as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections.evidence import jaccard
from seg_utils.reporting.templates import fill

BARS = 8
"""Features shown in the chart of what sets a segment apart: those in which it differs most."""

UNNAMED = "No persona of the catalogue is true of enough of these customers, so the name says what sets them apart."

OTHERS = 2
"""Personas told of a segment's customers beside the one that names it."""

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
            run.flagged(row["segment"]),
            words.count(row["customers"]),
            words.percent(row["customers_share"]),
            *(words.percent(row[name]) for name in amounts),
        ]
        for row in run.money.to_dict("records")
    ]
    table = markdown.pipe_table(
        rows,
        ["Segment", "Customers", "Share", *amounts.values()],
        label="tbl-glance",
        caption="Each segment's customers, and its share of all customers and of each amount",
        align="l" + "r" * (2 + len(amounts)),
        classes=["sortable"],
    )
    return f"{table}\n\n{_concentration(run)}"


def _concentration(run: Run) -> str:
    """What the tenth of customers with the most hold of each amount, the most concentrated first."""
    ranked = run.concentration.sort_values("top_share", ascending=False, kind="stable")
    if ranked.empty:
        return ""
    held = [
        f"{words.percent(share)} of {AMOUNTS[f'{measure}_share'].lower()}"
        for measure, share in zip(ranked["measure"], ranked["top_share"], strict=True)
    ]
    return f"**How concentrated it is.** One customer in ten, those with the most, accounts for {words.listing(held)}."


def shares(run: Run) -> Figure:
    """Who holds which share of the customers and of each amount."""
    amounts = {"customers_share": "Customers"} | {name: label for name, label in AMOUNTS.items() if name in run.money}
    return figures.shares(run.money.rename(columns=amounts), list(amounts.values()), run.names)


def opening(run: Run, segment: int) -> Markdown:
    """Heading, portrait and grade of a segment; one that is not to be built on says so before anything else."""
    person = run.people[segment]
    return fill(
        "segment",
        run=run,
        segment=segment,
        person=person,
        warning=run.has_segments and run.grade(segment) == WEAK,
        standing=Markdown(standing(run, segment)),
        cloud=narrative.PART_OF_CLOUD,
        name_fit=Markdown(_name_fit(person)),
    )


def standing(run: Run, segment: int) -> str:
    """How far a segment comes back, in a sentence."""
    stability = run.metrics["stability"]
    return f"This segment {stability['meanings'][segment]} (Jaccard {jaccard(stability['jaccard'][segment])})."


def chart(run: Run, segment: int) -> Figure:
    """What sets a segment apart from all customers: where its mean lies farthest from theirs."""
    shown = _telling(run, segment)
    known = dictionary.load()
    labels = [known[name].label for name in shown["feature"]]
    means = zip(shown["feature"], shown["mean"], shown["population_mean"], strict=True)
    notes = [f"{words.value(name, own)} (all {words.value(name, everyone)})" for name, own, everyone in means]
    return figures.sets_apart(shown["z"].tolist(), segment, labels, notes, run.names[segment])


def show_chart(run: Run, segment: int) -> None:
    """Show the chart in the report, with its caption and its text alternative."""
    name, known = run.names[segment], dictionary.load()
    strongest = _telling(run, segment).head(3)
    said = [
        f"{known[row.feature].label} is {'above' if row.z > 0 else 'below'} average ({_signed(row.z)})"
        for row in strongest.itertuples()
    ]
    style.show(
        chart(run, segment),
        label=f"fig-segment-{segment}",
        caption=f"What sets {markdown.escape_markdown(name)} apart, with its means (those of all in brackets)",
        alt=f"Bar chart of {name} against all customers: {words.listing(said or ['no feature is known'])}.",
    )


def closing(run: Run, segment: int) -> Markdown:
    """Key numbers and actions of a segment."""
    return fill("segment-plan", key_numbers=_key_numbers(run, segment), rule=run.rules[segment], plan=run.plan(segment))


def _signed(z: float) -> str:
    return f"{z:+z.1f}".replace("-", "−")


def _telling(run: Run, segment: int) -> pd.DataFrame:
    """Profile rows of the features in which a segment differs most, the farthest first."""
    rows = run.profile(segment).dropna(subset="z")
    rows = rows[~rows["feature"].isin(_indices())]
    return rows.loc[rows["z"].abs().sort_values(ascending=False, kind="stable").index[:BARS]]


def _indices() -> list[str]:
    """Scores and indices: places in a ranking, which say nothing to a reader who does not know how they are made."""
    return [one.name for one in dictionary.load().derived if not one.formula.of]


def _name_fit(person: dict) -> str:
    """How many of the segment's customers are what its name says, by their own figures, and what the others are."""
    own = narrative.fitting(person)
    members = [one for one in person["members"] if one["persona_id"] != person["persona_id"]]
    others = [f"{markdown.escape_markdown(one['persona'])} ({words.percent(one['share'])})" for one in members]
    if own is None:
        return f"{UNNAMED} Taken one by one, the most are {words.listing(others[:OTHERS])}." if others else UNNAMED
    also = f"; others are {words.listing(others[:OTHERS])}" if others else ""
    return f"Taken one by one, {words.percent(own)} of these customers fit this persona{also}.{_two(person['members'])}"


def _two(members: list[dict]) -> str:
    """Why shares may add up to more than all: a persona that says nothing of behaviour is told beside the others."""
    return " One customer may fit two." if sum(one["share"] for one in members) > 1 else ""


def _key_numbers(run: Run, segment: int) -> str:
    rows = run.profile(segment).set_index("feature")
    known = dictionary.load()
    body = [
        [
            _label(known[name]),
            words.value(name, row["median"]),
            f"{words.value(name, row['q25'])} – {words.value(name, row['q75'])}",
            words.value(name, row["population_median"]),
            words.value(name, row["mean"]),
            words.value(name, row["population_mean"]),
        ]
        for name in KEY_FEATURES
        if name in rows.index
        for row in [rows.loc[name]]
    ]
    return markdown.pipe_table(
        body,
        ["Feature", "Median", "Middle half", "All: median", "Mean", "All: mean"],
        label=f"tbl-segment-{segment}",
        caption=f"Key numbers of {markdown.escape_markdown(run.names[segment])}, in original units",
        align="lrrrrr",
    )


def _label(feature: dictionary.Feature) -> str:
    """A feature's label, with its unit where the values do not show it."""
    return f"{feature.label} ({feature.unit})" if feature.kind == "months" else feature.label
