"""Customers put together: groups of like ones, whom a move contacts or leaves alone as one, with their sums and values.

No group rests on an assumption's value, only on the middle of its range: they stay the same when it changes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.strategy.definitions import AMOUNTS, CARE, CASES, CHOSEN, LEVERS, Assumptions, Move, lacking
from seg_utils.strategy.formulas import ALL, ORDER, PRICE, PRICES, VALUE, Computed, given_names, names, priced

NEEDED = (*AMOUNTS.values(), "BALANCE", "CREDIT_LIMIT", "PRC_FULL_PAYMENT")
OF_FILE = "file_{}"  # name of an amount as the file has it; without the prefix it is of a year
BANDS = 20

# A segment's customers of one tenure are cut into so many bands at most, of so many customers at least
SMALLEST_BAND = 10

MOVE_NUMBERS = ("takers", "benefit", "rate_cut", "fees_forgone")


def rows(customers: pd.DataFrame, assumptions: Assumptions) -> dict[str, np.ndarray]:
    """What formulas need of each customer, in currency, columns of shape (n,).

    A column the run does not use counts as 0, as does a missing value. An account in credit owes nothing. Who owes
    without a limit that is known counts as using half of it.

    Returns:
        ``customers`` (1); ``tenure``, months, as many as the amounts may cover where it is missing or not above 0;
        the amounts as the file has them; ``owed``; ``revolving``, the balance times the share of months in which it is
        not paid in full, and that times the share of the limit used, times the share of cash, times both.
    """
    values = customers.reindex(columns=list(NEEDED)).fillna(0.0)
    longest = assumptions.items["months_covered"].high
    tenure = customers.reindex(columns=["TENURE"])["TENURE"].astype(float).round()
    owed = values["BALANCE"].clip(lower=0)
    revolving = owed * (1 - values["PRC_FULL_PAYMENT"].clip(0, 1))
    used = (owed / values["CREDIT_LIMIT"].where(values["CREDIT_LIMIT"] > 0)).clip(0, 1).fillna(0.5)
    cash = values["CASH_ADVANCE"].clip(lower=0)
    drawn = cash / (cash + values["PURCHASES"].clip(lower=0)).replace(0, 1)
    groups = pd.DataFrame(
        {
            "customers": 1.0,
            "tenure": tenure.where(tenure > 0, longest).clip(upper=longest),
            **{OF_FILE.format(amount): values[column] for amount, column in AMOUNTS.items()},
            "owed": owed,
            "revolving": revolving,
            "revolving_used": revolving * used,
            "revolving_cash": revolving * drawn,
            "revolving_both": revolving * used * drawn,
        }
    )
    return {str(name): column.to_numpy() for name, column in groups.items()}


def groups(
    each: Mapping[str, np.ndarray], labels: np.ndarray, amount: np.ndarray, cared_for: np.ndarray, held_out: Any
) -> tuple[pd.DataFrame, np.ndarray]:
    """Groups of like customers: of one segment and tenure, in bands by what the segment's move is about.

    Args:
        each: ``rows`` of the customers.
        labels: their segments, shape (n,).
        amount, cared_for: their ``amounts``.
        held_out: who is kept out of every campaign, (n,), or False for nobody.

    Returns:
        One row a group: ``segment`` (-1: none), ``tenure`` and the sums of ``rows``; ``reachable``, customers not held
        out; ``concerned``, customers who have any of what a move of care measures. And each customer's group, (n,).
    """
    frame = pd.DataFrame(each).assign(
        segment=np.asarray(labels), reachable=1.0 - np.asarray(held_out, dtype=bool), concerned=1.0
    )
    frame.loc[cared_for, "concerned"] = (amount[cared_for] > 0).astype(float)
    frame["band"] = _bands(pd.Series(amount), [frame["segment"], frame["tenure"]])
    together = frame.groupby(["segment", "tenure", "band"])
    return together.sum().reset_index().drop(columns="band"), together.ngroup().to_numpy()


def amounts(
    each: Mapping[str, np.ndarray],
    labels: np.ndarray,
    people: Sequence[dict[str, Any]],
    assumptions: Assumptions,
    sums: Mapping[str, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """How much each customer has of what their segment's move is about, by which bands are cut, and for whom that is
    what a move of care measures; both (n,).

    Args:
        each: ``rows`` of the customers.
        sums: ``sums_of`` other customers, among whom these are.
    """
    values = priced(VALUE, _middle(assumptions), {**each, **(sums or {})})
    amount, care = np.zeros(len(labels)), np.zeros(len(labels), dtype=bool)
    for person in people:
        move, inside = assumptions.move_of(person), np.asarray(labels) == person["segment"]
        cared_for = move.purpose == CARE and move.measure in AMOUNTS
        amount[inside] = values[move.measure if cared_for else ORDER[move.lever]][inside]
        care |= inside & cared_for
        if move.rate_cut > 0:  # it costs more, the more they owe
            amount[inside] /= np.maximum(values["revolving"][inside], 1)
    return amount, care


def sums_of(each: Mapping[str, np.ndarray], assumptions: Assumptions) -> dict[str, float]:
    """What the amounts of a customer need of all others: sums that ``VALUE`` takes of all ``rows``."""
    values = priced(VALUE, _middle(assumptions), each)
    needed = {name for formula in VALUE.values() for name in names(formula) if name.startswith(ALL)}
    return {name: float(values[name]) for name in sorted(needed)}


def _middle(assumptions: Assumptions) -> dict[str, float]:
    return {name: (item.low + item.high) / 2 for name, item in assumptions.items.items()}


def _bands(amount: pd.Series, alike: list[pd.Series]) -> pd.Series:
    """The band of each customer among those alike, by amount; 0 for those who have nothing of it."""
    within = amount.where(amount > 0).groupby(alike)
    size = within.transform("count")
    bands = (size // SMALLEST_BAND).clip(1, BANDS)
    return np.ceil(within.rank(method="min") / size * bands).fillna(0)


def moves(people: Sequence[dict[str, Any]], assumptions: Assumptions) -> dict[str, list[float]]:
    """What formulas need of each segment's move, as numbers in the order of the segments; yes is 1 and no is 0."""
    ordered = sorted(people, key=lambda person: person["segment"])
    table = pd.DataFrame([_numbers(assumptions.move_of(person), assumptions) for person in ordered])
    return {name: column.astype(float).tolist() for name, column in table.items()}


