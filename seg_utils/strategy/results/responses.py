"""The responses to a campaign as a file holds them: customers, whether contacted, outcomes, cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID, Names, normalised
from seg_utils.data.formats import number_parsing
from seg_utils.data.formats.parts import open_content
from seg_utils.data.formats.raw_table import Column, RawTable, Source
from seg_utils.data.loading import SOURCES
from seg_utils.data.wording import listing, plural, show

OUTCOME, INCOME, CONTACTED, COST = "outcome", "income", "contacted", "cost"
ROW = "row"  # of the file, by which a message names a customer's cell

# What an outcome may be, and its other spellings. The first five are what a plan's tests compare; ``income`` is money
# earned; ``outcome`` is a response (yes or no) or, as an amount, money earned.
MEASURES = {
    "purchases": ("purchase", "purchase_amount", "spend"),
    "instalment_purchases": ("installment_purchases", "installments_purchases", "instalments_purchases"),
    "cash_advances": ("cash_advance",),
    "closures": ("closure", "closed", "churned", "churn"),
    "defaults": ("default", "defaulted"),
    INCOME: ("revenue", "profit", "margin"),
    OUTCOME: ("response", "responded", "responses", "result", "converted", "conversion"),
}

ALIASES = {CONTACTED: ("contact", "treated", "reached", "sent"), COST: ("costs", "contact_cost", "campaign_cost")}
YES = frozenset({"yes", "y", "true", "t", "1", "1.0"})
NO = frozenset({"no", "n", "false", "f", "0", "0.0"})
LEAST = {COST: 0.0}

# Amounts beyond have lost their decimal sign: the squares of some overflow, and one alone decides every mean
MOST = 1e12

FLAWS_SHOWN = 3
MOST_WORDS = 0.5  # a column with more cells than this share that hold no digit is not of numbers, however it is written


@dataclass(frozen=True)
class Responses:
    """``frame``: one row a customer, ``customer_id``, ``row`` of the file, the outcomes by name and, where the file has
    them, ``contacted`` (true or false) and ``cost`` (currency). An outcome is NaN where it is not known, a cost where
    the cell is blank; yes is 1 and no is 0."""

    frame: pd.DataFrame
    outcomes: tuple[str, ...]
    yes_no: frozenset[str]


def read(path: Path) -> Responses:
    """Read a responses file: CSV and its kin, .xlsx or Parquet, also in gzip or zip. Raises DataError: no such table;
    no ids or outcome; an id twice or missing; a cell that is neither number nor yes or no; a column that is empty."""
    try:
        content = open_content(path)
        source = SOURCES[content.kind](content.data, lambda name: _meaning(name) is not None)
        places = _places(source.names)
        raw = source.read([place for name, place in places.items() if name != ID], [places[ID]])
        return _responses(raw, places, source)
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from None


def _meaning(name: str) -> str | None:
    """What a column is; None where it means nothing here."""
    key = normalised(name)
    for known, aliases in (MEASURES | ALIASES).items():
        if key in {normalised(spelling) for spelling in (known, *aliases)}:
            return known
    meaning = Names({}).rank(name)
    return ID if meaning and meaning[1] == ID else None


def _places(names: list[str]) -> dict[str, int]:
    """The position of each column that means something."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        meaning = _meaning(name)
        if meaning is None:
            continue
        if meaning in places:
            raise DataError(f"two columns ({listing([names[places[meaning]], name])}) hold the {meaning}; keep one")
        places[meaning] = place
    if ID not in places:
        raise DataError(f"no column holds the customers' ids; name it {ID}; the columns are {listing(names)}")
    if not places.keys() & MEASURES.keys():
        raise DataError(
            f"no column holds an outcome; name it {' or '.join(reversed(MEASURES))}; the columns are {listing(names)}"
        )
    return places


def _responses(raw: RawTable, places: Mapping[str, int], source: Source) -> Responses:
    if raw.broken:
        first = raw.broken[0]
        raise DataError(
            f"{plural(len(raw.broken), 'row')} cannot be read, the first at row {first.row:,}: {first.problem}"
        )
    if not raw.n_rows:
        raise DataError("the file has a header but no rows")
    frame = pd.DataFrame({ID: _ids(raw, places[ID]), ROW: raw.rows})
    yes_no = set()
    for name in (name for name in (*MEASURES, CONTACTED, COST) if name in places):
        values, is_yes_no = _values(raw.columns[places[name]], source.names[places[name]], name, raw.rows)
        frame[name] = values
        if is_yes_no:
            yes_no.add(name)
    if CONTACTED in frame:
        frame[CONTACTED] = _flags(frame[CONTACTED], raw.rows, is_yes_no=CONTACTED in yes_no)
    outcomes = tuple(name for name in MEASURES if name in frame)
    for name in {"closures", "defaults"} & set(outcomes) - yes_no:
        raise DataError(f"{name} must be yes or no for each customer, not amounts such as {frame[name].max():g}")
    return Responses(frame, outcomes, frozenset(yes_no & set(outcomes)))


