"""How to find out whether a move works: who is held out, what to compare, how many customers that takes, how long, and
what cannot be told here."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core import words
from seg_utils.strategy.campaigns import Valuation
from seg_utils.strategy.definitions import AMOUNTS, CLOSURES, Assumptions, Move, TestDesign
from seg_utils.strategy.formulas import VALUE, Computed, priced
from seg_utils.strategy.grouping import MONTHS

ENOUGH = "can be tested"
ENOUGH_BY_HALF = "can be tested if half are held out"
ENOUGH_TOGETHER = "can be tested together with others of the same measure"
TOO_SMALL = "cannot be tested here"
NO_CAMPAIGN_PLANNED = "no campaign planned"


@dataclass(frozen=True)
class Experiment:
    """Contacted and held-out customers who are compared by one measure.

    ``usual`` is the mean of the measure without the move, ``effect`` the change that matters and ``variance`` what is
    left to chance, of one customer, all in the unit of the measure (currency, or share of customers).
    """

    control: int
    treated: int
    usual: float
    effect: float
    variance: float

    def needed_per_group(self, significance: float, power: float) -> float:
        """Customers in each of two equal groups that find the effect; NaN where it is none."""
        if not self.effect > 0:
            return float("nan")
        return float(np.ceil(2 * self.variance * (deviations(significance, power) / self.effect) ** 2))

    def detectable(self, significance: float, power: float) -> float:
        """Smallest change that these groups find, as a share of the usual; NaN if none."""
        effect = deviations(significance, power) * self._error()
        return effect / self.usual if self.usual > 0 else float("nan")

    def power(self, significance: float) -> float:
        """Chance that these groups find the effect; NaN where there is nothing to compare."""
        error, normal = self._error(), NormalDist()
        if not error > 0:
            return float("nan")
        return normal.cdf(self.effect / error - normal.inv_cdf(1 - significance / 2))

    def _error(self) -> float:
        """Standard error of the difference of the groups' means."""
        if min(self.control, self.treated) < 1 or not self.variance > 0:
            return float("nan")
        return (self.variance * (1 / self.control + 1 / self.treated)) ** 0.5


def test_plan(valuation: Valuation, economics: pd.DataFrame) -> pd.DataFrame:
    """A test for every segment: what to compare, what matters, and whether these customers can show it.

    Compared are those worth contacting: the held out with the contacted, two-sided, on means (amounts with the
    customers' own earlier amounts as covariate, which leaves ``1 - correlation²`` of the variance). The effect that
    matters is the published one for less cash drawn, else the larger of break-even and base effect. The significance is
    shared out over all moves (Bonferroni). A segment too small by itself is pooled with those of the same measure.

    Args:
        valuation: of these customers.
        economics: its table.

    Returns:
        One row a segment: ``segment, persona, customers, worth_contacting, control`` (held out of those), ``treated``,
        ``measure, months, power_wanted, significance`` (of all moves together), ``moves_tested, natural_response,
        first_reading`` (smallest extra response that these groups show, share of customers), ``usual`` (the measure
        without the move: currency or share of customers), ``effect_that_matters`` (as a share of the usual; NaN where
        none does), ``needed_per_group, detectable_effect`` (share of the usual), ``power_here, pooled_with`` (names
        of the other segments of the measure, as a sentence lists them), ``pooled_needed_per_group, pooled_power`` and
        ``verdict``.
    """
    if not valuation.inputs:
        return pd.DataFrame(columns=["segment", "persona", "worth_contacting", "control"])
    people, assumptions = valuation.people, valuation.assumptions
    groups = _groups(valuation)
    experiments = _experiments(valuation, groups, economics)
    measures = {person["segment"]: assumptions.move_of(person).measure for person in people}
    names = {person["segment"]: person["persona"] for person in people}
    plan = []
    for person in people:
        segment = person["segment"]
        partners = [other for other in experiments if measures[other] == measures[segment] and other != segment]
        campaign = {
            "segment": segment,
            "persona": person["persona"],
            "customers": int(groups.at[segment, "customers"]),
            "worth_contacting": int(groups.at[segment, "worth_contacting"]),
            "measure": measures[segment],
            "months": MONTHS,
        }
        pool, called = [experiments[other] for other in partners], [names[other] for other in partners]
        plan.append(campaign | _row(experiments.get(segment), pool, called, len(experiments), assumptions.test))
    return pd.DataFrame(plan)


test_plan.__test__ = False  # the name is the field's; pytest need not collect it


def _groups(valuation: Valuation) -> pd.DataFrame:
    """The customers of each segment, those worth contacting and those held out of them, by segment."""
    sizes = {person["segment"]: person["size"] for person in valuation.people}
    worth = valuation.worth_contacting
    contacted = worth & ~np.asarray(valuation.held_out)
    each = pd.DataFrame({"segment": valuation.labels, "worth_contacting": worth, "contacted": contacted})
    counted = each.groupby("segment").sum().reindex(list(sizes), fill_value=0) * valuation.stands_for
    counted = counted.round().astype("int64")
    return counted.assign(customers=pd.Series(sizes), control=counted["worth_contacting"] - counted["contacted"])


