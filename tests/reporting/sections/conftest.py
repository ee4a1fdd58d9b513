"""Runs made by hand, small and seeded: what the stops leave behind, without the stops."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.personas import descriptors

from .runs import make_run

HOSTILE = "<script>alert(1)</script> `{=html}` $\\frac{ |_x_ 客\u202e"


@pytest.fixture(scope="session")
def two():
    return make_run(2)


@pytest.fixture(scope="session")
def twelve():
    return make_run(12)


@pytest.fixture(scope="session")
def described():
    """Three segments that differ in age and not in a hostile column, which a tenth has no value of."""
    random = np.random.default_rng(5)
    segments = np.arange(600) % 3
    levels = random.choice([HOSTILE, "_hidden", "web", *(f"town {i}" for i in range(20))], 600)
    columns = {
        "customer_id": [str(i) for i in range(600)],
        "AGE": random.normal(40 + 10 * segments, 5),
        HOSTILE: pd.Series(levels).where(np.arange(600) % 10 > 0),
    }
    names = dict(enumerate(["Persona A", "Persona B", "Persona C"]))
    return make_run(3, segment_descriptors=descriptors.profile(pd.DataFrame(columns), segments, names, seed=1))
