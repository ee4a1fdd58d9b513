"""Page one: what was found, the three moves to make first, how far to trust it."""

from seg_utils.core import words
from seg_utils.evaluation.resampling.stability import FIRM, WEAK
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections import algorithm

CALLOUTS = {"high": "tip", "medium": "note", "low": "warning"}


def told(run: Run) -> narrative.Story:
    """What page one says, in any format."""
    return narrative.tell(run.people, run.strategy, run.metrics, run.verdict, run.quality, run.portfolio)


def page(run: Run) -> str:
    """The first page; it suffices on its own."""
    page_one = told(run)
    return f"""# {markdown.escape_markdown(page_one.headline)}

::: {{.subtitle}}
{markdown.escape_markdown(run.quality["source"]["name"])} · {words.plural(run.quality["n_customers"], "customer")} ·
{words.plural(run.k, "segment")}
:::

{_notice(page_one.notice)}

{_no_segments(run)}

{algorithm.outliers_line(run)}

{algorithm.encoding_line(run)}

::: {{.lead}}
{markdown.escape_markdown(" ".join(page_one.findings))}
:::

::: {{.tiles}}
{_tiles(run)}
:::

## {moves_heading(page_one)}

{_moves(run, page_one)}

::: {{.callout-{CALLOUTS[page_one.level]} title="How far to trust this: {page_one.level}"}}
{_trust(page_one.trust)}
:::
"""


def _trust(sentences: list[str]) -> str:
    """The verdict first; what else speaks for or against, a point each."""
    verdict, *points = (markdown.escape_markdown(sentence) for sentence in sentences)
    return "\n\n".join([verdict, "\n".join(f"- {point}" for point in points)])


def _notice(notice: str | None) -> str:
    if notice is None:
        return ""
    return f'::: {{.callout-important title="Synthetic customers"}}\n{markdown.escape_markdown(notice)}\n:::'


def _no_segments(run: Run) -> str:
    """A warning before everything else where a number of segments was forced on customers that form none."""
    if run.has_segments:
        return ""
    sentence = markdown.escape_markdown(narrative.standing(run.metrics))
    return f"""::: {{.callout-important title="No segments"}}
{sentence} Read what follows as a description, and aim no campaign at it.
:::"""


def _tiles(run: Run) -> str:
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
    return "\n".join(f"- **{number}** {label}" for number, label in tiles)


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
