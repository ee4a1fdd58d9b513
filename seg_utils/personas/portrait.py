"""A segment in sentences. Every number and every word is computed from its profile."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from seg_utils.core import words

SAME = 0.1
"""Within this share of the average customer, a segment is about the same."""

HARDLY = 0.05
"""Below this share of the average customer, hardly anything."""

MOSTLY = 0.6
"""From this share on, most."""

TENURE_Z = 0.5
"""Tenure is worth a sentence from this z-score on."""


@dataclass(frozen=True)
class Profile:
    """One segment's profile, looked up by feature and statistic."""

    rows: pd.DataFrame

    def has(self, *features: str) -> bool:
        """Whether all features have a value in this segment."""
        return all(feature in self.rows.index and pd.notna(self.rows.at[feature, "mean"]) for feature in features)

    def mean(self, feature: str) -> float:
        """The segment's mean."""
        return float(self.rows.at[feature, "mean"])

    def average(self, feature: str) -> float:
        """The mean over all customers."""
        return float(self.rows.at[feature, "population_mean"])

    def times(self, feature: str) -> float:
        """Segment mean over population mean; 1 where nobody has any."""
        return self.mean(feature) / self.average(feature) if self.average(feature) > 0 else 1.0


def sentences(rows: pd.DataFrame, size: int, share: float) -> list[str]:
    """The portrait of a segment; a sentence whose features the run does not use is left out.

    Args:
        rows: the segment's rows of the tidy profiles.
        size: customers in the segment.
        share: share of all customers.
    """
    profile = Profile(rows.set_index("feature"))
    first = f"{words.percent(share)} of all customers ({words.count(size)})."
    return [first, *(text for part in PARTS if (text := part(profile)) is not None)]


def compared(profile: Profile, feature: str) -> str:
    """``3.4 times the average customer``, ``30 % of the average``, ``about the average``; means over means."""
    multiple = profile.times(feature)
    if abs(multiple - 1) <= SAME:
        return "about as much as the average customer"
    if multiple < 1:
        return f"{words.percent(multiple)} of what the average customer does"
    return f"{words.times_in_words(multiple)} what the average customer does"


def _spending(profile: Profile) -> str | None:
    if not profile.has("PURCHASES"):
        return None
    amount = words.money(profile.mean("PURCHASES"))
    if profile.times("PURCHASES") < HARDLY:
        return f"They buy hardly anything with the card: {amount} over the period on average."
    return f"They spend {amount} on purchases on average, {compared(profile, 'PURCHASES')}."


def _habit(profile: Profile) -> str | None:
    if not profile.has("PURCHASES_FREQUENCY") or profile.times("PURCHASES_FREQUENCY") < HARDLY:
        return None
    text = f"They buy in {words.percent(profile.mean('PURCHASES_FREQUENCY'))} of months"
    if profile.has("ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"):
        one_off, instalments = profile.mean("ONEOFF_PURCHASES"), profile.mean("INSTALLMENTS_PURCHASES")
        if one_off + instalments > 0:
            text += f"; {_split(one_off / (one_off + instalments))}"
    return f"{text}."


def _split(one_off_share: float) -> str:
    if one_off_share >= MOSTLY:
        return f"most of the amount, {words.percent(one_off_share)}, is paid in one go"
    if one_off_share <= 1 - MOSTLY:
        return f"most of the amount, {words.percent(1 - one_off_share)}, is paid in instalments"
    return f"{words.percent(one_off_share)} of the amount is paid in one go, the rest in instalments"


def _cash(profile: Profile) -> str | None:
    if not profile.has("CASH_ADVANCE"):
        return None
    amount = words.money(profile.mean("CASH_ADVANCE"))
    if profile.times("CASH_ADVANCE") < HARDLY:
        return f"They draw hardly any cash: {amount} on average."
    text = f"They draw {amount} in cash on average, {compared(profile, 'CASH_ADVANCE')}"
    if profile.has("CASH_ADVANCE_FREQUENCY"):
        text += f", in {words.percent(profile.mean('CASH_ADVANCE_FREQUENCY'))} of months"
    return f"{text}."


def _balance(profile: Profile) -> str | None:
    if not profile.has("BALANCE"):
        return None
    mean = profile.mean("BALANCE")
    text = f"They {'owe' if mean >= 0 else 'are in credit by'} {words.money(abs(mean))} on average"
    if profile.has("CREDIT_LIMIT"):
        text += f" on a limit of {words.money(profile.mean('CREDIT_LIMIT'))}"
    if profile.has("UTILISATION"):
        text += f" and use {words.percent(profile.mean('UTILISATION'))} of their limit"
    return f"{text}."


def _payment(profile: Profile) -> str | None:
    if not profile.has("PRC_FULL_PAYMENT"):
        return None
    own, average = (words.percent(get("PRC_FULL_PAYMENT")) for get in (profile.mean, profile.average))
    return f"They pay in full in {own} of months; the average customer does in {average}."


def _tenure(profile: Profile) -> str | None:
    if not profile.has("TENURE") or abs(float(profile.rows.at["TENURE", "z"])) < TENURE_Z:
        return None
    own, average = words.decimal(profile.mean("TENURE")), words.decimal(profile.average("TENURE"))
    return f"Their figures cover {own} months, against {average} on average."


PARTS: tuple[Callable[[Profile], str | None], ...] = (_spending, _habit, _cash, _balance, _payment, _tenure)
"""The sentences of a portrait, in order."""
