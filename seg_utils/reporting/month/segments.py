"""A page a segment: how it fared over the periods, its bridge, who came and who left."""

from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import Markdown, escape_markdown, fill
from seg_utils.reporting.month import figures, sentences, tables
from seg_utils.reporting.month.made import Month


def page(month: Month, key: int) -> Markdown:
    """The bridge in words, and from where customers came and where they went."""
    return fill(
        "month-segment",
        month=month,
        row=month.bridge[month.bridge["segment"] == key].iloc[0].to_dict(),
        sentences=sentences.of_segment(month, key),
        flow=tables.flows(month),
        label=_label("tbl-segment", key),
    )


def show_trend(month: Month, key: int) -> None:
    """Show how many customers the segment had in every period."""
    trend = month.trend[month.trend["segment"] == key].sort_values("period", kind="stable")
    persona, before, now = trend["persona"].iloc[-1], int(trend["before"].iloc[0]), int(trend["now"].iloc[-1])
    style.show(
        figures.trend_of(trend, month.colours.get(key, 0)),
        label=_label("fig-trend", key),
        caption=f"Customers of {escape_markdown(persona)}, period by period",
        alt=f"Bars, one a period; {persona} had {before} customers before and {now} now.",
    )


def _label(what: str, key: int) -> Markdown:
    return Markdown(f"{what}-{key}".replace("--", "-outliers-"))
