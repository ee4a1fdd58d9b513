"""Years of months made from a customers file, with what really happened in them.

In each month 3 % of the customers begin to behave like somebody else for good, half of them all the way and half part
of it; all others vary, some leave, join and return. From May on every balance is 8 % larger; July is odd, and over in
August: 70 % of the customers buy nothing; from September on half of a segment behaves like nobody before, and another
campaign runs. A year's noise is small, long-tailed or large, in turn by its seed.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from seg_utils.data.columns.matching import ID
from seg_utils.scoring.model import SegmentModel

MONTHS = range(2, 13)
DRIFT, ODD, SPLIT = 5, 7, 9
DRIFTING = "BALANCE"
AMOUNTS = ["BALANCE", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CASH_ADVANCE", "PAYMENTS", "MINIMUM_PAYMENTS"]
FREQUENCIES = ["PURCHASES_FREQUENCY", "CASH_ADVANCE_FREQUENCY", "PRC_FULL_PAYMENT"]
BOUGHT = ["PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "PURCHASES_TRX", "PURCHASES_FREQUENCY",
          "ONEOFF_PURCHASES_FREQUENCY", "PURCHASES_INSTALLMENTS_FREQUENCY"]  # fmt: skip
LIKE_NOBODY = {
    "CASH_ADVANCE": 8_000.0, "CASH_ADVANCE_TRX": 40, "CASH_ADVANCE_FREQUENCY": 1.0, "INSTALLMENTS_PURCHASES": 4_000.0,
    "PURCHASES_INSTALLMENTS_FREQUENCY": 1.0, "PURCHASES_TRX": 60, "PURCHASES_FREQUENCY": 1.0,
}  # fmt: skip
CHANGING, LEAVING, RETURNING, BUYING_NOTHING, SPLIT_OFF = 0.03, 0.01, 0.15, 0.7, 0.5
FIRST_CAMPAIGN, SECOND_CAMPAIGN = "spring", "autumn"
NOISES = ("normal 0.08", "long-tailed 0.08", "normal 0.20")


class Month(NamedTuple):
    """``customers`` as their file has them and ``usual``, the same rows without noise; ``changed``: ids of those who
    behave otherwise than a month before; ``split``: the segment that lost half by now, None before, and ``split_off``
    the ids of that half; ``campaign``: the one that runs; ``noise``: of ``NOISES``."""

    number: int
    customers: pd.DataFrame
    usual: pd.DataFrame
    changed: set[str]
    split: int | None
    split_off: set[str]
    campaign: str
    noise: str


def year(model: SegmentModel, customers: pd.DataFrame, seed: int) -> Iterator[Month]:
    """February to December; ``customers`` are January's, in the segments of ``model``."""
    rng = np.random.default_rng(seed)
    customers = customers.astype(dict.fromkeys(customers.columns.drop(ID), float))
    usual, here = _sums_right(customers), np.ones(len(customers), dtype=bool)
    split = int(rng.integers(len(model.sizes)))
    split_off, idle = np.zeros(len(usual), dtype=bool), np.zeros(len(usual), dtype=bool)
    for month in MONTHS:
        changed = rng.random(len(usual)) < CHANGING
        donors = customers.iloc[rng.choice(len(customers), int(changed.sum()))]
        far = np.where(rng.random(int(changed.sum())) < 0.5, 1.0, rng.random(int(changed.sum())))
        usual.loc[changed] = _on_the_way(usual[changed], donors, far)
        if month == DRIFT:
            usual[DRIFTING] *= 1.08
        if month == SPLIT:
            split_off = (model.place(usual)["segment"] == split).to_numpy() & (rng.random(len(usual)) < SPLIT_OFF)
            usual.loc[split_off, [*LIKE_NOBODY]] = [*LIKE_NOBODY.values()]
            usual = _sums_right(usual)
            changed |= split_off
        before_idle = idle
        idle = (rng.random(len(usual)) < BUYING_NOTHING) & (month == ODD) & (usual[BOUGHT] > 0).any(axis=1).to_numpy()
        changed |= idle | before_idle
        here = (here & (rng.random(len(usual)) >= LEAVING)) | (~here & (rng.random(len(usual)) < RETURNING))
        as_usual, now = usual.copy(), noisy(usual, rng, NOISES[seed % len(NOISES)])
        for frame in (as_usual, now):
            frame.loc[idle, BOUGHT] = 0.0
        yield Month(
            month,
            now[here].reset_index(drop=True),
            as_usual[here].reset_index(drop=True),
            set(usual[ID][changed]),
            split if month >= SPLIT else None,
            set(usual[ID][split_off]),
            FIRST_CAMPAIGN if month < SPLIT else SECOND_CAMPAIGN,
            NOISES[seed % len(NOISES)],
        )


def _on_the_way(usual: pd.DataFrame, donors: pd.DataFrame, far: np.ndarray) -> pd.DataFrame:
    """The same customers, each so far on the way to a donor; on the logarithmic scale."""
    behaviour = usual.columns.drop(ID)
    own, other = (np.log1p(frame[behaviour].to_numpy(dtype=float)) for frame in (usual, donors))
    own, other = np.where(np.isnan(own), other, own), np.where(np.isnan(other), own, other)
    mixed = usual.copy()
    mixed[behaviour] = np.expm1(own + far[:, None] * (other - own))
    return _sums_right(mixed)


def noisy(usual: pd.DataFrame, rng: np.random.Generator, noise: str = NOISES[0]) -> pd.DataFrame:
    """A month's figures around usual ones."""
    now, (shape, size) = usual.copy(), noise.split()
    for name in AMOUNTS:
        drawn = rng.normal(0, 1, len(now)) if shape == "normal" else rng.standard_t(3, len(now)).clip(-20, 20)
        now[name] *= np.exp(float(size) * drawn)
    for name in FREQUENCIES:
        step = rng.choice([-1, 0, 1], len(now), p=[0.1, 0.8, 0.1]) / 12
        now[name] = np.where(now[name] > 0, (now[name] + step).clip(1 / 12, 1), 0).round(6)
    return _sums_right(now)


def _sums_right(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(PURCHASES=frame["ONEOFF_PURCHASES"] + frame["INSTALLMENTS_PURCHASES"])
