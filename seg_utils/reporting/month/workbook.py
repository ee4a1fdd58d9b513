"""A month as a workbook: what was decided, and its tables."""

import pandas as pd

from seg_utils.core import words
from seg_utils.periods.comparison import REAL
from seg_utils.reporting.month.made import Month
from seg_utils.reporting.sections.office.workbook_cells import COUNT, NUMBER, TEXT, Cell, Sheet, cell

MOST_MOVES = 100_000  # customers who really moved that a sheet lists, those who went farthest first; movers.csv has all
FATES = ("key", "persona", "customers", "fate", "sure")
LEFT_OUT = ("period", "model")  # what is the same in every row


def sheets(month: Month) -> list[Sheet]:
    """All sheets of a month's workbook."""
    moves = month.movers[month.movers["kind"].eq(REAL)]
    moves = moves.sort_values("crossed", ascending=False, kind="stable").head(MOST_MOVES)
    tables = {
        "Bridge": month.bridge,
        "Transitions": month.migration,
        "Totals": month.shift,
        "Real moves": moves,
        "Drift": month.drift,
        "Lineage": pd.DataFrame(month.lineage["segments"])[[*FATES]],
        "Descriptors": month.segment_descriptors,
        "Trend": month.trend.drop(columns="model", errors="ignore"),
    }
    return [_summary(month), *(_sheet(name, table) for name, table in tables.items() if len(table))]


def _summary(month: Month) -> Sheet:
    rows = [
        [Cell("Period"), Cell(month.period)],
        [Cell("Compared with"), Cell(month.before)],
        [Cell("Decision"), Cell(month.decision["decision"])],
        *([Cell("Reason"), Cell(words.capitalised(reason))] for reason in month.decision["reasons"]),
        *(
            [Cell(words.capitalised(name.replace("_", " "))), Cell(count, COUNT)]
            for name, count in month.counts.items()
        ),
        *([Cell("Note"), Cell(note)] for note in month.notes),
    ]
    return Sheet("Summary", ["About", "What the report says"], rows)


def _sheet(name: str, table: pd.DataFrame) -> Sheet:
    """A table as it is, its columns' names as people write them."""
    table = table.drop(columns=[column for column in LEFT_OUT if column in table and name != "Trend"])
    kinds = {column: _kind(values) for column, values in table.items()}
    rows = [[cell(value, kinds[column]) for column, value in row.items()] for row in table.to_dict("records")]
    return Sheet(name, [words.capitalised(column.replace("_", " ")) for column in table], rows)


def _kind(values: pd.Series) -> str:
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return TEXT
    return COUNT if pd.api.types.is_integer_dtype(values) else NUMBER
