"""Twelve monthly files of the bundled synthetic customers, with what really happened beside them.

The first month is the bundled file itself. From then on every customer's figures vary a little around their own
behaviour, purchases follow the seasons, customers leave, join and come back, and some change for good: one by one to
another kind, or, in one month, half of a kind together. In one month a feature drifts for everybody.
``python -m seg_utils.data.sample_months`` writes ``data/sample/months/`` anew, the same bytes each time.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from seg_utils.core import artefacts
from seg_utils.core.paths import SAMPLE
from seg_utils.data import sample
from seg_utils.data.loading import SYNTHETIC_PREFIX
from seg_utils.data.sample import FULL_TENURE, PERSONAS

SEED = 26
FOLDER = SAMPLE.with_name("months")
PERIODS = tuple(f"2026-{month:02d}" for month in range(1, 13))

# Purchases of each month, as a multiple of January's
SEASONS = (1.0, 0.96, 0.98, 1.0, 1.01, 1.02, 1.05, 1.05, 1.0, 1.01, 1.08, 1.18)

AMOUNT_NOISE = 0.06  # standard deviation of a month's amounts around the customer's own, on the logarithmic scale
MONTHS_NOISE = 0.05  # chance that a kind of transaction happened in one month more, and that it did in one less
LEAVING = 0.008
LEAVING_DORMANT = 0.03  # share of customers who leave in a month, and of the dormant
RETURNING = 0.3
AWAY = (2, 4)  # share of those who leave that come back, and after how many months at least and at most
JOINING = 0.011  # new customers of a month, as a share of the first month's
FIRST_TENURE = min(sample.TENURES)
CHANGING = 0.015  # share of customers who change to another kind for good in a month

# From this month on everybody's feature is that many times as large, for a reason outside their behaviour
DRIFT = {"period": "2026-08", "feature": "BALANCE", "factor": 1.08}

# In this month a share of a kind begins to draw cash, and goes on
SPLIT = {"period": "2026-09", "persona_id": "one_off_buyers", "into": "one_off_buyers_with_cash", "share": 0.5}

CASH = ["CASH_ADVANCE", "CASH_ADVANCE_FREQUENCY", "CASH_ADVANCE_TRX"]
KINDS = [persona.name for persona in PERSONAS]
SHARES = np.array([persona.share for persona in PERSONAS])

STAYED, NEW, LEFT, RETURNED, CHANGED, SPLIT_OFF = ("stayed", "new", "left", "returned", "changed", "split")


class Month(NamedTuple):
    """One period: its customers as a file has them, and ``customer_id, persona_id, event`` of each and of who left."""

    period: str
    customers: pd.DataFrame
    truth: pd.DataFrame


@dataclass
class _Portfolio:
    """Everybody who ever had a card, one row each.

    ``behaviour`` holds the features as they are on average, over ``behaviour.TENURE`` months. ``people`` holds
    ``customer_id``, ``persona_id``, ``tenure`` now, ``here`` and ``back``, the month in which who left comes back.
    """

    behaviour: pd.DataFrame
    people: pd.DataFrame
    rng: np.random.Generator

    def pass_month(self, month: int) -> np.ndarray:
        """Let one month go by; returns each customer's event, shape (n,), empty for those who had left before."""
        before = self.people["here"].to_numpy().copy()
        chance = self.rng.random(len(before))
        dormant = (self.people["persona_id"] == "dormant").to_numpy()
        left = before & (chance < np.where(dormant, LEAVING_DORMANT, LEAVING))
        returned = ~before & (self.people["back"] == month).to_numpy()
        stayed = before & ~left
        changed = stayed & (self.rng.random(len(before)) < CHANGING)
        self.people["here"] = stayed | returned
        self.people.loc[stayed, "tenure"] = (self.people.loc[stayed, "tenure"] + 1).clip(upper=FULL_TENURE)
        waiting = self.rng.integers(AWAY[0], AWAY[1] + 1, left.sum())
        comes_back = self.rng.random(left.sum()) < RETURNING
        self.people.loc[left, "back"] = np.where(comes_back, month + waiting, -1)
        split = stayed & ~changed & self._splits(month)
        self._change(changed)
        self._start_drawing_cash(split)
        joined = self._join(round(JOINING * sample.CUSTOMERS))
        event = np.select([split, changed, returned, left, stayed], [SPLIT_OFF, CHANGED, RETURNED, LEFT, STAYED], "")
        return np.append(event, [NEW] * joined)

    def _splits(self, month: int) -> np.ndarray:
        chance = self.rng.random(len(self.people))
        in_month = PERIODS[month] == SPLIT["period"]
        return (self.people["persona_id"] == SPLIT["persona_id"]).to_numpy() & (chance < SPLIT["share"]) & in_month

    def _change(self, who: np.ndarray) -> None:
        """Behaviour, with a limit to go with it, of another kind; drawn by the shares of the kinds."""
        kinds = [self._other_kind(name) for name in self.people.loc[who, "persona_id"]]
        self.people.loc[who, "persona_id"] = [KINDS[kind] for kind in kinds]
        self.behaviour.loc[who] = sample.behaviour(np.array(kinds, dtype=int), self.rng).to_numpy()

    def _other_kind(self, name: str) -> int:
        shares = SHARES * (np.array(KINDS) != name)
        return int(self.rng.choice(len(KINDS), p=shares / shares.sum()))

    def _start_drawing_cash(self, who: np.ndarray) -> None:
        drawn = sample.behaviour(np.full(who.sum(), KINDS.index("cash_advance_dependent")), self.rng)
        months = (drawn["CASH_ADVANCE_FREQUENCY"] * drawn["TENURE"]).to_numpy()
        tenure = self.behaviour.loc[who, "TENURE"].to_numpy()
        self.behaviour.loc[who, CASH] = drawn[CASH].to_numpy()
        self.behaviour.loc[who, "CASH_ADVANCE_FREQUENCY"] = np.minimum(months, tenure) / tenure
        self.people.loc[who, "persona_id"] = SPLIT["into"]

    def _join(self, count: int) -> int:
        kinds = self.rng.choice(len(KINDS), size=count, p=SHARES)
        first = len(self.people) + 1
        people = pd.DataFrame(
            {
                "customer_id": [f"{SYNTHETIC_PREFIX}{number:05d}" for number in range(first, first + count)],
                "persona_id": [KINDS[kind] for kind in kinds],
                "tenure": FIRST_TENURE,
                "here": True,
                "back": -1,
            }
        )
        self.people = pd.concat([self.people, people], ignore_index=True)
        self.behaviour = pd.concat([self.behaviour, sample.behaviour(kinds, self.rng)], ignore_index=True)
        return count

    def file(self, month: int) -> pd.DataFrame:
        """The customers file of a month: the features in the dictionary's order, of those who are here."""
        present = self.people["here"].to_numpy()
        usual = self.behaviour[present].reset_index(drop=True)
        rows = _varied(usual, self.people.loc[present, "tenure"].to_numpy(), SEASONS[month], self.rng)
        if PERIODS[month] >= DRIFT["period"]:
            rows[DRIFT["feature"]] *= DRIFT["factor"]
        return sample.as_file(rows, self.people.loc[present, "customer_id"].tolist())


