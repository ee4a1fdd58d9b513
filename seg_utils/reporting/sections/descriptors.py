"""Segments by what customers were not compared by: how far they differ, one table and one figure."""

from collections.abc import Callable

import pandas as pd

from seg_utils.clustering import OUTLIERS
from seg_utils.core import words
from seg_utils.core.dictionary import NUMBER
from seg_utils.personas.descriptors import MISSING, NONE
from seg_utils.reporting import markdown
from seg_utils.reporting.figures import descriptors as figures
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.run_artefacts import Run

NOBODY = "In no segment"
LEVELS = 5
"""Levels of a category told in a cell; the others are added up."""

LONGEST = 40
"""Letters of a level's name shown."""

HOW = (
    "No distance looked at these columns. Where segments differ in them, they say more of customers than what they "
    "were made of; where they do not, that is no fault of theirs. An effect is eta squared of the ranks for numbers "
    "and Cramér's V for categories, both less what chance gives, beside what 99 of 100 draws stay below in which "
    "customers swap their segments."
)


def page(run: Run) -> str:
    """The section; nothing where no column was named."""
    return described(run.descriptors, run.name)


def described(profile: pd.DataFrame, called: Callable[[int], Markdown]) -> str:
    """Sentences and table; nothing where no column was named.

    Args:
        profile: ``personas.descriptors.profile``'s table.
        called: gives a segment's name.
    """
    if profile.empty:
        return ""
    said = " ".join(_sentence(row) for row in profile.drop_duplicates("descriptor").to_dict("records"))
    return f"## What segments were not made of\n\n{HOW}\n\n{said}\n\n{_table(profile, called)}"


def show(run: Run) -> None:
    """Show where segments stand in each column; nothing where no column was named."""
    if run.descriptors.empty:
        return
    labels = run.descriptors["label"].unique().tolist()
    style.show(
        figures.described(run.descriptors, [*map(run.colour, run.segments)], run.names),
        label="fig-descriptors",
        caption="Segments by what customers were not compared by: middle half and median, or shares",
        alt=f"One panel a column, one row a segment: {words.listing(labels)}; the table has the numbers.",
    )


def _sentence(row: dict) -> str:
    """How far segments differ in one column."""
    label = f"**{markdown.escape_markdown(shortened(row['label']))}**"
    if pd.isna(row["effect"]):
        return f"{label} is the same for all customers."
    chance = words.measure(row["effect_by_chance"], 3)
    figure = f"{row['effect_measure']} {words.measure(row['effect'], 3)}, by chance up to {chance}"
    if row["effect_size"] == NONE:
        return f"{label} differs between segments no more than by chance ({figure})."
    return f"{label} differs between segments, a {row['effect_size']} effect ({figure})."


def _table(profile: pd.DataFrame, called: Callable[[int], Markdown]) -> Markdown:
    """Everybody and each segment, by each column."""
    rows = []
    for (_, label), table in profile.groupby(["descriptor", "label"], sort=False):
        rows.append([shortened(label), "All customers", *_cells(_of_everybody(table))])
        for segment, own in table.groupby("segment", sort=False):
            rows.append(["", NOBODY if segment == OUTLIERS else called(segment), *_cells(own)])
    return markdown.pipe_table(
        rows,
        ["Column", "Customers", "Median and middle half, or shares", "No value"],
        label="tbl-descriptors",
        caption="Segments by what customers were not compared by",
        align="lllr",
        widths=[26, 24, 40, 10],
        classes=["stack"],
    )


def _of_everybody(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a descriptor as of one segment that holds all customers."""
    own = table.drop_duplicates("level").drop(columns=["share", "q25", "median", "q75"])
    return own.rename(columns=lambda name: name.removeprefix("population_"))


def _cells(own: pd.DataFrame) -> list[str]:
    """What is typical, and the share without a value."""
    known = own[own["level"] != MISSING]
    missing = own.loc[own["level"] == MISSING, "share"].sum()
    return [_typical(known), words.percent(missing) if missing else words.DASH]


def _typical(known: pd.DataFrame) -> str:
    if (known["kind"] == NUMBER).all():
        middle, low, high = (known[name].iloc[0] if len(known) else float("nan") for name in ("median", "q25", "q75"))
        if pd.isna(middle):
            return words.DASH
        return f"{words.decimal(middle)} ({words.decimal(low)} to {words.decimal(high)})"
    named = known.head(LEVELS) if len(known) > LEVELS + 1 else known
    shares = [
        f"{shortened(level)} {words.percent(share)}"
        for level, share in zip(named["level"], named["share"], strict=True)
    ]
    if rest := len(known) - len(named):
        shares.append(f"{rest} more {words.percent(known['share'].iloc[len(named) :].sum())}")
    return ", ".join(shares)


def shortened(text: str) -> str:
    """A name of the file as far as it is shown, in one line."""
    shown = markdown.printable(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
