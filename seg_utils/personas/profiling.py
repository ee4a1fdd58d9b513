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
    values = _described(customers)
    by_segment = values.groupby(np.asarray(labels))
    quartiles = by_segment.quantile([0.25, 0.5, 0.75])
    tables = {
        "mean": by_segment.mean(),
        "median": quartiles.xs(0.5, level=1),
        "q25": quartiles.xs(0.25, level=1),
        "q75": quartiles.xs(0.75, level=1),
        "z": _z_scores(values, labels),
    }
    tidy = pd.DataFrame({name: table.stack() for name, table in tables.items()})
    tidy = tidy.rename_axis(["segment", "feature"]).reset_index()
    tidy["population_mean"] = tidy["feature"].map(values.mean())
    tidy["population_median"] = tidy["feature"].map(values.median())
    return tidy[list(COLUMNS)]


def _described(customers: pd.DataFrame) -> pd.DataFrame:
    """The dictionary's features and derived features, in its order; columns the customers lack are left out."""
    known = dictionary.load()
    frame = derived.add(customers)
    return frame[[one.name for one in (*known.features, *known.derived) if one.name in frame]].astype("float64")


def _z_scores(values: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    known = dictionary.load()
    logs = [name for name in values if known[name].transform == "log1p"]
    transformed = values.assign(**{name: np.log1p(values[name]) for name in logs})
    spread = transformed.std(ddof=0)
    distance = transformed.groupby(np.asarray(labels)).mean() - transformed.mean()
    return distance / spread.replace(0.0, np.inf)
