"""Derived features: ratios and scores over the customers' columns, as the data dictionary defines them."""

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.dictionary import Derived

FIFTHS = 5


def add(customers: pd.DataFrame) -> pd.DataFrame:
    """The customers with the dictionary's derived columns behind their own.

    A derived feature that needs a column the customers lack is left out.

    Args:
        customers: canonical columns, original units, shape (n, columns).
    """
    known = dictionary.load().derived
    columns = {one.name: _compute(customers, one) for one in known if set(one.needs) <= set(customers)}
    return customers.assign(**columns)


def _compute(customers: pd.DataFrame, feature: Derived) -> pd.Series:
    if feature.of:
        divisor = _sum(customers, feature.to)
        ratio = _sum(customers, feature.of) / divisor.where(divisor > 0)
        return ratio.clip(lower=0, upper=feature.at_most)
    if feature.fifth:
        return _fifth(_sum(customers, feature.fifth))
    return sum(customers[name].clip(lower=0) * weight for name, weight in feature.weighted)


def _sum(customers: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    return customers[list(names)].sum(axis=1, skipna=False)


def _fifth(values: pd.Series) -> pd.Series:
    """1 to 5 by position among the customers; equal values get equal scores."""
    return np.ceil(values.rank(pct=True) * FIFTHS).astype("float64")
