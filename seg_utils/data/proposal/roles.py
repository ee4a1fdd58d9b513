"""What each column of a file is for: the id, a feature, a descriptor, or nothing; by the words of its name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from seg_utils.core import dictionary, paths
from seg_utils.core.dictionary import normalised
from seg_utils.data.columns.descriptors import MOST_DIFFERENT, MOST_LEVELS
from seg_utils.data.proposal.reading import FileColumn
from seg_utils.data.wording import show

IDS = {"id", "ids", "num", "number", "no", "nr", "ref", "key", "customer", "client", "account", "user", "cust", "uid"}
CODES = {
    "code", "codes", "sex", "gender", "education", "marriage", "marital", "region", "channel", "country",
    "city", "state", "zip", "zipcode", "postcode", "postal", "plz", "postleitzahl", "pincode", "cep", "phone",
    "class", "category", "type", "level", "job", "housing", "year", "month", "weekday", "day", "branch",
    "store", "area",
}  # fmt: skip

# After one of these a code's word is a span of time: nights per year
SPAN = {"per", "last", "past", "this", "each", "a", "in"}

MODELS = {
    "bayes", "classifier", "predict", "predicted", "prediction", "predictions", "prob", "proba", "probability",
    "propensity", "likelihood", "logit", "xgb", "xgboost", "model",
}  # fmt: skip
GROUPS = {"cluster", "clusters", "segment", "segments", "persona", "label", "labels", "kmeans"}
OUTCOMES = {
    "churn", "churned", "attrition", "attrited", "default", "defaulted", "response", "responded", "target", "outcome",
    "converted", "conversion", "exited", "fraud", "cancelled", "canceled", "left", "class", "y", "bad", "complain",
}  # fmt: skip
AMOUNTS = {
    "amount", "amt", "balance", "bal", "limit", "charge", "charges", "spend", "spending", "spent", "revenue", "income",
    "price", "payment", "payments", "pay", "bill", "sales", "value", "cost", "costs", "monetary", "purchases", "salary",
    "fee", "fees", "paid", "usd", "eur", "gbp", "turnover", "basket", "savings", "debt", "loan", "credit",
    "refund", "refunds", "returns",
}  # fmt: skip
COUNTS = {
    "ct", "cnt", "count", "counts", "num", "number", "n", "trx", "transactions", "visits", "orders", "qty", "quantity",
    "items", "frequency", "times", "calls", "age", "score", "rating", "points", "days", "recency", "rank", "status",
}  # fmt: skip
MONTHS = {"months", "mob", "tenure"}
SIZES = AMOUNTS | COUNTS | MONTHS
RATIOS = {"ratio", "rate", "chng", "change", "pct", "percent", "percentage", "growth"}

# Amounts that are told of one customer: added up over many, they say nothing
NO_SUMS = {"avg", "average", "mean", "median", "limit", "price", "max", "min", "highest", "lowest", "income", "salary"}

YEARS = {"age", "years"}
DAYS = {"days", "recency"}

# Words that people write in full
SHORT = {
    "amt": "amount", "bal": "balance", "trans": "transactions", "trx": "transactions", "ct": "count", "cnt": "count",
    "avg": "average", "num": "number of", "qty": "quantity", "mon": "months", "chng": "change",
    "gb": "GB", "mb": "MB", "sms": "SMS", "kwh": "kWh", "id": "id",
    "eur": "EUR", "usd": "USD", "gbp": "GBP", "inr": "INR", "jpy": "JPY",
}  # fmt: skip


CURRENCIES = {"eur": "€", "usd": "$", "gbp": "£", "inr": "₹", "jpy": "¥"}  # codes that stand for a sign


def tokens(name: str) -> list[str]:
    """The words of a column name: ``TotalCharges`` and ``total_charges`` are ``total`` and ``charges``."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z]{3})(?=[0-9])", " ", name)
    return [word.lower() for word in re.split(r"[\W_]+", apart) if word]


ID, FEATURE, DESCRIPTOR, LEFT_OUT = "id", "feature", "descriptor", "left out"

NEAR_DUPLICATE = 0.99  # from this correlation on, two columns say the same twice
MOST_CATEGORIES = 50  # a text with more values than these tells customers from one another, not kinds of them
FEW_VALUES = 4  # whole numbers with so few values are mostly codes
OUTCOME_VALUES = 10
UNIQUE = 0.99


@dataclass(frozen=True)
class Role:
    """What a column is for, and the reason in words."""

    column: FileColumn
    role: str
    reason: str


