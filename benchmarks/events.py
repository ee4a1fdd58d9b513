"""Portfolios of dated events, for ``names.py``: households with an income buy, sign plans, draw cash and pay bills.

Nothing is drawn by feature, as the other portfolios are: single events come one after another through a year, are
refused where no credit is left, and are billed once a month. What a customers file holds is counted from them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from portfolios import mixed

MONTHS, DAYS = 12, 30
# A month, on what a bill left unpaid
INTEREST = 0.018
LEAST_DUE, DUE_SHARE = 20.0, 0.03
FULL, MINIMUM, PART = "in full", "the least", "a part"
# Owing less than this, no balance moves
HARDLY_OWED = 5.0


@dataclass(frozen=True)
class Household:
    """How a kind of household lives: (low, high) of what the kind is drawn from once a portfolio; single households
    differ from it. Amounts are shares of a month's income; ``limit`` is the line in months of income."""

    income: tuple[float, float]
    limit: tuple[float, float]
    pays: tuple[str, ...]
    errands: tuple[float, float] = (0, 0)
    """Everyday purchases a month, paid in one go, of some 2 % of the income each."""
    treats: tuple[float, float] = (0, 0)
    """Larger purchases a year, paid in one go, of some 20 %."""
    plans: tuple[float, float] = (0, 0)
    """Plans signed a year, of some 40 % in 3 to 12 instalments."""
    cash: tuple[float, float] = (0, 0)
    """Withdrawals a month, of some 15 %, most of them late in the month."""
    owes: tuple[float, float] = (0, 0.02)
    """Share of the line owed when the year begins."""
    opened: tuple[int, int] = (0, 0)
    """Months before the account was opened."""
    forgets: float = 0.06
    """Chance that somebody who pays in full pays a part this time."""


HOUSEHOLDS = {
    "pays in full": Household((3e3, 6e3), (1.2, 2), (FULL,), (5, 12), (2, 6), (0, 2)),
    "carries a balance": Household((2.5e3, 5e3), (1.2, 2), (MINIMUM, PART), (1.5, 4), (0, 2), (0.5, 2),
                                   owes=(0.45, 0.65)),
    "spends most": Household((9e3, 1.5e4), (1.2, 2), (FULL, FULL, PART), (12, 25), (10, 20), (2, 6)),
    "unused": Household((2.5e3, 5e3), (0.8, 1.8), (FULL,), (0.005, 0.03)),
    "now and then": Household((2.5e3, 5e3), (0.8, 1.8), (FULL,), (0.15, 0.35), (0, 0.5)),
    "small and careful": Household((1.5e3, 2.5e3), (1, 2), (FULL,), (1, 2.5), plans=(0.5, 1.5)),
    "instalments": Household((1.8e3, 3.5e3), (1.2, 2), (PART, MINIMUM, FULL), plans=(3, 6)),
    "single purchases": Household((2.5e3, 4.5e3), (1.2, 2), (PART, PART, FULL), treats=(4, 9)),
    "cash only": Household((1.5e3, 3e3), (1, 2), (MINIMUM, PART), cash=(0.4, 1), owes=(0.2, 0.4)),
    "shops and draws cash": Household((2e3, 4e3), (1.2, 2.2), (MINIMUM, PART), (2.5, 6), (0, 2), (0.5, 2), (0.4, 1),
                                      owes=(0.2, 0.4)),
    "at the limit": Household((1.2e3, 2e3), (0.6, 1.2), (MINIMUM,), (1, 3), (0, 1), (0, 1), owes=(0.9, 0.98)),
    "new": Household((1.5e3, 3e3), (0.8, 1.4), (PART, FULL), (2, 5), (1, 3), (1, 3), opened=(4, 6)),
}  # fmt: skip

SIZES = {"errands": 0.02, "treats": 0.2, "plans": 0.4, "cash": 0.15}


