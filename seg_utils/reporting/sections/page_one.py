"""Page one: the decision. What was found, at most three moves with all that deciding takes, how far to trust it."""

from seg_utils.core import words
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.markdown import Markdown, fill
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections import algorithm
from seg_utils.strategy.decisions import FOR_CARE, MAKE, TRY

# How far to trust what one side says, the least first; the box has the look of the least trusted side
CALLOUTS = {"low": "warning", "medium": "note", "high": "tip"}


def told(run: Run) -> narrative.Story:
    """What page one says, in any format."""
    return narrative.tell(run.personas, run.strategy, run.metrics, run.k_verdict, run.quality, run.portfolio)


def page(run: Run) -> Markdown:
    """The first page; it suffices on its own."""
    page_one = told(run)
    # what is added up is what the moves say, in whole amounts
    listed = run.strategy[run.strategy["segment"].isin([move.segment for move in page_one.moves])]
    worth = float(listed["campaign_value_base"].round().sum()) if page_one.moves else 0.0
    return fill(
        "page-one",
        run=run,
        page=page_one,
        evidence=narrative.standing(run.metrics),
        outliers=run.metrics["outliers"],
        encoding=algorithm.encoding_line(run),
        heading=moves_heading(page_one),
        moves=[{"title": _title(run, move), "facts": move.facts} for move in page_one.moves],
        cost=float(listed["campaign_cost"].round().sum()) if page_one.moves else 0.0,
        given_up=float((listed["contacted"] * listed["given_up"]).round().sum()) if page_one.moves else 0.0,
        worth=worth,
        callout=next(look for level, look in CALLOUTS.items() if level in {grade.level for grade in page_one.trust}),
    )


NUMBERS = {1: "one", 2: "two", 3: "three"}


PURPOSES = {MAKE: "to make first", TRY: "to try", FOR_CARE: "for care"}  # what moves of each kind are there for


def moves_heading(page: narrative.Story) -> str:
    """``Two moves to make first and one to try``, as many as there are of each kind; softer where few segments hold
    up."""
    count = len(page.moves)
    if count == 0:
        return "No move pays at our assumptions" if page.note.startswith(narrative.NONE_PAYS) else "No move to make"
    if page.level == "low":
        return f"{_so_many(count)} to weigh before any campaign"
    kinds = [move.kind for move in page.moves]
    (first, purpose), *others = ((kinds.count(kind), text) for kind, text in PURPOSES.items() if kind in kinds)
    return words.listing([f"{_so_many(first)} {purpose}", *(f"{NUMBERS[count]} {text}" for count, text in others)])


def _so_many(count: int) -> str:
    return words.capitalised(f"{NUMBERS[count]} {'move' if count == 1 else 'moves'}")


def _title(run: Run, move: narrative.ListedMove) -> Markdown:
    """For whom, with the segment's colour, and what to do."""
    what = markdown.escape_markdown(move.title.removeprefix(run.names[move.segment]))
    caveat = narrative.caveat(run.personas[move.segment])
    return Markdown(f"{run.flagged(move.segment)}{f' ({caveat})' if caveat else ''}{what}")
