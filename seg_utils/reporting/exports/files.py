"""The exported tables, a fact a row, as files: Parquet with types, CSV for everything else, and what columns mean."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from seg_utils.core import dictionary, marked_yaml
from seg_utils.core.artefacts import write_csv, write_parquet, write_text
from seg_utils.core.dictionary import Derived, Feature
from seg_utils.core.marked_yaml import Entry
from seg_utils.core.paths import COLUMNS
from seg_utils.data.columns.descriptors import beside
from seg_utils.reporting.markdown import escape_markdown, plain_table
from seg_utils.scoring.answer import segments
from seg_utils.scoring.model import SegmentModel
from seg_utils.scoring.scorer import Scorer

ASSUMED = "; rests on the assumptions of assumptions.csv"
WHEN = {"before": "before", "now": "now", "from": "before", "to": "now"}


@cache
def _meanings() -> Entry:
    return marked_yaml.load(COLUMNS)


def describe(column: str) -> tuple[str, str]:
    """Unit and meaning of a column; features, derived ones too, are described by the data dictionary, and what it does
    not know is a descriptor."""
    known = dictionary.load()
    for measure in known.measures:
        if column == f"{measure.name}_share":
            return "share, 0 to 1", f"The segment's share of all {dictionary.within(measure.label)}"
    if column in _meanings()["columns"] or column in _meanings()["assumed"]:
        return _usual(column)
    features = {feature.name: feature for feature in known.described}
    if column in features:
        return shown_unit(features[column].unit), features[column].description
    labels = {descriptor.name: f"{descriptor.label}, as" for descriptor in known.descriptors}
    return "", f"{labels.get(column, 'As')} in the customers file; customers are not compared by it"


def describe_of_periods(table: str, column: str) -> tuple[str, str]:
    """Unit and meaning of a column in a table of all periods. Raises KeyError: nothing is known of it."""
    meanings = _meanings()
    for known in (meanings["tables"].get(table, {}), meanings["periods"]):
        if column in known:
            unit, meaning = known[column]
            return shown_unit(unit), meaning
    for pattern, (unit, meaning) in meanings["patterns"].items():
        if match := re.fullmatch(pattern, column):
            when = next((WHEN[part] for part in match.groups() if part), "")
            return shown_unit(unit), meaning.format(when=when)
    return _usual(column)


def _usual(column: str) -> tuple[str, str]:
    assumed = _meanings()["assumed"]
    unit, meaning = assumed[column] if column in assumed else _meanings()["columns"][column]
    return shown_unit(unit), meaning + (ASSUMED if column in assumed else "")


def formula(feature: Feature) -> str:
    """How a derived feature is computed from columns, as the data dictionary says; empty where it is a column."""
    return feature.formula.in_words() if isinstance(feature, Derived) else ""


def shown_unit(unit: str) -> str:
    """A unit as people read it, with the currency's sign."""
    return unit.replace("currency", f"currency ({dictionary.load().currency})")


# Whole numbers, which may be missing
WHOLE = (
    "segment", "second_segment", "third_segment", "customers", "worth_contacting", "contacted", "months", "control",
    "needed_per_group",
)  # fmt: skip


def customers_scored(
    model: SegmentModel,
    customers: pd.DataFrame,
    held_out: pd.DataFrame,
    values: pd.DataFrame,
    descriptors: pd.DataFrame,
) -> pd.DataFrame:
    """The customers (customer_id and the model's inputs) that a model was made from, one row each in input order: as
    ``make score`` tells of new ones, what they are worth (``strategy.customer_values``), whether they are kept aside as
    a control group (``campaign, control_group``), the features in original units, and last the columns that only
    describe. All tables are in the same order."""
    scored = Scorer(model).score(customers).to_pandas(integer_object_nulls=True)
    features = model.space.with_derived(customers)[list(model.space.columns)].reset_index(drop=True)
    table = pd.concat([scored, values.reset_index(drop=True), held_out.reset_index(drop=True), features], axis=1)
    return _typed(with_descriptors(table, descriptors))


