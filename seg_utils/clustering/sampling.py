"""The customers that an algorithm is fitted on where it cannot be fitted on all of them."""

import numpy as np

MOST_ROWS = 12_000
"""Ward's n²/2 distances take 576 MB at this size; the mixture and the density methods stay within a minute."""


def sample(rows: np.ndarray, seed: int) -> np.ndarray:
    """At most ``MOST_ROWS`` of the rows, drawn without replacement, in their order."""
    return rows[drawn(len(rows), MOST_ROWS, seed)]


def drawn(n: int, most: int, seed: int) -> np.ndarray:
    """Positions of at most so many of n rows, drawn without replacement, in order."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))
