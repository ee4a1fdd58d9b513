"""A month's tables: transitions, bridges, totals taken apart, drift and lineage."""

from typing import Any

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.periods.comparison import GONE, NEW, RETURNED
from seg_utils.periods.totals import PARTS, VALUE
from seg_utils.reporting import markdown
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.month.made import Month

MOST_DRIFT = 12


def transitions(month: Month) -> Markdown:
    """Who went from where to where; real moves, and flicker in brackets."""
    keys = month.bridge["segment"].tolist()
    cells = month.migration.set_index(["from_segment", "to_segment"])[["customers", "real", "flicker"]]
    rows = []
    for key in keys:
        row = [_cell(cells, key, other) for other in keys]
        gone = month.bridge.loc[month.bridge["segment"] == key, GONE].iloc[0]
        rows.append([month.name(key), *row, words.count(gone)])
    return markdown.pipe_table(
        rows,
        ["From \\ to", *(month.bridge["persona"]), "Gone"],
        label="tbl-transitions",
        caption="Customers from each segment (rows) to each (columns): stayed, or real moves, flicker in brackets",
        align="l" + "r" * (len(keys) + 1),
    )


def _cell(cells: pd.DataFrame, key: int, other: int) -> str:
    if (key, other) not in cells.index:
        return words.DASH
    row = cells.loc[(key, other)]
    if key == other:
        return words.count(row["customers"])
    flicker = f" ({words.count(row['flicker'])})" if row["flicker"] else ""
    return f"{words.count(row['real'])}{flicker}"


def bridge(month: Month) -> Markdown:
    """Each segment's bridge."""
    rows = [
        [
            month.name(row["segment"]),
            words.count(row["before"]),
            *(_net(row[name]) for name in (NEW, RETURNED)),
            f"{_net(row['moved_in'])} ({words.count(row['flicker_in'])})",
            f"{_net(-row['moved_out'])} ({words.count(row['flicker_out'])})",
            _net(-row[GONE]),
            words.count(row["now"]),
        ]
        for row in month.bridge.to_dict("records")
    ]
    return markdown.pipe_table(
        rows,
        ["Segment", "Before", "New", "Returned", "Moved in", "Moved out", "Gone", "Now"],
        label="tbl-bridge",
        caption="Each segment's customers: before, who came, who left, now; of the moves, flicker in brackets",
        align="lrrrrrrr",
    )


def of_segment(month: Month, key: int) -> Markdown:
    """From where a segment's customers came and where they went: real moves, and flicker in brackets."""
    flows, ends = month.migration, ("from_segment", "to_segment")
    others = [other for other in month.bridge["segment"] if other != key]
    cells = flows.set_index([*ends])[["customers", "real", "flicker"]]
    rows = [[month.name(other), _cell(cells, other, key), _cell(cells, key, other)] for other in others]
    row = month.bridge[month.bridge["segment"] == key].iloc[0]
    rows += [[name.capitalize(), words.count(row[name]), words.DASH] for name in (NEW, RETURNED)]
    rows.append([GONE.capitalize(), words.DASH, words.count(row[GONE])])
    return markdown.pipe_table(
        rows,
        ["From or to", "Came", "Left"],
        label=f"tbl-segment-{key}".replace("--", "-outliers-"),
        caption=f"Who came into {markdown.escape_markdown(row['persona'])} and who left; flicker in brackets",
        align="lrr",
    )


def _net(number: float) -> str:
    return words.signed(number, words.count)


def totals(month: Month) -> Markdown:
    """Why each total changed."""
    sums = month.shift.groupby("measure")[["before", *PARTS, "now"]].sum()
    if sums.empty:
        return Markdown("No amount of these customers adds up over them, so no total is taken apart.")
    labels = {VALUE: "Value a year"} | {measure.name: measure.label for measure in dictionary.load().measures}
    rows = [
        [
            label,
            words.money(sums.at[name, "before"]),
            *(words.signed(sums.at[name, part], words.money) for part in PARTS),
            words.money(sums.at[name, "now"]),
        ]
        for name, label in labels.items()
        if name in sums.index
    ]
    return markdown.pipe_table(
        rows,
        ["Total", "Before", "Customer base", "Mix", "Behaviour", "Now"],
        label="tbl-totals",
        caption="Why totals changed: who came and left, moves, behaviour within segments; each row sums exactly",
        align="lrrrrr",
    )


def drift(month: Month) -> Markdown:
    """Features by how much the same customers changed in them, the surest first."""
    ranked = month.drift.sort_values("standard_errors", key=abs, ascending=False, kind="stable").head(MOST_DRIFT)
    known = dictionary.load()
    rows = [
        [
            known.label(row["feature"]),
            words.value(row["feature"], row["mean_before"]),
            words.value(row["feature"], row["mean_now"]),
            words.shown(row["same_change"], lambda share: words.signed(share, words.tenths)),
            Markdown("[news]{.badge .warning}") if row["shifted"] else "",
            words.measure(row["psi"]),
            row["verdict"],
        ]
        for row in ranked.to_dict("records")
    ]
    return markdown.pipe_table(
        rows,
        ["Feature", "Mean before", "Mean now", "Like for like", "", "PSI", "Against training"],
        label="tbl-drift",
        caption="How features changed: means of everyone, the same customers' mean, stability against training",
        align="lrrrlrl",
    )


def lineage(month: Month) -> Markdown:
    """What became of each segment in the challengers, and which names change."""
    parts = [_names(month), _fates(month, month.lineage, "tbl-lineage", "segments fitted afresh")]
    advice = month.lineage["recommended"]
    parts.append(f"**How many segments.** {markdown.escape_markdown(advice['sentence'])}")
    if "segments" in advice:
        parts.append(_fates(month, advice, "tbl-lineage-recommended", f"{advice['k']} segments, as is recommended"))
    return Markdown("\n\n".join(filter(None, parts)))


def _names(month: Month) -> str:
    """Which names change, and which may."""
    said = []
    for one in month.decision["segments"]:
        if one["formerly"]:
            said.append(
                f"{month.name(one['key'])} was {markdown.escape_markdown(one['formerly'])} until now: in two periods "
                "running its customers were others than that name says."
            )
        elif one["failed"]:
            said.append(
                f"{month.name(one['key'])} would be called {markdown.escape_markdown(one['found'])} by this period's "
                "customers; it keeps its name unless that is so again."
            )
    return f"**Names.** {' '.join(said)}" if said else ""


def _fates(month: Month, lineage: dict[str, Any], label: str, where: str) -> str:
    called = {one["key"]: one["persona"] for one in lineage["challenger"]}
    rows = [
        [
            month.name(one["key"]),
            words.count(one["customers"]),
            one["fate"],
            words.listing(
                [
                    f"{called[key]} ({words.percent(share)})"
                    for key, share in zip(one["into"], one["shares"], strict=True)
                ]
                or [words.DASH]
            ),
            words.percent(one["sure"]),
        ]
        for one in lineage["segments"]
    ]
    table = markdown.pipe_table(
        rows,
        ["Segment", "Customers", "Fate", "Found in", "Of draws"],
        label=label,
        caption=f"What became of each segment in {where}, and in how many draws of the customers it did",
        align="lrllr",
    )
    new = [markdown.escape_markdown(called[key]) for key in lineage["emerged"]]
    return f"{table}\n\n{f'Emerged: {words.listing(new)}.' if new else ''}"
