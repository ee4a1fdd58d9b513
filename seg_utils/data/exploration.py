"""What a customers file holds, before anything is clustered: the shapes of distributions and payment behaviour."""

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.transformation import signed_log1p

SKEWED = 1.0  # absolute skewness from which a distribution is called skewed (Bulmer, Principles of Statistics, 1979)
ZERO_HEAVY = 0.2  # share of zeros from which a column is called zero-heavy
FULL_PAYER = 0.5  # a full payer pays the whole balance in at least this share of months
MINIMUM_PAYER = 1.1  # a minimum payer pays at most this multiple of the minimum due
PAYMENT_KINDS = ("full payers", "revolvers", "minimum payers", "paid nothing")


def shapes(customers: pd.DataFrame) -> pd.DataFrame:
    """Distribution of each feature and the transformation that follows from it.

    Returns:
        One row a feature: ``feature, label, median, maximum, zeros`` (share), ``skewness, skewness_log1p, shape,
        transform``; skewness is the adjusted Fisher-Pearson coefficient.
    """
    known = dictionary.load()
    names = [name for name in known.clustering_features if name in customers]
    frame = customers[names]
    table = pd.DataFrame(
        {
            "feature": names,
            "label": [known.label(name) for name in names],
            "median": frame.median().to_numpy(),
            "maximum": frame.max().to_numpy(),
            "zeros": (frame == 0).mean().to_numpy(),
            "skewness": frame.skew().to_numpy(),
            "skewness_log1p": signed_log1p(frame).skew().to_numpy(),
        }
    )
    table["shape"] = [_shape(row.skewness, row.zeros) for row in table.itertuples()]
    table["transform"] = [known[name].transform for name in names]
    return table


def utilisation(customers: pd.DataFrame) -> pd.Series:
    """Balance as a share of the credit limit, 0 where the account is in credit; missing where there is no limit."""
    return customers["BALANCE"].clip(lower=0) / customers["CREDIT_LIMIT"].where(customers["CREDIT_LIMIT"] > 0)


def payment_kinds(customers: pd.DataFrame) -> pd.Series:
    """How each customer pays, one of ``PAYMENT_KINDS``.

    Full payers pay everything in at least half of the months; of the others, some paid nothing, some little more than
    the minimum due, and the rest revolve a balance that they pay down faster.
    """
    conditions = [
        customers["PRC_FULL_PAYMENT"] >= FULL_PAYER,
        customers["PAYMENTS"] <= 0,
        customers["PAYMENTS"] <= MINIMUM_PAYER * customers["MINIMUM_PAYMENTS"],
    ]
    kinds = np.select(conditions, ["full payers", "paid nothing", "minimum payers"], default="revolvers")
    return pd.Series(kinds, index=customers.index, name="payment")


def payment_table(customers: pd.DataFrame) -> pd.DataFrame:
    """Customers, share, median utilisation and median balance of each payment behaviour."""
    frame = pd.DataFrame(
        {"payment": payment_kinds(customers), "utilisation": utilisation(customers), "balance": customers["BALANCE"]}
    )
    groups = frame.groupby("payment")
    table = groups.median().reindex(PAYMENT_KINDS)
    counts = groups.size().reindex(PAYMENT_KINDS, fill_value=0)
    table.insert(0, "customers", counts)
    table.insert(1, "share", counts / len(frame))
    return table.reset_index()


def can_show_payments(customers: pd.DataFrame) -> bool:
    """Whether a table holds what utilisation and payment behaviour need (a run on a few features may not)."""
    needed = {"BALANCE", "CREDIT_LIMIT", "PAYMENTS", "MINIMUM_PAYMENTS", "PRC_FULL_PAYMENT"}
    return dictionary.load().cards and needed <= set(customers.columns)


def _shape(skewness: float, zeros: float) -> str:
    words = (["zero-heavy"] if zeros >= ZERO_HEAVY else []) + (["skewed"] if abs(skewness) >= SKEWED else [])
    return " and ".join(words) or "even"
