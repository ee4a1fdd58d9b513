"""The segments: where the value is, half a page for each, and their figures for the appendix and for all customers."""

import pandas as pd
from matplotlib.figure import Figure

from seg_utils.core import dictionary, words
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.figures import money, style
from seg_utils.reporting.figures import segments as figures
from seg_utils.reporting.markdown import Markdown, fill
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections.evidence import jaccard

BARS = 6  # features shown in the chart of what sets a segment apart: those in which it differs most
UNNAMED = "The name says what sets these customers apart."

OTHERS = 2  # personas told of a segment's customers beside the one that names it


def amounts_of(run: Run) -> dict[str, str]:
    """The columns of shares in the table of money, and what each is the share of."""
    shares = {f"{measure.name}_share": measure.label for measure in dictionary.load().measures}
    return {name: label for name, label in shares.items() if name in run.money}


def value(run: Run) -> str:
    """Heading of the section on value; where nothing is said of money, the segments at a glance stand in its place."""
    if run.has_money:
        return "## Who brings the value {.new-page}"
    return f"## The segments at a glance {{.new-page}}\n\n{run.caution()}{glance(run)}"


def glance(run: Run) -> Markdown:
    """All segments in one table, with their shares of customers and money, and how concentrated amounts are."""
    return fill("glance", run=run, amounts=amounts_of(run), held=_concentration(run))


def _concentration(run: Run) -> list[str]:
    """What the tenth of customers with the most hold of each amount, the most concentrated first."""
    labels = {measure.name: dictionary.within(measure.label) for measure in dictionary.load().measures}
    ranked = run.concentration.sort_values("top_share", ascending=False, kind="stable")
    return [f"{words.percent(row.top_share)} of {labels[row.measure]}" for row in ranked.itertuples()]


def value_table(run: Run) -> Markdown:
    """Who brings what, and what is done about it: a move, or why there is none."""
    if not run.has_money:
        return Markdown("")
    ranked = run.economics.sort_values("segment_value", ascending=False, kind="stable")
    return fill("value", run=run, ranked=ranked.to_dict("records"), shareless=ranked["value_share"].isna().any())


def show_value(run: Run) -> None:
    """Show who brings the value; nothing where shares of it mean nothing, or nothing is said of money."""
    if not run.has_money:
        return
    value = run.economics.sort_values("segment")["value_share"]
    if value.isna().any():
        return
    shares = [person["share"] for person in run.personas]
    best = run.names[int(value.to_numpy().argmax())]
    beyond = "; some cost money, so the others add up to more than 100 %" if value.min() < 0 else ""
    style.show(
        money.value_map(shares, value.tolist(), run.names, [run.colour(segment) for segment in run.segments]),
        label="fig-value",
        caption=f"Each segment's share of customers and of the value they bring in a year{beyond}",
        alt=f"One row a segment, from its share of customers to its share of value; {best} bring the most.",
    )


def opening(run: Run, segment: int) -> Markdown:
    """Heading, portrait and grade of a segment; one that is not to be built on says so before anything else."""
    person = run.personas[segment]
    return fill(
        "segment",
        run=run,
        segment=segment,
        person=person,
        warning=run.has_segments and run.grade(segment) == WEAK,
        standing=comes_back(run, segment),
    )


def comes_back(run: Run, segment: int) -> str:
    """How far a segment comes back, in a sentence."""
    return f"This segment {run.metrics['stability']['meanings'][segment]}."


def standing(run: Run, segment: int) -> str:
    """How far a segment comes back, in a sentence, with the figure behind it."""
    stability = run.metrics["stability"]
    return f"This segment {stability['meanings'][segment]} (Jaccard {jaccard(stability['jaccard'][segment])})."


def chart(run: Run, segment: int) -> Figure:
    """What sets a segment apart: where its typical member stands farthest from the typical customer."""
    telling = _telling(run, segment)
    known = dictionary.load()
    medians = zip(telling["feature"], telling["median"], telling["population_median"], strict=True)
    notes = [f"{words.value(name, own)} (all {words.value(name, everyone)})" for name, own, everyone in medians]
    labels = [known[name].label for name in telling["feature"]]
    return figures.stands_out(telling["rank"].tolist(), run.colour(segment), labels, notes, run.names[segment])


def show_chart(run: Run, segment: int) -> None:
    """Show the chart in the report, with its caption and its text alternative."""
    name, known = run.names[segment], dictionary.load()
    strongest = _telling(run, segment).head(3)
    labels = [
        f"{known[row.feature].label} stands above {words.percent(row.rank)} of all customers"
        for row in strongest.itertuples()
    ]
    style.show(
        chart(run, segment),
        label=f"fig-segment-{segment}",
        caption=f"Where the typical customer of {markdown.escape_markdown(name)} stands among all customers",
        alt=f"Bar chart of {name} among all customers: {words.listing(labels or ['no feature is known'])}.",
    )


