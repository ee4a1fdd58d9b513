"""What each persona's name says of a segment, checked on the table of its customers; written without the catalogue."""

import pandas as pd


def bought(own: pd.DataFrame) -> float:
    return float((own["PURCHASES"] > 0).mean())


def drew(own: pd.DataFrame) -> float:
    return float((own["CASH_ADVANCE"] > 0).mean())


def typical(own: pd.DataFrame, feature: str) -> float:
    return float(own[feature].median())


def used(own: pd.DataFrame) -> float:
    return float((own["BALANCE"] / own["CREDIT_LIMIT"]).median())


def spends_more(own: pd.DataFrame, everyone: pd.DataFrame) -> bool:
    return typical(own, "PURCHASES") > typical(everyone, "PURCHASES")


# By persona: whether what its name says holds of a segment's customers beside all customers
CLAIMS = {
    "transactors": lambda own, everyone: typical(own, "PRC_FULL_PAYMENT") >= 0.5 and bought(own) > 0.7,
    "revolvers": lambda own, everyone: typical(own, "BALANCE") > 0 and typical(own, "PRC_FULL_PAYMENT") <= 0.25,
    "premium": lambda own, everyone: (
        spends_more(own, everyone) and typical(own, "CREDIT_LIMIT") > typical(everyone, "CREDIT_LIMIT")
    ),
    "dormant": lambda own, everyone: bought(own) < 0.67 and drew(own) < 0.5 and used(own) < 0.2,
    "occasional_users": lambda own, everyone: typical(own, "PURCHASES_FREQUENCY") <= 0.45 and used(own) < 0.2,
    "responsible_low_spenders": lambda own, everyone: bought(own) > 0.5 and not spends_more(own, everyone),
    "instalment_buyers": lambda own, everyone: typical(own, "INSTALLMENTS_PURCHASES") > 0,
    "moderate_users": lambda own, everyone: bought(own) > 0.5 and used(own) < 0.65,
    "cash_advance_dependent": lambda own, everyone: own["CASH_ADVANCE"].sum() > own["PURCHASES"].sum(),
    "shop_and_cash": lambda own, everyone: min(bought(own), drew(own)) > 0.7,
    "one_off_buyers": lambda own, everyone: typical(own, "ONEOFF_PURCHASES") > 0,
    "new_customers": lambda own, everyone: typical(own, "TENURE") <= 9 and drew(own) < 0.5,
    "near_limit": lambda own, everyone: used(own) >= 0.69,
    "frequent_shoppers": spends_more,
    "card_shoppers": lambda own, everyone: bought(own) > 0.7 and drew(own) < 0.5,
    "light_users": lambda own, everyone: not spends_more(own, everyone) and drew(own) < 0.5,
    "cash_users": lambda own, everyone: drew(own) > 0.5,
    "borrowers": lambda own, everyone: used(own) >= 0.24,
}
