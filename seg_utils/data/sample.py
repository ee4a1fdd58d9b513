"""The bundled synthetic customers: seven planted personas that look like real card data.

Behaviour is simulated month by month, so that counts, frequencies and amounts agree with one another as they do in a
real file: a frequency is a number of active months over the tenure, and an amount is a count times a ticket. Nobody in
the file exists. ``python -m seg_utils.data.sample`` writes ``data/sample/customers.csv`` and the planted truth
beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seg_utils.core import artefacts, dictionary
from seg_utils.core.paths import SAMPLE
from seg_utils.data.loading import SYNTHETIC_PREFIX

SEED = 20
CUSTOMERS = 9000
TRUTH = SAMPLE.with_name("truth.csv")

FULL_TENURE = 12

# Months of card use, and the share of customers with them
TENURES = {6: 0.018, 7: 0.02, 8: 0.025, 9: 0.03, 10: 0.04, 11: 0.057, FULL_TENURE: 0.81}

LIMIT_STEPS = (50.0, 30_000.0, 100.0)  # smallest limit, largest limit, and what limits are rounded to


@dataclass(frozen=True)
class Activity:
    """How one kind of transaction happens: who does it at all, in which months, how often and for how much."""

    share: float = 0.0  # share of the persona's customers who ever do it
    months: float = 0.3  # mean share of months with at least one
    extra: float = 0.5  # mean number of further transactions in such a month
    ticket: float = 60.0  # median amount of one transaction, in currency


@dataclass(frozen=True)
class Persona:
    """One planted kind of customer. Amounts in currency, shares and months as fractions."""

    name: str
    share: float
    limit: float
    balance: float
    balance_months: float
    one_off: Activity
    instalment: Activity
    cash: Activity
    full_payer_share: float
    full_payment: float
    paid_of_balance: float


PERSONAS = (
    Persona(
        "cash_advance_dependent", 0.22, 3200, 1700, 0.97,
        Activity(0.05, 0.10, 0.3, 60), Activity(0.02, 0.15, 0.2, 40), Activity(1.0, 0.32, 1.0, 310),
        full_payer_share=0.18, full_payment=0.12, paid_of_balance=0.35,
    ),
    Persona(
        "instalment_buyers", 0.18, 2400, 330, 0.95,
        Activity(0.06, 0.10, 0.2, 60), Activity(1.0, 0.85, 0.5, 42), Activity(0.05, 0.10, 0.3, 160),
        full_payer_share=0.62, full_payment=0.24, paid_of_balance=0.60,
    ),
    Persona(
        "one_off_buyers", 0.16, 2900, 900, 0.97,
        Activity(1.0, 0.28, 0.4, 95), Activity(0.03, 0.10, 0.2, 40), Activity(0.05, 0.10, 0.3, 160),
        full_payer_share=0.30, full_payment=0.15, paid_of_balance=0.35,
    ),
    Persona(
        "revolvers", 0.14, 5200, 3300, 0.99,
        Activity(0.93, 0.30, 0.6, 80), Activity(0.95, 0.50, 0.7, 50), Activity(0.98, 0.28, 0.8, 190),
        full_payer_share=0.10, full_payment=0.08, paid_of_balance=0.30,
    ),
    Persona(
        "dormant", 0.12, 2900, 15, 0.31,
        Activity(0.45, 0.11, 0.3, 60), Activity(0.50, 0.14, 0.2, 50), Activity(0.04, 0.10, 0.3, 160),
        full_payer_share=0.25, full_payment=0.25, paid_of_balance=4.0,
    ),
    Persona(
        "premium", 0.10, 8800, 2100, 1.0,
        Activity(1.0, 0.82, 1.9, 120), Activity(0.99, 0.80, 1.4, 75), Activity(0.04, 0.10, 0.3, 300),
        full_payer_share=0.50, full_payment=0.18, paid_of_balance=0.30,
    ),
    Persona(
        "transactors", 0.08, 4300, 170, 0.98,
        Activity(0.97, 0.42, 0.6, 65), Activity(0.96, 0.66, 0.6, 45), Activity(0.02, 0.10, 0.3, 160),
        full_payer_share=1.0, full_payment=0.93, paid_of_balance=1.0,
    ),
)  # fmt: skip


def generate(n: int = CUSTOMERS, seed: int = SEED) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw customers in random order.

    Returns:
        customers: shape (n, 18), ``CUST_ID`` and the dictionary's features in its order, original units.
        truth: shape (n, 2), ``customer_id`` and ``persona_id``.
    """
    rng = np.random.default_rng(seed)
    persona = rng.choice(len(PERSONAS), size=n, p=[kind.share for kind in PERSONAS])
    customers = behaviour(persona, rng)
    _add_exceptions(customers, rng)
    _remove_values(customers, rng)
    ids = [f"{SYNTHETIC_PREFIX}{number:05d}" for number in range(1, n + 1)]
    truth = pd.DataFrame({"customer_id": ids, "persona_id": [PERSONAS[kind].name for kind in persona]})
    return as_file(customers, ids), truth


