"""What each segment looks like, in original units, beside all customers."""

import numpy as np
import pandas as pd

from seg_utils import dictionary
from seg_utils.personas import derived

COLUMNS = ("segment", "feature", "mean", "median", "q25", "q75", "population_mean", "population_median", "z")


def profile(customers: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Profile of every segment over the dictionary's features and the derived ones, tidy.

    Missing values are left out of a statistic; a segment without any value has NaN there. ``z`` is (segment mean −
    population mean) / population standard deviation after the dictionary's transformation; 0 where nothing varies.

    Args:
        customers: canonical columns, original units, one row a customer.
        labels: segments 0..k-1, shape (n,).

    Returns:
        One row a segment and feature, columns ``COLUMNS``, ordered by segment, then by the dictionary.
    """
    known = dictionary.load()
    frame = derived.add(customers)
    features = [one for one in (*known.features, *known.derived) if one.name in frame]
    frame = frame[[one.name for one in features]].astype("float64")
    parts = [_one_feature(frame[one.name], one.transform, np.asarray(labels)) for one in features]
    tidy = pd.concat(parts, ignore_index=True)
    order = {one.name: position for position, one in enumerate(features)}
    tidy = tidy.sort_values(
        ["segment", "feature"], key=lambda column: column.map(order) if column.name == "feature" else column
    )
    return tidy.reset_index(drop=True)[list(COLUMNS)]


def _one_feature(values: pd.Series, transform: str, labels: np.ndarray) -> pd.DataFrame:
    transformed = np.log1p(values) if transform == "log1p" else values
    spread = transformed.std(ddof=0)
    by_segment = values.groupby(labels)
    z = (transformed.groupby(labels).mean() - transformed.mean()) / spread if spread > 0 else 0.0
    table = pd.DataFrame(
        {
            "mean": by_segment.mean(),
            "median": by_segment.median(),
            "q25": by_segment.quantile(0.25),
            "q75": by_segment.quantile(0.75),
        }
    )
    table = table.assign(
        feature=values.name, population_mean=values.mean(), population_median=values.median(), z=z
    ).rename_axis("segment")
    return table.reset_index()
