"""All customers, where those analysed are a sample of them: sizes and money of the segments, and how far off it is."""

from seg_utils.core import words
from seg_utils.reporting import markdown
from seg_utils.reporting.markdown import Markdown
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.templates import fill

HEADER = ["Segment", "Customers", "Share", "In the sample", "By chance up to", "Value a year", "Share of value"]
WIDTHS = [24, 13, 9, 12, 14, 16, 12]


def page(run: Run) -> Markdown:
    """Every segment among all customers, where a sample was analysed."""
    segments = run.population["segments"]
    rows = [
        [
            run.name(int(one["segment"])) if one["segment"] in run.segments else one["persona"],
            words.count(one["customers"]),
            words.percent(one["customers_share"]),
            words.percent(one["sample_share"]),
            f"{100 * one['chance']:.2f} points",
            *([words.money(one["value"]), words.percent(one["value_share"])] if run.has_money else []),
        ]
        for one in segments.to_dict("records")
    ]
    off = (segments["customers_share"] - segments["sample_share"]).abs()
    caption = "The segments among all customers"
    columns = len(rows[0])
    table = markdown.pipe_table(rows, HEADER[:columns], label="tbl-everybody", caption=caption, widths=WIDTHS[:columns])
    distances = run.population["mean_squared_distance"]
    return fill(
        "everybody",
        known=run.population,
        table=table,
        farthest=f"{100 * off.max():.2f}",
        wider=abs(distances["all"] / distances["sample"] - 1),
    )