def _experiments(valuation: Valuation, groups: pd.DataFrame, economics: pd.DataFrame) -> dict[int, Experiment]:
    """The comparison of each segment of which somebody is worth contacting."""
    assumptions, worth = valuation.assumptions, valuation.worth_contacting
    values = priced(VALUE, assumptions.prices, valuation.rows)
    experiments, break_even = {}, economics.set_index("segment")["break_even_effect"]
    for person in valuation.people:
        segment, move = person["segment"], assumptions.move_of(person)
        if (inside := (valuation.labels == segment) & worth).any():
            matters = _effect_that_matters(move, break_even[segment])
            drawn = groups.loc[segment, ["worth_contacting", "control"]]
            experiments[segment] = _experiment(move, values, inside, drawn, matters, assumptions)
    return experiments


def _effect_that_matters(move: Move, break_even: float) -> float:
    if move.measure == "cash_advances" and move.fees_forgone > 0:
        return move.fees_forgone
    return move.effect["base"] if np.isnan(break_even) else max(break_even, move.effect["base"])


def _experiment(
    move: Move, values: Computed, inside: np.ndarray, groups: Iterable[int], matters: float, assumptions: Assumptions
) -> Experiment:
    """The comparison that a move's measure asks for, among those worth contacting: how many, and how many held out."""
    if move.measure in AMOUNTS:
        amounts = values[move.measure]
        usual, left = float(amounts[inside].mean()), 1 - assumptions.test.correlation**2
        variance = float(amounts[inside].var()) * left
        changed = float(amounts.mean()) if move.lever == "average_spend" else usual
    else:
        revolving = float(values["revolving"][inside].sum())
        defaults = -float(values["losses"][inside].sum()) / max(revolving, 1e-300)
        changed = usual = min(assumptions["attrition"] if move.measure == CLOSURES else defaults, 1.0)
        variance = usual * (1 - usual)
    worth, control = map(int, groups)
    return Experiment(control, worth - control, usual, matters * changed, variance)


def _pooled(experiments: Sequence[Experiment]) -> Experiment:
    """Several segments' experiments read as one; what differs between segments is taken off by comparing within."""
    sizes = np.array([experiment.control + experiment.treated for experiment in experiments], dtype=float)
    usual, effect, variance = (
        float(np.average([getattr(experiment, name) for experiment in experiments], weights=sizes))
        for name in ("usual", "effect", "variance")
    )
    control, treated = (sum(getattr(experiment, name) for experiment in experiments) for name in ("control", "treated"))
    return Experiment(control, treated, usual, effect, variance)


def _row(
    own: Experiment | None, others: list[Experiment], partners: list[str], tested: int, design: TestDesign
) -> dict[str, Any]:
    """The plan of one segment, as far as its experiment decides it."""
    nothing = float("nan")
    each = design.significance / max(tested, 1)
    together = _pooled([own, *others]) if own and others else None
    return {
        "control": own.control if own else 0,
        "treated": own.treated if own else 0,
        "power_wanted": design.power,
        "significance": design.significance,
        "moves_tested": tested,
        "natural_response": design.natural_response,
        "first_reading": smallest_response(own.control, own.treated, design) if own else nothing,
        "usual": own.usual if own else nothing,
        "effect_that_matters": own.effect / own.usual if own and own.usual > 0 else nothing,
        "needed_per_group": own.needed_per_group(each, design.power) if own else nothing,
        "detectable_effect": own.detectable(each, design.power) if own else nothing,
        "power_here": own.power(each) if own else nothing,
        "pooled_with": words.names(partners) if together else "",
        "pooled_needed_per_group": together.needed_per_group(each, design.power) if together else nothing,
        "pooled_power": together.power(each) if together else nothing,
        "verdict": _verdict(own, together, each, design.power),
    }


def _verdict(own: Experiment | None, together: Experiment | None, significance: float, power: float) -> str:
    if own is None:
        return NO_CAMPAIGN_PLANNED
    if own.power(significance) >= power:
        return ENOUGH
    if 2 * own.needed_per_group(significance, power) <= own.control + own.treated:
        return ENOUGH_BY_HALF
    if together and together.power(significance) >= power:
        return ENOUGH_TOGETHER
    return TOO_SMALL


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


def control_group(customer_ids: Iterable[str], share: float, campaign: str) -> np.ndarray:
    """Whether each customer is in a campaign's control group, shape (n,). A customer's place is the hash of the
    campaign's name and the customer's id, and nothing else: it stays the same in other segments, in another order and
    beside other customers, so that nobody changes sides while a test runs. A larger share of customers keeps all who
    were held out before; under another name, others are."""
    ids = customer_ids.tolist() if isinstance(customer_ids, pd.Series) else customer_ids  # one by one, it is slow
    places = b"".join(_place(f"{campaign}\0{customer_id}") for customer_id in ids)
    return np.frombuffer(places, ">u8") / 2.0**64 < share


def _place(text: str) -> bytes:
    """The first eight bytes of a text's hash: of 2^64, a share of texts lies below as many."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]