def assign(columns: Sequence[FileColumn]) -> list[Role]:
    """The role of each column, in the file's order; of two that say the same, the second is left out."""
    own_id = _id(columns)
    roles: list[Role] = []
    for column in columns:
        if column is own_id:
            roles.append(Role(column, ID, "no two rows have the same"))
        else:
            roles.append(_of(column, [role.column for role in roles if role.role == FEATURE]))
    return roles


def _id(columns: Sequence[FileColumn]) -> FileColumn | None:
    """The column that tells customers from one another: one that is called so, else the first that does."""
    able = [column for column in columns if column.name and not column.shared and _is_unique(column)]
    called = [column for column in able if _is_called_id(column.name)]
    texts = [column for column in able if not column.is_number and not column.is_date]
    counted = [column for column in able if column.is_number and _counts_rows(column)]
    return next(iter([*called, *texts, *counted]), None)


def _is_called_id(name: str) -> bool:
    words, known = tokens(name), dictionary.load(paths.CATALOGUES["DICTIONARY"])
    spelled = {normalised(alias) for alias in (known.id_name, *known.id_aliases)}
    return normalised(name) in spelled or bool(words and (words[-1] in IDS or normalised(name).endswith(("id", "num"))))


def _is_unique(column: FileColumn) -> bool:
    filled = column.values.dropna()
    whole = not column.is_number or column.is_whole
    return whole and len(filled) == len(column.values) and column.distinct == len(filled)


def _counts_rows(column: FileColumn) -> bool:
    steps = np.diff(column.values.to_numpy())
    return bool(len(steps) and (steps == 1).all())


def _of(column: FileColumn, before: Sequence[FileColumn]) -> Role:
    """The role of a column that is no id, beside the features before it."""
    for find in (_nothing, _leak, _own_code):
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
    if column.shared:
        return "another column has the same name; rename one of them"
    if column.distinct == 0:
        return "no customer has a value"
    if column.distinct == 1:
        return "it is the same for all customers"
    filled = int(column.values.notna().sum())
    if _is_called_id(column.name) and column.distinct >= UNIQUE * filled and not _is_measured(column):
        return "another number of the customer"
    repeated = filled - column.distinct
    if tokens(column.name)[-1:] == ["id"] and (not column.is_number or column.is_whole) and repeated:
        return f"called an id, but {repeated:,} rows repeat one: make it one row a customer, then it may be the id"
    return ""


def _is_measured(column: FileColumn) -> bool:
    return column.is_number and not column.is_whole


def _leak(column: FileColumn) -> str:
    """Why a column is not behaviour but what somebody concluded from it; empty where it is not."""
    words = set(tokens(column.name))
    if words & MODELS:
        return "a leak: another model's score"
    if words & GROUPS and column.distinct <= MOST_CATEGORIES:
        return "a leak: an old cluster label; comparing by it gives the old segments back"
    if "rfm" in words or (column.name in ("R", "F", "M") and column.distinct <= OUTCOME_VALUES):
        return "a leak: a score made of the other columns"
    return ""


def _own_code(column: FileColumn) -> str:
    """Why a code describes single customers rather than kinds of them; empty where it does not."""
    filled = int(column.values.notna().sum())
    if _is_code(column) and column.distinct > max(MOST_LEVELS, MOST_DIFFERENT * filled):
        return f"a code, with {column.distinct:,} values of {filled:,}: group them, and it describes segments"
    return ""


def _is_code(column: FileColumn) -> bool:
    words = set(tokens(column.name))
    spans = {word for before, word in pairwise(tokens(column.name)) if before in SPAN}
    return column.is_number and column.is_whole and bool((words - spans) & CODES) and not words & SIZES


def _describes(column: FileColumn) -> str:
    """Why a column says who customers are, not what they do; empty where it is a number to compare by."""
    words = set(tokens(column.name))
    if words & OUTCOMES and column.distinct <= OUTCOME_VALUES:
        return "an outcome: a leak where customers are compared by it, worth knowing of segments made without it"
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
    if column.flaw and not set(tokens(column.name)) & CODES:
        return f"most cells are numbers, but not {show(column.flaw)}: mend them and it is a feature"
    return "" if column.is_number else f"text with {column.distinct:,} values"


def _says_twice(column: FileColumn, before: Sequence[FileColumn]) -> str:
    """Which feature a column says once more; empty where it says its own."""
    for other in before:
        both = column.values.notna() & other.values.notna()
        if both.sum() < 3:
            continue
        ours, theirs = column.values[both].to_numpy(), other.values[both].to_numpy()
        with np.errstate(invalid="ignore", divide="ignore"):
            correlation = float(np.corrcoef(ours, theirs)[0, 1])
        if abs(correlation) >= NEAR_DUPLICATE:
            return f"a near duplicate of {other.name} (correlation {correlation:.3f})"
    return ""
