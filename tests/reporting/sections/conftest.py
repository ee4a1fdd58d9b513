"""Runs made by hand, small and seeded: what the stops leave behind, without the stops."""

import pytest

from .runs import make_run


@pytest.fixture(scope="session")
def two():
    return make_run(2)


@pytest.fixture(scope="session")
def twelve():
    return make_run(12)