def _ids(raw: RawTable, place: int) -> pd.Series:
    """Ids as text, without outer spaces and the ``.0`` that a data frame adds."""
    ids = raw.columns[place].texts.to_pandas().astype("str").str.strip()
    missing = (ids.isna() | (ids == "")).to_numpy()
    if missing.any():
        raise DataError(f"{plural(int(missing.sum()), 'row has', 'rows have')} no id, the first is row "
                        f"{raw.rows[missing][0]:,}; give each its customer")  # fmt: skip
    if ids.str.fullmatch(r"[0-9]+\.0").all():
        ids = ids.str.removesuffix(".0")
    repeated = ids.duplicated(keep=False).to_numpy()
    if repeated.any():
        first = ids[repeated].iloc[0]
        rows = ", ".join(f"{row:,}" for row in raw.rows[(ids == first).to_numpy()][:FLAWS_SHOWN])
        raise DataError(
            f"{plural(int(ids[repeated].nunique()), 'id stands', 'ids stand')} on several rows, such as {show(first)} "
            f"(rows {rows}); keep one row a customer"
        )
    return ids


def _values(column: Column, called: str, name: str, rows: np.ndarray) -> tuple[np.ndarray, bool]:
    """The numbers of a column (n,), NaN where missing, and whether they mean yes and no."""
    if column.texts is None:
        values = np.asarray(column.numbers.to_numpy(), dtype=float)
    else:
        values = _of_texts(_texts(column), called, name, rows)
    known = values[~np.isnan(values)]
    if not len(known):
        raise DataError(f"{show(called)} is empty; give the {name} of each customer, or leave the column out")
    least = LEAST.get(name, -MOST)
    odd = known[~((known >= least) & (known <= MOST))]
    if len(odd):
        raise DataError(f"{show(called)} holds {odd[0]:g}; {name} is a number from {least:g} to {MOST:g}")
    return values, bool(np.isin(known, (0.0, 1.0)).all())


def _texts(column: Column) -> pd.Series:
    """The cells of a column as text; numbers among them as they are written."""
    texts = column.texts.to_pandas().astype(object)
    if column.numbers is not None:
        numbers = pd.Series(column.numbers.to_numpy(zero_copy_only=False))
        texts = texts.where(numbers.isna(), numbers.map("{:g}".format))
    return texts


def _of_texts(texts: pd.Series, called: str, name: str, rows: np.ndarray) -> np.ndarray:
    """Yes and no, in any spelling, or numbers."""
    words = texts.str.strip().str.casefold()
    plain = words.isna() | words.isin(number_parsing.MISSING) | words.isin(YES | NO)
    if plain.all():
        return np.select([words.isin(YES), words.isin(NO)], [1.0, 0.0], np.nan)
    if words.isin((YES | NO) - {"0", "1", "0.0", "1.0"}).any():
        first = int(np.flatnonzero(~plain)[0])
        raise DataError(f"{show(called)} holds yes and no, but {show(texts.iloc[first])} in row {rows[first]:,}")
    wordy = np.flatnonzero(~plain & ~words.str.contains("[0-9]", na=False))
    if len(wordy) > MOST_WORDS * len(words):
        raise _unread(called, name, len(wordy), [(rows[place], texts.iloc[place]) for place in wordy[:FLAWS_SHOWN]])
    parsed = number_parsing.amounts(name, texts)
    if parsed.flaws:
        first = [(rows[flaw.position], flaw.value) for flaw in parsed.flaws[:FLAWS_SHOWN]]
        raise _unread(called, name, len(parsed.flaws), first)
    return parsed.values


def _unread(called: str, name: str, cells: int, first: list[tuple[int, str]]) -> DataError:
    """Cells that are neither numbers nor yes or no, with the first of them, and what would be read."""
    shown = ", ".join(f"row {row:,} {show(value)}" for row, value in first)
    return DataError(
        f"{plural(cells, 'cell')} of {show(called)} cannot be read ({shown}); the {name} is a number, or yes or no, "
        f"written {', '.join(sorted(YES - {'1.0'}))} or {', '.join(sorted(NO - {'0.0'}))}"
    )


def _flags(values: pd.Series, rows: np.ndarray, *, is_yes_no: bool) -> pd.Series:
    """Whether contacted, of everybody."""
    if not is_yes_no:
        odd = values[~values.isin((0.0, 1.0)) & values.notna()].iloc[0]
        raise DataError(f"{CONTACTED} is yes or no, not {odd:g}")
    if values.isna().any():
        row = rows[values.isna().to_numpy()][0]
        raise DataError(
            f"{plural(int(values.isna().sum()), 'row does', 'rows do')} not say whether the customer was contacted, "
            f"the first is row {row:,}; fill them in, or leave the column {CONTACTED} out"
        )
    return values == 1.0