def with_descriptors(table: pd.DataFrame, descriptors: pd.DataFrame) -> pd.DataFrame:
    """The table with descriptors as its last columns, rows in the same order; one whose name is taken is told apart."""
    named = beside(descriptors.columns[1:], table.columns)
    return pd.concat([table, descriptors[[*named]].rename(columns=named).reset_index(drop=True)], axis=1)


def segment_profiles(model: SegmentModel, profiles: pd.DataFrame) -> pd.DataFrame:
    """Profiles, one row a segment and feature, with persona, label and unit beside them.

    Args:
        profiles: ``personas.profile``'s table.
    """
    known, names = dictionary.load(), {number: words.name for number, words in segments(model).items()}
    table = profiles.copy()
    table.insert(1, "persona", table["segment"].map(names))
    place = table.columns.get_loc("feature") + 1
    table.insert(place, "label", table["feature"].map(known.label))
    table.insert(place + 1, "unit", table["feature"].map(lambda name: shown_unit(known[name].unit)))
    return _typed(table)


def strategy_table(overview: pd.DataFrame) -> pd.DataFrame:
    """The strategy table, one row a segment; ``overview`` is ``strategy.table``'s."""
    return _typed(overview)


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    whole = {name: "Int64" for name in table if name in WHOLE or name.startswith("rank_")}
    texts = {name: "str" for name, column in table.items() if column.dtype == object and name not in whole}
    return table.astype(whole | texts)


FOLDER = "bi"

# What is unique in each table
KEYS = {
    "customers_scored": ("customer_id",),
    "segment_profiles": ("segment", "feature"),
    "segment_descriptors": ("segment", "descriptor", "level"),
    "strategy": ("segment",),
}

DICTIONARY = "data_dictionary"

# Under this name the dictionary explains what the ``feature`` column of the profiles holds, derived features too
FEATURES = "features"

TYPES = {"i": "whole number", "f": "number", "b": "true or false"}


def write(run: Path, exported: Mapping[str, pd.DataFrame]) -> None:
    """Write the tables, by name, and their dictionary into ``bi/`` of a run folder. Raises ValueError: a table is none
    of ``KEYS``, or its key is not unique."""
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
    columns = about_columns(exported, KEYS, lambda table, column: describe(column)).assign(formula="")
    known = dictionary.load()
    features = [
        (FEATURES, name, False, TYPES["f"], *describe(name), formula(known[name]))
        for name in exported["segment_profiles"]["feature"].unique()
    ]
    return pd.concat([columns, pd.DataFrame(features, columns=columns.columns)], ignore_index=True)


def about_columns(
    tables: Mapping[str, pd.DataFrame],
    keys: Mapping[str, Sequence[str]],
    describe: Callable[[str, str], tuple[str, str]],
) -> pd.DataFrame:
    """One row a column of some tables: ``table, column, key, type, unit, meaning``; ``keys`` are what is unique in each
    table, and ``describe`` gives unit and meaning, by table and column."""
    rows = [
        (name, column, column in keys[name], TYPES.get(values.dtype.kind, "text"), *describe(name, column))
        for name, table in tables.items()
        for column, values in table.items()
    ]
    return pd.DataFrame(rows, columns=["table", "column", "key", "type", "unit", "meaning"])


def _page(columns: pd.DataFrame) -> str:
    features = columns[columns["table"] == FEATURES]
    parts = [tables_page(columns[columns["table"] != FEATURES], KEYS)]
    parts += [f"## {FEATURES}", "", "What the column `feature` of `segment_profiles` names. Derived features are"]
    parts += ["computed from the others, customer by customer, and enter no clustering.", ""]
    return "\n".join([*parts, *_rows(features, ("column", "unit", "meaning", "formula")), ""])


def tables_page(columns: pd.DataFrame, keys: Mapping[str, Sequence[str]]) -> str:
    """A dictionary of tables in Markdown; ``columns`` has ``table, column, type, unit, meaning``, one row a column, and
    ``keys`` what is unique in each table."""
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
