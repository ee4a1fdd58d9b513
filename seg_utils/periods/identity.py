"""Which segment is which through all periods: a key, a name and a colour that it keeps whatever its number."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS
from seg_utils.scoring.answer import colour, segments
from seg_utils.scoring.model import SegmentModel

KEY = "key"
"""Under this name a model that was fitted on a later period keeps the key of each segment."""


def keys(model: SegmentModel) -> np.ndarray:
    """The key of each segment by its number, shape (k,): its number in the model of the run that came first."""
    words = model.segments or [{} for _ in model.sizes]
    return np.array([segment.get(KEY, number) for number, segment in enumerate(words)])


def as_keys(numbers: np.ndarray, model: SegmentModel) -> np.ndarray:
    """Keys of segments given by number, ``OUTLIERS`` as they are, any shape."""
    return np.append(keys(model), OUTLIERS)[numbers]


def unused(model: SegmentModel, memberships: Iterable[pd.DataFrame]) -> int:
    """The first key that no segment has, nor had in any of the memberships."""
    return 1 + max([int(keys(model).max()), *(int(one["segment"].max()) for one in memberships)])


def names(model: SegmentModel) -> dict[int, str]:
    """The name of each segment, and of outliers, by key."""
    return {int(as_keys(np.array(number), model)): words.name for number, words in segments(model).items()}


def actions(model: SegmentModel) -> dict[int, str]:
    """What to do now with each segment, by key; empty for outliers."""
    return {int(as_keys(np.array(number), model)): words.actions["now"] for number, words in segments(model).items()}


def described(model: SegmentModel) -> list[dict[str, Any]]:
    """``key, persona, colour`` of each segment, in the model's order, as plain values for JSON."""
    called = names(model)
    return [
        {KEY: key, "persona": called[key], "colour": colour(model, number)}
        for number, key in enumerate(keys(model).tolist())
    ]