def generate() -> list[Month]:
    """All periods in order; the customers of each in the order of their ids."""
    customers, truth = sample.generate()
    behaviour = customers.drop(columns="CUST_ID").astype(float)
    people = truth.assign(tenure=customers["TENURE"].astype(int), here=True, back=-1)
    portfolio = _Portfolio(behaviour, people, np.random.default_rng(SEED))
    months = [Month(PERIODS[0], customers, truth.assign(event=NEW))]
    for month, period in enumerate(PERIODS[1:], start=1):
        event = portfolio.pass_month(month)
        happened = portfolio.people[["customer_id", "persona_id"]].assign(event=event)[event != ""]
        months.append(Month(period, portfolio.file(month), happened.reset_index(drop=True)))
    return months


def _varied(usual: pd.DataFrame, tenure: np.ndarray, season: float, rng: np.random.Generator) -> pd.DataFrame:
    """One month's figures around usual ones (n, 17), over ``tenure`` months (n,): whole active months, counts no less
    than them, amounts that go with them."""
    n, before = len(usual), usual["TENURE"].to_numpy()
    rows = usual.assign(TENURE=tenure)

    def noise() -> np.ndarray:
        return np.exp(rng.normal(0, AMOUNT_NOISE, n))

    def months(frequency: str) -> tuple[np.ndarray, np.ndarray]:
        """Usual and this time's active months, the usual ones as many as there would be in this tenure."""
        mean = usual[frequency].to_numpy() * tenure
        step = rng.choice([-1, 0, 1], size=n, p=[MONTHS_NOISE, 1 - 2 * MONTHS_NOISE, MONTHS_NOISE])
        now = (np.round(mean) + step).clip(1, tenure)
        return np.where(mean > 0, mean, 1), np.where(mean > 0, now, 0)

    active = {}
    for amount, frequency, factor in (
        ("ONEOFF_PURCHASES", "ONEOFF_PURCHASES_FREQUENCY", season),
        ("INSTALLMENTS_PURCHASES", "PURCHASES_INSTALLMENTS_FREQUENCY", season),
        ("CASH_ADVANCE", "CASH_ADVANCE_FREQUENCY", 1.0),
    ):
        mean, now = months(frequency)
        rows[amount] = (usual[amount] * tenure / before * now / mean * noise() * factor).round(2)
        rows[frequency] = now / tenure
        active[amount] = now
    one_off, instalment, cash = active.values()
    parts = usual["ONEOFF_PURCHASES"] + usual["INSTALLMENTS_PURCHASES"]
    adjusted = (usual["PURCHASES"] / parts.where(parts > 0)).fillna(1.0)
    adjusted = adjusted.where((adjusted - 1).abs() > 1e-3, 1.0)
    rows["PURCHASES"] = (rows["ONEOFF_PURCHASES"] + rows["INSTALLMENTS_PURCHASES"]) * adjusted
    either = np.round(usual["PURCHASES_FREQUENCY"].to_numpy() * tenure)
    rows["PURCHASES_FREQUENCY"] = either.clip(np.maximum(one_off, instalment), (one_off + instalment).clip(0, tenure))
    rows["PURCHASES_FREQUENCY"] /= tenure
    for count, least in (("PURCHASES_TRX", one_off + instalment), ("CASH_ADVANCE_TRX", cash)):
        often = np.round(usual[count] * tenure / before * noise())
        rows[count] = np.where(least > 0, np.maximum(often, least), 0).astype(int)
    rows["PRC_FULL_PAYMENT"] = months("PRC_FULL_PAYMENT")[1] / tenure
    for amount in ("PAYMENTS", "MINIMUM_PAYMENTS"):
        rows[amount] = usual[amount] * tenure / before * noise()
    return rows.assign(BALANCE=usual["BALANCE"] * noise())


def planted() -> dict[str, Any]:
    """What was planted besides the events of single customers, as plain values for JSON."""
    return {"seasons": dict(zip(PERIODS, SEASONS, strict=True)), "drift": DRIFT, "split": SPLIT}


def write(folder: Path) -> None:
    """Write a customers file for each month, ``truth.csv`` (period, customer_id, persona_id, event) and
    ``planted.json``."""
    months = generate()
    for month in months:
        artefacts.write_csv(folder / f"{month.period}.csv", month.customers)
    truth = pd.concat([month.truth.assign(period=month.period) for month in months])
    artefacts.write_csv(folder / "truth.csv", truth[["period", "customer_id", "persona_id", "event"]])
    artefacts.write_json(folder / "planted.json", planted())


def main() -> None:
    write(FOLDER)
    print(f"{FOLDER}")


if __name__ == "__main__":
    main()
