"""Page one: what was found, the three moves to make first, how far to trust it."""

from seg_utils.core import words
from seg_utils.evaluation.resampling.stability import FIRM, WEAK
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections import algorithm
from seg_utils.reporting.templates import fill

CALLOUTS = {"high": "tip", "medium": "note", "low": "warning"}


def told(run: Run) -> narrative.Story:
    """What page one says, in any format."""
    return narrative.tell(run.people, run.strategy, run.metrics, run.verdict, run.quality, run.portfolio)


def page(run: Run) -> Markdown:
    """The first page; it suffices on its own."""
    page_one = told(run)
    return fill(
        "page-one",
        run=run,
        page=page_one,
        evidence=narrative.standing(run.metrics),
        outliers=run.metrics["outliers"],
        encoding=algorithm.encoding_line(run),
        tiles=_tiles(run),
        heading=moves_heading(page_one),
        moves=Markdown(_moves(run, page_one)),
        callout=CALLOUTS[page_one.level],
    )


def _tiles(run: Run) -> list[tuple[str, str]]:
    customers = run.quality["n_customers"]
    tiles = [
        (words.count(customers), "customer" if customers == 1 else "customers"),
        (str(run.k), "segments" if run.has_segments else "parts asked for; the evidence finds no segments"),
    ]
    if run.has_segments:
        tiles.append(_holding(run))
    if len(run.concentration):
        widest = run.concentration.loc[run.concentration["top_share"].idxmax()]
        measure = widest["measure"].replace("_", " ")
        tiles.append((words.percent(widest["top_share"]), f"of {measure} from one customer in ten"))
    return tiles


def _holding(run: Run) -> tuple[str, str]:
    """How many segments hold up, or how many do not."""
    grades = run.metrics["stability"]["grades"]
    weak, firm = grades.count(WEAK), grades.count(FIRM)
    if weak:
        return f"{weak} of {run.k}", "segments not to build on"
    return f"{firm} of {run.k}", f"segments {'is' if firm == 1 else 'are'} firm"


NUMBERS = {1: "one", 2: "two", 3: "three"}


PURPOSES = {narrative.MAKE: "to make first", narrative.TRY: "to try", narrative.FOR_CARE: "for care"}
"""What moves of each kind are there for."""


def moves_heading(page: narrative.Story) -> str:
    """``Two moves to make first and one to try``, as many as there are of each kind; softer where few segments hold
    up."""
    count = len(page.moves)
    if count == 0:
        return "No move pays at our assumptions" if page.note.startswith(narrative.NONE_PAYS) else "No move to make"
    if page.level == "low":
        return f"{_so_many(count)} to test before any campaign"
    kinds = [move.kind for move in page.moves]
    (first, purpose), *others = ((kinds.count(kind), text) for kind, text in PURPOSES.items() if kind in kinds)
    return words.listing([f"{_so_many(first)} {purpose}", *(f"{NUMBERS[count]} {text}" for count, text in others)])


def _so_many(count: int) -> str:
    return words.capitalised(f"{NUMBERS[count]} {'move' if count == 1 else 'moves'}")


def _moves(run: Run, page: narrative.Story) -> str:
    """Each move in bold, its segment's name with its colour, and what it may bring."""
    note = markdown.escape_markdown(page.note)
    if not page.moves:
        return f"{note}\n"
    lines = []
    for number, move in enumerate(page.moves, start=1):
        what = markdown.escape_markdown(move.title.removeprefix(run.names[move.segment]))
        lines.append(f"{number}. **{run.flagged(move.segment)}{what}.** {markdown.escape_markdown(move.worth)}")
    return "\n".join(["::: {.moves}", *lines, ":::", *(["", note] if note else [])])
