"""Good customers to break, and what tests assert of those that were read."""

import numpy as np
import pandas as pd

from seg_utils import data
from seg_utils.core.paths import PROJECT

REAL = PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"


def good_customers(n: int = 300, seed: int = 0) -> pd.DataFrame:
    """Customers whose columns go together as the public file's do: CUST_ID and the 17 features, n rows."""
    rng = np.random.default_rng(seed)
    tenure = rng.choice([6, 9, 11, 12], n, p=[0.1, 0.1, 0.1, 0.7])
    buys = rng.random(n) < 0.8
    oneoff_months, instalment_months = buys * rng.integers(0, 5, n), buys * rng.integers(0, 6, n)
    purchase_months, cash_months = np.maximum(oneoff_months, instalment_months), rng.integers(0, 4, n)
    limit = rng.choice([1000, 1500, 3000, 6000, 12000], n).astype(float)
    oneoff = np.where(oneoff_months > 0, rng.lognormal(5, 0.8, n), 0).round(2)
    instalments = np.where(instalment_months > 0, rng.lognormal(5, 0.7, n), 0).round(2)
    balance = (limit * rng.beta(1.2, 3, n)).round(6)
    paid = rng.integers(0, 12, n) > 0
    return pd.DataFrame(
        {
            "CUST_ID": [f"C{10001 + i}" for i in range(n)],
            "BALANCE": balance,
            "BALANCE_FREQUENCY": (rng.integers(1, tenure + 1) / tenure).round(6),
            "PURCHASES": (oneoff + instalments).round(2),
            "ONEOFF_PURCHASES": oneoff,
            "INSTALLMENTS_PURCHASES": instalments,
            "CASH_ADVANCE": np.where(cash_months > 0, rng.lognormal(6, 0.8, n), 0).round(6),
            "PURCHASES_FREQUENCY": (purchase_months / tenure).round(6),
            "ONEOFF_PURCHASES_FREQUENCY": (oneoff_months / tenure).round(6),
            "PURCHASES_INSTALLMENTS_FREQUENCY": (instalment_months / tenure).round(6),
            "CASH_ADVANCE_FREQUENCY": (cash_months / tenure).round(6),
            "CASH_ADVANCE_TRX": cash_months * rng.integers(1, 4, n),
            "PURCHASES_TRX": purchase_months * rng.integers(1, 6, n),
            "CREDIT_LIMIT": limit,
            "PAYMENTS": np.where(paid, balance * rng.uniform(0.3, 2, n) + 20, 0).round(6),
            "MINIMUM_PAYMENTS": np.where(paid, balance * 0.1 + 15.123457, np.nan).round(6),
            "PRC_FULL_PAYMENT": (rng.integers(0, 4, n) / tenure).round(6),
            "TENURE": tenure,
        }
    )


def same(loaded: data.Customers, expected: pd.DataFrame) -> None:
    """Assert that customers equal a frame with CUST_ID and features, to the last bit and in order."""
    assert loaded.frame.columns.tolist() == ["customer_id", *expected.columns[1:]]
    assert loaded.frame["customer_id"].tolist() == expected["CUST_ID"].tolist()
    values = expected.iloc[:, 1:].to_numpy(dtype=float)
    np.testing.assert_array_equal(loaded.frame.iloc[:, 1:].to_numpy(), values)


def rules(loaded: data.Customers, severity: str = "") -> list[str]:
    """The rules of the findings, of one severity or all."""
    return [finding.rule for finding in loaded.findings if not severity or finding.severity == severity]
