"""How the bundled customers answer the campaign that a run drew, with planted effects and the truth beside them.

As of a real campaign: those whom the plan contacts and those it holds out of the same part, a few slips in whom the
contacts reached, a few customers lost. ``make responses FROM=…`` writes ``responses.csv`` and ``campaign.csv``, what
each customer would have done either way, beside the bundled months.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core import artefacts
from seg_utils.core.errors import ParameterError
from seg_utils.data.columns.matching import ID
from seg_utils.data.loading import SYNTHETIC_PREFIX
from seg_utils.strategy.decisions import CONTACT, NO_PART
from seg_utils.strategy.results.plan import Plan

SEED = 28

# What a contact changes of a persona's customers, by what share; nothing else of theirs, and nothing of others'
EFFECTS = {
    "cash_advance_dependent": ("cash_advances", -0.15),
    "shop_and_cash": ("cash_advances", -0.1),
    "premium": ("closures", -0.5),
    "transactors": ("purchases", 0.3),
}

# What a quarter's amounts are a quarter of the year's of
AMOUNTS = {"purchases": "PURCHASES", "cash_advances": "CASH_ADVANCE"}

NOISE = 0.3  # standard deviation of a quarter's amounts around a quarter of the year's, on the logarithmic scale
CLOSING = 0.02  # share of customers who close their account in a quarter
NOT_REACHED = 0.03
CONTACTED_BY_MISTAKE = 0.004
LOST = 0.01  # shares of those to be contacted, of those held out, and of all of whom nothing is known


def generate(plan: Plan) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw them.

    Returns:
        responses: ``customer_id, contacted, purchases, cash_advances, closures``, as a responses file has them.
        truth: ``customer_id, persona_id, campaign_part`` and each outcome ``without`` and ``with`` a contact.

    Raises:
        ParameterError: the run is not on the bundled customers; what others would answer is not for us to say.
    """
    aimed_at = (plan.drawn["campaign_part"] != NO_PART).to_numpy()
    drawn, customers = (frame[aimed_at].reset_index(drop=True) for frame in (plan.drawn, plan.customers))
    if not drawn[ID].str.startswith(SYNTHETIC_PREFIX).all():
        raise ParameterError("FROM= is no run on the bundled customers; only they answer a campaign on request")
    rng, n = np.random.default_rng(SEED), len(drawn)
    persona = drawn["segment"].map({number: one["persona_id"] for number, one in enumerate(plan.people)})
    usual = {name: customers[column] / 4 * np.exp(rng.normal(0, NOISE, n)) for name, column in AMOUNTS.items()}
    closing = rng.random(n)
    chance = rng.random(n)
    contacted = np.where(drawn["campaign_part"] == CONTACT, chance >= NOT_REACHED, chance < CONTACTED_BY_MISTAKE)
    lost = rng.random(n) < LOST
    truth: dict[str, Any] = {ID: drawn[ID], "persona_id": persona, "campaign_part": drawn["campaign_part"]}
    responses: dict[str, Any] = {ID: drawn[ID], "contacted": np.where(contacted, "yes", "no")}
    for name in (*AMOUNTS, "closures"):
        effect = persona.map({one: share for one, (outcome, share) in EFFECTS.items() if outcome == name}).fillna(0.0)
        both = [
            (usual[name] * factor).round(2) if name in AMOUNTS else np.where(closing < CLOSING * factor, "yes", "no")
            for factor in (1.0, 1.0 + effect)
        ]
        truth |= {f"{name}_without": both[0], f"{name}_with": both[1]}
        responses[name] = pd.Series(np.where(contacted, both[1], both[0])).mask(lost)
    return pd.DataFrame(responses), pd.DataFrame(truth)


def write(plan: Plan, folder: Path) -> list[Path]:
    """Write ``responses.csv`` and the truth, ``campaign.csv``."""
    files = [folder / "responses.csv", folder / "campaign.csv"]
    for file, table in zip(files, generate(plan), strict=True):
        artefacts.write_csv(file, table)
    return files
