"""The report as slides: page one, a glance, one slide a segment, strategy, economics. Plain text throughout."""

from dataclasses import dataclass, field

from seg_utils.core import words
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.reporting.narrative import PART_OF_CLOUD, PERIOD
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections.actions import shown
from seg_utils.reporting.sections.economics import PURPOSES
from seg_utils.reporting.sections.page_one import moves_heading, told
from seg_utils.reporting.sections.segments import AMOUNTS, standing

ROWS_OF_WORDS = 4
"""Rows of a table of words that a slide holds in readable type."""

STRATEGY = {
    "objective": "Objective",
    "action_now": "Now",
    "action_later": "Later",
    "kpi": "KPI to watch",
    "guardrail": "Guardrail",
    "owner": "Who acts",
}


@dataclass(frozen=True)
class Block:
    """A heading and what stands below it, one paragraph each."""

    heading: str
    paragraphs: list[str]


@dataclass(frozen=True)
class Table:
    """Cells as text; ``segments`` says whose colour each row bears. ``wide`` columns hold words, the others numbers."""

    header: list[str]
    rows: list[list[str]]
    segments: list[int]
    wide: bool = False


@dataclass(frozen=True)
class Slide:
    """One slide. ``figure`` is the label of a figure of the report, ``colour`` the number of its segment."""

    title: str
    subtitle: str = ""
    warning: str = ""
    body: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    table: Table | None = None
    figure: str | None = None
    alt: str = ""
    colour: int | None = None


def slides(run: Run) -> list[Slide]:
    """All slides in order: k and about five more."""
    return [
        _front(run),
        _glance(run),
        *(_segment(run, number) for number in run.segments),
        *_strategy(run),
        _economics(run),
    ]


def _front(run: Run) -> Slide:
    page = told(run)
    trust = Block("How far to trust this", list(map(str, page.trust)))
    listed = [f"{n}. {move}" for n, move in enumerate(page.moves, start=1)]
    moves = Block(moves_heading(page), [*listed, *filter(None, [page.note])])
    return Slide(
        title=page.headline,
        subtitle=f"{run.quality['source']['name']} · {words.plural(run.quality['n_customers'], 'customer')} · "
        f"{words.plural(run.k, 'segment')}",
        warning=page.notice or "",
        body=page.findings,
        blocks=[moves, trust],
    )


def _glance(run: Run) -> Slide:
    amounts = {name: label for name, label in AMOUNTS.items() if name in run.money}
    rows = [
        [
            _flagged(run, row["segment"]),
            words.count(row["customers"]),
            words.percent(row["customers_share"]),
            *(words.percent(row[name]) for name in amounts),
        ]
        for row in run.money.to_dict("records")
    ]
    table = Table(["Segment", "Customers", "Share", *amounts.values()], rows, run.money["segment"].tolist())
    return Slide(
        "Segments at a glance",
        "Each segment's customers, and its share of all customers and of each amount",
        table=table,
    )


def _segment(run: Run, segment: int) -> Slide:
    person = run.people[segment]
    plan = {name: words.capitalised(text) for name, text in run.plan(segment).items()}
    first, *others = person["portrait"]
    return Slide(
        title=person["persona"],
        subtitle=words.capitalised(first),
        warning=_segment_warning(run, segment),
        body=others,
        blocks=[
            Block(f"Now ({plan['owner']})", [plan["now"]]),
            Block("Later", [plan["later"]]),
            Block("Watch", [plan["kpi"], plan["guardrail"]]),
        ],
        figure=f"fig-segment-{segment}",
        alt=f"Bar chart of what sets {person['persona']} apart from all customers.",
        colour=segment,
    )


def _segment_warning(run: Run, segment: int) -> str:
    if not run.has_segments:
        return f"No segment. {PART_OF_CLOUD}"
    return f"Do not build on this segment. {standing(run, segment)}" if run.grade(segment) == WEAK else ""


def _strategy(run: Run) -> list[Slide]:
    rows = [
        [_flagged(run, row["segment"]), *(shown(row.get(name), words.capitalised) for name in STRATEGY)]
        for row in run.planned.to_dict("records")
    ]
    header = ["Segment", *STRATEGY.values()]
    pages = [range(start, min(start + ROWS_OF_WORDS, len(rows))) for start in range(0, len(rows), ROWS_OF_WORDS)]
    return [
        Slide(
            "Strategy" if len(pages) == 1 else f"Strategy ({number} of {len(pages)})",
            table=Table(header, [rows[row] for row in page], list(page), wide=True),
        )
        for number, page in enumerate(pages, start=1)
    ]


def _economics(run: Run) -> Slide:
    plan = run.test_plan.set_index("segment")
    rows, segments = [], []
    for row in run.economics.sort_values("rank_base", kind="stable").to_dict("records"):
        segments.append(int(row["segment"]))
        rows.append(
            [
                _flagged(run, row["segment"]),
                shown(row["value_per_customer"], words.money),
                shown(row["lifetime_value"], words.money),
                PURPOSES[row["purpose"]],
                shown(row["break_even_effect"], words.percent),
                f"{words.percent(row['effect_low'])} to {words.percent(row['effect_high'])}",
                shown(row["campaign_value_base"], words.money),
                f"{words.money(row['campaign_value_low'])} to {words.money(row['campaign_value_high'])}",
                words.capitalised(plan.at[row["segment"], "verdict"]),
            ]
        )
    header = [
        "Segment",
        "A customer and year",
        "Lifetime",
        "Move for",
        "Breaks even at",
        "Guessed",
        "Brings",
        "Its range",
    ]
    header += ["For a test"]
    return Slide(
        "Economics, best campaign first",
        f"At our assumptions, listed in the report; none is a forecast. A campaign counts {PERIOD}",
        table=Table(header, rows, segments),
    )


def _flagged(run: Run, segment: int) -> str:
    return run.names[segment] + (f" ({WEAK})" if run.has_segments and run.grade(segment) == WEAK else "")
