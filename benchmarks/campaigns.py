"""How often the intervals of a campaign's results hold what was planted, and how often a move that does nothing is
rolled out: ``python benchmarks/campaigns.py [campaigns]``, a thousand unless told.

Each campaign draws its own control group of the bundled customers, by the plan's own rule, and gives about half of the
moves no effect at all. Outcomes are, in turn: purchases of a quarter, whose month-to-month noise is that of the bundled
months; responses (yes or no); and rare closures, whose intervals take Newcombe's way.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from seg_utils import strategy
from seg_utils.core.paths import SAMPLE
from seg_utils.data import sample
from seg_utils.strategy.assumptions import load
from seg_utils.strategy.decisions import CONTACT, HELD_OUT, NO_PART
from seg_utils.strategy.results import analysis, estimation
from seg_utils.strategy.results.plan import Plan
from seg_utils.strategy.results.responses import Responses

KINDS = ("income", "outcome", "closures")
# Largest planted effect: share of the income, or of customers
LARGEST = {"income": 0.15, "outcome": 0.06, "closures": 0.02}
USUAL = {"outcome": 0.10, "closures": 0.03}
# Standard deviation of a quarter's income around a quarter of last year's purchases, on the logarithmic scale
NOISE = 0.4
MARGIN = 0.0023
# Share of each segment that the plan neither contacts nor holds out: those who owe least
UNPLANNED = 0.2
SEED = 7


def plan_of(campaign: str, customers: pd.DataFrame, segments: np.ndarray) -> Plan:
    """A campaign on the bundled customers, each planted persona a segment, contacts free of charge."""
    assumed = load()
    people = [
        {"segment": number, "persona": kind.name, "persona_id": kind.name, "no_move": None}
        for number, kind in enumerate(sample.PERSONAS)
    ]
    free = pd.DataFrame(0.0, index=range(len(people)), columns=["contact_cost", "offer_cost", "given_up", "balance"])
    table = free.assign(value_per_customer=100.0, effect_that_matters=0.05)
    drawn = pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "segment": segments,
            "campaign": campaign,
            "control_group": strategy.control_group(customers["customer_id"], assumed.test.control_share, campaign),
        }
    )
    least = customers.groupby(segments)["BALANCE"].transform("quantile", UNPLANNED)
    planned = (customers["BALANCE"] > least).to_numpy()
    drawn["campaign_part"] = np.select([planned & drawn["control_group"], planned], [HELD_OUT, CONTACT], NO_PART)
    moves = {name: replace(move, purpose="profit") for name, move in assumed.moves.items()}
    return Plan(campaign, customers, drawn, people, table, replace(assumed, moves=moves))


def outcomes(kind: str, plan: Plan, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Observed outcomes (n,), and the effect that each customer would have, contacted (n,)."""
    segments, customers = plan.drawn["segment"].to_numpy(), plan.customers
    k, n = len(plan.people), len(segments)
    planted = rng.uniform(0, LARGEST[kind], k) * (rng.random(k) < 0.5)
    contacted = (plan.drawn["campaign_part"] == CONTACT).to_numpy()
    if kind == "income":
        without = MARGIN * customers["PURCHASES"].to_numpy() / 4 * np.exp(rng.normal(0, NOISE, n))
        return without * (1 + planted[segments] * contacted), without * planted[segments]
    place = rng.random(n)
    usual = USUAL[kind] * customers["PURCHASES_FREQUENCY"].rank(pct=True).to_numpy() * 2
    changed = usual + planted[segments] * (-1 if kind == "closures" else 1)
    with_contact, without = place < changed, place < usual
    return np.where(contacted, with_contact, without).astype(float), with_contact.astype(float) - without


def campaigns(number: int) -> Iterator[pd.DataFrame]:
    """The results of simulated campaigns, with the ``planted`` lift of each move and whether it ``works``."""
    customers = pd.read_csv(SAMPLE).rename(columns={"CUST_ID": "customer_id"})
    kinds = [kind.name for kind in sample.PERSONAS]
    segments = pd.read_csv(sample.TRUTH)["persona_id"].map(kinds.index).to_numpy()
    rng = np.random.default_rng(SEED)
    for campaign in range(number):
        kind = KINDS[campaign % len(KINDS)]
        plan = plan_of(f"simulated-{campaign}", customers, segments)
        observed, effect = outcomes(kind, plan, rng)
        frame = pd.DataFrame({"customer_id": customers["customer_id"], kind: observed})
        yes_no = frozenset() if kind == "income" else frozenset([kind])
        table = analysis.analyse(plan, Responses(frame, (kind,), yes_no))
        compared = (plan.drawn["campaign_part"] != NO_PART).to_numpy()
        planted = pd.Series(effect[compared]).groupby(segments[compared]).mean()
        better = planted * (-1 if kind == "closures" else 1)
        yield table.assign(kind=kind, campaign=campaign, planted=planted.to_numpy(), works=(better > 0).to_numpy())


def main(number: int) -> None:
    """Run them and print what was found, by kind of outcome and in all."""
    found = pd.concat(campaigns(number), ignore_index=True)
    found["covered"] = found["planted"].between(found["lift_low"], found["lift_high"])
    found["rolled_out"] = found["verdict"] == analysis.ROLL_OUT
    found["false"] = found["rolled_out"] & ~found["works"]
    found["narrower"] = (found["lift_high"] - found["lift_low"]) / (found["plain_high"] - found["plain_low"])
    for kind, rows in [*found.groupby("kind", sort=False), ("all", found)]:
        false = rows.groupby("campaign")["false"].any().mean()
        print(
            f"{kind:<9} {rows['campaign'].nunique():>5} campaigns, {len(rows):>5} moves: "
            f"intervals hold the planted lift {rows['covered'].mean():.1%}, "
            f"campaigns with a false roll-out {false:.1%}, moves that work rolled out "
            f"{rows.loc[rows['works'], 'rolled_out'].mean():.1%}, "
            f"width beside the plain interval's {rows['narrower'].median():.2f}"
        )
    few = found["yes_no"] & (found["narrower"] == 1.0)
    print(f"moves with fewer than {estimation.FEW_EVENTS} answers of a kind in a group: {few.sum()}, "
          f"intervals hold {found.loc[few, 'covered'].mean():.1%}")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
