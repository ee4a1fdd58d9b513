"""The customers that an algorithm is fitted on where it cannot be fitted on all of them."""

import numpy as np

from seg_utils.features.row_sample import drawn

MOST_ROWS = 12_000
"""Ward's n²/2 distances take 576 MB at this size; the mixture and the density methods stay within a minute."""


def sample(rows: np.ndarray, seed: int) -> np.ndarray:
    """At most ``MOST_ROWS`` of the rows, drawn without replacement, in their order."""
    return rows[drawn(len(rows), MOST_ROWS, seed)]
