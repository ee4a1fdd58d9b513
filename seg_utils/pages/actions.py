"""What to do with each segment."""

from seg_utils import tables
from seg_utils.pages.run import Run

COLUMNS = {
    "objective": "Objective",
    "now": "Action now",
    "later": "Action later",
    "offer": "Offer",
    "channel": "Channel",
    "kpi": "KPI to watch",
    "guardrail": "Guardrail",
    "owner": "Who acts",
}


def strategy(run: Run) -> str:
    """The strategy table, one row a segment."""
    rows = [[run.name(row["segment"]), *(row[name] for name in COLUMNS)] for _, row in run.strategy.iterrows()]
    table = tables.pipe_table(
        rows,
        ["Segment", *COLUMNS.values()],
        label="tbl-strategy",
        caption="What to do with each segment",
        widths=[12, 15, 15, 15, 12, 10, 10, 15, 9],
        classes=["stack"],
    )
    return f"::: {{.landscape}}\n## Strategy\n\n{table}\n:::\n"
