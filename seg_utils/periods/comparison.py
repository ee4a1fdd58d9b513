"""Every customer of two periods: stayed, moved, new, returned or gone; from where to where, how far, by what."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from seg_utils.data.columns.matching import ID
from seg_utils.periods import identity
from seg_utils.periods.movement import movement, telling_features
from seg_utils.scoring.model import Located, SegmentModel

STAYED, MOVED, NEW, RETURNED, GONE = STATUSES = ("stayed", "moved", "new", "returned", "gone")
REAL, FLICKER = "real", "border flicker"

AT_A_TIME = 50_000  # customers whose features are compared: all of a million at once would take a gigabyte


@dataclass(frozen=True)
class Comparison:
    """``movers``: one row a customer of either period, those of the present one first and in its order.

    Its columns are ``customer_id, status, kind`` (``REAL`` or ``FLICKER``, null but for the moved), ``segment_before,
    segment_now`` (keys, null where the customer is not there), ``confidence_before, confidence_now, crossed, noise``,
    and ``feature_1, before_1, now_1`` to ``3``: what changed most, in original units.
    """

    model: SegmentModel
    movers: pd.DataFrame
    placed_now: Located = field(repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """Customers by status, and real moves beside flicker, as plain values for JSON."""
        by_status, by_kind = self.movers["status"].value_counts(), self.movers["kind"].value_counts()
        counted = {status: int(by_status.get(status, 0)) for status in STATUSES}
        return counted | {"real": int(by_kind.get(REAL, 0)), "flicker": int(by_kind.get(FLICKER, 0))}

    @property
    def met(self) -> pd.DataFrame:
        """Those who are in both periods."""
        return self.movers[self.movers["status"].isin([STAYED, MOVED])]


def compare(model: SegmentModel, before: pd.DataFrame, now: pd.DataFrame, known: Iterable[str] = ()) -> Comparison:
    """Place the customers of two periods by one model and say who moved.

    Args:
        model: the segmentation in force.
        before: ``customer_id`` and the model's inputs in original units.
        now: the same of the later period.
        known: ids of customers of the earlier periods; who is among them and was not there before has returned.
    """
    placed_before, placed_now = model.locate(before), model.locate(now)
    place = pd.Index(before[ID]).get_indexer(now[ID])
    rows, here = place[place >= 0], np.flatnonzero(place >= 0)
    gone = np.setdiff1d(np.arange(len(before)), rows)
    old, new = placed_before.segment[rows], placed_now.segment[here]
    moves = movement(placed_now.coordinates[here] - placed_before.coordinates[rows], old, new, model.centroids)
    strangers = np.flatnonzero(place < 0)
    status = np.full(len(now), NEW, dtype=object)
    status[strangers[now[ID].iloc[strangers].isin(known)]] = RETURNED
    status[here] = np.where(old == new, STAYED, MOVED)
    kind = np.full(len(now), None, dtype=object)
    kind[here[old != new]] = np.where(moves.real[old != new], REAL, FLICKER)
    movers = pd.DataFrame(
        {
            ID: now[ID].to_numpy(),
            "status": status,
            "kind": kind,
            "segment_before": _spread(identity.as_keys(old, model), here, len(now)),
            "segment_now": pd.array(identity.as_keys(placed_now.segment, model), dtype="Int64"),
            "confidence_before": _spread(placed_before.confidence[rows], here, len(now)),
            "confidence_now": placed_now.confidence,
            "crossed": _spread(moves.crossed, here, len(now)),
            "noise": _spread(moves.noise, here, len(now)),
        }
    )
    movers = pd.concat([movers, _changes(model, before, now, old, new, rows, here)], axis=1)
    left = pd.DataFrame(
        {
            ID: before[ID].to_numpy()[gone],
            "status": GONE,
            "segment_before": pd.array(identity.as_keys(placed_before.segment[gone], model), dtype="Int64"),
            "confidence_before": placed_before.confidence[gone],
        }
    )
    everyone = pd.concat([movers, left.reindex(columns=movers.columns).astype(movers.dtypes)], ignore_index=True)
    return Comparison(model, everyone, placed_now)


def _spread(values: np.ndarray, rows: np.ndarray, n: int) -> pd.api.extensions.ExtensionArray | np.ndarray:
    """Values of some of n rows, null elsewhere."""
    whole = np.issubdtype(values.dtype, np.integer)
    return pd.Series(values, index=rows, dtype="Int64" if whole else "float64").reindex(range(n)).array


def _changes(
    model: SegmentModel,
    before: pd.DataFrame,
    now: pd.DataFrame,
    old: np.ndarray,
    new: np.ndarray,
    rows: np.ndarray,
    here: np.ndarray,
) -> pd.DataFrame:
    """The features that changed most, with their values before and now, one row a present customer; ``rows`` and
    ``here`` are where the customers of both periods stand in either."""
    parts = [slice(start, start + AT_A_TIME) for start in range(0, max(len(rows), 1), AT_A_TIME)]
    blocks = [_telling(model, old[part], new[part], before.iloc[rows[part]], now.iloc[here[part]]) for part in parts]
    chosen, *values = map(np.concatenate, zip(*blocks, strict=True))
    named = np.append(np.array(model.space.features, dtype=object), None)
    columns: dict[str, np.ndarray] = {}
    for place in range(chosen.shape[1]):
        columns[f"feature_{place + 1}"] = named[chosen[:, place]]
        for when, of in zip(("before", "now"), values, strict=True):
            columns[f"{when}_{place + 1}"] = of[:, place]
    return pd.DataFrame(columns, index=here).reindex(range(len(now)))


def _telling(
    model: SegmentModel, old: np.ndarray, new: np.ndarray, before: pd.DataFrame, now: pd.DataFrame
) -> tuple[np.ndarray, ...]:
    """Which features changed most (n, top), -1 for none, and their values before and now, NaN for none."""
    space, inputs = model.space, list(model.space.inputs)
    values = [space.feature_values(frame[inputs].to_numpy(dtype=np.float64)) for frame in (before, now)]
    change = space.scaled_values(values[1]) - space.scaled_values(values[0])
    centres = np.vstack([model.scaled_centroids, np.zeros(model.scaled_centroids.shape[1])])  # outliers come last
    way = np.where(((old < 0) | (new < 0))[:, None], 0.0, centres[new] - centres[old])
    chosen = telling_features(change, way)
    return chosen, *(np.where(chosen < 0, np.nan, np.take_along_axis(of, chosen, axis=1)) for of in values)
