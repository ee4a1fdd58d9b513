"""Years of months made from a customers file, with what really happened in them.

In each month some customers begin to behave like somebody else for good, all the way or part of it; all others vary,
some leave, join and return. From May on every balance is larger or smaller; July is odd, and over in August: most
customers buy nothing; in September something happens to a segment (half of it begins to behave like nobody before, all
of it like its nearest, or nearly all of it leaves), and another campaign runs. What of it, how much, and how large the
noise is, goes by the year: ``YEARS``, in turn by seed.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from seg_utils.data.columns.matching import ID
from seg_utils.scoring.model import SegmentModel

MONTHS = range(2, 13)
DRIFT, ODD, EVENT = 5, 7, 9
DRIFTING = "BALANCE"
AMOUNTS = ["BALANCE", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CASH_ADVANCE", "PAYMENTS", "MINIMUM_PAYMENTS"]
FREQUENCIES = ["PURCHASES_FREQUENCY", "CASH_ADVANCE_FREQUENCY", "PRC_FULL_PAYMENT"]
BOUGHT = ["PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "PURCHASES_TRX", "PURCHASES_FREQUENCY",
          "ONEOFF_PURCHASES_FREQUENCY", "PURCHASES_INSTALLMENTS_FREQUENCY"]  # fmt: skip
LIKE_NOBODY = {
    "CASH_ADVANCE": 8_000.0, "CASH_ADVANCE_TRX": 40, "CASH_ADVANCE_FREQUENCY": 1.0, "INSTALLMENTS_PURCHASES": 4_000.0,
    "PURCHASES_INSTALLMENTS_FREQUENCY": 1.0, "PURCHASES_TRX": 60, "PURCHASES_FREQUENCY": 1.0,
}  # fmt: skip
LEAVING, RETURNING = 0.01, 0.15
SPLIT, MERGED, VANISHED = "split", "merged", "vanished"
# Of a segment, whom the event of September happens to
SHARES = {SPLIT: 0.5, MERGED: 1.0, VANISHED: 0.95}

FIRST_CAMPAIGN, SECOND_CAMPAIGN = "spring", "autumn"


class Year(NamedTuple):
    """``noise``: shape and size on the logarithmic scale; ``changing``: share of customers a month, ``partly`` of them
    only part of the way; ``drift``: factor of every balance; ``odd``: share of customers who buy nothing in July."""

    noise: str = "normal 0.08"
    changing: float = 0.03
    partly: float = 0.5
    drift: float = 1.08
    odd: float = 0.7
    event: str | None = SPLIT


YEARS = {
    "usual": Year(),
    "long tails": Year("long-tailed 0.08"),
    "large noise": Year("normal 0.20"),
    "nothing happens": Year(drift=1.0, odd=0.0, event=None),
    "merged": Year("long-tailed 0.08", event=MERGED),
    "vanished": Year(drift=0.9, odd=0.0, event=VANISHED),
    "small changes": Year(partly=1.0, drift=1.3, odd=0.4),
    "many changes": Year("normal 0.15", changing=0.08, drift=0.8, odd=0.5, event=None),
}


class Month(NamedTuple):
    """``customers`` as their file has them and ``usual``, the same rows without noise; ``changed``: ids of those who
    behave otherwise than a month before; ``unlike``: of those who behave otherwise than before an event, this month;
    ``segment``: to which September's happened, None before, and ``happened`` the ids; ``campaign``: which one runs."""

    number: int
    customers: pd.DataFrame
    usual: pd.DataFrame
    changed: set[str]
    unlike: set[str]
    segment: int | None
    happened: set[str]
    campaign: str


def months(model: SegmentModel, customers: pd.DataFrame, year: Year, seed: int) -> Iterator[Month]:
    """February to December; ``customers`` are January's, in the segments of ``model``."""
    rng = np.random.default_rng(seed)
    customers = customers.astype(dict.fromkeys(customers.columns.drop(ID), float))
    usual, here = _sums_right(customers), np.ones(len(customers), dtype=bool)
    segment = int(rng.integers(len(model.sizes)))
    happened, idle = np.zeros(len(usual), dtype=bool), np.zeros(len(usual), dtype=bool)
    for month in MONTHS:
        changed = rng.random(len(usual)) < year.changing
        donors = customers.iloc[rng.choice(len(customers), int(changed.sum()))]
        far = np.where(rng.random(int(changed.sum())) < 1 - year.partly, 1.0, rng.random(int(changed.sum())))
        usual.loc[changed] = _on_the_way(usual[changed], donors, far)
        if month == DRIFT:
            usual[DRIFTING] *= year.drift
        if month == EVENT and year.event:
            usual, happened = _happened(model, usual, year.event, segment, rng)
            changed |= happened
        before_idle = idle
        idle = (rng.random(len(usual)) < year.odd) & (month == ODD) & (usual[BOUGHT] > 0).any(axis=1).to_numpy()
        changed |= idle | before_idle
        here = (here & (rng.random(len(usual)) >= LEAVING)) | (~here & (rng.random(len(usual)) < RETURNING))
        here &= ~happened | (year.event != VANISHED)
        as_usual, now = usual.copy(), noisy(usual, rng, year.noise)
        for frame in (as_usual, now):
            frame.loc[idle, BOUGHT] = 0.0
        yield Month(
            month,
            now[here].reset_index(drop=True),
            as_usual[here].reset_index(drop=True),
            set(usual[ID][changed]),
            set(usual[ID][idle | happened]),
            segment if month >= EVENT and year.event else None,
            set(usual[ID][happened]),
            FIRST_CAMPAIGN if month < EVENT else SECOND_CAMPAIGN,
        )


def _happened(
    model: SegmentModel, usual: pd.DataFrame, event: str, segment: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """The customers after the event of a segment, and to whom of them (n,) it happened."""
    placed = model.place(usual)["segment"].to_numpy()
    happened = (placed == segment) & (rng.random(len(usual)) < SHARES[event])
    if event == SPLIT:
        usual.loc[happened, [*LIKE_NOBODY]] = [*LIKE_NOBODY.values()]
    if event == MERGED:
        between = np.linalg.norm(model.centroids - model.centroids[segment], axis=1)
        donors = usual[placed == int(between.argsort()[1])]
        behaviour = usual.columns.drop(ID)
        usual.loc[happened, behaviour] = donors[behaviour].sample(
            int(happened.sum()), replace=True, random_state=rng
        ).to_numpy()  # fmt: skip
    return _sums_right(usual), happened


def _on_the_way(usual: pd.DataFrame, donors: pd.DataFrame, far: np.ndarray) -> pd.DataFrame:
    """The same customers, each so far on the way to a donor; on the logarithmic scale."""
    behaviour = usual.columns.drop(ID)
    own, other = (np.log1p(frame[behaviour].to_numpy(dtype=float)) for frame in (usual, donors))
    own, other = np.where(np.isnan(own), other, own), np.where(np.isnan(other), own, other)
    mixed = usual.copy()
    mixed[behaviour] = np.expm1(own + far[:, None] * (other - own))
    return _sums_right(mixed)


def noisy(usual: pd.DataFrame, rng: np.random.Generator, noise: str = "normal 0.08") -> pd.DataFrame:
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