def closing(run: Run, segment: int) -> Markdown:
    """What a segment is worth, what to do with it, and how far to trust it."""
    return fill(
        "segment-plan",
        run=run,
        segment=segment,
        worth=_worth(run, segment),
        shares={} if run.has_money else _shares(run, segment),
        plan=run.plan(segment),
        warning=run.has_segments and run.grade(segment) == WEAK,
        standing=comes_back(run, segment),
        cloud=narrative.PART_OF_CLOUD,
        name_fit=Markdown(_name_fit(run.personas[segment]) if run.has_plans else UNNAMED),
    )


def _worth(run: Run, segment: int) -> str:
    """What a segment and its average customer bring in a year; empty where nothing is said of money."""
    if not run.has_money:
        return ""
    row = run.economics.set_index("segment").loc[segment]
    share = f", {words.percent(row['value_share'])} of the total" if pd.notna(row["value_share"]) else ""
    mean = words.money(row["value_per_customer"])
    return f"{words.money(row['segment_value'])} a year{share}; a mean of {mean} a customer"


def _shares(run: Run, segment: int) -> dict[str, str]:
    """A segment's share of all customers and of each amount, by what it is of."""
    row = run.money.set_index("segment").loc[segment]
    of = {"customers_share": "Customers", **amounts_of(run)}
    return {label: f"{words.percent(row[name])} of all" for name, label in of.items()}


def in_figures(run: Run) -> Markdown:
    """Every segment's key numbers and rule, for the appendix."""
    return Markdown("\n\n".join(_in_figures(run, segment) for segment in run.segments))


def _in_figures(run: Run, segment: int) -> Markdown:
    known, profile = dictionary.load(), run.profile(segment).set_index("feature").to_dict("index")
    return fill(
        "segment-figures",
        name=run.names[segment],
        flag=run.name(segment),
        segment=segment,
        profile=profile,
        labels={name: _label(known[name]) for name in known.key_numbers if name in profile},
        rule=run.rules[segment],
        standing=Markdown(standing(run, segment) if run.has_segments else ""),
    )


def _telling(run: Run, segment: int) -> pd.DataFrame:
    """Profile rows of the features in which a segment's typical member is least typical of all, the farthest
    first; of features that speak of the same, one."""
    rows = run.profile(segment).dropna(subset="rank")
    rows = rows[~rows["feature"].isin([*_indices(), *_shares_of_nothing(rows)])]
    farthest = (rows["rank"] - 0.5).abs().round(6)
    rows = rows.assign(farthest=farthest, z=rows["z"].abs())
    rows = rows.sort_values(["farthest", "z"], ascending=False, kind="stable")
    wordings = dictionary.load().wordings
    topics = [wordings[name].topic if name in wordings else name for name in rows["feature"]]
    return rows[~pd.Series(topics, index=rows.index).duplicated()].head(BARS)


def _indices() -> list[str]:
    """Scores and indices: places in a ranking, which say nothing to a reader who does not know how they are made."""
    return [feature.name for feature in dictionary.load().derived if not feature.formula.of]


def _shares_of_nothing(rows: pd.DataFrame) -> list[str]:
    """Features that divide by what the segment's median customer has none of: they speak of the few who do."""
    medians = rows.set_index("feature")["median"]
    divisors = {feature.name: list(feature.formula.to) for feature in dictionary.load().derived if feature.formula.to}
    return [name for name, to in divisors.items() if set(to) <= set(medians.index) and not medians[to].any()]


def _name_fit(person: dict) -> str:
    """How many of the segment's customers are what its name says, by their own figures, and what the others are."""
    return " ".join(filter(None, [_of_members(person), markdown.escape_markdown(narrative.why_no_action(person))]))


def _of_members(person: dict) -> str:
    own = narrative.fitting(person)
    members = [member for member in person["members"] if member["persona_id"] != person["persona_id"]]
    others = [f"{markdown.escape_markdown(member['persona'])} ({words.percent(member['share'])})" for member in members]
    if own is None:
        return f"{UNNAMED} Taken one by one, the most are {words.listing(others[:OTHERS])}." if others else UNNAMED
    also = f"; others are {words.listing(others[:OTHERS])}" if others else ""
    return f"Taken one by one, {words.percent(own)} of these customers fit this persona{also}.{_two(person['members'])}"


def _two(members: list[dict]) -> str:
    """Why shares may add up to more than all: a persona that says nothing of behaviour is told beside the others."""
    return " One customer may fit two." if sum(member["share"] for member in members) > 1 else ""


def _label(feature: dictionary.Feature) -> str:
    """A feature's label, with its unit where the values do not show it."""
    return f"{feature.label} ({feature.unit})" if feature.kind == "months" else feature.label


def everybody(run: Run) -> Markdown:
    """Every segment among all customers, where a sample was analysed."""
    segments, distances = run.population["segments"], run.population["mean_squared_distance"]
    return fill(
        "everybody",
        run=run,
        known=run.population,
        segments=segments.to_dict("records"),
        farthest=f"{100 * (segments['customers_share'] - segments['sample_share']).abs().max():.2f}",
        wider=abs(distances["all"] / distances["sample"] - 1),
    )
