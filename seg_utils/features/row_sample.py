"""Some of many rows, drawn at random and the same again for a seed."""

import numpy as np


def drawn(n: int, most: int, seed: int) -> np.ndarray:
    """Positions of at most so many of n rows, drawn without replacement, in order."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))
