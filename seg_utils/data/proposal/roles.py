"""What each column of a file is for: the id, a feature, a descriptor, or nothing; by the words of its name."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seg_utils.core import dictionary, paths
from seg_utils.core.dictionary import normalised
from seg_utils.data.columns.descriptors import MOST_DIFFERENT, MOST_LEVELS
from seg_utils.data.proposal.leaks import leak
from seg_utils.data.proposal.reading import FileColumn
from seg_utils.data.proposal.vocabulary import (
    ALONE,
    AMOUNTS,
    CODES,
    ID_ENDINGS,
    IDS,
    MEASURED_IN,
    MOMENTS,
    NAMES_OF,
    OUTCOMES,
    PERSONS,
    PLACES,
    SIZES,
    STEPS,
    SURNAMES,
    spans,
    tokens,
)
from seg_utils.data.wording import listing, plural, show

ID, FEATURE, DESCRIPTOR, LEFT_OUT = "id", "feature", "descriptor", "left out"

NEAR_DUPLICATE = 0.99  # from this correlation on, two columns say the same twice
MOST_CATEGORIES = 50  # a text with more values than these tells customers from one another, not kinds of them
FEW_VALUES = 4  # whole numbers with so few values are mostly codes
OUTCOME_VALUES = 10
COMPARED_CELLS = 1 << 24  # in memory at once while near duplicates are looked for
LEAST_KNOWN = 3  # customers that a correlation rests on
UNIQUE = 0.99
REPEATED = 6  # of numbers drawn at random from their range so many pairs would be alike; where none is, they were given
LONG_NUMBER = 10**7  # whole numbers of eight digits or more, all different and of one length, are numbers of customers
LEAST_NUMBERED = 20
CALENDAR = (1900, 2100)
SECONDS = (5e8, 4e9)  # from 1985 to 2096, since 1970
OF_PERSONS = 0.8  # rows of fewer persons than this share are events, or accounts, of theirs
AROUND = 180  # degrees


@dataclass(frozen=True)
class Role:
    """What a column is for, and the reason in words."""

    column: FileColumn
    role: str
    reason: str


def assign(columns: Sequence[FileColumn]) -> list[Role]:
    """The role of each column, in the file's order; of two that say the same, the second is left out."""
    own_id, mixed = _id(columns), _mixed(columns)
    roles: list[Role] = []
    for column in columns:
        if column is own_id:
            roles.append(Role(column, ID, "no two rows have the same"))
        elif unit := mixed.get(tuple(tokens(column.name))):
            roles.append(Role(column, LEFT_OUT, f"in units that differ, as {unit} says; in one, it would be a feature"))
        elif column.shared:
            roles.append(Role(column, LEFT_OUT, _shared(column, columns)))
        else:
            roles.append(_of(column, [role.column for role in roles if role.role == FEATURE]))
    return roles


def of_persons(columns: Sequence[FileColumn]) -> FileColumn | None:
    """The column that calls persons by a number, where rows are not persons but what they did or hold; None where no
    column says so."""
    return next((column for column in columns if _calls_persons(column)), None)


def _calls_persons(column: FileColumn) -> bool:
    words, filled = tokens(column.name), int(column.values.notna().sum())
    called = [word for word in words if word not in IDS or word in PERSONS]
    person = bool(called) and (called[-1] in PERSONS or called[-1].startswith(("kunden", "mitglied")))
    whole = not column.is_number or column.is_whole
    several = MOST_CATEGORIES < column.distinct < OF_PERSONS * filled
    return person and is_called_id(column.name) and whole and several


def _shared(column: FileColumn, columns: Sequence[FileColumn]) -> str:
    """What to do with a column whose name another has, too."""
    others = [one for one in columns if one is not column and normalised(one.name) == normalised(column.name)]
    if column.name and all(one.values.equals(column.values) for one in others):
        return "another column has the same name and the same values; delete one of them, and the other counts"
    return "another column has the same name; rename one of them" if column.name else "it has no name"


def _is_name(name: str) -> bool:
    words = tokens(name)
    return bool(SURNAMES & {*words}) or (words[-1:] == ["name"] and bool(NAMES_OF & {*words}))


def _mixed(columns: Sequence[FileColumn]) -> dict[tuple[str, ...], str]:
    """The words of columns whose cells are in units that differ, and the column beside them that says so."""
    units = [one for one in columns if not one.is_number and one.distinct > 1 and MEASURED_IN & set(tokens(one.name))]
    stems = {tuple(word for word in tokens(one.name) if word not in MEASURED_IN): one.name for one in units}
    return {words: name for words, name in stems.items() if words}


