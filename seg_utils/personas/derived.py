"""The data dictionary's derived features, as columns beside the customers' own."""

import pandas as pd

from seg_utils.core import dictionary


def add(customers: pd.DataFrame) -> pd.DataFrame:
    """The customers with the dictionary's derived columns behind their own.

    A derived feature that needs a column the customers lack is left out.

    Args:
        customers: canonical columns, original units, shape (n, columns).
    """
    known = dictionary.load().derived
    columns = {one.name: one.formula.compute(customers) for one in known if set(one.formula.needs) <= set(customers)}
    return customers.assign(**columns)
