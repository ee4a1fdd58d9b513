"""Words that column names are made of, and what a column with such a word mostly is."""

import re

IDS = {"id", "ids", "num", "number", "no", "nr", "ref", "key", "customer", "client", "account", "user", "cust", "uid"}
CODES = {
    "code", "codes", "sex", "gender", "education", "marriage", "marital", "region", "channel", "country", "city",
    "state", "zip", "zipcode", "postcode", "postal", "phone", "class", "category", "type", "level", "job", "housing",
    "year", "month", "weekday", "day", "branch", "store", "area",
}  # fmt: skip
SPAN = {"per", "last", "past", "this", "each", "a", "in"}
"""After one of these a code's word is a span of time: nights per year."""

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
NO_SUMS = {"avg", "average", "mean", "median", "limit", "price", "max", "min", "highest", "lowest", "income", "salary"}
"""Amounts that are told of one customer: added up over many, they say nothing."""

YEARS = {"age", "years"}
DAYS = {"days", "recency"}
SHORT = {
    "amt": "amount", "bal": "balance", "trans": "transactions", "trx": "transactions", "ct": "count", "cnt": "count",
    "avg": "average", "num": "number of", "qty": "quantity", "mon": "months", "chng": "change",
    "gb": "GB", "mb": "MB", "sms": "SMS", "kwh": "kWh", "id": "id",
}  # fmt: skip
"""Words that people write in full."""


CURRENCIES = {"eur": "€", "usd": "$", "gbp": "£", "inr": "₹", "jpy": "¥"}
"""Codes that stand for a sign."""


def tokens(name: str) -> list[str]:
    """The words of a column name: ``TotalCharges`` and ``total_charges`` are ``total`` and ``charges``."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z]{3})(?=[0-9])", " ", name)
    return [word.lower() for word in re.split(r"[\W_]+", apart) if word]
