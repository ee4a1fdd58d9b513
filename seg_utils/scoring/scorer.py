"""Where customers belong, as a table: segment, how sure, the next ones, and what drove it in words."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from seg_utils.clustering import OUTLIERS
from seg_utils.core import dictionary
from seg_utils.data.columns.matching import ID
from seg_utils.scoring.answer import Drivers, drivers, segments
from seg_utils.scoring.model import SegmentModel

COLUMNS = (
    ID, "segment", "persona", "confidence", "distance", "second_segment", "second_persona", "third_segment",
    "third_persona", "drivers", "imputed",
)  # fmt: skip

NONE = -2  # there are no more segments


class Scorer:
    """Places customers by one model; what every customer's words are made of is looked up once."""

    def __init__(self, model: SegmentModel) -> None:
        self.model = model
        self._personas = {number: words.name for number, words in segments(model).items()}
        self._phrases = _phrases(model.space.features)

    def score(self, customers: pd.DataFrame) -> pa.Table:
        """One row a customer, in order, with the columns ``COLUMNS``. ``distance`` is to the centre of the segment (for
        outliers, who are in none: of the nearest one) in units of the model's space. The next segments are null where
        the model has no more. ``drivers`` are the features that brought the customer to this segment and not to the
        next one, most telling first; no drivers, no text. A feature that was filled in (NaN) drives nothing;
        ``imputed`` counts the inputs that are missing."""
        values = customers[list(self.model.space.inputs)].to_numpy(dtype=np.float64)
        located = self.model.locate_values(values)
        out = located.segment == OUTLIERS
        order = located.order
        second = np.where(out, order[:, 0], _nth(order, 1))
        third = np.where(out, _nth(order, 1), _nth(order, 2))
        return pa.table(
            {
                ID: pa.array(customers[ID], pa.large_string()),
                "segment": located.segment,
                "persona": self._named(located.segment),
                "confidence": located.confidence,
                "distance": np.take_along_axis(located.distances, order[:, :1], axis=1)[:, 0],
                "second_segment": _segments(second),
                "second_persona": self._named(second),
                "third_segment": _segments(third),
                "third_persona": self._named(third),
                "drivers": self.in_words(drivers(self.model, located)),
                "imputed": np.count_nonzero(np.isnan(values), axis=1),
            }
        )

    def in_words(self, driven: Drivers) -> pa.Array:
        """``many purchases; few cash advances``, one text a customer (n,)."""
        codes = np.where(driven.features < 0, -1, 2 * driven.features + driven.high)
        base = len(self._phrases) + 1
        keys = (codes + 1) @ base ** np.arange(codes.shape[1])
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        texts = ["; ".join(self._phrases[code] for code in codes[row].tolist() if code >= 0) for row in first.tolist()]
        return pa.array(texts, pa.string()).take(pa.array(inverse))

    def _named(self, numbers: np.ndarray) -> pa.Array:
        """Personas of segments (n,), null where there is none."""
        known = sorted(self._personas)
        places = np.searchsorted(known, numbers).clip(max=len(known) - 1)
        missing = numbers == NONE
        return pa.array([self._personas[number] for number in known], pa.string()).take(pa.array(places, mask=missing))


def _nth(order: np.ndarray, place: int) -> np.ndarray:
    """The segment at a place of each customer's order (n,), from 0 on; ``NONE`` where the model has too few."""
    return order[:, place] if order.shape[1] > place else np.full(len(order), NONE)


def _segments(numbers: np.ndarray) -> pa.Array:
    return pa.array(numbers, pa.int64(), mask=numbers == NONE)


def _phrases(features: Sequence[str]) -> list[str]:
    """What is said of each feature when it is low, and when it is high: of no two features the same.

    Where an amount is spoken of as a count is, it is small or large.
    """
    known = dictionary.load()
    counted = [
        known.wordings[feature.name]
        for feature in known.features
        if feature.kind == "count" and feature.name in known.wordings
    ]
    of_counts = {phrase for wording in counted for phrase in (wording.low, wording.high)}
    spoken = []
    for name in features:
        label, wording = dictionary.within(known.label(name)), known.wordings.get(name)
        is_amount = known[name].kind == "amount"
        low, high = (wording.low, wording.high) if wording else (f"low {label}", f"high {label}")
        spoken.append(f"small {label}" if is_amount and low in of_counts else low)
        spoken.append(f"large {label}" if is_amount and high in of_counts else high)
    return spoken
