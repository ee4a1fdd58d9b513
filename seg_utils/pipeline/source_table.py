"""The table of a database that a command reads, brought in before anything else is done."""

from pathlib import Path

from seg_utils.core.table_address import TableAddress
from seg_utils.pipeline import console


def bring_in(table: TableAddress | None, file: Path, columns: Path | None) -> None:
    """Bring the file up to date with the table that it stands for, if it stands for one.

    Raises:
        DataError: see ``database.bring_in``.
    """
    if table is None:
        return
    from seg_utils.data import database  # pandas and the engine: only when there is a table to read

    rows = database.bring_in(table, file, columns)
    read = "unchanged" if rows is None else f"{rows:,} rows read into {file}"
    console.stage_line("table", f"{table}: {read}")
