"""The words of column names, and what each says of a column's content."""

import re
from itertools import pairwise

IDS = {"id", "ids", "num", "number", "no", "nr", "ref", "key", "customer", "client", "account", "user", "cust", "uid"}
CODES = {
    "code", "codes", "sex", "gender", "education", "marriage", "marital", "region", "channel", "country",
    "city", "state", "zip", "zipcode", "postcode", "postal", "plz", "postleitzahl", "pincode", "cep", "phone",
    "class", "category", "type", "level", "job", "housing", "year", "month", "weekday", "day", "branch",
    "store", "area",
}  # fmt: skip

STEPS = {"level", "day"}  # no codes where there are many of them

# After one of these, or a number, a word is a span of time and no unit: nights per year, logins in the last 30 days
SPAN = {"per", "last", "past", "this", "each", "a", "in"}

MODELS = {
    "bayes", "classifier", "predict", "predicted", "prediction", "predictions", "prob", "proba", "probability",
    "propensity", "likelihood", "logit", "xgb", "xgboost", "model",
}  # fmt: skip
SCORES = {"score", "scores", "rating", "index", "risk", "grade"}
HEALTH = {"health"}  # of an account: what others made of its figures
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

# How amounts end in other languages, whose words are often joined
AMOUNT_ENDINGS = (
    "betrag", "beitrag", "umsatz", "kosten", "preis", "summe", "gehalt", "einkommen", "saldo", "limit", "montant",
    "prix", "solde", "revenu", "importe", "precio", "gasto", "ventas", "importo", "spesa", "fatturato", "valor",
    "bedrag", "omzet", "kwota", "wartość", "wydatki",
)  # fmt: skip
COUNTS = {
    "ct", "cnt", "count", "counts", "num", "number", "n", "trx", "transactions", "visits", "orders", "qty", "quantity",
    "items", "frequency", "times", "calls", "age", "score", "rating", "points", "days", "recency", "rank", "status",
}  # fmt: skip
MONTHS = {"months", "mob", "tenure", "monate", "mois", "meses", "mesi"}

# What a number is counted in where its name says so, and is no money then
UNITS = {
    "miles": "miles", "mile": "miles", "km": "km", "kwh": "kWh", "mwh": "MWh", "gb": "GB", "mb": "MB", "kg": "kg",
    "lb": "lb", "minutes": "minutes", "mins": "minutes", "min": "minutes", "hours": "hours", "seconds": "seconds",
    "secs": "seconds", "steps": "steps", "litres": "litres", "liters": "litres", "points": "points",
}  # fmt: skip
MEASURED_IN = {"unit", "units", "uom", "currency", "ccy"}  # a column of these says what others are counted in
SIZES = AMOUNTS | COUNTS | MONTHS
RATIOS = {"ratio", "rate", "chng", "change", "pct", "percent", "percentage", "growth"}

# Amounts that are told of one customer: added up over many, they say nothing
NO_SUMS = {
    "avg", "average", "mean", "median", "limit", "price", "max", "min", "highest", "lowest", "largest", "biggest",
    "smallest", "first", "last", "income", "salary", "durchschnitt", "moyen", "moyenne", "medio", "media", "promedio",
    "średnia", "średni", "gemiddeld", "typical", "score", "rating", "rank", "level", "per", "since",
}  # fmt: skip

YEARS = {"age", "years", "alter", "jahre", "âge", "ans", "edad", "años", "wiek"}
DAYS = {"days", "recency", "tage", "jours", "días", "dni", "giorni"}
MOMENTS = {"ts", "timestamp", "epoch", "time", "date", "at"}

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


def spans(name: str) -> set[str]:
    """Those of its words that say which span of time a column covers."""
    return {word for before, word in pairwise(tokens(name)) if before in SPAN or before.isdecimal()}
