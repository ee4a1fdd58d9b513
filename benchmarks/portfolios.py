"""Portfolios drawn by rules that are not the catalogue's, for ``names.py``: who is what is decided first.

Three kinds, each with parameters drawn anew from the seed:

- a ledger: every customer lives through months of purchases, cash, bills and payments, by habits told in plain words;
- an expert's table: low, usual and high value of each feature, drawn independently of one another;
- a copula: customers with the margins and the rank correlations of the public file, told apart by rules of thumb.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from seg_utils.core import dictionary
from seg_utils.core.paths import PROJECT

PUBLIC = PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"
# Customers of a kind that a portfolio holds at least
FEWEST = 60

# The persona of each kind of customer
OWN = {
    "pays in full": "transactors",
    "carries a balance": "revolvers",
    "spends most": "premium",
    "unused": "dormant",
    "now and then": "occasional_users",
    "small and careful": "responsible_low_spenders",
    "instalments": "instalment_buyers",
    "single purchases": "one_off_buyers",
    "cash only": "cash_advance_dependent",
    "shops and draws cash": "shop_and_cash",
    "at the limit": "near_limit",
    "new": "new_customers",
    "in the middle": "moderate_users",
}

_BY_DEGREE = {
    "dormant": {"occasional_users"},
    "unused": {"occasional_users"},
    "now and then": {"dormant"},
    "small and careful": {"transactors"},
    "carries a balance": {"borrowers"},
    "revolvers": {"borrowers"},
    "single purchases": {"occasional_users"},
}
# Personas that are right of each kind: its own, and the one that a part of it is by degree. Who is drawn as hardly
# using the card may have bought once, who spends little may be among others who spend nothing, who carries a balance
# owes a good part of the limit, and single purchases may be one or two a year.
RIGHT = {kind: {OWN.get(kind, kind)} | _BY_DEGREE.get(kind, set()) for kind in (*OWN, *_BY_DEGREE)}


@dataclass(frozen=True)
class Life:
    """How a customer of a kind lives: (low, high) of what a whole kind is drawn from once a portfolio.

    ``shops``, ``plans`` and ``draws`` are chances of a one-off purchase, an instalment and cash in a month, ``sizes``
    of their amounts as a share of the limit; ``pays`` the share of the balance paid, ``in_full`` the chance that a
    month's whole balance is.
    """

    limit: tuple[float, float]
    shops: tuple[float, float]
    plans: tuple[float, float]
    draws: tuple[float, float] = (0.0, 0.01)
    sizes: tuple[float, float] = (0.01, 0.03)
    cash_size: tuple[float, float] = (0.05, 0.12)
    pays: tuple[float, float] = (0.2, 0.5)
    in_full: tuple[float, float] = (0.05, 0.2)
    start: tuple[float, float] = (0.0, 0.05)
    """Share of the limit owed when the year begins."""
    months: int = 12


LIVES = {
    "pays in full": Life((4e3, 9e3), (0.6, 0.95), (0.2, 0.7), in_full=(0.85, 0.98)),
    "carries a balance": Life((3e3, 7e3), (0.3, 0.6), (0.2, 0.5), pays=(0.06, 0.12), in_full=(0, 0.03),
                              start=(0.4, 0.6)),
    "spends most": Life((1.1e4, 1.8e4), (0.9, 1), (0.6, 0.95), sizes=(0.015, 0.03), in_full=(0.3, 0.6),
                        pays=(0.4, 0.8)),
    "unused": Life((2e3, 5e3), (0.01, 0.03), (0, 0.02), pays=(0.9, 1), in_full=(0.3, 0.6)),
    "now and then": Life((2e3, 5e3), (0.12, 0.25), (0.02, 0.1), pays=(0.9, 1), in_full=(0.4, 0.7)),
    "small and careful": Life((2e3, 4e3), (0.35, 0.6), (0.25, 0.5), sizes=(0.004, 0.01), in_full=(0.6, 0.85),
                              pays=(0.8, 1)),
    "instalments": Life((2e3, 5e3), (0, 0.05), (0.75, 0.98), in_full=(0.05, 0.25), pays=(0.3, 0.6)),
    "single purchases": Life((3e3, 6e3), (0.25, 0.5), (0, 0.02), sizes=(0.03, 0.08), pays=(0.25, 0.5)),
    "cash only": Life((2e3, 6e3), (0, 0.04), (0, 0.04), draws=(0.25, 0.5), pays=(0.1, 0.25), in_full=(0, 0.03),
                      start=(0.2, 0.4)),
    "shops and draws cash": Life((3e3, 8e3), (0.5, 0.9), (0.3, 0.7), draws=(0.25, 0.5), cash_size=(0.03, 0.08),
                                 pays=(0.15, 0.3), in_full=(0, 0.04), start=(0.2, 0.4)),
    "at the limit": Life((8e2, 2.5e3), (0.3, 0.6), (0.2, 0.6), sizes=(0.04, 0.08), pays=(0.03, 0.08), in_full=(0, 0.02),
                         start=(0.88, 0.97)),
    "new": Life((1e3, 3e3), (0.3, 0.6), (0.2, 0.5), in_full=(0.1, 0.3), months=6),
    "in the middle": Life((3e3, 5e3), (0.35, 0.5), (0.35, 0.5), pays=(0.15, 0.3), in_full=(0.1, 0.25),
                          start=(0.15, 0.3)),
}  # fmt: skip


def ledger(seed: int, size: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers who live through their months, and the kind of each."""
    return mixed(seed, size, list(LIVES), lambda kind, n, rng: _live(LIVES[kind], n, rng))


