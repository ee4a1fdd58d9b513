"""What customers are worth, a year and over the years they stay, and how far that hangs on the assumptions.

Nothing here is a forecast: the customers file holds behaviour, and every price is an assumption of ``economics.yml``.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.strategy.definitions import Assumptions

AMOUNTS = ("PURCHASES", "INSTALLMENTS_PURCHASES", "CASH_ADVANCE")
NEEDED = (*AMOUNTS, "BALANCE", "CREDIT_LIMIT", "PRC_FULL_PAYMENT")
BEHAVIOUR = ("months_covered", "loss_rate", "loss_by_utilisation", "loss_by_cash")
"""Assumptions that what customers do and lose in a year rests on."""

PRICES = (
    *BEHAVIOUR, "interchange", "rewards", "apr", "cash_advance_fee", "funding_cost", "servicing_cost", "operating_cost",
    "closure", "discount", "years",
)  # fmt: skip
"""Assumptions that a lifetime value rests on."""

MONTHS = 12


def behaviour(customers: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """What each customer does in a year, in currency, shape (n, 6).

    Purchases and cash advances are of the months that ``months_covered`` says, of a customer's ``TENURE`` where that is
    shorter; a tenure that is missing or not above 0 shortens nothing. A column the run does not use counts as 0, as
    does a missing value. An account in credit owes nothing.

    Returns:
        ``PURCHASES, INSTALLMENTS_PURCHASES, CASH_ADVANCE`` a year; ``owed``; ``revolving``, the balance times the share
        of months in which it is not paid in full; ``losses``, expected a year: ``loss_rate`` of all that revolves, more
        of it where much of the limit is used and where the card is used for cash.
    """
    values = customers.reindex(columns=list(NEEDED)).fillna(0.0)
    covered = assumptions["months_covered"]
    tenure = customers.reindex(columns=["TENURE"])["TENURE"].astype(float)
    yearly = MONTHS / tenure.where(tenure > 0, covered).clip(upper=covered)
    owed = values["BALANCE"].clip(lower=0)
    revolving = owed * (1 - values["PRC_FULL_PAYMENT"].clip(0, 1))
    return pd.DataFrame(
        {name: values[name] * yearly for name in AMOUNTS}
        | {"owed": owed, "revolving": revolving, "losses": _losses(values, owed, revolving, assumptions)},
        index=customers.index,
    )


def _losses(values: pd.DataFrame, owed: pd.Series, revolving: pd.Series, assumptions: Assumptions) -> pd.Series:
    """Losses of each customer, scaled so that all together lose ``loss_rate`` of what revolves.

    Who owes without a limit that is known counts as using half of it.
    """
    used = (owed / values["CREDIT_LIMIT"].where(values["CREDIT_LIMIT"] > 0)).clip(0, 1).fillna(0.5)
    cash = values["CASH_ADVANCE"].clip(lower=0)
    drawn = cash / (cash + values["PURCHASES"].clip(lower=0)).replace(0, 1)
    risk = (1 + assumptions["loss_by_utilisation"] * used) * (1 + assumptions["loss_by_cash"] * drawn)
    weighted = revolving * risk
    return assumptions["loss_rate"] * revolving.sum() * weighted / max(weighted.sum(), 1e-300)


def annual_streams(customers: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Income and cost of each customer in currency a year, shape (n, streams); costs are negative."""
    return streams(behaviour(customers, assumptions), assumptions)


