"""Planted populations for the tests: written independently of the bundled sample, with parameters drawn anew each time.

Each persona is a draw from wide ranges, so that a test does not depend on one set of numbers.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from seg_utils.core import dictionary


@dataclass(frozen=True)
class Habits:
    """A persona's parameters; each activity is (share who do it, share of months, median ticket)."""

    limit: float
    utilisation: float
    one_off: tuple[float, float, float]
    instalment: tuple[float, float, float]
    cash: tuple[float, float, float] = (0.03, 0.1, 100)
    full_payment: tuple[float, float] = (0.2, 0.2)
    balance_months: float = 0.97
    paid_of_balance: float | None = None
    extra: float = 0.7
    tenure: int = 12


def habits_of(rng: np.random.Generator) -> dict[str, Habits]:
    u = rng.uniform
    ordinary = Habits(u(2500, 5000), 0.3, (1, u(0.15, 0.4), u(40, 90)), (1, u(0.2, 0.5), u(30, 70)))
    return {
        "transactors": replace(
            ordinary, limit=u(3500, 8000), utilisation=u(0.03, 0.15), one_off=(1, u(0.4, 0.8), u(40, 110)),
            instalment=(u(0.5, 1), u(0.3, 0.8), u(30, 80)), full_payment=(1, u(0.8, 0.97)), extra=u(0.7, 2),
        ),
        "revolvers": replace(
            ordinary, limit=u(4000, 7000), utilisation=u(0.5, 0.7), one_off=(u(0.8, 1), u(0.1, 0.35), u(40, 90)),
            instalment=(u(0.8, 1), u(0.15, 0.5), u(30, 70)), cash=(u(0.1, 0.6), u(0.1, 0.2), u(80, 150)),
            full_payment=(u(0, 0.1), 0.05), paid_of_balance=u(0.25, 0.6),
        ),
        "premium": replace(
            ordinary, limit=u(10_000, 15_000), utilisation=u(0.1, 0.35), one_off=(1, u(0.6, 0.95), u(90, 200)),
            instalment=(1, u(0.5, 0.9), u(60, 120)), full_payment=(u(0.2, 0.8), u(0.1, 0.5)), extra=u(1, 3),
        ),
        "dormant": replace(
            ordinary, limit=u(1500, 4500), utilisation=u(0.002, 0.02), one_off=(u(0.1, 0.4), 0.08, 50),
            instalment=(u(0.1, 0.4), 0.08, 40), full_payment=(u(0, 0.3), 0.2), balance_months=u(0.1, 0.45),
        ),
        "responsible_low_spenders": replace(
            ordinary, limit=u(1500, 4500), utilisation=u(0.02, 0.1), one_off=(u(0.6, 0.9), u(0.1, 0.25), u(25, 60)),
            instalment=(u(0.6, 0.9), u(0.15, 0.35), u(20, 45)), full_payment=(1, u(0.45, 0.9)), extra=u(0, 0.2),
        ),
        "instalment_buyers": replace(
            ordinary, limit=u(2000, 4500), utilisation=u(0.1, 0.4), one_off=(u(0, 0.1), 0.1, 50),
            instalment=(1, u(0.6, 0.95), u(35, 80)), full_payment=(u(0.2, 0.7), u(0.1, 0.35)),
        ),
        "cash_advance_dependent": replace(
            ordinary, limit=u(2500, 6000), utilisation=u(0.35, 0.65), one_off=(u(0, 0.2), 0.1, 50),
            instalment=(u(0, 0.2), 0.1, 40), cash=(1, u(0.25, 0.6), u(150, 400)),
            full_payment=(u(0, 0.15), 0.1), paid_of_balance=u(0.3, 0.8),
        ),
        "one_off_buyers": replace(
            ordinary, limit=u(2500, 6000), utilisation=u(0.15, 0.4), one_off=(1, u(0.15, 0.5), u(80, 300)),
            instalment=(u(0, 0.1), 0.1, 40), full_payment=(u(0.1, 0.5), u(0.1, 0.3)),
        ),
        "moderate_users": replace(
            ordinary, limit=u(3000, 5000), utilisation=u(0.2, 0.35), one_off=(1, u(0.3, 0.4), u(40, 60)),
            instalment=(1, u(0.3, 0.4), u(40, 60)), full_payment=(u(0.2, 0.4), 0.2),
        ),
        "new_customers": replace(ordinary, limit=u(1000, 3500), tenure=7),
        "near_limit": replace(
            ordinary, limit=u(800, 3000), utilisation=0.94, one_off=(u(0.5, 1), u(0.1, 0.4), 50),
            instalment=(u(0.5, 1), u(0.1, 0.5), 40), full_payment=(0, 0.05), paid_of_balance=u(0.2, 0.6),
        ),
    }  # fmt: skip


