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
    before, now = (model.space.with_derived(frame).set_index(ID) for frame in (before, now))
    met = comparison.met[ID]
    names = list(model.space.columns)
    same_before, same_now = before.loc[met, names], now.loc[met, names]
    table = psi.set_index("feature")[["label", "psi", "verdict"]]
    for prefix, old, new in (("", before[names], now[names]), ("same_", same_before, same_now)):
        table[f"{prefix}mean_before"], table[f"{prefix}mean_now"] = old.mean(), new.mean()
        table[f"{prefix}median_before"], table[f"{prefix}median_now"] = old.median(), new.median()
    change = same_now.to_numpy() - same_before.to_numpy()
    known = np.count_nonzero(~np.isnan(change), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.nanstd(change, axis=0) / np.sqrt(known)
        table["same_change"] = np.nanmean(change, axis=0) / np.abs(same_before.mean().to_numpy())
        table["standard_errors"] = np.where(error > 0, np.nanmean(change, axis=0) / error, 0.0)
    table["shifted"] = (table["same_change"].abs() >= LEAST_CHANGE) & (table["standard_errors"].abs() >= SURE)
    return table.reset_index()
