"""Fixtures: good customers to break, and how to read what a test wrote."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from seg_utils import data

from .good_customers import good_customers


@pytest.fixture(scope="session")
def good() -> pd.DataFrame:
    """Three hundred good customers; copy before breaking."""
    return good_customers()


@pytest.fixture(scope="session")
def good_text(good: pd.DataFrame) -> pd.DataFrame:
    """The same as the texts a CSV holds, missing values blank."""
    columns = {}
    for name in good:
        columns[name] = ["" if pd.isna(value) else str(value) for value in good[name].tolist()]
    return pd.DataFrame(columns)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., data.Customers]:
    """Write bytes, or a frame as CSV, and load it: ``read(content, name="customers.csv", **load_options)``."""

    def write_and_load(content: bytes | str | pd.DataFrame, name: str = "customers.csv", **options: object):
        path = tmp_path / name
        if isinstance(content, pd.DataFrame):
            content = content.to_csv(index=False, lineterminator="\n")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        loaded = data.load(path, **options)
        assert all(finding.message for finding in loaded.findings)  # each has a wording, whose places are all filled
        return loaded

    return write_and_load
