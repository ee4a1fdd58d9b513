"""How to find out whether a move works: sample sizes, and a control group that stays the same."""

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.strategy.assumptions import Assumptions, TestDesign

LARGEST_CONTROL = 0.5
CONTROL_STEP = 0.05
"""A control share is a multiple of this, up to half of the segment."""

LARGE_EFFECT = 2
"""An effect up to so many times the smallest worth finding is still worth a test, where half is kept aside."""

ENOUGH = "large enough"
ENOUGH_FOR_LARGE = "large enough for large effects only"
TOO_SMALL = "too small to learn anything"
NO_CAMPAIGN_PLANNED = "no campaign planned"


def test_plan(people: list[dict[str, Any]], assumptions: Assumptions) -> pd.DataFrame:
    """A test for every segment: how many customers to keep aside, and what can be learnt.

    Response is compared between contacted and control customers, two-sided (Cohen 1988, ch. 6, by statsmodels). The
    control share is the smallest that finds the minimum effect with the wanted power, at least the one asked for, at
    most half of the segment; half, too, where that finds an effect ``LARGE_EFFECT`` times as large. A segment too small
    even for that keeps the share asked for, so that all segments together can still be read. Where the move contacts
    nobody, nobody is kept aside.

    Args:
        people: ``personas.match``'s account of the segments.

    Returns:
        One row a segment: ``segment, persona, customers, natural_response`` (of the control group), ``minimum_effect,
        power, significance, needed_per_group`` (customers in each of two equal groups), ``control_share, control,
        treated``, ``detectable_effect`` (smallest difference found with that power; NaN where none is) and ``verdict``.
    """
    return pd.DataFrame([_plan(one, assumptions) for one in people])


test_plan.__test__ = False  # the name is the field's; pytest need not collect it


def counted(plan: pd.DataFrame, labels: np.ndarray, control: np.ndarray, assumptions: Assumptions) -> pd.DataFrame:
    """The plan with the groups as they were drawn: shares are kept only about, since customers are drawn by their ids.

    Args:
        plan: ``test_plan``'s table.
        labels: the segment of each customer, shape (n,).
        control: whether each customer is in the control group, shape (n,).

    Returns:
        The same rows with ``control, treated`` and ``detectable_effect`` of these groups; the verdict is the plan's.
    """
    drawn = pd.Series(control).groupby(np.asarray(labels)).sum().reindex(plan["segment"]).to_numpy(dtype="int64")
    treated = np.where(plan["verdict"] == NO_CAMPAIGN_PLANNED, 0, plan["customers"] - drawn)
    found = [_detectable(*groups, assumptions) for groups in zip(drawn.tolist(), treated.tolist(), strict=True)]
    return plan.assign(control=drawn, treated=treated, detectable_effect=found)


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
    design, size = assumptions.test, person["size"]
    contacted = bool(assumptions.move(person["persona_id"]).channels)
    share, verdict = _control_share(size, assumptions) if contacted else (0.0, NO_CAMPAIGN_PLANNED)
    control = round(size * share)
    treated = size - control if contacted else 0
    return {
        "segment": person["segment"],
        "persona": person["persona"],
        "customers": size,
        "natural_response": design.natural_response,
        "minimum_effect": design.minimum_effect,
        "power": design.power,
        "significance": design.significance,
        "needed_per_group": _needed(design),
        "control_share": share,
        "control": control,
        "treated": treated,
        "detectable_effect": _detectable(control, treated, assumptions),
        "verdict": verdict,
    }


def _control_share(size: int, assumptions: Assumptions) -> tuple[float, str]:
    """The smallest control share that finds an effect worth finding, and the verdict on such a test."""
    design = assumptions.test
    steps = np.append(np.arange(design.control_share, LARGEST_CONTROL, CONTROL_STEP), LARGEST_CONTROL)
    found = float("nan")
    for share in steps.round(4):
        control = round(size * share)
        found = _detectable(control, size - control, assumptions)
        if found <= design.minimum_effect:
            return float(share), ENOUGH
    if found <= LARGE_EFFECT * design.minimum_effect:  # found by half
        return LARGEST_CONTROL, ENOUGH_FOR_LARGE
    return design.control_share, TOO_SMALL


def _needed(design: TestDesign) -> int:
    """Customers in each of two equal groups."""
    from statsmodels.stats.power import NormalIndPower  # a second to import; nothing else needs it
    from statsmodels.stats.proportion import proportion_effectsize

    response = design.natural_response
    size = proportion_effectsize(min(response + design.minimum_effect, 1.0), response)
    return int(np.ceil(NormalIndPower().solve_power(size, power=design.power, alpha=design.significance)))


def _detectable(control: int, treated: int, assumptions: Assumptions) -> float:
    """Smallest difference in response that two groups of these sizes find, as a share of customers; NaN if none."""
    if min(control, treated) < 2:
        return float("nan")
    from statsmodels.stats.power import NormalIndPower

    design, response = assumptions.test, assumptions.test.natural_response
    size = NormalIndPower().solve_power(
        nobs1=control, ratio=treated / control, power=design.power, alpha=design.significance
    )
    angle = 2 * np.arcsin(np.sqrt(response)) + float(size)  # Cohen's h, turned back into a share
    return float(np.sin(angle / 2) ** 2 - response) if angle <= np.pi else float("nan")
