"""Columns that segments are described by: which of the file they are, and their values as texts.

Customers are never compared by them, so nothing of a descriptor stops a row from being a customer.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.core import dictionary
from seg_utils.core.dictionary import CATEGORY, NUMBER, Descriptor, normalised
from seg_utils.core.errors import DataError
from seg_utils.data.columns.likeness import nearest_text
from seg_utils.data.formats import number_parsing
from seg_utils.data.formats.number_parsing import SPACES
from seg_utils.data.wording import listing, plural, show

ID = "which is the customer's id"
COMPARED = "which customers are compared by, so that its profile is told already"

MOST_NAMED = 20  # columns of the file told of where one that was asked for is not there
MOST_LEVELS = 12  # a category of more is told by its commonest ones; numbers of at most two are a category

# Texts of which more than this share stand for one customer each are names or ids, and describe nobody else
MOST_DIFFERENT = 0.5

NEARLY = 0.9  # from this share of numbers on, a column of texts was meant to hold numbers
CODE = r"0\d.*"  # a number that begins so would lose its zero


def positions(
    asked: Sequence[str], file_names: Sequence[str], compared: Collection[int], id_column: int | None
) -> dict[str, int]:
    """Positions of the columns asked for, by name: the dictionary's where it has an entry, else as it was asked for;
    ``compared`` are those that customers are compared by. A DataError where the file has no such column, or several, or
    it is the id or compared by."""
    known, named, entries = dictionary.load(), _places(file_names), _entries()
    ids = {normalised(name) for name in (known.id_name, *known.id_aliases)}
    places_by_name: dict[str, int] = {}
    for name in asked:
        if normalised(name) in ids:
            raise _not_to_be_described(name, ID)
        entry = entries.get(normalised(name))
        places = next((named[spelling] for spelling in _spellings(name, entry) if spelling in named), [])
        if not places:
            others = [other for place, other in enumerate(file_names) if place not in {*compared, id_column} and other]
            raise DataError(
                f"DESCRIBE names {show(name)}, which the file does not have{nearest_text(name, others)}; beside what "
                f"customers are compared by it has {listing(others, MOST_NAMED) if others else 'nothing'}"
            )
        if len(places) > 1:
            raise DataError(f"DESCRIBE names {show(name)}, and {len(places)} columns are called so; rename all but one")
        if places[0] in {*compared, id_column}:
            raise _not_to_be_described(name, ID if places[0] == id_column else COMPARED)
        if places[0] not in places_by_name.values():
            places_by_name[name if entry is None else entry.name] = places[0]
    return places_by_name


def lacking(asked: Sequence[str], file_names: Sequence[str]) -> list[str]:
    """Those of the columns asked for that a file has under no spelling."""
    named, entries = _places(file_names), _entries()
    return [name for name in asked if named.keys().isdisjoint(_spellings(name, entries.get(normalised(name))))]


def _places(file_names: Sequence[str]) -> dict[str, list[int]]:
    named: dict[str, list[int]] = {}
    for place, name in enumerate(file_names):
        named.setdefault(normalised(name), []).append(place)
    return named


def _entries() -> dict[str, Descriptor]:
    return {normalised(name): entry for entry in dictionary.load().descriptors for name in (*entry.aliases, entry.name)}


def _spellings(name: str, entry: Descriptor | None) -> list[str]:
    return [normalised(spelling) for spelling in (name, *((entry.name, *entry.aliases) if entry else ()))]


def _not_to_be_described(name: str, what: str) -> DataError:
    return DataError(f"DESCRIBE names {show(name)}, {what}; name columns that customers are not compared by")


def beside(described: Sequence[str], taken: Collection[str]) -> dict[str, str]:
    """What descriptors are called as columns of a table that has others, whose names are ``taken``."""
    return {name: f"descriptor_{name}" if name in taken else name for name in described}


def texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column's cells without outer spaces, null where missing."""
    return number_parsing.missing_as_null(pc.utf8_trim(column, SPACES))


def typed(described: pd.DataFrame) -> pd.DataFrame:
    """The same with numbers as such, NaN where missing; the first column, customers' ids, is left as it is. A column is
    what the dictionary says of it; without an entry it holds numbers where all of its cells are plain ones of three
    values or more, else categories. A DataError where cells of a number are none, most but not all cells of a column
    are numbers, or nearly all texts are different, as ids are."""
    kinds = {entry.name: entry.kind for entry in dictionary.load().descriptors}
    columns = {name: _typed(described[name], kinds.get(name)) for name in described.columns[1:]}
    return described.assign(**columns)


def _typed(values: pd.Series, kind: str | None) -> pd.Series:
    name, known = values.name, values.dropna()
    if kind == NUMBER:
        parsed = number_parsing.amounts(name, values)
        if parsed.flaws:
            cells = listing(dict.fromkeys(flaw.value for flaw in parsed.flaws), 3)
            raise _mixed(name, len(parsed.flaws), cells)
        return pd.Series(parsed.values, index=values.index)
    levels = known.nunique()
    if kind is None and levels > 2 and not known.str.fullmatch(CODE).any():
        numbers = pd.to_numeric(values, errors="coerce").astype("float64").replace([np.inf, -np.inf], np.nan)
        share = numbers.count() / len(known)
        if share == 1:
            return numbers
        if share >= NEARLY and levels > MOST_LEVELS:
            wrong = known[numbers[known.index].isna()]
            raise _mixed(name, len(wrong), listing(wrong.unique(), 3))
    if levels > max(MOST_LEVELS, MOST_DIFFERENT * len(known)):
        raise DataError(
            f"DESCRIBE names {show(name)}, whose {len(known):,} values are {levels:,} different texts, as names and "
            "ids are; they describe single customers: name another column, or group the values first"
        )
    return values


def _mixed(name: str, wrong: int, cells: str) -> DataError:
    return DataError(
        f"DESCRIBE names {show(name)}, of which {plural(wrong, 'cell is no number', 'cells are no numbers')}, such as "
        f"{cells}; correct or empty them, or make it a {CATEGORY} under descriptors: in dictionary.yml"
    )
