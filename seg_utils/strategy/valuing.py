"""What customers are worth, a year and over the years they stay, and how far that hangs on the assumptions.

Nothing here is a forecast: the customers file holds behaviour, and every price is an assumption of ``economics.yml``.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.strategy import grouping
from seg_utils.strategy.computing import Computed, given_names
from seg_utils.strategy.definitions import Assumptions
from seg_utils.strategy.formulas import PRICE, PRICES, VALUE, priced
from seg_utils.strategy.needs import lacking

MONTHS = 12
PRICES_OF_A_LIFETIME = {
    name.removeprefix(PRICE)
    for name in given_names(PRICES | VALUE, "value") | given_names(PRICES, "price.years_kept")
    if name.startswith(PRICE)
}
"""Assumptions that a lifetime value rests on."""


def valued(customers: pd.DataFrame, assumptions: Assumptions) -> Computed:
    """Everything that ``formulas.VALUE`` says of each customer, columns of shape (n,)."""
    return priced(VALUE, assumptions.prices, grouping.rows(customers, assumptions))


def customer_values(customers: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Value of each customer in currency, shape (n, 4).

    Returns:
        ``annual_value``; ``lifetime_value``, the annual value over the years that a customer counts for, closed
        accounts and discount taken off; ``lifetime_value_low`` and ``lifetime_value_high``, the least and the most of
        it with one assumption at a time at either end of its range. No column where the dictionary lacks what is
        priced.
    """
    if lacking():
        return pd.DataFrame(index=customers.index)
    rows = grouping.rows(customers, assumptions)
    given = priced(VALUE, assumptions.prices, rows)
    low, high = lifetime_range(assumptions, lambda prices: lifetimes(priced(VALUE, prices, rows)))
    return pd.DataFrame(
        {
            "annual_value": given["value"],
            "lifetime_value": lifetimes(given),
            "lifetime_value_low": low,
            "lifetime_value_high": high,
        },
        index=customers.index,
    )


def lifetimes(values: Computed) -> Any:
    """The annual values over the years that a customer counts for."""
    return values["value"] * values["price.years_kept"]


def ends(assumptions: Assumptions) -> Iterator[tuple[str, str, dict[str, float]]]:
    """All prices with one assumption at either end of its range: its name, which end, and the prices."""
    for name, item in assumptions.items.items():
        for end in ("low", "high"):
            yield name, end, assumptions.prices | {name: getattr(item, end)}


def lifetime_range(
    assumptions: Assumptions, of: Callable[[Mapping[str, float]], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Least and most of lifetime values with one assumption at a time at either end of its range; ``of`` says them by
    prices."""
    low = high = of(assumptions.prices)
    for name, _, prices in ends(assumptions):
        if name in PRICES_OF_A_LIFETIME:
            found = of(prices)
            low, high = np.minimum(low, found), np.maximum(high, found)
    return low, high


def portfolio(customers: pd.DataFrame, assumptions: Assumptions) -> dict[str, Any]:
    """All customers together, outliers too, as plain values for JSON.

    Returns:
        ``market, market_label, value`` (currency a year), ``balances`` (currency), ``return_on_balances`` (a year; None
        where nobody owes), ``years_kept, lifetime_value`` with ``_low`` and ``_high`` as in ``customer_values``,
        ``published_return`` (low, high and source), and how many ``assumptions`` there are and are ``guesses``. The
        market alone where the dictionary lacks what is priced.
    """
    if lacking():
        return {"market": assumptions.market, "market_label": assumptions.market_label}
    rows = grouping.rows(customers, assumptions)
    given = priced(VALUE, assumptions.prices, rows)
    low, high = lifetime_range(assumptions, lambda prices: lifetimes(priced(VALUE, prices, rows)).sum())
    value, balances = float(given["all.value"]), float(given["all.owed"])
    return {
        "market": assumptions.market,
        "market_label": assumptions.market_label,
        "value": value,
        "balances": balances,
        "return_on_balances": value / balances if balances > 0 else None,
        "years_kept": float(given["price.years_kept"]),
        "lifetime_value": float(lifetimes(given).sum()),
        "lifetime_value_low": float(low),
        "lifetime_value_high": float(high),
        "published_return": vars(assumptions.return_on_balances),
        "assumptions": len(assumptions.items),
        "guesses": int(assumptions.table()["guess"].sum()),
    }