def as_file(customers: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """Customers as a file has them: the id, then the dictionary's features in its order, rounded."""
    known = dictionary.load()
    customers = customers[known.names].round({name: _decimals(name) for name in known.names})
    customers.insert(0, known.id_name, ids)
    return customers


def behaviour(persona: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a year of every customer of a persona, given by its place in ``PERSONAS``, shape (n,); the features (n, 17)
    in original units, without exceptions and missing values."""
    n = len(persona)
    wealth = rng.normal(size=n)
    tenure = rng.choice(list(TENURES), size=n, p=list(TENURES.values()))
    limit = _round_limit(_of(persona, "limit") * np.exp(0.5 * wealth + rng.normal(0, 0.35, n)))
    one_off = _Transactions(persona, "one_off", tenure, wealth, rng)
    instalment = _Transactions(persona, "instalment", tenure, wealth, rng)
    cash = _Transactions(persona, "cash", tenure, wealth, rng)
    appetite = 0.4 * wealth + rng.normal(0, 0.6, n)
    balance = np.minimum(_of(persona, "balance") * np.exp(appetite), limit * rng.uniform(0.86, 1.02, n))
    purchases = one_off.amount + instalment.amount
    payments = 0.85 * purchases + 0.45 * cash.amount + balance * _of(persona, "paid_of_balance") + 50
    payments *= np.exp(rng.normal(-0.15, 0.5, n))
    due = np.where(rng.random(n) < 0.05, 9.0, 1.0) * np.exp(rng.normal(0, 0.4, n))
    return pd.DataFrame(
        {
            "BALANCE": balance,
            "BALANCE_FREQUENCY": np.minimum(_months(_of(persona, "balance_months"), tenure, rng) / (tenure - 1), 1),
            "PURCHASES": purchases,
            "ONEOFF_PURCHASES": one_off.amount,
            "INSTALLMENTS_PURCHASES": instalment.amount,
            "CASH_ADVANCE": cash.amount,
            "PURCHASES_FREQUENCY": (one_off.active | instalment.active).sum(axis=1) / tenure,
            "ONEOFF_PURCHASES_FREQUENCY": one_off.active.sum(axis=1) / tenure,
            "PURCHASES_INSTALLMENTS_FREQUENCY": instalment.active.sum(axis=1) / tenure,
            "CASH_ADVANCE_FREQUENCY": cash.active.sum(axis=1) / tenure,
            "CASH_ADVANCE_TRX": cash.count,
            "PURCHASES_TRX": one_off.count + instalment.count,
            "CREDIT_LIMIT": limit,
            "PAYMENTS": payments,
            "MINIMUM_PAYMENTS": (80 + 0.27 * balance) * due,
            "PRC_FULL_PAYMENT": _full_payment(persona, tenure, rng),
            "TENURE": tenure,
        }
    )


class _Transactions:
    """One kind of transaction: active months (n, 12), counts (n,) and amounts (n,) in currency."""

    def __init__(
        self, persona: np.ndarray, kind: str, tenure: np.ndarray, wealth: np.ndarray, rng: np.random.Generator
    ) -> None:
        n = len(persona)
        does = rng.random(n) < _of(persona, kind, "share")
        rate = _beta(_of(persona, kind, "months"), 9, rng)
        self.active = (rng.random((n, FULL_TENURE)) < rate[:, None]) & (np.arange(FULL_TENURE) < tenure[:, None])
        self.active[:, 0] |= ~self.active.any(axis=1)
        self.active &= does[:, None]
        months = self.active.sum(axis=1)
        self.count = months + rng.poisson(months * _of(persona, kind, "extra") * rng.gamma(1.5, 1 / 1.5, n))
        ticket = _of(persona, kind, "ticket") * np.exp((0.35 * wealth + rng.normal(0, 0.55, n)).clip(-1.5, 1.5))
        self.amount = (self.count * ticket).round(2)


def _of(persona: np.ndarray, *path: str) -> np.ndarray:
    """A parameter of each customer's persona, shape (n,)."""
    values: Iterable = PERSONAS
    for name in path:
        values = [getattr(value, name) for value in values]
    return np.array(values, dtype=float)[persona]


def _beta(mean: np.ndarray, concentration: float, rng: np.random.Generator) -> np.ndarray:
    mean = mean.clip(0.01, 0.99)
    return rng.beta(mean * concentration, (1 - mean) * concentration)


def _months(rate: np.ndarray, tenure: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.binomial(tenure, _beta(rate, 30, rng))


def _full_payment(persona: np.ndarray, tenure: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    does = rng.random(len(persona)) < _of(persona, "full_payer_share")
    return does * _months(_of(persona, "full_payment"), tenure, rng) / tenure


def _round_limit(limit: np.ndarray) -> np.ndarray:
    smallest, largest, step = LIMIT_STEPS
    coarse = np.where(limit > 5 * step, 5 * step, step)
    return (np.round(limit / coarse) * coarse).clip(smallest, largest)


def _add_exceptions(customers: pd.DataFrame, rng: np.random.Generator) -> None:
    """What real files hold in a few rows: purchases that do not add up, frequencies above 1, balances over limits."""
    adjusted = rng.choice(np.flatnonzero(customers["PURCHASES"] > 100), size=len(customers) // 500, replace=False)
    customers.loc[adjusted, "PURCHASES"] *= rng.uniform(0.6, 0.95, len(adjusted))
    short = np.flatnonzero((customers["TENURE"] < FULL_TENURE) & (customers["CASH_ADVANCE_FREQUENCY"] > 0.3))
    above = rng.choice(short, size=min(len(short), len(customers) // 1000), replace=False)
    customers.loc[above, "CASH_ADVANCE_FREQUENCY"] = 1 + 1 / customers.loc[above, "TENURE"]
    customers.loc[above, "CASH_ADVANCE_TRX"] += customers.loc[above, "TENURE"] + 1
    over = rng.choice(np.flatnonzero(customers["BALANCE"] > 500), size=len(customers) // 100, replace=False)
    customers.loc[over, "BALANCE"] = customers.loc[over, "CREDIT_LIMIT"] * rng.uniform(1.0, 1.3, len(over))


def _remove_values(customers: pd.DataFrame, rng: np.random.Generator) -> None:
    """Nothing paid goes with no minimum payment on file; a few further values are missing as well."""
    n = len(customers)
    unpaid = rng.random(n) < 0.02
    customers.loc[unpaid, "PAYMENTS"] = 0.0
    customers.loc[unpaid, "PRC_FULL_PAYMENT"] = 0.0
    customers.loc[unpaid | (rng.random(n) < 0.007), "MINIMUM_PAYMENTS"] = np.nan
    customers.loc[rng.choice(n, size=max(1, n // 9000), replace=False), "CREDIT_LIMIT"] = np.nan


def _decimals(name: str) -> int:
    return 2 if "PURCHASES" in name and not name.endswith("FREQUENCY") else 6


def main() -> None:
    customers, truth = generate()
    artefacts.write_csv(SAMPLE, customers)
    artefacts.write_csv(TRUTH, truth)


if __name__ == "__main__":
    main()
