import numpy as np
import pandas as pd
import pytest

from seg_utils import personas

from .populations import population

SEVEN = (
    "transactors",
    "revolvers",
    "premium",
    "dormant",
    "instalment_buyers",
    "cash_advance_dependent",
    "one_off_buyers",
)


@pytest.fixture(scope="session")
def catalogue():
    return personas.catalogue.load()


@pytest.fixture(scope="session")
def planted() -> tuple[pd.DataFrame, np.ndarray]:
    """Seven planted personas: customers, and the persona's number of each."""
    customers, truth = population(SEVEN, seed=5)
    return customers, np.array([SEVEN.index(one) for one in truth])


@pytest.fixture(scope="session")
def profiles(planted) -> pd.DataFrame:
    return personas.profile(*planted)


@pytest.fixture(scope="session")
def people(planted, profiles, catalogue) -> list[dict]:
    customers, labels = planted
    return personas.match(customers, labels, profiles, catalogue)
