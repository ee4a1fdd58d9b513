"""All periods as tables for business intelligence: each of a month's tables over all periods, and what campaigns did.

Long: every row says its period and its model. One period is in memory at a time.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from seg_utils.core.artefacts import csv_text, read_json, replacing, write_csv, write_parquet, write_text
from seg_utils.reporting.exports.files import DICTIONARY, FOLDER, about_columns, describe_of_periods, tables_page

# What is unique in each table
KEYS = {
    "membership": ("period", "customer_id"),
    "movers": ("period", "customer_id"),
    "migration": ("period", "from_persona", "to_persona"),
    "bridge": ("period", "segment"),
    "shift": ("period", "measure", "segment"),
    "segment_descriptors": ("period", "segment", "descriptor", "level"),
    "results": ("campaign", "period", "segment"),
}

RESULTS = "results"


def write(run: Path, folders: Sequence[Path], target: Path) -> list[Path]:
    """Write the tables of all periods, and their dictionary, into ``bi/`` of a folder; returns the CSV files.

    Args:
        run: the run whose segments came first.
    """
    tables = {}
    for name in (name for name in KEYS if name != RESULTS):
        tables[name] = _stacked([folder / f"{name}.parquet" for folder in folders], target / FOLDER / f"{name}.csv")
    results = _results(run, folders)
    if results is not None:
        write_csv(target / FOLDER / f"{RESULTS}.csv", results)
        write_parquet(target / FOLDER / f"{RESULTS}.parquet", results)
        tables[RESULTS] = results
    about = about_columns(tables, KEYS, describe_of_periods)
    write_csv(target / FOLDER / f"{DICTIONARY}.csv", about)
    write_text(target / FOLDER / f"{DICTIONARY}.md", tables_page(about, KEYS))
    return [target / FOLDER / f"{name}.csv" for name in (*tables, DICTIONARY)]


def _stacked(files: Sequence[Path], target: Path) -> pd.DataFrame:
    """Write Parquet files below one another, as CSV and Parquet; returns their columns, without rows."""
    known = pa.unify_schemas([parquet.read_schema(file) for file in files], promote_options="permissive")
    fields = [(column.name, pa.string() if pa.types.is_null(column.type) else column.type) for column in known]
    schema = pa.schema(fields, known.metadata)  # in which pandas keeps that whole numbers may be missing
    header = schema.empty_table().to_pandas()
    with (
        replacing(target) as text,
        replacing(target.with_suffix(".parquet")) as table,
        parquet.ParquetWriter(table, schema) as rows,
        text.open("w", encoding="utf-8", newline="") as lines,
    ):
        lines.write(csv_text(header))
        for file in files:
            part = pd.read_parquet(file).reindex(columns=header.columns)
            rows.write_table(pa.Table.from_pandas(part, schema, preserve_index=False))
            lines.write(csv_text(part, header=False))
    return header


def _results(run: Path, folders: Sequence[Path]) -> pd.DataFrame | None:
    """What each campaign did that the run or a period drew, with campaign, period and model; None where none did."""
    tables = []
    for file in (file for folder in (run, *folders) for file in sorted((folder / RESULTS).glob("*/results.parquet"))):
        about = read_json(file.with_name("results.json"))
        table = pd.read_parquet(file)
        for name, value in (("campaign", about["campaign"]), ("model", about["model"]["sha256"][:12])):
            table.insert(0, name, value)
        table.insert(0, "period", about["period"] or "")
        tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else None
