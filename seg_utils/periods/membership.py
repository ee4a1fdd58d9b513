"""Who is in which segment in a period, since when, and who is held out of the campaign that runs."""

from pathlib import Path

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS
from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID
from seg_utils.periods import identity
from seg_utils.periods.comparison import Comparison
from seg_utils.strategy import control_group

START = "start"
"""What the run's own customers are called where a period is."""

KNOWN = (ID, "segment", "periods_in_segment", "first_period", "campaign", "control_group")


def of_run(run: Path) -> pd.DataFrame:
    """The membership of the customers that the run was made from, columns ``KNOWN`` and ``confidence``.

    Raises:
        DataError: the run is of a version that noted no campaign.
    """
    assigned = pd.read_parquet(run / "assignments.parquet", columns=[ID, "segment", "confidence"])
    segments = pd.read_csv(run / "segments.csv")
    if "campaign" not in segments:
        raise DataError(f"segments.csv of {run.name} notes no campaign: make the report again, by the same command")
    return assigned.assign(
        periods_in_segment=1,
        first_period=START,
        campaign=segments["campaign"].astype(str),
        control_group=segments["control_group"],
    )


def ever(memberships: list[pd.DataFrame]) -> pd.DataFrame:
    """Every customer of some periods as they were last seen, columns ``KNOWN`` but the id, indexed by it."""
    everyone = pd.concat([one[list(KNOWN)] for one in memberships], ignore_index=True)
    return everyone.drop_duplicates(ID, keep="last").set_index(ID)


def membership(
    found: Comparison,
    before: pd.DataFrame,
    known: pd.DataFrame,
    *,
    period: str,
    model_id: str,
    campaign: str | None,
    control_share: float,
) -> pd.DataFrame:
    """One row a customer of the present period, in its order.

    Whoever was in the control group of the campaign, or was not, stays so; new customers are drawn by their ids alone.

    Args:
        before: the membership of the period before.
        known: ``ever`` of all earlier periods.
        campaign: its name; None goes on with the one before.
        control_share: the share of new customers to hold out.

    Returns:
        ``period, model, customer_id, segment`` (key), ``persona, confidence, next_segment`` (key), ``distance,
        first_period, periods_in_segment`` (running, this one counted), ``campaign, control_group``.
    """
    model, placed = found.model, found.placed_now
    ids = found.movers.loc[found.movers["segment_now"].notna(), ID].reset_index(drop=True)
    campaign = campaign or str(before["campaign"].iloc[-1])
    segment = identity.as_keys(placed.segment, model)
    following = np.where(placed.segment == OUTLIERS, placed.order[:, 0], placed.order[:, 1])
    last = before.set_index(ID).reindex(ids)
    running = (last["segment"] == segment).to_numpy() & last["segment"].notna().to_numpy()
    seen = known.reindex(ids)
    drawn = control_group(ids, control_share, campaign)
    same_campaign = seen["campaign"].eq(campaign).to_numpy()
    return pd.DataFrame(
        {
            "period": period,
            "model": model_id,
            ID: ids,
            "segment": segment,
            "persona": pd.Series(segment).map(identity.names(model)),
            "confidence": placed.confidence,
            "next_segment": identity.as_keys(following, model),
            "distance": placed.distance,
            "first_period": seen["first_period"].fillna(period).to_numpy(),
            "periods_in_segment": np.where(running, last["periods_in_segment"].fillna(0), 0).astype(int) + 1,
            "campaign": campaign,
            "control_group": np.where(same_campaign, seen["control_group"].eq(True), drawn),
        }
    )