def _live(life: Life, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """A year of ``n`` customers; each differs from its kind in limit, habits and size of what it buys."""
    shops, plans, draws, size, cash, pays, in_full, start = (
        rng.uniform(*getattr(life, name))
        for name in ("shops", "plans", "draws", "sizes", "cash_size", "pays", "in_full", "start")
    )
    chance = [_around(each, n, rng) for each in (shops, plans, draws)]
    limit = rng.uniform(*life.limit) * np.exp(rng.normal(0, 0.35, n))
    months = np.where(rng.random(n) < 0.05, rng.integers(6, 12, n), life.months)
    full, owed = _around(in_full, n, rng), limit * start * np.exp(rng.normal(0, 0.2, n))
    months_with, amounts, counts = (np.zeros((3, n)) for _ in range(3))
    moved, bought_in, paid_full, paid, minimum, balances = (np.zeros(n) for _ in range(6))
    for month in range(12):
        here = month < months
        does = [(rng.random(n) < one) & here for one in chance]
        room = np.maximum(limit * 1.02 - owed, 0)
        for kind, (active, scale) in enumerate(zip(does, (size, size, cash), strict=True)):
            number = active * (1 + rng.poisson(0.6, n))
            amount = np.minimum(number * limit * scale * np.exp(rng.normal(-0.1, 0.5, n)), room)
            active, number = amount > 0, number * (amount > 0)
            room, owed = room - amount, owed + amount
            months_with[kind], amounts[kind] = months_with[kind] + active, amounts[kind] + amount
            counts[kind] = counts[kind] + number
        bought_in += (does[0] | does[1]) & here
        balances += owed * here
        moved += (owed > limit * 0.001) & here
        pays_all = here & (owed > 0) & (rng.random(n) < full)
        pay = np.where(pays_all, owed, owed * np.clip(pays * np.exp(rng.normal(0, 0.3, n)), 0, 1)) * here
        minimum += np.minimum(np.maximum(0.04 * owed, 10), owed) * here
        owed, paid, paid_full = (owed - pay) * (1 + 0.015 * (1 - pays_all)), paid + pay, paid_full + pays_all
    return pd.DataFrame(
        {
            "BALANCE": balances / months,
            "BALANCE_FREQUENCY": moved / months,
            "PURCHASES": amounts[0] + amounts[1],
            "ONEOFF_PURCHASES": amounts[0],
            "INSTALLMENTS_PURCHASES": amounts[1],
            "CASH_ADVANCE": amounts[2],
            "PURCHASES_FREQUENCY": np.maximum(bought_in, np.maximum(*months_with[:2])) / months,
            "ONEOFF_PURCHASES_FREQUENCY": months_with[0] / months,
            "PURCHASES_INSTALLMENTS_FREQUENCY": months_with[1] / months,
            "CASH_ADVANCE_FREQUENCY": months_with[2] / months,
            "CASH_ADVANCE_TRX": counts[2],
            "PURCHASES_TRX": counts[0] + counts[1],
            "CREDIT_LIMIT": limit,
            "PAYMENTS": paid,
            "MINIMUM_PAYMENTS": minimum,
            "PRC_FULL_PAYMENT": paid_full / months,
            "TENURE": months,
        }
    )


def _around(chance: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Chances of single customers around their kind's."""
    return rng.beta(chance * 14 + 1e-3, (1 - chance) * 14 + 1e-3, n)


# What an expert would write down of each kind: the range in which four customers in five lie
TABLE: dict[str, dict[str, tuple[float, float]]] = {
    "pays in full": {"limit": (5e3, 8e3), "used": (0.03, 0.12), "oneoff": (1e3, 2.5e3), "plans": (300, 1e3),
                     "one_months": (0.5, 0.9), "plan_months": (0.2, 0.6), "full": (0.75, 1)},
    "carries a balance": {"limit": (3e3, 8e3), "used": (0.45, 0.75), "oneoff": (200, 700), "plans": (150, 500),
                          "one_months": (0.15, 0.4), "plan_months": (0.15, 0.5), "full": (0, 0.05)},
    "spends most": {"limit": (1e4, 1.8e4), "used": (0.1, 0.35), "oneoff": (3e3, 7e3), "plans": (1e3, 3e3),
                    "one_months": (0.7, 1), "plan_months": (0.6, 1), "full": (0.1, 0.7)},
    "unused": {"limit": (1.5e3, 5e3), "used": (0, 0.02), "full": (0, 0.2), "idle": (0.1, 0.4)},
    "now and then": {"limit": (2e3, 5e3), "used": (0.003, 0.05), "oneoff": (80, 250), "plans": (0, 60),
                     "one_months": (0.1, 0.25), "plan_months": (0, 0.08), "full": (0.1, 0.4), "idle": (0.3, 0.6)},
    "small and careful": {"limit": (1.5e3, 4e3), "used": (0.02, 0.1), "oneoff": (80, 250), "plans": (80, 250),
                          "one_months": (0.15, 0.35), "plan_months": (0.2, 0.5), "full": (0.5, 0.9)},
    "instalments": {"limit": (1.5e3, 4e3), "used": (0.1, 0.4), "oneoff": (0, 30), "plans": (400, 1.2e3),
                    "one_months": (0, 0.05), "plan_months": (0.7, 1), "full": (0.05, 0.3)},
    "single purchases": {"limit": (2.5e3, 6e3), "used": (0.15, 0.45), "oneoff": (600, 2e3), "plans": (0, 10),
                         "one_months": (0.15, 0.45), "plan_months": (0, 0.02), "full": (0.02, 0.2)},
    "cash only": {"limit": (2e3, 6e3), "used": (0.4, 0.75), "cash": (1e3, 4e3), "cash_months": (0.2, 0.5),
                  "full": (0, 0.08)},
    "shops and draws cash": {"limit": (3e3, 8e3), "used": (0.4, 0.7), "oneoff": (400, 1.2e3), "plans": (200, 800),
                             "cash": (1e3, 4e3), "one_months": (0.3, 0.7), "plan_months": (0.2, 0.7),
                             "cash_months": (0.2, 0.5), "full": (0, 0.08)},
    "at the limit": {"limit": (8e2, 2.5e3), "used": (0.88, 1.02), "oneoff": (100, 500), "plans": (100, 500),
                     "one_months": (0.1, 0.4), "plan_months": (0.1, 0.6), "full": (0, 0.02)},
    "new": {"limit": (1e3, 3e3), "used": (0.1, 0.4), "oneoff": (100, 400), "plans": (100, 400),
            "one_months": (0.15, 0.5), "plan_months": (0.15, 0.5), "full": (0.05, 0.3), "tenure": (6, 7.4)},
    "in the middle": {"limit": (2.5e3, 5e3), "used": (0.2, 0.4), "oneoff": (300, 700), "plans": (250, 600),
                      "one_months": (0.25, 0.45), "plan_months": (0.3, 0.5), "full": (0.05, 0.25)},
}  # fmt: skip

# What the table leaves out
NEXT_TO_NONE = {"oneoff": (0, 20), "plans": (0, 15), "cash": (0, 60), "one_months": (0, 0.04), "plan_months": (0, 0.03),
                "cash_months": (0, 0.03), "idle": (0.9, 1), "tenure": (11.6, 12.4)}  # fmt: skip


def expert_table(seed: int, size: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers drawn feature by feature from an expert's table, every range moved a little, and the kind of each."""
    return mixed(seed, size, list(TABLE), lambda kind, n, rng: _from_table(NEXT_TO_NONE | TABLE[kind], n, rng))


def _from_table(ranges: dict[str, tuple[float, float]], n: int, rng: np.random.Generator) -> pd.DataFrame:
    def drawn(name: str) -> np.ndarray:
        low, high = ranges[name]
        moved = 1.0 if name in ("tenure", "idle", "used", "full") else rng.uniform(0.85, 1.15)
        middle, spread = (low + high) / 2 * moved, (high - low) / 2 / stats.norm.ppf(0.9)
        return np.maximum(rng.normal(middle, spread, n), 0)

    tenure = drawn("tenure").round().clip(6, 12)
    limit, months = drawn("limit").clip(300), {}
    for name in ("one", "plan", "cash"):
        months[name] = (drawn(f"{name}_months") * tenure).round().clip(0, tenure)
    amount = {name: drawn(key) for name, key in (("one", "oneoff"), ("plan", "plans"), ("cash", "cash"))}
    for name in months:  # nothing is bought in no month, and something in every other
        amount[name] = np.where(months[name] > 0, amount[name].clip(5), 0)
    counts = {name: months[name] + rng.poisson(0.5 * months[name]) for name in months}
    balance, full = limit * drawn("used").clip(0, 1.1), drawn("full").clip(0, 1)
    purchases = amount["one"] + amount["plan"]
    spent = purchases + amount["cash"]
    paid = spent * rng.uniform(0.7, 1.1, n) + balance * rng.uniform(0.1, 0.6, n) + full * balance
    return pd.DataFrame(
        {
            "BALANCE": balance,
            "BALANCE_FREQUENCY": drawn("idle").clip(0, 1),
            "PURCHASES": purchases,
            "ONEOFF_PURCHASES": amount["one"],
            "INSTALLMENTS_PURCHASES": amount["plan"],
            "CASH_ADVANCE": amount["cash"],
            "PURCHASES_FREQUENCY": np.maximum(months["one"], months["plan"]) / tenure,
            "ONEOFF_PURCHASES_FREQUENCY": months["one"] / tenure,
            "PURCHASES_INSTALLMENTS_FREQUENCY": months["plan"] / tenure,
            "CASH_ADVANCE_FREQUENCY": months["cash"] / tenure,
            "CASH_ADVANCE_TRX": counts["cash"],
            "PURCHASES_TRX": counts["one"] + counts["plan"],
            "CREDIT_LIMIT": limit,
            "PAYMENTS": paid,
            "MINIMUM_PAYMENTS": 50 + 0.25 * balance,
            "PRC_FULL_PAYMENT": (full * tenure).round() / tenure,
            "TENURE": tenure,
        }
    )


Rule = Callable[[pd.DataFrame], pd.Series]
# What an analyst would type, the first that holds; customers of none are left out
RULES_OF_THUMB: dict[str, Rule] = {
    "new": lambda c: (c.TENURE <= 8) & (c.CASH_ADVANCE == 0) & (c.PURCHASES_TRX >= 3) & (_used(c) < 0.6),
    "at the limit": lambda c: (_used(c) > 0.9) & (c.PRC_FULL_PAYMENT == 0) & (c.CASH_ADVANCE < c.PURCHASES),
    "unused": lambda c: (c.PURCHASES_TRX == 0) & (c.CASH_ADVANCE == 0) & (_used(c) < 0.05),
    "cash only": lambda c: (c.PURCHASES == 0) & (c.CASH_ADVANCE_TRX >= 2),
    "shops and draws cash": lambda c: (c.PURCHASES_FREQUENCY > 0.5) & (c.CASH_ADVANCE_FREQUENCY > 0.2),
    "spends most": lambda c: (c.PURCHASES > 4000) & (c.CREDIT_LIMIT >= 7500) & (c.CASH_ADVANCE == 0),
    "pays in full": lambda c: (c.PRC_FULL_PAYMENT > 0.7) & (c.PURCHASES > 900) & (c.CASH_ADVANCE == 0),
    "small and careful": lambda c: (
        (c.PRC_FULL_PAYMENT > 0.5)
        & c.PURCHASES.between(50, 350)
        & (c.PURCHASES_FREQUENCY > 0.4)
        & (c.CASH_ADVANCE == 0)
    ),
    "instalments": lambda c: (
        (c.INSTALLMENTS_PURCHASES > 300) & (c.ONEOFF_PURCHASES == 0) & (c.CASH_ADVANCE == 0) & (_used(c) < 0.5)
    ),
    "single purchases": lambda c: (
        (c.ONEOFF_PURCHASES > 400) & (c.INSTALLMENTS_PURCHASES == 0) & (c.CASH_ADVANCE == 0) & (_used(c) < 0.5)
    ),
    "carries a balance": lambda c: _used(c).between(0.5, 0.85) & (c.PRC_FULL_PAYMENT == 0) & (c.CASH_ADVANCE == 0),
    "now and then": lambda c: (
        c.PURCHASES_TRX.between(2, 5) & (_used(c) < 0.05) & (c.CASH_ADVANCE == 0) & (c.TENURE == 12)
    ),
}

# Customers drawn from the copula, of whom a portfolio takes some of each kind
LIKELY = 30_000


def copula(seed: int, size: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers with the margins and rank correlations of the public file, and the kind that rules of thumb say.

    Raises:
        FileNotFoundError: the public file is not here.
    """
    public = pd.read_csv(PUBLIC)[dictionary.load().names].dropna()
    rng = np.random.default_rng([seed, 7])
    normal = stats.norm.ppf((public.rank(method="first") - 0.5) / len(public))
    drawn = rng.multivariate_normal(np.zeros(public.shape[1]), np.corrcoef(normal.T), LIKELY)
    order = stats.norm.cdf(drawn)
    pool = pd.DataFrame({name: np.quantile(public[name], order[:, i]) for i, name in enumerate(public)})
    pool = _made_consistent(pool)
    kinds = np.select([rule(pool) for rule in RULES_OF_THUMB.values()], list(RULES_OF_THUMB), default="")
    known = [kind for kind in RULES_OF_THUMB if (kinds == kind).sum() >= FEWEST]
    return mixed(seed, size, known, lambda kind, n, rng: pool[kinds == kind].sample(n, replace=True, random_state=rng))


def _made_consistent(pool: pd.DataFrame) -> pd.DataFrame:
    """Sums, zeros and months as they are in any real file: nobody buys in more months than they have purchases."""
    one, plan = pool["ONEOFF_PURCHASES"], pool["INSTALLMENTS_PURCHASES"]
    tenure, bought, drew = pool["TENURE"].round(), one + plan > 0, pool["CASH_ADVANCE"] > 0
    counts = {
        "PURCHASES_TRX": np.where(bought, pool["PURCHASES_TRX"].round().clip(1), 0),
        "CASH_ADVANCE_TRX": np.where(drew, pool["CASH_ADVANCE_TRX"].round().clip(1), 0),
    }

    def months(name: str, does: pd.Series, count: str) -> np.ndarray:
        return np.where(does, pool[name].clip(1 / 12, np.minimum(counts[count] / tenure, 1)), 0)

    return pool.assign(
        PURCHASES=one + plan,
        TENURE=tenure,
        PURCHASES_FREQUENCY=months("PURCHASES_FREQUENCY", bought, "PURCHASES_TRX"),
        ONEOFF_PURCHASES_FREQUENCY=months("ONEOFF_PURCHASES_FREQUENCY", one > 0, "PURCHASES_TRX"),
        PURCHASES_INSTALLMENTS_FREQUENCY=months("PURCHASES_INSTALLMENTS_FREQUENCY", plan > 0, "PURCHASES_TRX"),
        CASH_ADVANCE_FREQUENCY=months("CASH_ADVANCE_FREQUENCY", drew, "CASH_ADVANCE_TRX"),
        **counts,
    )


def _used(customers: pd.DataFrame) -> pd.Series:
    return customers["BALANCE"] / customers["CREDIT_LIMIT"]


def mixed(
    seed: int, size: int, known: list[str], draw: Callable[[str, int, np.random.Generator], pd.DataFrame]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Four to eight kinds in shares drawn at random."""
    rng = np.random.default_rng([seed, 3])
    kinds = list(rng.permutation(known)[: rng.integers(4, 9)])
    sizes = np.maximum((size * rng.dirichlet(np.full(len(kinds), 4.0))).astype(int), FEWEST)
    frames = [draw(kind, int(n), rng) for kind, n in zip(kinds, sizes, strict=True)]
    customers = pd.concat(frames, ignore_index=True)[dictionary.load().names].astype("float64")
    customers.insert(0, "customer_id", [f"P{row}" for row in range(len(customers))])
    return customers, np.repeat(kinds, sizes)


COPULA = "copula of the public file"
KINDS = {"ledger": ledger, "expert's table": expert_table, COPULA: copula}