def _numbers(move: Move, assumptions: Assumptions) -> dict[str, float]:
    return {
        "campaign": bool(move.first),
        "care": move.purpose == CARE,
        **{lever: move.lever == lever for lever in LEVERS},
        **{f"effect_{case}": move.effect[case] for case in CASES},
        **{name: getattr(move, name) for name in MOVE_NUMBERS},
        **{f"first_{channel}": channel in move.first for channel in assumptions.channels},
        **{f"then_{channel}": channel in move.then for channel in assumptions.channels},
    }


MONTHS = 12

# Assumptions that a lifetime value rests on
PRICES_OF_A_LIFETIME = {
    name.removeprefix(PRICE)
    for name in given_names(PRICES | VALUE, "value") | given_names(PRICES, "price.years_kept")
    if name.startswith(PRICE)
}


def valued(customers: pd.DataFrame, assumptions: Assumptions) -> Computed:
    """Everything that ``formulas.VALUE`` says of each customer, columns of shape (n,)."""
    return priced(VALUE, assumptions.prices, rows(customers, assumptions))


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
    needed = rows(customers, assumptions)
    given = priced(VALUE, assumptions.prices, needed)
    low, high = lifetime_range(assumptions, lambda prices: lifetimes(priced(VALUE, prices, needed)))
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


def portfolio(customers: pd.DataFrame, assumptions: Assumptions, *, stands_for: float = 1.0) -> dict[str, Any]:
    """All customers together, outliers too, as plain values for JSON. Where these are a sample, each ``stands_for`` so
    many.

    Returns:
        ``market, market_label, value`` (currency a year), ``balances`` (currency), ``return_on_balances`` (a year; None
        where nobody owes), ``years_kept, lifetime_value`` with ``_low`` and ``_high`` as in ``customer_values``,
        ``published_return`` (low, high and source), how many ``assumptions`` there are and are ``guesses``, and
        the labels of those that are ``chosen_for_return``. The market alone where the dictionary lacks what is priced.
    """
    if lacking():
        return {"market": assumptions.market, "market_label": assumptions.market_label}
    needed = rows(customers, assumptions)
    given = priced(VALUE, assumptions.prices, needed)
    low, high = lifetime_range(assumptions, lambda prices: lifetimes(priced(VALUE, prices, needed)).sum())
    table = assumptions.table()
    value, balances = float(given["all.value"]) * stands_for, float(given["all.owed"]) * stands_for
    return {
        "market": assumptions.market,
        "market_label": assumptions.market_label,
        "value": value,
        "balances": balances,
        "return_on_balances": value / balances if balances > 0 else None,
        "years_kept": float(given["price.years_kept"]),
        "lifetime_value": float(lifetimes(given).sum()) * stands_for,
        "lifetime_value_low": float(low) * stands_for,
        "lifetime_value_high": float(high) * stands_for,
        "published_return": vars(assumptions.return_on_balances),
        "assumptions": len(assumptions.items),
        "guesses": int(table["guess"].sum()),
        "chosen_for_return": table.loc[table["source"].str.startswith(CHOSEN), "label"].str.lower().tolist(),
    }
