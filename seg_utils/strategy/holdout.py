"""Who is held out of every campaign, so that its effect can be told from what happens anyway."""

import hashlib
from collections.abc import Iterable
from statistics import NormalDist
from typing import Any

import numpy as np

from seg_utils.strategy.definitions import Assumptions, TestDesign

LARGEST_SHARE = 0.5
SHARE_STEP = 0.05
"""A share held out is a multiple of this, up to half of the segment."""

LARGE_EFFECT = 2
"""Half is held out, too, where that shows an effect up to so many times the smallest a first reading is to show."""

FIRST = ""
"""Name of the campaign that the report plans: another one needs another name."""


def hold_out_shares(people: list[dict[str, Any]], assumptions: Assumptions) -> np.ndarray:
    """The share of each segment to hold out, shape (k,); nobody where the move contacts nobody.

    A first reading compares how many of the contacted and of those held out do what the move asks (Cohen 1988, ch. 6).
    The share is the smallest with which it shows the extra response wanted, at most half of the segment; half, too,
    where that shows one ``LARGE_EFFECT`` times as large; where the segment is too small even for that, the smallest
    share allowed, so that all segments together can still be read.
    """
    return np.array(
        [
            _share(person["size"], assumptions.test) if assumptions.move(person["persona_id"]).first else 0.0
            for person in people
        ]
    )


def control_group(customer_ids: Iterable[str], share: float | np.ndarray, salt: str = FIRST) -> np.ndarray:
    """Whether each customer is in the control group, shape (n,).

    A customer's place is the hash of salt and id alone: it does not change with the order of the file or the other
    customers, so that next month's control group is the same people.

    Args:
        customer_ids: one a customer.
        share: share of customers to keep aside, one number or one a customer.
        salt: names the campaign, so that not the same people are left out of every one; without it, the same are held
            out whatever the segments.
    """
    return np.array([_place(f"{salt}\0{one}") for one in customer_ids]) < share


def _place(text: str) -> float:
    """Where a text's hash lies between 0 and 1."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) / 2.0**64


def _share(size: int, design: TestDesign) -> float:
    shares = np.append(np.arange(design.control_share, LARGEST_SHARE, SHARE_STEP), LARGEST_SHARE).round(4)
    groups = [(round(size * share), size - round(size * share)) for share in shares.tolist()]
    shown = [smallest_response(*group, design) for group in groups]
    enough = [share for share, response in zip(shares, shown, strict=True) if response <= design.minimum_effect]
    if enough:
        return float(enough[0])
    return LARGEST_SHARE if shown[-1] <= LARGE_EFFECT * design.minimum_effect else design.control_share


def smallest_response(control: int, treated: int, design: TestDesign) -> float:
    """Smallest extra response that a first reading of two groups shows, as a share of customers; NaN if none."""
    if min(control, treated) < 2:
        return float("nan")
    error = (1 / control + 1 / treated) ** 0.5
    angle = 2 * np.arcsin(np.sqrt(design.natural_response)) + deviations(design.significance, design.power) * error
    return float(np.sin(angle / 2) ** 2 - design.natural_response) if angle <= np.pi else float("nan")


def deviations(significance: float, power: float) -> float:
    """How many standard errors an effect must be, two-sided, to be found with this power."""
    normal = NormalDist()
    return normal.inv_cdf(1 - significance / 2) + normal.inv_cdf(power)
