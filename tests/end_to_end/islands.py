"""Customers who form islands in all 17 features, and a few scattered ones who are unlike any of them."""

import numpy as np
import pandas as pd

from seg_utils.data import sample


def islands(sizes=(260, 180, 120), scattered=40, seed=7) -> pd.DataFrame:
    """Customers file as a frame: each island is one sample customer's behaviour, slightly varied."""
    customers, _ = sample.generate(1_500, seed=seed)
    whole = customers.dropna().reset_index(drop=True)
    values = whole.drop(columns="CUST_ID")
    random = np.random.default_rng(seed)
    sane = values[(values["CASH_ADVANCE"] < values["CREDIT_LIMIT"]) & (values["PURCHASES"] < values["CREDIT_LIMIT"])]
    first = [_typical(sane, name) for name in ("CASH_ADVANCE", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES")]
    parts = [_varied(values.loc[row], size, 0.04, random) for row, size in zip(first, sizes, strict=True)]
    others = values.drop(index=first).sample(scattered, random_state=seed)
    frame = pd.concat([*parts, others], ignore_index=True)
    frame = frame.round(2)
    frame["PURCHASES"] = frame["ONEOFF_PURCHASES"] + frame["INSTALLMENTS_PURCHASES"]
    frame["PURCHASES"] = frame["PURCHASES"].round(2)
    frame = frame.sample(frac=1, random_state=seed).reset_index(drop=True)
    frame.insert(0, "CUST_ID", [f"I{number:05d}" for number in range(len(frame))])
    return frame


def _typical(values: pd.DataFrame, name: str) -> int:
    """A customer who has much of one kind of use."""
    return int((values[name] - values[name].quantile(0.9)).abs().idxmin())


def _varied(row: pd.Series, size: int, spread: float, random: np.random.Generator) -> pd.DataFrame:
    frame = pd.DataFrame([row] * size).reset_index(drop=True)
    amounts = [name for name in frame if frame[name].iloc[0] > 1.5 and name not in ("TENURE",) and "TRX" not in name]
    frame[amounts] = frame[amounts] * random.lognormal(0, spread, (size, len(amounts)))
    return frame
