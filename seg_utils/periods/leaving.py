"""Who is likely to leave a segment next, told only where that is known better than from the segment alone.

To leave is to be gone, or to have really moved; flicker at a border is neither. A logistic regression learns from all
periods but the last which customers of the period before left, and is held against the last one: is what it says of
each customer nearer to what came than the rate of the customer's segment is? Only then is it fitted on all periods and
says who is likely to leave after the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from seg_utils.data.columns.matching import ID
from seg_utils.features.feature_space import FeatureSpace
from seg_utils.features.row_sample import drawn
from seg_utils.periods.comparison import GONE, REAL

FEWEST_PERIODS = 3
FEWEST_LEFT = 30  # customers who left that are learnt from at least, and that it is held against at least
ROWS = 100_000  # customers of a period that are learnt from, at most
SURE = 2.0  # standard errors by which it must be nearer to what came than the rates of segments are
TOP = 0.1
PRIOR = 10  # customers of the average rate that stand beside each segment's own, so that no rate is 0
ALMOST = 1e-6


@dataclass(frozen=True)
class Snapshot:
    """Customers of one period: what is known of them, shape (n, columns), their segments' keys, and who left, (n,);
    of the last period nobody knows."""

    ids: pd.Series
    known: np.ndarray
    segment: np.ndarray
    left: np.ndarray


def snapshot(
    customers: pd.DataFrame, members: pd.DataFrame, space: FeatureSpace, movers: pd.DataFrame | None
) -> Snapshot:
    """What is known of the customers of a period, and what became of them.

    Args:
        customers: of the period, in original units.
        members: their membership: ``customer_id, segment, confidence, periods_in_segment``.
        space: in which segments are.
        movers: the table of the period after; None where there is none yet.
    """
    rows = members.set_index(ID).reindex(customers[ID])
    known = [space.transform(customers), rows["confidence"].fillna(0), np.log1p(rows["periods_in_segment"])]
    left = np.zeros(len(customers), dtype=bool)
    if movers is not None:
        became = movers.set_index(ID).reindex(customers[ID])
        left = (became["status"].eq(GONE) | became["kind"].eq(REAL)).to_numpy()
    return Snapshot(customers[ID], np.column_stack(known), rows["segment"].to_numpy(), left)


def likely(snapshots: Sequence[Snapshot], names: Sequence[str], *, seed: int) -> tuple[dict[str, Any], pd.DataFrame]:
    """How good it is, and who is likely to leave.

    Args:
        snapshots: of the periods in order, the run's own customers first; who left the last one is not known.
        names: what they are called.
        seed: of the draw of customers who are learnt from.

    Returns:
        As plain values ``shown``, ``why`` not, where there is something to hold against ``checked_on, customers, left,
        rate, auc, top_rate`` (of the tenth most likely to leave, how many did) and ``standard_errors`` of the gain;
        and, likeliest first, ``customer_id, segment, probability`` of the last period's customers, nobody where it is
        not shown.
    """
    *past, checked, last = snapshots if len(snapshots) > FEWEST_PERIODS else [None] * 3
    nobody = pd.DataFrame({ID: pd.Series(dtype="str"), "segment": np.int64([]), "probability": np.float64([])})
    if checked is None:
        return {"shown": False, "why": f"there are fewer than {FEWEST_PERIODS} periods"}, nobody
    if min(sum(period.left.sum() for period in past), checked.left.sum()) < FEWEST_LEFT:
        return {"shown": False, "why": f"fewer than {FEWEST_LEFT} customers left, too few to learn from"}, nobody
    predicted = _predicted(past, checked, seed)
    top = np.argsort(-predicted, kind="stable")[: max(round(TOP * len(predicted)), 1)]
    gain = _loss(_rates(past, checked), checked.left) - _loss(predicted, checked.left)
    errors = float(gain.mean() / (gain.std(ddof=1) / np.sqrt(len(gain)))) if gain.std() > 0 else 0.0
    about = {
        "shown": errors >= SURE,
        "why": "" if errors >= SURE else "a forecast is no better than the rate of each customer's segment",
        "checked_on": names[-1],
        "customers": len(predicted),
        "left": int(checked.left.sum()),
        "rate": float(checked.left.mean()),
        "auc": float(roc_auc_score(checked.left, predicted)),
        "top_rate": float(checked.left[top].mean()),
        "standard_errors": errors,
    }
    if not about["shown"]:
        return about, nobody
    table = pd.DataFrame(
        {ID: last.ids, "segment": last.segment, "probability": _predicted([*past, checked], last, seed)}
    )
    return about, table.sort_values(["probability", ID], ascending=[False, True], ignore_index=True)


def _predicted(past: Sequence[Snapshot], now: Snapshot, seed: int) -> np.ndarray:
    """The chance that each customer leaves (n,), learnt from earlier periods."""
    rows = [drawn(len(period.left), ROWS, seed) for period in past]
    segments = np.unique(np.concatenate([period.segment for period in (*past, now)]))
    known = np.vstack([_columns(period, segments)[some] for period, some in zip(past, rows, strict=True)])
    centre, spread = known.mean(axis=0), known.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    fitted = LogisticRegression(C=0.1, max_iter=1000)
    fitted.fit(
        (known - centre) / scale, np.concatenate([period.left[some] for period, some in zip(past, rows, strict=True)])
    )
    return fitted.predict_proba((_columns(now, segments) - centre) / scale)[:, 1]


def _columns(period: Snapshot, segments: np.ndarray) -> np.ndarray:
    return np.column_stack([period.known, period.segment[:, None] == segments])


def _rates(past: Sequence[Snapshot], now: Snapshot) -> np.ndarray:
    """The rate at which customers left the segment that each customer is in (n,)."""
    earlier = pd.DataFrame(
        {
            "segment": np.concatenate([period.segment for period in past]),
            "left": np.concatenate([period.left for period in past]),
        }
    )
    average, counted = earlier["left"].mean(), earlier.groupby("segment")["left"].agg(["sum", "count"])
    rates = (counted["sum"] + PRIOR * average) / (counted["count"] + PRIOR)
    return pd.Series(now.segment).map(rates).fillna(average).to_numpy()


def _loss(predicted: np.ndarray, left: np.ndarray) -> np.ndarray:
    """How far each prediction is from what came (n,), as the logarithm of what it gave to that."""
    return -np.log(np.clip(np.where(left, predicted, 1 - predicted), ALMOST, 1))
