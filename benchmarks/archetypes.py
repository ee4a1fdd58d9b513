"""Portfolios of archetypes as card issuers report them, for ``names.py``: medians an account, and mixed memberships.

Issuers count their accounts as transactors, revolvers and dormants (American Bankers Association, Credit Card Market
Monitor), and split them by spend, by what is drawn in cash and by how much of the line is used. Every customer is
mostly one archetype and a little of another one, richer or poorer than the median in everything at once, and differs
in each feature by factors with heavy tails. The currency is another one in each portfolio.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from portfolios import mixed
from scipy import special

MONTHS = 12


@dataclass(frozen=True)
class Archetype:
    """Medians of an account: amounts in dollars, shares of months, of the line or of purchases as fractions."""

    line: float
    used: float
    bought: float
    """Purchases a year; 0 is none."""
    months: float
    """Share of months with a purchase."""
    plans: float
    """Share of purchases in instalments."""
    cash: float
    cash_months: float
    in_full: float
    """Share of months paid in full."""
    repaid: float
    """Share of the balance paid each month that is not paid in full."""


ARCHETYPES = {
    "pays in full": Archetype(6000, 0.08, 3000, 0.85, 0.3, 0, 0, 0.9, 0.5),
    "spends most": Archetype(14000, 0.15, 11000, 0.97, 0.35, 0, 0, 0.5, 0.6),
    "carries a balance": Archetype(5500, 0.58, 900, 0.4, 0.4, 0, 0, 0.02, 0.08),
    "at the limit": Archetype(1500, 0.95, 450, 0.35, 0.5, 0, 0, 0.01, 0.06),
    "cash only": Archetype(3500, 0.5, 0, 0, 0.5, 2400, 0.35, 0.02, 0.12),
    "shops and draws cash": Archetype(4500, 0.5, 1500, 0.65, 0.45, 1800, 0.3, 0.02, 0.12),
    "unused": Archetype(3500, 0.003, 0, 0, 0.5, 0, 0, 0.02, 0.9),
    "now and then": Archetype(3500, 0.015, 220, 0.15, 0.15, 0, 0, 0.2, 0.9),
    "small and careful": Archetype(2500, 0.05, 350, 0.4, 0.5, 0, 0, 0.75, 0.6),
    "instalments": Archetype(3000, 0.2, 900, 0.85, 0.97, 0, 0, 0.15, 0.3),
    "single purchases": Archetype(4500, 0.25, 1500, 0.3, 0.01, 0, 0, 0.12, 0.3),
}
SHARES = ("used", "months", "plans", "cash_months", "in_full", "repaid")
# How much of a customer is its own archetype
OWN_PART = (0.85, 1.0)
# A share of months below this is none
NEVER = 0.03
# Shares are mixed on the logit scale and amounts on the log scale, from so much on
LEAST, FLOOR = 1e-3, 20.0


def drawn(seed: int, size: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers around archetypes, in some currency, and the archetype of each."""
    rng = np.random.default_rng([seed, 11])
    currency = rng.choice([0.8, 1, 7, 110])
    moved = {name: _moved(kind, rng) for name, kind in ARCHETYPES.items()}
    return mixed(seed, size, list(ARCHETYPES), lambda kind, n, rng: _around(kind, moved, n, currency, rng))


def _moved(kind: Archetype, rng: np.random.Generator) -> Archetype:
    """The archetype as this portfolio has it."""
    odds = {name: special.logit(max(getattr(kind, name), LEAST)) + rng.uniform(-0.3, 0.3) for name in SHARES}
    amounts = {name: getattr(kind, name) * rng.uniform(0.8, 1.25) for name in ("line", "bought", "cash")}
    return Archetype(**amounts, **{name: float(special.expit(each)) for name, each in odds.items()})


def _around(
    name: str, archetypes: dict[str, Archetype], n: int, currency: float, rng: np.random.Generator
) -> pd.DataFrame:
    others = rng.choice([other for other in archetypes if other != name], n)
    part, wealth = rng.uniform(*OWN_PART, n), rng.normal(0, 0.35, n)

    def around(feature: str) -> np.ndarray:
        of_others = np.array([getattr(archetypes[other], feature) for other in others])
        own = getattr(archetypes[name], feature)
        if feature in SHARES:
            middle = part * special.logit(max(own, LEAST)) + (1 - part) * special.logit(np.maximum(of_others, LEAST))
            return special.expit(middle + rng.standard_t(6, n) * 0.35)
        median = np.exp(part * np.log(own + FLOOR) + (1 - part) * np.log(of_others + FLOOR)) - FLOOR
        return median.clip(0) * np.exp(wealth + 0.3 * rng.standard_t(6, n))

    line, used, repaid = around("line").clip(200), around("used"), around("repaid")
    months = {"all": around("months"), "cash": around("cash_months")}
    months = {key: np.where(share < NEVER, 0, (share * MONTHS).round().clip(1)) for key, share in months.items()}
    bought = np.where(months["all"] > 0, around("bought").clip(5), 0)
    cash = np.where(months["cash"] > 0, around("cash").clip(20), 0)
    plans = around("plans")
    plans = np.where(plans < NEVER, 0, np.where(plans > 1 - NEVER, 1, plans))
    plan_months = np.where((plans > 0) & (bought > 0), (months["all"] * np.sqrt(plans)).round().clip(1), 0)
    one_months = np.where((plans < 1) & (bought > 0), (months["all"] * np.sqrt(1 - plans)).round().clip(1), 0)
    balance, in_full = line * used, (around("in_full") * MONTHS).round()
    paid = (bought + cash) * rng.uniform(0.8, 1.05, n) + balance * repaid * (MONTHS - in_full) / 2
    least = np.maximum(0.03 * balance, 2) * MONTHS
    return pd.DataFrame(
        {
            "BALANCE": balance * currency,
            "BALANCE_FREQUENCY": (np.maximum.reduce([months["all"], months["cash"], MONTHS * (used > 0.02)])) / MONTHS,
            "PURCHASES": bought * currency,
            "ONEOFF_PURCHASES": bought * (1 - plans) * currency,
            "INSTALLMENTS_PURCHASES": bought * plans * currency,
            "CASH_ADVANCE": cash * currency,
            "PURCHASES_FREQUENCY": months["all"] / MONTHS,
            "ONEOFF_PURCHASES_FREQUENCY": one_months / MONTHS,
            "PURCHASES_INSTALLMENTS_FREQUENCY": plan_months / MONTHS,
            "CASH_ADVANCE_FREQUENCY": months["cash"] / MONTHS,
            "CASH_ADVANCE_TRX": months["cash"] + rng.poisson(0.6 * months["cash"]),
            "PURCHASES_TRX": one_months + plan_months + rng.poisson(0.5 * months["all"]),
            "CREDIT_LIMIT": line * currency,
            "PAYMENTS": paid * currency,
            "MINIMUM_PAYMENTS": np.where(paid > 0, least, np.nan) * currency,
            "PRC_FULL_PAYMENT": in_full / MONTHS,
            "TENURE": np.full(n, float(MONTHS)),
        }
    )
