"""What each segment looks like, in original units with derived features, beside all customers; and each
customer, as a segment of one."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.transformation import signed_log1p

COLUMNS = (
    "segment", "feature", "mean", "median", "q25", "q75", "population_mean", "population_median", "z", "rank",
)  # fmt: skip


class Readings(NamedTuple):
    """One feature as read of several segments or customers, arrays of shape (k,)."""

    z: np.ndarray
    mean: np.ndarray
    median: np.ndarray

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "Readings":
        """Of one feature's rows in a table of profiles."""
        return cls(*(rows[name].to_numpy() for name in cls._fields))


def profile(customers: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Profile of every segment over the dictionary's features and the derived ones, tidy.

    Missing values are left out of a statistic; a segment without any value has NaN there. ``z`` is (segment mean −
    population mean) / population standard deviation after the dictionary's transformation; 0 where nothing varies.
    ``rank`` is where the segment's median stands among all customers, from 0 (the lowest) to 1: the share of them
    below it plus half the share at it, and one half where it equals their median.

    Args:
        customers: canonical columns, original units, one row a customer.
        labels: segments 0..k-1, shape (n,).

    Returns:
        One row a segment and feature, columns ``COLUMNS``, ordered by segment, then by the dictionary.
    """
    values = described(customers)
    by_segment = values.groupby(np.asarray(labels))
    quartiles = by_segment.quantile([0.25, 0.5, 0.75])
    standardised = pd.DataFrame({name: _standardised(values[name]) for name in values})
    tables = {
        "mean": by_segment.mean(),
        "median": quartiles.xs(0.5, level=1),
        "q25": quartiles.xs(0.25, level=1),
        "q75": quartiles.xs(0.75, level=1),
        "z": standardised.groupby(np.asarray(labels)).mean(),
    }
    tidy = pd.DataFrame({name: table.stack() for name, table in tables.items()})
    tidy = tidy.rename_axis(["segment", "feature"]).reset_index()
    tidy["population_mean"] = tidy["feature"].map(values.mean())
    tidy["population_median"] = tidy["feature"].map(values.median())
    tidy["rank"] = pd.concat([_ranks(rows, values[name]) for name, rows in tidy.groupby("feature", sort=False)])
    return tidy[list(COLUMNS)]


def _ranks(rows: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Where medians stand among all customers' values of a feature."""
    known = np.sort(values.dropna())
    below, up_to = (np.searchsorted(known, rows["median"], side) for side in ("left", "right"))
    ranks = (below + up_to) / (2 * max(len(known), 1))
    ranks[(rows["median"] == rows["population_median"]).to_numpy()] = 0.5
    return pd.Series(ranks, index=rows.index).where(rows["median"].notna())


def of_segments(profiles: pd.DataFrame) -> dict[str, Readings]:
    """Readings of every feature in ``profile``'s table, shape (k,), in the order of the segments' numbers."""
    segments = sorted(profiles["segment"].unique())
    by_feature = profiles.groupby("feature", sort=False)
    return {feature: Readings.of(rows.set_index("segment").reindex(segments)) for feature, rows in by_feature}


def of_customers(values: pd.DataFrame, features: set[str]) -> dict[str, Readings]:
    """Readings of every customer, shape (n,): what ``profile`` would say of a segment that holds only this one.

    ``values`` is ``described``'s table.
    """
    return {
        name: Readings(_standardised(values[name]).to_numpy(), own, own)
        for name in values
        if name in features
        for own in [values[name].to_numpy()]
    }


def described(customers: pd.DataFrame) -> pd.DataFrame:
    """The dictionary's features and derived features of each customer, in its order, shape (n, features); what the
    customers lack is left out."""
    known = dictionary.load()
    frame = with_derived(customers)
    return frame[[feature.name for feature in (*known.features, *known.derived) if feature.name in frame]].astype(
        "float64"
    )


def _standardised(values: pd.Series) -> pd.Series:
    transformed = signed_log1p(values) if dictionary.load()[values.name].transform == "log1p" else values
    spread = transformed.std(ddof=0)
    return (transformed - transformed.mean()) / (spread if spread > 0 else np.inf)


def with_derived(customers: pd.DataFrame) -> pd.DataFrame:
    """The customers (canonical columns, original units) with the dictionary's derived columns behind their own, but for
    those that need a column which the customers lack."""
    known = dictionary.load().derived
    columns = {
        feature.name: feature.formula.compute(customers)
        for feature in known
        if set(feature.formula.needs) <= set(customers)
    }
    return customers.assign(**columns)
