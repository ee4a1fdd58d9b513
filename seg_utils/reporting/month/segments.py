"""A page a segment: how it fared over the periods, its bridge, who came and who left."""

from seg_utils.reporting import markdown
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.month import figures, sentences, tables
from seg_utils.reporting.month.made import Month


def page(month: Month, key: int) -> Markdown:
    """Heading, the bridge in words, and who came and left."""
    persona = month.bridge.loc[month.bridge["segment"] == key, "persona"].iloc[0]
    heading = f"## {markdown.escape_markdown(persona)} {{.new-page}}"
    return Markdown(f"{heading}\n\n{sentences.of_segment(month, key)}\n\n{tables.of_segment(month, key)}")


def show_trend(month: Month, key: int) -> None:
    """Show how many customers the segment had in every period."""
    trend = month.trend[month.trend["segment"] == key].sort_values("period", kind="stable")
    persona, before, now = trend["persona"].iloc[-1], int(trend["before"].iloc[0]), int(trend["now"].iloc[-1])
    style.show(
        figures.trend_of(trend, month.colours.get(key, 0)),
        label=f"fig-trend-{key}".replace("--", "-outliers-"),
        caption=f"Customers of {markdown.escape_markdown(persona)}, period by period",
        alt=f"Bars, one a period; {persona} had {before} customers before and {now} now.",
    )