def population(
    personas: tuple[str, ...], seed: int, size: int = 400, currency: float = 1.0
) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers in canonical columns, and the planted persona of each, shape (n,)."""
    rng = np.random.default_rng(seed)
    habits = habits_of(rng)
    sizes = [int(size * rng.uniform(0.6, 1.6)) for _ in personas]
    frames = [_draw(habits[persona], n, rng, currency) for persona, n in zip(personas, sizes, strict=True)]
    customers = pd.concat(frames, ignore_index=True)
    customers.insert(0, "customer_id", [f"T{row}" for row in range(len(customers))])
    return customers, np.repeat(personas, sizes)


def _draw(habits: Habits, n: int, rng: np.random.Generator, currency: float) -> pd.DataFrame:
    limit = habits.limit * np.exp(rng.normal(0, 0.4, n))
    utilisation = rng.beta(habits.utilisation * 30, (1 - habits.utilisation) * 30, n)
    balance = limit * utilisation
    tenure = np.where(rng.random(n) < 0.06, rng.integers(7, 12, n), habits.tenure)
    (months_1, count_1, amount_1), (months_2, count_2, amount_2), (months_3, count_3, amount_3) = (
        _activity(activity, tenure, habits.extra, rng) for activity in (habits.one_off, habits.instalment, habits.cash)
    )
    purchases = amount_1 + amount_2
    owed = purchases + 0.5 * amount_3
    paid = owed + 0.5 * balance if habits.paid_of_balance is None else habits.paid_of_balance * balance + 0.5 * owed
    payers = rng.random(n) < habits.full_payment[0]
    columns = {
        "BALANCE": balance * currency,
        "BALANCE_FREQUENCY": (rng.binomial(11, habits.balance_months, n) / 11),
        "PURCHASES": purchases * currency,
        "ONEOFF_PURCHASES": amount_1 * currency,
        "INSTALLMENTS_PURCHASES": amount_2 * currency,
        "CASH_ADVANCE": amount_3 * currency,
        "PURCHASES_FREQUENCY": np.maximum(months_1, months_2) / tenure,
        "ONEOFF_PURCHASES_FREQUENCY": months_1 / tenure,
        "PURCHASES_INSTALLMENTS_FREQUENCY": months_2 / tenure,
        "CASH_ADVANCE_FREQUENCY": months_3 / tenure,
        "CASH_ADVANCE_TRX": count_3,
        "PURCHASES_TRX": count_1 + count_2,
        "CREDIT_LIMIT": limit * currency,
        "PAYMENTS": (paid * np.exp(rng.normal(0, 0.3, n)) + 20) * currency,
        "MINIMUM_PAYMENTS": (60 + 0.3 * balance) * np.exp(rng.normal(0, 0.3, n)) * currency,
        "PRC_FULL_PAYMENT": payers * rng.binomial(tenure, habits.full_payment[1]) / tenure,
        "TENURE": tenure,
    }
    return pd.DataFrame(columns)[dictionary.load().names].astype("float64")


def _activity(
    activity: tuple[float, float, float], tenure: np.ndarray, extra: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Active months, counts and amounts, each of shape (n,)."""
    share, rate, ticket = activity
    n = len(tenure)
    does = rng.random(n) < share
    months = np.maximum(rng.binomial(tenure, rng.beta(rate * 12, (1 - rate) * 12, n)), 1) * does
    count = months + rng.poisson(months * extra)
    return months, count, count * ticket * np.exp(rng.normal(0, 0.4, n))
