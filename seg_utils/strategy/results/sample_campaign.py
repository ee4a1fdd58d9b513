"""The responses to one campaign on the bundled customers, with its planted effects beside them.

The campaign is the one that a first report draws. ``python -m seg_utils.strategy.results.sample_campaign`` writes
``responses.csv`` and ``campaign.csv``, what each customer would have bought either way, beside the bundled months.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seg_utils.core import artefacts
from seg_utils.core.parameters import Parameters
from seg_utils.data import sample, sample_months
from seg_utils.strategy import assumptions
from seg_utils.strategy.testplan import control_group

SEED = 28

# By what share a contact raises the purchases of a quarter; no other kind's change
EFFECTS = {"premium": 0.25, "transactors": 0.30}

NOISE = 0.3  # standard deviation of a quarter's purchases around a quarter of the year's, on the logarithmic scale
COST = 0.03
NOT_REACHED = 0.03
CONTACTED_BY_MISTAKE = 0.004
LOST = 0.01  # shares of those to be contacted, of those held out, and of all whose purchases are not known


def generate() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw them.

    Returns:
        responses: ``customer_id, contacted, purchases, cost``, as a responses file has them.
        truth: ``customer_id, persona_id, control_group, without`` and ``contacted`` (purchases in currency).
    """
    customers, truth = sample.generate()
    rng = np.random.default_rng(SEED)
    n = len(customers)
    without = customers["PURCHASES"].to_numpy() / 4 * np.exp(rng.normal(0, NOISE, n))
    effect = truth["persona_id"].map(EFFECTS).fillna(0.0).to_numpy()
    truth["control_group"] = control_group(
        truth["customer_id"], assumptions.load().test.control_share, Parameters.campaign
    )
    truth = truth.assign(without=without.round(2), contacted=(without * (1 + effect)).round(2))
    chance = rng.random(n)
    contacted = np.where(truth["control_group"], chance < CONTACTED_BY_MISTAKE, chance >= NOT_REACHED)
    responses = pd.DataFrame(
        {
            "customer_id": truth["customer_id"],
            "contacted": np.where(contacted, "yes", "no"),
            "purchases": np.where(contacted, truth["contacted"], truth["without"]),
            "cost": np.where(contacted, COST, 0.0),
        }
    )
    responses.loc[rng.random(n) < LOST, "purchases"] = np.nan
    return responses, truth


def write(folder: Path) -> None:
    """Write ``responses.csv`` and the truth, ``campaign.csv``."""
    responses, truth = generate()
    artefacts.write_csv(folder / "responses.csv", responses)
    artefacts.write_csv(folder / "campaign.csv", truth)


if __name__ == "__main__":
    write(sample_months.FOLDER)