def streams(does: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """The same of ``behaviour``'s table."""
    return pd.DataFrame(
        {
            "interchange": does["PURCHASES"] * assumptions["interchange"],
            "rewards": -does["PURCHASES"] * assumptions["rewards"],
            "interest": does["revolving"] * assumptions["apr"],
            "cash_fees": does["CASH_ADVANCE"] * assumptions["cash_advance_fee"],
            "funding": -does["owed"] * assumptions["funding_cost"],
            "losses": -does["losses"],
            "servicing": -assumptions["servicing_cost"],
            "operating": -does["owed"] * assumptions["operating_cost"],
        },
        index=does.index,
    )


def customer_values(customers: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Value of each customer in currency, shape (n, 4).

    Returns:
        ``annual_value``; ``lifetime_value``, the annual value over the years that a customer counts for, closed
        accounts and discount taken off; ``lifetime_value_low`` and ``lifetime_value_high``, the least and the most of
        it with one assumption at a time at either end of its range.
    """
    annual = annual_streams(customers, assumptions).sum(axis=1).to_numpy()
    low, high = _range(customers, assumptions, lambda values: values)
    return pd.DataFrame(
        {
            "annual_value": annual,
            "lifetime_value": annual * assumptions.years_kept,
            "lifetime_value_low": low,
            "lifetime_value_high": high,
        },
        index=customers.index,
    )


def segment_values(customers: pd.DataFrame, labels: np.ndarray, assumptions: Assumptions) -> pd.DataFrame:
    """Value of the average customer of each segment, in currency; index the segments.

    Returns:
        The streams and ``value_per_customer`` a year, ``balance`` (owed on average), ``lifetime_value`` and its range
        as in ``customer_values``; the range is the segment's, narrower than that of its customers.
    """
    does = behaviour(customers, assumptions)
    means = streams(does, assumptions).groupby(np.asarray(labels)).mean()
    low, high = _range(customers, assumptions, lambda values: pd.Series(values).groupby(np.asarray(labels)).mean())
    annual = means.sum(axis=1)
    return means.assign(
        value_per_customer=annual,
        balance=does["owed"].groupby(np.asarray(labels)).mean(),
        lifetime_value=annual * assumptions.years_kept,
        lifetime_value_low=low,
        lifetime_value_high=high,
    )


def portfolio(customers: pd.DataFrame, assumptions: Assumptions) -> dict[str, Any]:
    """All customers together, outliers too, as plain values for JSON.

    Returns:
        ``market, market_label, value`` (currency a year), ``balances`` (currency), ``return_on_balances`` (a year; None
        where nobody owes), ``years_kept, lifetime_value`` with ``_low`` and ``_high`` as in ``customer_values``,
        ``published_return`` (low, high and source), and how many ``assumptions`` there are and are ``guesses``.
    """
    does = behaviour(customers, assumptions)
    value, balances = float(streams(does, assumptions).to_numpy().sum()), float(does["owed"].sum())
    low, high = _range(customers, assumptions, lambda values: values.sum())
    return {
        "market": assumptions.market,
        "market_label": assumptions.market_label,
        "value": value,
        "balances": balances,
        "return_on_balances": value / balances if balances > 0 else None,
        "years_kept": assumptions.years_kept,
        "lifetime_value": value * assumptions.years_kept,
        "lifetime_value_low": float(low),
        "lifetime_value_high": float(high),
        "published_return": vars(assumptions.return_on_balances),
        "assumptions": len(assumptions.items),
        "guesses": int(assumptions.table()["guess"].sum()),
    }


def _range(
    customers: pd.DataFrame, assumptions: Assumptions, combined: Callable[[np.ndarray], Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Least and most of the customers' lifetime values, each, in groups or in all, as ``combined`` has them."""
    does = behaviour(customers, assumptions)
    low = high = combined(_lifetimes(does, assumptions))
    for name in PRICES:
        for end in (assumptions.items[name].low, assumptions.items[name].high):
            changed = assumptions.changed(name, end)
            found = combined(_lifetimes(behaviour(customers, changed) if name in BEHAVIOUR else does, changed))
            low, high = np.minimum(low, found), np.maximum(high, found)
    return low, high


def _lifetimes(does: pd.DataFrame, assumptions: Assumptions) -> np.ndarray:
    return streams(does, assumptions).to_numpy().sum(axis=1) * assumptions.years_kept
