"""How to find out whether a move works: sample sizes, and a control group that stays the same."""

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.strategy.assumptions import Assumptions

LARGEST_CONTROL = 0.5
CONTROL_STEP = 0.05
"""A control share is a multiple of this, up to half of the segment."""

ENOUGH = "large enough"
TOO_SMALL = "too small to learn anything"


def test_plan(people: list[dict[str, Any]], assumptions: Assumptions) -> pd.DataFrame:
    """A test for every segment: how many customers to keep aside, and what can be learnt.

    Response is compared between contacted and control customers, two-sided (Cohen 1988, ch. 6, by statsmodels). The
    control share is the smallest that finds the minimum effect with the wanted power, at least the one asked for, at
    most half of the segment. A segment too small for that keeps the share asked for, so that all segments together can
    still be read.

    Returns:
        One row a segment: ``segment, persona, customers, base_response, minimum_effect, power, significance,
        needed_per_group`` (customers in each of two equal groups), ``control_share, control, treated``,
        ``detectable_effect`` (smallest difference found with that power; NaN where none is) and ``verdict``.
    """
    return pd.DataFrame([_plan(one, assumptions) for one in people])


test_plan.__test__ = False  # the name is the field's; pytest need not collect it


def control_group(customer_ids: Iterable[str], share: float | np.ndarray, salt: str) -> np.ndarray:
    """Whether each customer is in the control group, shape (n,).

    A customer's place is the hash of salt and id alone: it does not change with the order of the file or the other
    customers, so that next month's control group is the same people.

    Args:
        customer_ids: one a customer.
        share: share of customers to keep aside, one number or one a customer.
        salt: names the campaign, so that not the same people are left out of every one.
    """
    return np.array([_place(f"{salt}\0{one}") for one in customer_ids]) < share


def _place(text: str) -> float:
    """Where a text's hash lies between 0 and 1."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) / 2.0**64


def _plan(person: dict[str, Any], assumptions: Assumptions) -> dict[str, Any]:
    design, size, response = assumptions.test, person["size"], assumptions["base_response"]
    needed = _needed(response, design.minimum_effect, design.power, design.significance)
    share = _control_share(size, assumptions)
    control = round(size * (share or design.control_share))
    return {
        "segment": person["segment"],
        "persona": person["persona"],
        "customers": size,
        "base_response": response,
        "minimum_effect": design.minimum_effect,
        "power": design.power,
        "significance": design.significance,
        "needed_per_group": needed,
        "control_share": share or design.control_share,
        "control": control,
        "treated": size - control,
        "detectable_effect": _detectable(control, size - control, assumptions),
        "verdict": ENOUGH if share else TOO_SMALL,
    }


def _control_share(size: int, assumptions: Assumptions) -> float | None:
    """The smallest control share that finds the minimum effect; None where not even half of the segment does."""
    design = assumptions.test
    steps = np.arange(design.control_share, LARGEST_CONTROL + CONTROL_STEP / 2, CONTROL_STEP)
    for share in steps.round(4):
        control = round(size * share)
        found = _detectable(control, size - control, assumptions)
        if found <= design.minimum_effect:
            return float(share)
    return None


def _needed(response: float, effect: float, power: float, significance: float) -> int:
    """Customers in each of two equal groups."""
    from statsmodels.stats.power import NormalIndPower  # a second to import; only this room needs it
    from statsmodels.stats.proportion import proportion_effectsize

    size = proportion_effectsize(min(response + effect, 1.0), response)
    return int(np.ceil(NormalIndPower().solve_power(size, power=power, alpha=significance)))


def _detectable(control: int, treated: int, assumptions: Assumptions) -> float:
    """Smallest difference in response that two groups of these sizes find, as a share of customers; NaN if none."""
    if min(control, treated) < 2:
        return float("nan")
    from statsmodels.stats.power import NormalIndPower

    design, response = assumptions.test, assumptions["base_response"]
    size = NormalIndPower().solve_power(
        nobs1=control, ratio=treated / control, power=design.power, alpha=design.significance
    )
    angle = 2 * np.arcsin(np.sqrt(response)) + float(size)  # Cohen's h, turned back into a share
    return float(np.sin(angle / 2) ** 2 - response) if angle <= np.pi else float("nan")