def drawn(seed: int, size: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers who live through their events, and the kind of each."""
    return mixed(seed, size, list(HOUSEHOLDS), lambda kind, n, rng: _of_kind(HOUSEHOLDS[kind], n, rng))


def _of_kind(kind: Household, n: int, rng: np.random.Generator) -> pd.DataFrame:
    per_month = {"errands": 1, "treats": MONTHS, "plans": MONTHS, "cash": 1}
    rates = {name: rng.uniform(*getattr(kind, name)) / months for name, months in per_month.items()}
    income, limit, owes = (rng.uniform(*getattr(kind, name)) for name in ("income", "limit", "owes"))
    rows = []
    for _ in range(n):
        own_income = income * rng.lognormal(0, 0.3)
        line = max(round(own_income * limit * rng.lognormal(0, 0.3), -2), 300)
        own_rates = {name: rate * rng.gamma(4, 1 / 4) for name, rate in rates.items()}
        opened = int(rng.integers(kind.opened[0], kind.opened[1] + 1))
        account = Account(line, min(owes * rng.lognormal(0, 0.15), 1) * line, MONTHS - opened)
        account.live(_events(own_rates, own_income, account.months, rng), rng.choice(kind.pays), kind.forgets, rng)
        rows.append(account.row())
    return pd.DataFrame(rows)


def _events(
    rates: dict[str, float], income: float, months: int, rng: np.random.Generator
) -> Iterator[tuple[int, str, float]]:
    """Day, kind and amount of everything in order of the days; instalments of a plan a month apart."""
    found: list[tuple[int, str, float]] = []
    for kind, rate in rates.items():
        for _ in range(rng.poisson(rate * months)):
            month, late = int(rng.integers(months)), kind == "cash" and rng.random() < 0.7
            day = month * DAYS + int(rng.integers(20 if late else 0, DAYS))
            amount = income * SIZES[kind] * rng.lognormal(-0.1, 0.5)
            parts = int(rng.integers(3, 13)) if kind == "plans" else 1
            found += [(day + DAYS * part, kind, amount / parts) for part in range(parts)]
    yield from sorted(event for event in found if event[0] < months * DAYS)


class Account:
    """What is owed on an account, and what a customers file counts of it."""

    def __init__(self, line: float, owed: float, months: int) -> None:
        self.line, self.owed, self.months = line, owed, months
        self.amounts = dict.fromkeys(SIZES, 0.0)
        self.counts = dict.fromkeys(SIZES, 0)
        self.active: dict[str, set[int]] = {kind: set() for kind in SIZES}
        self.balances: list[float] = []
        self.paid = self.due = 0.0
        self.moved = self.in_full = self.bills = 0

    def live(
        self, events: Iterator[tuple[int, str, float]], pays: str, forgets: float, rng: np.random.Generator
    ) -> None:
        """All events, with a bill at the end of every month, paid in the next one."""
        events = list(events)
        part = rng.uniform(0.1, 0.4)
        for month in range(self.months):
            for day, kind, amount in events:
                if day // DAYS == month and self.owed + amount <= self.line * 1.02:
                    self._book(kind, amount, month)
            self.balances.append(self.owed)
            self._bill(PART if pays == FULL and rng.random() < forgets else pays, part * rng.lognormal(0, 0.3))

    def _book(self, kind: str, amount: float, month: int) -> None:
        self.owed += amount
        self.amounts[kind] += amount
        self.counts[kind] += 1
        self.active[kind].add(month)

    def _bill(self, pays: str, part: float) -> None:
        if self.owed < HARDLY_OWED:
            return
        least = min(max(LEAST_DUE, DUE_SHARE * self.owed), self.owed)
        payment = {FULL: self.owed, MINIMUM: least * 1.2, PART: max(least, part * self.owed)}[pays]
        payment = min(payment, self.owed)
        self.moved, self.bills = self.moved + 1, self.bills + 1
        self.in_full += payment == self.owed
        self.paid, self.due = self.paid + payment, self.due + least
        self.owed = (self.owed - payment) * (1 + INTEREST)

    def row(self) -> dict[str, float]:
        """The account in the columns of a customers file."""
        in_one_go = self.active["errands"] | self.active["treats"]
        one_off = self.amounts["errands"] + self.amounts["treats"]
        return {
            "BALANCE": float(np.mean(self.balances)),
            "BALANCE_FREQUENCY": self.moved / self.months,
            "PURCHASES": one_off + self.amounts["plans"],
            "ONEOFF_PURCHASES": one_off,
            "INSTALLMENTS_PURCHASES": self.amounts["plans"],
            "CASH_ADVANCE": self.amounts["cash"],
            "PURCHASES_FREQUENCY": len(in_one_go | self.active["plans"]) / self.months,
            "ONEOFF_PURCHASES_FREQUENCY": len(in_one_go) / self.months,
            "PURCHASES_INSTALLMENTS_FREQUENCY": len(self.active["plans"]) / self.months,
            "CASH_ADVANCE_FREQUENCY": len(self.active["cash"]) / self.months,
            "CASH_ADVANCE_TRX": self.counts["cash"],
            "PURCHASES_TRX": self.counts["errands"] + self.counts["treats"] + self.counts["plans"],
            "CREDIT_LIMIT": self.line,
            "PAYMENTS": self.paid,
            "MINIMUM_PAYMENTS": self.due if self.bills else float("nan"),
            "PRC_FULL_PAYMENT": self.in_full / self.months,
            "TENURE": self.months,
        }
