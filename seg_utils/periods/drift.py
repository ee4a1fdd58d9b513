"""Do this period's customers behave as before? Like for like beside everyone, so that a common change shows."""

import numpy as np
import pandas as pd

from seg_utils.data.columns.matching import ID
from seg_utils.periods.comparison import Comparison
from seg_utils.scoring import drift as against_training
from seg_utils.scoring.drift import Tally

LEAST_CHANGE = 0.05  # a mean of the same customers that changes by less is no news, whatever its standard error

# Standard errors from which a change of the same customers' mean is no chance, for some twenty features a month
SURE = 4.0


def tally(comparison: Comparison, now: pd.DataFrame) -> Tally:
    """The present customers counted, to be compared with those of training."""
    placed = comparison.placed_now
    return against_training.tally(comparison.model, now, placed.segment, placed.confidence, placed.distance)


def drift(comparison: Comparison, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """One row an input and derived feature: against training, against the period before, and like for like.

    Columns: ``feature, label, psi, verdict`` (against the model's training, see ``scoring.drift``); ``mean_before,
    mean_now, median_before, median_now`` of everyone; the same with ``same_`` of customers of both periods;
    ``same_change`` (of their mean, as a share of it before), ``standard_errors`` (how many of its own that change is),
    ``shifted`` (whether that is news).
    """
    model = comparison.model
    psi = against_training.by_feature(model, tally(comparison, now))
    frames = [model.space.with_derived(frame) for frame in (before, now)]
    met = [pd.Index(frame[ID]).get_indexer(comparison.met[ID]) for frame in frames]
    rows = [_of_feature(*(frame[name] for frame in frames), *met) for name in model.space.columns]
    table = pd.concat([psi[["feature", "label", "psi", "verdict"]], pd.DataFrame(rows)], axis=1)
    table["shifted"] = (table["same_change"].abs() >= LEAST_CHANGE) & (table["standard_errors"].abs() >= SURE)
    return table


def _of_feature(before: pd.Series, now: pd.Series, met_before: np.ndarray, met_now: np.ndarray) -> dict[str, float]:
    """Means and medians of one feature, one at a time so that a million customers stand in memory once; ``met_before``
    and ``met_now`` are where the customers of both periods stand in either."""
    row, same = {}, (before.iloc[met_before], now.iloc[met_now])
    for prefix, old, new in (("", before, now), ("same_", *same)):
        row |= {f"{prefix}mean_before": old.mean(), f"{prefix}mean_now": new.mean()}
        row |= {f"{prefix}median_before": old.median(), f"{prefix}median_now": new.median()}
    change = same[1].to_numpy(dtype=float) - same[0].to_numpy(dtype=float)
    known = change[~np.isnan(change)]
    mean, error = (known.mean(), known.std() / np.sqrt(len(known))) if len(known) else (np.nan, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        row["same_change"] = mean / np.abs(row["same_mean_before"])
    return row | {"standard_errors": mean / error if error > 0 else 0.0}
