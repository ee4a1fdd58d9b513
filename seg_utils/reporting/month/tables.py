"""A month's tables: transitions, bridges, totals taken apart, drift and lineage."""

from collections.abc import Callable
from typing import Any

from seg_utils.core import dictionary, words
from seg_utils.periods.flows import PARTS
from seg_utils.reporting.markdown import Markdown, escape_markdown, fill
from seg_utils.reporting.month.made import Month

MOST_DRIFT = 12


def transitions(month: Month) -> Markdown:
    """Who went from where to where; real moves, and flicker in brackets."""
    return fill("month-transitions", month=month, flow=flows(month))


def flows(month: Month) -> Callable[[int, int], str]:
    """Gives the customers who went from one segment to another: real moves, and flicker in brackets."""
    known = month.migration.set_index(["from_segment", "to_segment"])[["customers", "real", "flicker"]]

    def flow(key: int, other: int) -> str:
        if (key, other) not in known.index:
            return words.DASH
        row = known.loc[(key, other)]
        if key == other:
            return words.count(row["customers"])
        return words.count(row["real"]) + (f" ({words.count(row['flicker'])})" if row["flicker"] else "")

    return flow


def bridge(month: Month) -> Markdown:
    """Each segment's bridge."""
    return fill("month-bridge", month=month)


def totals(month: Month) -> Markdown:
    """Why each total changed."""
    rows = [{"label": label, **row} for label, row in month.totals.iterrows()]
    return fill("month-totals", totals=rows, parts=PARTS, unit=f"In {dictionary.load().currency}")


def drift(month: Month) -> Markdown:
    """Features by how much the same customers changed in them, the surest first."""
    ranked = month.drift.sort_values("standard_errors", key=abs, ascending=False, kind="stable").head(MOST_DRIFT)
    return fill("month-drift", drift=ranked.to_dict("records"), label=dictionary.load().label)


def lineage(month: Month) -> Markdown:
    """What became of each segment in the challengers, and which names change."""
    advice = month.lineage["recommended"]
    partitions = [_fates(month.lineage, "tbl-lineage", "segments fitted afresh")]
    if "segments" in advice:
        recommended = Markdown(f"{advice['k']} segments, as is recommended")
        partitions.append(_fates(advice, "tbl-lineage-recommended", recommended))
    return fill("month-lineage", month=month, names=_names(month), partitions=partitions, advice=advice["sentence"])


def _names(month: Month) -> Markdown:
    """Which names change, and which may."""
    parts = []
    for segment in month.decision["segments"]:
        if segment["formerly"]:
            parts.append(
                f"{month.name(segment['key'])} was {escape_markdown(segment['formerly'])} until now: in two periods "
                "running its customers were others than that name says."
            )
        elif segment["failed"]:
            parts.append(
                f"{month.name(segment['key'])} would be called {escape_markdown(segment['found'])} by this period's "
                "customers; it keeps its name unless that is so again."
            )
    return Markdown(" ".join(parts))


def _fates(lineage: dict[str, Any], label: str, where: str) -> tuple[Markdown, str, list[tuple[dict, str]], list[str]]:
    """A partition as the lineage's table has it: what it is called, each segment with what holds it, what emerged."""
    names = {segment["key"]: segment["persona"] for segment in lineage["challenger"]}
    rows = []
    for segment in lineage["segments"]:
        into = zip(segment["into"], segment["shares"], strict=True)
        shown = [f"{names[key]} ({words.percent(share)})" for key, share in into]
        rows.append((segment, words.listing(shown or [words.DASH])))
    return Markdown(label), where, rows, [names[key] for key in lineage["emerged"]]
