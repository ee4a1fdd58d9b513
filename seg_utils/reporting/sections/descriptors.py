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
from seg_utils.reporting.figures.segments import IN_NO_SEGMENT
from seg_utils.reporting.markdown import Markdown, fill
from seg_utils.reporting.run_artefacts import Run

LEVELS = 5  # levels of a category told in a cell; the others are added up
LONGEST = 40  # letters of a level's name shown


def page(run: Run) -> Markdown:
    """The section; nothing where no column was named."""
    return described(run.segment_descriptors, run.name)


def described(profile: pd.DataFrame, name_of: Callable[[int], Markdown]) -> Markdown:
    """Sentences and table of ``personas.descriptors.profile``; nothing where no column was named."""
    if profile.empty:
        return Markdown("")
    sentences = [_sentence(row) for row in profile.drop_duplicates("descriptor").to_dict("records")]
    rows = []
    for (_, label), table in profile.groupby(["descriptor", "label"], sort=False):
        rows.append((shortened(label), "All customers", *_cells(_of_everybody(table))))
        for segment, own in table.groupby("segment", sort=False):
            rows.append(("", IN_NO_SEGMENT if segment == OUTLIERS else name_of(segment), *_cells(own)))
    return fill("descriptors", sentences=Markdown(" ".join(sentences)), rows=rows)


def show(run: Run) -> None:
    """Show where segments stand in each column; nothing where no column was named."""
    if run.segment_descriptors.empty:
        return
    labels = run.segment_descriptors["label"].unique().tolist()
    style.show(
        figures.described(run.segment_descriptors, [*map(run.colour, run.segments)], run.names),
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


def _of_everybody(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a descriptor as of one segment that holds all customers."""
    own = table.drop_duplicates("level").drop(columns=["share", "q25", "median", "q75"])
    return own.rename(columns=lambda name: name.removeprefix("population_"))


def _cells(own: pd.DataFrame) -> tuple[str, float]:
    missing = own["level"] == MISSING
    return _typical(own[~missing]), own.loc[missing, "share"].sum()


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
