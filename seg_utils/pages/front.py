"""Page one: what was found, the three moves to make first, how far to trust it."""

from seg_utils import story, tables, words
from seg_utils.pages.run import Run

CALLOUTS = {"high": "tip", "medium": "note", "low": "warning"}


def told(run: Run) -> story.Story:
    """What page one says, in any format."""
    return story.tell(
        run.people, run.strategy, run.metrics, run.verdict, run.quality, run.metrics["standing"]["sentence"]
    )


def page(run: Run) -> str:
    """The first page; it suffices on its own."""
    page_one = told(run)
    return f"""# {tables.escape_markdown(page_one.headline)}

::: {{.subtitle}}
{tables.escape_markdown(run.quality["source"]["name"])} · {words.plural(run.quality["n_customers"], "customer")} ·
{words.plural(run.k, "segment")}
:::

{_notice(page_one.notice)}

::: {{.lead}}
{tables.escape_markdown(" ".join(page_one.findings))}
:::

::: {{.tiles}}
{_tiles(run)}
:::

## Three moves to make first

::: {{.moves}}
{_moves(page_one.moves)}
:::

::: {{.callout-{CALLOUTS[page_one.level]} title="How far to trust this: {page_one.level}"}}
{tables.escape_markdown(" ".join(page_one.trust))}
:::
"""


def _notice(notice: str | None) -> str:
    if notice is None:
        return ""
    return f'::: {{.callout-important title="Synthetic customers"}}\n{tables.escape_markdown(notice)}\n:::'


def _tiles(run: Run) -> str:
    grades = run.metrics["stability"]["grades"]
    tiles = [
        (words.count(run.quality["n_customers"]), "customers"),
        (str(run.k), "segments"),
        (f"{grades.count('firm')} of {run.k}", "segments are firm"),
    ]
    if len(run.concentration):
        widest = run.concentration.loc[run.concentration["top_share"].idxmax()]
        measure = widest["measure"].replace("_", " ")
        tiles.append((words.percent(widest["top_share"]), f"of {measure} from one customer in ten"))
    return "\n".join(f"- **{number}** {label}" for number, label in tiles)


def _moves(moves: list[str]) -> str:
    """Each move in bold up to the end of its first sentence."""
    lines = []
    for number, move in enumerate(moves, start=1):
        first, _, rest = move.partition("). ")
        bold = (
            f"**{tables.escape_markdown(first + ')' if rest else first)}.**"
            if rest
            else f"**{tables.escape_markdown(first)}**"
        )
        lines.append(f"{number}. {bold} {tables.escape_markdown(rest)}".rstrip())
    return "\n".join(lines)