def _id(columns: Sequence[FileColumn]) -> FileColumn | None:
    """The column that tells customers from one another: one that is called so, else the first that does."""
    able = [
        column for column in columns if column.name and not column.shared and _is_unique(column) and not _moment(column)
    ]
    called = [column for column in able if is_called_id(column.name)]
    texts = [column for column in able if not column.is_number and not column.is_date]
    unbroken = [column for column in texts if not column.values.str.contains(" ").any()]  # names of people have blanks
    numbered = [column for column in able if _numbers_rows(column)]
    return next(iter([*called, *unbroken, *texts, *numbered]), None)


def is_called_id(name: str) -> bool:
    words, known = tokens(name), dictionary.load(paths.CATALOGUES["DICTIONARY"])
    spelled = {normalised(alias) for alias in (known.id_name, *known.id_aliases)}
    ends = bool(words) and (words[-1] in IDS or words[-1].endswith(ID_ENDINGS))
    return normalised(name) in spelled or (ends and not {*words} & AMOUNTS)  # paid ends so, too


def _is_unique(column: FileColumn) -> bool:
    filled = column.values.dropna()
    whole = not column.is_number or column.is_whole
    return whole and len(filled) == len(column.values) and column.distinct == len(filled)


def _numbers_rows(column: FileColumn) -> bool:
    """Whether whole numbers, all different, are numbers that somebody gave to rows: drawn at random from their range
    some would be alike, or all are long and of one length."""
    if not column.is_number or not _is_unique(column) or len(column.values) < LEAST_NUMBERED or column.values.min() < 0:
        return False
    low, high = float(column.values.min()), float(column.values.max())
    pairs = len(column.values) * (len(column.values) - 1) / 2
    return pairs >= REPEATED * (high - low + 1) or (low >= LONG_NUMBER and len(f"{low:.0f}") == len(f"{high:.0f}"))


def _of(column: FileColumn, before: Sequence[FileColumn]) -> Role:
    """The role of a column that is no id, beside the features before it."""
    for find in (_moment, leak, _nothing, _own_code):
        if reason := find(column):
            return Role(column, LEFT_OUT, reason)
    if reason := _describes(column):
        return Role(column, DESCRIPTOR, reason)
    if reason := _unreadable(column) or _says_twice(column, before):
        return Role(column, LEFT_OUT, reason)
    return Role(column, FEATURE, "")


def _nothing(column: FileColumn) -> str:
    """Why a column holds nothing to compare customers by; empty where it does."""
    if not column.name:
        return "it has no name"
    if column.unreadable:
        return column.unreadable
    if column.distinct == 0:
        return "no customer has a value"
    filled = int(column.values.notna().sum())
    if column.distinct == 1 and filled == len(column.values):
        return "it is the same for all customers"
    if column.distinct == 1:
        return f"one value, in {filled:,} of {len(column.values):,} rows; as yes and no it would describe segments"
    if _is_name(column.name):
        return "what a person is called"
    if set(tokens(column.name)) & PLACES and column.is_number and column.values.abs().max() <= AROUND:
        return "a place on the map; regions would describe segments"
    called = is_called_id(column.name) and column.distinct >= UNIQUE * filled and not _is_measured(column)
    repeated = filled - column.distinct
    if (called and not repeated) or _numbers_rows(column):
        return "another number of the customer"
    if called or (tokens(column.name)[-1:] == ["id"] and not _is_measured(column) and repeated):
        rows = plural(repeated, "row repeats", "rows repeat")
        return f"called an id, but {rows} one: make it one row a customer, then it may be the id"
    if tokens(column.name)[-1:] in (["no"], ["nr"]) and not _is_measured(column) and column.distinct > MOST_CATEGORIES:
        return f"a number that was given, {column.distinct:,} of them: how many a customer has would be a feature"
    return ""


def _is_measured(column: FileColumn) -> bool:
    return column.is_number and not column.is_whole


def _moment(column: FileColumn) -> str:
    """Why a number is a point in time; empty where it is none."""
    if not column.is_number or not column.is_whole or column.distinct <= MOST_LEVELS:
        return ""
    low, high = float(column.values.min()), float(column.values.max())
    if CALENDAR[0] <= low and high <= CALENDAR[1]:
        return "a year of the calendar; years since it would be a feature"
    if _are_days(column.values.dropna().to_numpy()):
        return "a date; days since it would be a feature"
    named = set(tokens(column.name)) & MOMENTS
    if named and any(SECONDS[0] * unit <= low and high <= SECONDS[1] * unit for unit in (1, 1000)):
        return "a point in time, in seconds since 1970; days since it would be a feature"
    return ""


