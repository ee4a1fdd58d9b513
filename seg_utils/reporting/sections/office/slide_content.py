"""The report as slides: the message of each in its title, a chart or a table to show it. Plain text throughout."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from seg_utils.core import words
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.reporting import narrative
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections.actions import tested
from seg_utils.reporting.sections.economics import hangs_on
from seg_utils.reporting.sections.page_one import moves_heading, told
from seg_utils.reporting.sections.segments import amounts_of, standing
from seg_utils.strategy.definitions import basis
from seg_utils.strategy.testplan import TOO_SMALL

ROWS = 8  # rows of a table that a slide holds in type that a room can read

# What a slide says of a move, what matters most first
ON_A_SLIDE = ("Cost", "Net cost", "Brings", "Pays if it", "Whom", "Owner", "Decide", "Test")


@dataclass(frozen=True)
class Block:
    """A heading and what stands below it, one paragraph each."""

    heading: str
    paragraphs: list[str]
    colour: int | None = None


@dataclass(frozen=True)
class Table:
    """Cells as text; ``colours`` has the number of each row's colour, which is its segment's."""

    header: list[str]
    rows: list[list[str]]
    colours: list[int]


@dataclass(frozen=True)
class Slide:
    """One slide. ``figure`` is the label of a figure of the report, ``colour`` the number of its segment's colour."""

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
    """All slides in order: k and about six more."""
    page = told(run)
    blocks = [Block(f"{grade.subject}: {grade.level}", grade.reasons) for grade in page.trust]
    return [
        _front(run, page),
        *([_decision(run, page)] if run.has_money else []),
        *_glance(run),
        *(_segment(run, number) for number in run.segments),
        *([_economics(run), *_test(run)] if run.has_money else []),
        Slide(title=f"Trust {_trust(page)}", body=[*page.data, *run.left_out.values()], blocks=blocks),
    ]


def _front(run: Run, page: narrative.Story) -> Slide:
    return Slide(
        title=page.headline,
        subtitle=f"{run.quality['source']['name']} · {words.plural(run.customers, 'customer')} · "
        f"{words.plural(run.k, 'segment')}",
        warning=page.notice or "",
        body=[*filter(None, [page.recommendation]), *page.findings, f"Trust {_trust(page)}."],
        figure="fig-value" if run.has_money else None,
        alt="Each segment's share of customers and of the value they bring in a year.",
    )


def _trust(page: narrative.Story) -> str:
    return words.listing(
        [f"in {grade.subject[:1].lower()}{grade.subject[1:]} is {grade.level}" for grade in page.trust]
    )


def _decision(run: Run, page: narrative.Story) -> Slide:
    blocks = [
        Block(
            run.names[move.segment],
            [
                words.capitalised(move.title.removeprefix(f"{run.names[move.segment]}: ")) + ".",
                *(f"{name}: {move.facts[name]}" for name in ON_A_SLIDE if name in move.facts),
            ],
            run.colour(move.segment),
        )
        for move in page.moves
    ]
    return Slide(title=moves_heading(page), body=[page.note] if page.note else [], blocks=blocks)


def _glance(run: Run) -> list[Slide]:
    amounts = amounts_of(run)
    rows = [
        [
            _flagged(run, row["segment"]),
            words.count(row["customers"]),
            words.percent(row["customers_share"]),
            *(words.percent(row[name]) for name in amounts),
        ]
        for row in run.money.to_dict("records")
    ]
    shares = run.money["customers_share"]
    slide = Slide(
        f"{words.plural(run.k, 'segment')}, from {words.percent(shares.max())} of the customers to "
        f"{words.percent(shares.min())}",
        f"Each segment's customers, and its share of all customers{' and of each amount' if amounts else ''}",
    )
    return _in_parts(run, slide, ["Segment", "Customers", "Share", *amounts.values()], rows, run.money["segment"])


def _segment(run: Run, segment: int) -> Slide:
    person = run.personas[segment]
    size, *portrait = person["portrait"]
    message = portrait[0] if portrait else size
    return Slide(
        title=f"{person['persona']}: {message[:1].lower()}{message[1:].removesuffix('.')}",
        subtitle=words.capitalised(size),
        warning=_segment_warning(run, segment),
        body=portrait[1:],
        blocks=_plan(run, segment) if run.has_plans else [],
        figure=f"fig-segment-{segment}",
        alt=f"Bar chart of what sets {person['persona']} apart from all customers.",
        colour=run.colour(segment),
    )


def _plan(run: Run, segment: int) -> list[Block]:
    plan = {name: words.capitalised(text) for name, text in run.plan(segment).items()}
    return [
        Block(f"Now ({plan['owner']})", [plan["now"]]),
        Block("Later", [plan["later"]]),
        Block("Watch", [plan["kpi"], plan["guardrail"]]),
    ]


def _segment_warning(run: Run, segment: int) -> str:
    if not run.has_segments:
        return f"No segment. {narrative.PART_OF_CLOUD}"
    return f"Do not build on this segment. {standing(run, segment)}" if run.grade(segment) == WEAK else ""


def _economics(run: Run) -> Slide:
    message, *others = hangs_on(run)
    return Slide(
        title=message.removesuffix("."),
        subtitle=f"At our assumptions, listed in the report; none is a forecast. A campaign counts "
        f"{narrative.period(run.economics['lever'])}",
        body=[*others, narrative.money_trust(run.portfolio, run.strategy)],
        figure="fig-effects",
        alt=f"From which effect on each move pays, beside the effect {basis(run.economics['move_source'])}.",
    )


def _test(run: Run) -> list[Slide]:
    plan = tested(run)
    if plan.empty:
        return [Slide("No move is proposed, so there is nothing to test")]
    rows = [
        [
            _flagged(run, row["segment"]),
            words.count(row["treated"]),
            words.count(row["control"]),
            words.shown(row["needed_per_group"], words.count),
            words.capitalised(row["verdict"]),
        ]
        for row in plan.to_dict("records")
    ]
    can_tell = not (plan["verdict"] == TOO_SMALL).all()
    tells = "tell what a move has changed" if can_tell else "show whether more of these respond"
    slide = Slide(
        f"Keep {words.plural(int(plan['control'].sum()), 'customer')} of these segments out of every campaign for "
        f"{words.plural(int(plan['months'].max()), 'month')}",
        f"Compared with those contacted, they {tells}; the column campaign_part says who they are",
    )
    return _in_parts(
        run, slide, ["Segment", "Contacted", "Held out", "Needed in each group", "A test"], rows, plan["segment"]
    )


def _in_parts(run: Run, slide: Slide, header: list[str], rows: list[list[str]], segments: Sequence[int]) -> list[Slide]:
    """A slide for each so many rows of a table."""
    count = -(-len(rows) // ROWS)
    size = -(-len(rows) // count)
    colours = [run.colour(segment) for segment in segments]
    return [
        replace(
            slide,
            title=slide.title if count == 1 else f"{slide.title} ({part + 1} of {count})",
            table=Table(header, rows[part * size : (part + 1) * size], colours[part * size : (part + 1) * size]),
        )
        for part in range(count)
    ]


def _flagged(run: Run, segment: int) -> str:
    return run.names[segment] + (f" ({WEAK})" if run.has_segments and run.grade(segment) == WEAK else "")
