"""The words of column names, and what each says of a column's content."""

import re
from itertools import pairwise

IDS = {
    "id", "ids", "num", "number", "no", "nr", "ref", "key", "customer", "client", "account", "user", "cust", "uid",
    "uuid", "barcode",
}  # fmt: skip
ID_ENDINGS = ("id", "num", "nummer", "numer", "numero", "número", "numéro")  # words are often joined
PERSONS = {
    "customer", "cust", "client", "user", "member", "account", "acct", "patient", "guest", "rider", "buyer", "donor",
    "subscriber", "cardholder", "borrower", "passenger", "policyholder", "player", "student", "pupil", "kunde",
    "kunden", "mitglied", "cliente", "klant", "klient",
}  # fmt: skip
NAMES_OF = {"first", "last", "full", "given", "family", "middle"}  # before "name"
SURNAMES = {"surname", "forename", "firstname", "lastname", "fullname", "vorname", "nachname", "prénom", "apellidos"}
PLACES = {"lat", "lon", "lng", "latitude", "longitude"}
CODES = {
    "code", "codes", "sex", "gender", "education", "marriage", "marital", "region", "channel", "country",
    "city", "state", "zip", "zipcode", "postcode", "postal", "plz", "postleitzahl", "pincode", "cep", "phone",
    "class", "category", "type", "level", "job", "housing", "year", "month", "weekday", "day", "branch",
    "store", "area", "zone", "district", "département", "bezirk", "provincia",
}  # fmt: skip

STEPS = {"level", "day"}  # no codes where there are many of them

# After one of these, or a number, a word is a span of time and no unit: nights per year, logins in the last 30 days
SPAN = {"per", "last", "past", "this", "each", "a", "in"}

MODELS = {
    "bayes", "classifier", "predict", "predicted", "prediction", "predictions", "prob", "proba", "probability",
    "propensity", "likelihood", "logit", "xgb", "xgboost", "prognose", "pronostico", "embedding", "embeddings", "pca",
    "umap", "tsne", "latent", "centroid",
}  # fmt: skip
MODEL = {"model", "modelo", "modèle", "modell"}  # of a number; of a text, perhaps a telephone's
SCORES = {"score", "scores", "rating", "index", "risk", "grade"}
HEALTH = {"health", "lead", "engagement", "loyalty", "affinity", "upsell", "intent"}  # what others made of figures
PLACED = {"decile", "quintile", "quartile", "percentile", "zscore"}  # customers set in an order by something
RECENCY = {"r", "f", "m", "recency", "frequency", "monetary"}
GROUPS = {"cluster", "clusters", "segment", "segments", "persona", "label", "labels", "kmeans"}
OUTCOMES = {
    "churn", "churned", "attrition", "attrited", "default", "defaulted", "response", "responded", "target", "outcome",
    "converted", "conversion", "exited", "fraud", "cancelled", "canceled", "class", "bad", "complain",
}  # fmt: skip
ALONE = {"y", "left", "has", "is"}  # outcomes where the name says no more: not of days left
AMOUNTS = {
    "amount", "amt", "balance", "bal", "limit", "charge", "charges", "spend", "spending", "spent", "revenue", "income",
    "price", "payment", "payments", "pay", "bill", "sales", "value", "cost", "costs", "monetary", "purchases", "salary",
    "fee", "fees", "paid", "usd", "eur", "gbp", "turnover", "basket", "savings", "debt", "loan", "credit",
    "refund", "refunds", "returns", "copay", "fare", "fares", "tip", "tips", "discount", "discounts", "donation",
    "donations", "donated", "rent", "wage", "deposit", "deposits", "withdrawal", "withdrawals", "fines", "expenses",
}  # fmt: skip

# Acts, which are counted as often as they are added up: whole numbers of them that stay small are counts
ACTS = {
    "purchases", "payments", "refunds", "returns", "sales", "donations", "deposits", "withdrawals", "fines",
    "discounts",
}  # fmt: skip

# How amounts end in other languages, whose words are often joined
AMOUNT_ENDINGS = (
    "betrag", "beitrag", "umsatz", "kosten", "preis", "summe", "gehalt", "einkommen", "saldo", "limit", "montant",
    "prix", "solde", "revenu", "importe", "precio", "gasto", "ventas", "importo", "spesa", "fatturato", "valor",
    "bedrag", "omzet", "kwota", "wartość", "wydatki", "harcama", "tutarı", "tutar", "fiyatı",
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
    "kw": "kW", "mw": "MW",
}  # fmt: skip
MEASURED_IN = {"unit", "units", "uom", "currency", "ccy"}  # a column of these says what others are counted in
SIZES = AMOUNTS | COUNTS | MONTHS
PERCENT = {"pct", "percent", "percentage"}
RATIOS = {"ratio", "rate", "chng", "change", "pct", "percent", "percentage", "growth"}

# Amounts that are told of one customer: added up over many, they say nothing
NO_SUMS = {
    "avg", "average", "mean", "median", "limit", "price", "max", "min", "highest", "lowest", "largest", "biggest",
    "smallest", "first", "last", "income", "salary", "durchschnitt", "moyen", "moyenne", "medio", "media", "promedio",
    "średnia", "średni", "gemiddeld", "typical", "score", "rating", "rank", "level", "per", "since",
}  # fmt: skip

YEARS = {"age", "years", "alter", "jahre", "âge", "ans", "edad", "años", "wiek", "yaş"}
DAYS = {"days", "recency", "tage", "jours", "días", "dni", "giorni", "gün"}
MOMENTS = {"ts", "timestamp", "epoch", "time", "date", "at"}

# Words that people write in full
SHORT = {
    "amt": "amount", "bal": "balance", "trans": "transactions", "trx": "transactions", "ct": "count", "cnt": "count",
    "avg": "average", "num": "number of", "qty": "quantity", "mon": "months", "chng": "change",
    "gb": "GB", "mb": "MB", "sms": "SMS", "kwh": "kWh", "mwh": "MWh", "kw": "kW", "mw": "MW", "id": "id",
    "bmi": "BMI", "ltv": "LTV", "clv": "CLV", "nps": "NPS", "atm": "ATM", "er": "ER", "pct": "percent",
    "eur": "EUR", "usd": "USD", "gbp": "GBP", "inr": "INR", "jpy": "JPY",
}  # fmt: skip


# Codes that stand for a sign
CURRENCIES = {"eur": "€", "usd": "$", "gbp": "£", "inr": "₹", "jpy": "¥", "pln": "zł", "tl": "₺"}


# Where a word of a name ends: at a capital, or before a number at its end; in capitals as a whole, at the latter alone
NUMBERED = r"(?<=[A-Za-z]{3})(?=[0-9]+(?![A-Za-z0-9]))"
LOUD_PARTS, PARTS = NUMBERED, rf"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|{NUMBERED}"


def tokens(name: str) -> list[str]:
    """The words of a column name: ``TotalCharges`` and ``total_charges`` are ``total`` and ``charges``."""
    apart = re.sub(LOUD_PARTS if name.isupper() else PARTS, " ", name)
    return [word.lower() for word in re.split(r"[\W_]+", apart) if word]


def spans(name: str) -> set[str]:
    """Those of its words that say which span of time a column covers."""
    return {word for before, word in pairwise(tokens(name)) if before in SPAN or before.isdecimal()}
