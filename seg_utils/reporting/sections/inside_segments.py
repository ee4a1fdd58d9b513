"""What is inside a segment: its tree, how many sub-groups that holds, and what sets them apart."""

from typing import Any

from seg_utils.core import dictionary, words
from seg_utils.personas.subgroups import LEAST_CUSTOMERS, RULE
from seg_utils.reporting import markdown
from seg_utils.reporting.figures import algorithms as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.run_artefacts import Run, graded, outcome
from seg_utils.reporting.templates import fill

NO_SUBGROUP = markdown.Markdown("[no sub-group]{.badge .weak}")
"""In place of a grade where no number of sub-groups passes."""

PHRASES = 3
"""Differences told of a sub-group."""


def page(run: Run, told: dict[str, Any]) -> str:
    """What is inside one segment: how the number was chosen and what sets its sub-groups apart."""
    shown = told["subgroups"]
    return fill(
        "inside",
        name=run.name(told["segment"]),
        inside=told,
        least=LEAST_CUSTOMERS,
        rule=markdown.Markdown(RULE),
        candidates=_candidates(told) if shown else "",
        subgroups=_subgroups(told) if shown else "",
    )


def show_tree(run: Run, told: dict[str, Any]) -> None:
    """Show the top of a segment's tree."""
    if told["tree"] is None:
        return
    segment, count = told["segment"], len(told["subgroups"])
    style.show(
        figures.dendrogram(told["tree"], segment),
        label=f"fig-tree-{segment}",
        caption=f"How the customers of {markdown.escape_markdown(run.names[segment])} join; the dashed line parts "
        f"{count} sub-groups",
        alt=f"A tree from single branches at the bottom to one at the top, cut by a dashed line into {count} parts.",
    )


def _candidates(told: dict[str, Any]) -> str:
    rows = [
        [
            str(one["number"]),
            words.measure(one["min_jaccard"]),
            words.percent(one["smallest_share"]),
            outcome(one["holds"]),
        ]
        for one in told["candidates"]
    ]
    return markdown.pipe_table(
        rows,
        ["Sub-groups", "Weakest Jaccard", "Smallest share", "Outcome"],
        label=f"tbl-cuts-{told['segment']}",
        caption="How each number of sub-groups fares",
        align="rrrl",
    )


def _subgroups(told: dict[str, Any]) -> str:
    known = dictionary.load()
    features = list(told["subgroups"][0]["medians"])
    rows = [
        [
            chr(ord("A") + one["subgroup"]),
            f"{words.count(one['size'])} ({words.percent(one['share'])})",
            _apart(one["sets_apart"]),
            *(words.value(name, one["medians"][name]) for name in features),
            graded(one["grade"]) if told["holds"] else NO_SUBGROUP,
        ]
        for one in told["subgroups"]
    ]
    return markdown.pipe_table(
        rows,
        ["", "Customers", "Beside the segment", *(known.label(name) for name in features), "Grade"],
        label=f"tbl-subgroups-{told['segment']}",
        caption="What sets the sub-groups apart from the segment; amounts are medians",
        align="lrl" + "r" * len(features) + "l",
        widths=[3, 12, 28, *([12] * len(features)), 13],
        classes=["stack"],
    )


def _apart(sets_apart: list[dict[str, Any]]) -> str:
    """The strongest few differences, in words."""
    phrases = [one["phrase"] for one in sets_apart[:PHRASES]]
    return words.capitalised(words.listing(phrases)) if phrases else "Like the segment as a whole"
