"""Who is in which segment in a period, since when, and who is held out of the campaign that runs."""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from pathlib import Path

import numpy as np
import pandas as pd

from seg_utils import strategy
from seg_utils.clustering import OUTLIERS
from seg_utils.core.artefacts import read_csv, read_json
from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID
from seg_utils.periods import identity
from seg_utils.periods.comparison import Comparison
from seg_utils.strategy.definitions import Assumptions

START = "start"  # what the run's own customers are called where a period is
KNOWN = (ID, "segment", "periods_in_segment", "first_period", "campaign", "control_group")


def of_run(run: Path) -> pd.DataFrame:
    """The membership of the customers that the run was made from, columns ``KNOWN`` and ``confidence``.

    Raises:
        DataError: the run is of a version that noted no campaign.
    """
    assigned = pd.read_parquet(run / "assignments.parquet", columns=[ID, "segment", "confidence"])
    try:
        segments = read_csv(run / "segments.csv", ["control_group"], ["campaign"])
    except ValueError:
        raise DataError(
            f"segments.csv of {run.name} notes no campaign: make the report again, by the same command"
        ) from None
    return assigned.assign(
        periods_in_segment=1,
        first_period=START,
        campaign=segments["campaign"],
        control_group=segments["control_group"],
    )


def earlier(run: Path, folders: Sequence[Path]) -> Iterator[pd.DataFrame]:
    """The memberships of some periods, the latest first and the run's own customers last, columns ``KNOWN``; one is in
    memory at a time, so that a year takes no more of it than a month.

    Args:
        run: its folder.
        folders: of the periods, in order.
    """
    for folder in reversed(folders):
        yield pd.read_parquet(folder / "membership.parquet", columns=[*KNOWN])
    yield of_run(run)[[*KNOWN]]


def ever(memberships: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Every customer of some periods, the latest first, as they were last seen, columns ``KNOWN``, indexed by id."""
    everyone = reduce(
        lambda seen, more: pd.concat([seen, more], ignore_index=True).drop_duplicates(ID),
        (membership[[*KNOWN]] for membership in memberships),
    )
    return everyone.set_index(ID)


def membership(
    comparison: Comparison,
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
    model, placed = comparison.model, comparison.placed_now
    ids = comparison.movers.loc[comparison.movers["segment_now"].notna(), ID].reset_index(drop=True)
    campaign = campaign or str(before["campaign"].iloc[-1])
    segment = identity.as_keys(placed.segment, model)
    following = np.where(placed.segment == OUTLIERS, placed.order[:, 0], placed.order[:, 1])
    last = before.set_index(ID).reindex(ids)
    running = (last["segment"] == segment).to_numpy() & last["segment"].notna().to_numpy()
    seen = known.reindex(ids)
    drawn = strategy.control_group(ids, control_share, campaign)
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


def campaign_parts(run: Path, customers: pd.DataFrame, membership: pd.DataFrame, assumptions: Assumptions) -> pd.Series:
    """What part each customer has in the moves that go first by the run's plan, as ``strategy.parts`` says it; none in
    segments that came after it.

    Args:
        run: its folder.
        customers: of the period, in original units.
        membership: theirs, in the same order.
        assumptions: prices and moves.
    """
    people, decided = read_json(run / "personas.json"), pd.read_csv(run / "strategy.csv")
    segment = membership["segment"].where(membership["segment"] < len(people), OUTLIERS)
    worth = strategy.Valuation(customers, segment.to_numpy(), people, assumptions).worth_contacting
    return strategy.parts(decided, segment, worth, membership["control_group"])
