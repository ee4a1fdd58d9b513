"""Customers put together: groups of like ones, whom a move contacts or leaves alone as one, with their sums.

No group rests on an assumption's value, only on the middle of its range: they stay the same when it changes.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.strategy.definitions import AMOUNTS, CARE, CASES, LEVERS, Assumptions, Move
from seg_utils.strategy.formulas import ORDER, VALUE, priced

NEEDED = (*AMOUNTS.values(), "BALANCE", "CREDIT_LIMIT", "PRC_FULL_PAYMENT")
OF_FILE = "file_{}"
"""Name of an amount as the file has it; without the prefix it is of a year."""

BANDS = 20
SMALLEST_BAND = 10
"""A segment's customers of one tenure are cut into so many bands at most, of so many customers at least."""

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
    found = pd.DataFrame(
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
    return {str(name): column.to_numpy() for name, column in found.items()}


def groups(
    customers: pd.DataFrame,
    labels: np.ndarray,
    people: Sequence[dict[str, Any]],
    assumptions: Assumptions,
    held_out: np.ndarray,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Groups of like customers: of one segment and tenure, in bands by what the segment's move is about.

    Returns:
        One row a group: ``segment`` (-1: none), ``tenure`` and the sums of ``rows``; ``reachable``, customers not held
        out; ``concerned``, customers who have any of what a move of care measures. And each customer's group, (n,).
    """
    each = pd.DataFrame(rows(customers, assumptions)).assign(
        segment=np.asarray(labels), reachable=1.0 - np.asarray(held_out, dtype=bool), concerned=1.0
    )
    middle = {name: (item.low + item.high) / 2 for name, item in assumptions.items.items()}
    values = priced(VALUE, middle, rows(customers, assumptions))
    amount = np.zeros(len(each))
    for person in people:
        move, inside = assumptions.move_of(person), (each["segment"] == person["segment"]).to_numpy()
        cared_for = move.purpose == CARE and move.measure in AMOUNTS
        amount[inside] = values[move.measure if cared_for else ORDER[move.lever]][inside]
        if cared_for:
            each.loc[inside, "concerned"] = (amount[inside] > 0).astype(float)
        if move.rate_cut > 0:  # it costs more, the more they owe
            amount[inside] /= np.maximum(values["revolving"][inside], 1)
    each["band"] = _bands(pd.Series(amount), [each["segment"], each["tenure"]])
    together = each.groupby(["segment", "tenure", "band"])
    return together.sum().reset_index().drop(columns="band"), together.ngroup().to_numpy()


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
