"""The transformation of amounts and counts, in one place for spaces, profiles and figures."""

import numpy as np


def signed_log1p(values: np.ndarray) -> np.ndarray:
    """log1p of what is above zero, and its mirror image below: sign(x) · log(1 + |x|), elementwise.

    An account in credit by 50 is as far from zero as one that owes 50. Source: John and Draper, An alternative family
    of transformations, Applied Statistics 29 (1980), with exponent 0.
    """
    return np.copysign(np.log1p(np.abs(values)), values)
