"""The exported tables as files: Parquet with types, CSV for everything else, and what their columns mean."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.artefacts import write_csv, write_parquet, write_text
from seg_utils.reporting.exports.column_meanings import describe, formula
from seg_utils.reporting.markdown import escape_markdown, plain_table

FOLDER = "bi"
KEYS = {
    "customers_scored": ("customer_id",),
    "segment_profiles": ("segment", "feature"),
    "segment_descriptors": ("segment", "descriptor", "level"),
    "strategy": ("segment",),
}
"""What is unique in each table."""

DICTIONARY = "data_dictionary"
FILES = tuple(f"{FOLDER}/{name}.{end}" for name in KEYS for end in ("parquet", "csv")) + tuple(
    f"{FOLDER}/{DICTIONARY}.{end}" for end in ("csv", "md")
)
FEATURES = "features"
"""Under this name the dictionary explains what the ``feature`` column of the profiles holds, derived features too."""

TYPES = {"i": "whole number", "f": "number", "b": "true or false"}


def write(run: Path, exported: Mapping[str, pd.DataFrame]) -> None:
    """Write the tables, by name, and their dictionary into ``bi/`` of a run folder.

    Raises:
        ValueError: a table is none of ``KEYS``, or its key is not unique.
    """
    if set(exported) != set(KEYS):
        raise ValueError(f"exported tables are {', '.join(KEYS)}, not {', '.join(exported)}")
    for name, table in exported.items():
        if table.duplicated(list(KEYS[name])).any():
            raise ValueError(f"{name} holds {' and '.join(KEYS[name])} twice")
        write_parquet(run / FOLDER / f"{name}.parquet", table)
        write_csv(run / FOLDER / f"{name}.csv", table)
    columns = data_dictionary(exported)
    write_csv(run / FOLDER / f"{DICTIONARY}.csv", columns)
    write_text(run / FOLDER / f"{DICTIONARY}.md", _page(columns))


def data_dictionary(exported: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a column of the exported tables, then one a feature of the profiles as of a table ``FEATURES``:
    ``table, column, key, type, unit, meaning, formula``; the formula is empty but for derived features."""
    columns = [
        (name, column, column in KEYS[name], TYPES.get(table[column].dtype.kind, "text"), *describe(column), "")
        for name, table in exported.items()
        for column in table
    ]
    known = dictionary.load()
    features = [
        (FEATURES, name, False, TYPES["f"], *describe(name), formula(known[name]))
        for name in exported["segment_profiles"]["feature"].unique()
    ]
    names = ["table", "column", "key", "type", "unit", "meaning", "formula"]
    return pd.DataFrame(columns + features, columns=names)


def _page(columns: pd.DataFrame) -> str:
    features = columns[columns["table"] == FEATURES]
    parts = [tables_page(columns[columns["table"] != FEATURES], KEYS)]
    parts += [f"## {FEATURES}", "", "What the column `feature` of `segment_profiles` names. Derived features are"]
    parts += ["computed from the others, customer by customer, and enter no clustering.", ""]
    return "\n".join([*parts, *_rows(features, ("column", "unit", "meaning", "formula")), ""])


def tables_page(columns: pd.DataFrame, keys: Mapping[str, Sequence[str]]) -> str:
    """A dictionary of tables in Markdown.

    Args:
        columns: ``table, column, type, unit, meaning``, one row a column.
        keys: what is unique in each table.
    """
    parts = [
        "# Tables for business intelligence",
        "",
        "Each table is there as Parquet, with types, and as CSV. The key says what is unique in a row; `segment` joins",
        "the tables. In CSV files, text that a spreadsheet would run as a formula has an apostrophe in front.",
    ]
    for name, table in columns.groupby("table", sort=False):
        key = " and ".join(f"`{column}`" for column in keys[name])
        parts += ["", f"## {name}", "", f"Key: {key}.", "", *_rows(table, ("column", "type", "unit", "meaning"))]
    return "\n".join([*parts, "", ""])


def _rows(table: pd.DataFrame, shown: Sequence[str]) -> list[str]:
    """Some columns of a table in Markdown, names in the first as code."""
    rows = [(_code(name), *others) for name, *others in table[list(shown)].itertuples(index=False)]
    return plain_table(shown, rows).splitlines()


def _code(name: str) -> str:
    """A column's name as code, or escaped where it could end that: names of descriptors come from outside."""
    return f"`{name}`" if re.fullmatch(r"\w+", name) else escape_markdown(name)