def _are_days(numbers: np.ndarray) -> bool:
    """Whether whole numbers are dates written as 20260131."""
    years, months, days = numbers // 10_000, numbers // 100 % 100, numbers % 100
    in_calendar = (years >= CALENDAR[0]) & (years <= CALENDAR[1])
    return bool((in_calendar & (months >= 1) & (months <= 12) & (days >= 1) & (days <= 31)).all())


def _own_code(column: FileColumn) -> str:
    """Why a code describes single customers rather than kinds of them; empty where it does not."""
    filled = int(column.values.notna().sum())
    if _is_code(column) and column.distinct > max(MOST_LEVELS, MOST_DIFFERENT * filled):
        return f"a code, with {column.distinct:,} values of {filled:,}: group them, and it describes segments"
    return ""


def _is_code(column: FileColumn) -> bool:
    words = set(tokens(column.name))
    others = spans(column.name) | (STEPS if column.distinct > MOST_LEVELS else set())
    return column.is_number and column.is_whole and bool((words - others) & CODES) and not words & SIZES


def _describes(column: FileColumn) -> str:
    """Why a column says who customers are, not what they do; empty where it is a number to compare by."""
    words = set(tokens(column.name))
    if (words & OUTCOMES or (words and words <= ALONE)) and column.distinct <= OUTCOME_VALUES:
        return "an outcome: a leak where customers are compared by it, worth knowing of segments made without it"
    if not column.is_number and words & MEASURED_IN and 1 < column.distinct <= MOST_CATEGORIES:
        units = listing(sorted(set(column.values.dropna())), 3)
        return f"what others are counted in, and it differs ({units}): convert those to one before comparing by them"
    if not column.is_number:
        few = column.distinct <= MOST_CATEGORIES and not column.is_date
        return f"text with {column.distinct:,} values" if few else ""
    if column.distinct == 2:
        return "one of two values"
    if _is_code(column):
        return f"a code, with {column.distinct:,} values"
    if column.is_whole and column.distinct <= FEW_VALUES:
        return f"{column.distinct} whole values, so perhaps codes"
    return ""


def _unreadable(column: FileColumn) -> str:
    """Why a column is neither numbers nor kinds of customers; empty where it is."""
    if column.is_date:
        return "a date; days since it would be a feature"
    if column.is_duration:
        return "a time of day or a duration; as a number, such as minutes, it would be a feature"
    if column.flaw and not set(tokens(column.name)) & CODES and not is_called_id(column.name):
        return f"most cells are numbers, but not {show(column.flaw)}: mend them and it is a feature"
    if column.is_number:
        return ""
    able = column.distinct <= MOST_DIFFERENT * int(column.values.notna().sum())
    return f"text with {column.distinct:,} values{': group them, and it describes segments' if able else ''}"


def _says_twice(column: FileColumn, before: Sequence[FileColumn]) -> str:
    """Which feature a column says once more; empty where it says its own."""
    at_once = max(COMPARED_CELLS // max(len(column.values), 1), 1)
    for some in (before[start : start + at_once] for start in range(0, len(before), at_once)):
        for place in np.flatnonzero(np.abs(found := _correlations(column, some)) >= NEAR_DUPLICATE).tolist():
            if _ranked_alike(column.values, some[place].values):
                return f"a near duplicate of {some[place].name} (correlation {found[place]:.3f})"
    return ""


def _correlations(column: FileColumn, others: Sequence[FileColumn]) -> np.ndarray:
    """Correlations (m,) of a column with others, where both are known; 0 where that is hardly anywhere."""
    theirs = np.stack([other.values.to_numpy() for other in others])
    ours = np.broadcast_to(column.values.to_numpy(), theirs.shape)
    both = ~(np.isnan(ours) | np.isnan(theirs))
    counts = both.sum(axis=1)
    ours, theirs = (
        np.where(both, cells - (np.where(both, cells, 0).sum(axis=1) / np.maximum(counts, 1))[:, None], 0)
        for cells in (ours, theirs)
    )
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found = (ours * theirs).sum(axis=1) / np.sqrt((ours**2).sum(axis=1) * (theirs**2).sum(axis=1))
    return np.where((counts >= LEAST_KNOWN) & np.isfinite(found), found, 0)


def _ranked_alike(ours: pd.Series, theirs: pd.Series) -> bool:
    """Whether two columns order customers alike: of long tails, correlation hears the longest alone."""
    both = ours.notna() & theirs.notna()
    return abs(ours[both].rank().corr(theirs[both].rank())) >= NEAR_DUPLICATE
