"""A hundred customers in three segments, small enough to reckon by hand."""

import numpy as np
import pandas as pd
import pytest

from seg_utils import strategy
from seg_utils.core import dictionary
from seg_utils.core.paths import PROJECT

REAL = PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"

SIZES = (50, 30, 20)
PERSONAS = ("transactors", "cash_advance_dependent", "unnamed")
WORDS = ("objective", "now", "later", "offer", "channel", "kpi", "guardrail", "owner")


@pytest.fixture
def labels() -> np.ndarray:
    return np.repeat(range(3), SIZES)


@pytest.fixture
def customers(labels) -> pd.DataFrame:
    frame = pd.DataFrame(0.0, index=range(100), columns=dictionary.load().names)
    frame["PURCHASES"] = np.array([1000.0, 0.0, 500.0])[labels]
    frame["BALANCE"] = np.array([100.0, 2000.0, 400.0])[labels]
    frame["CASH_ADVANCE"] = np.array([0.0, 3000.0, 0.0])[labels]
    frame["PAYMENTS"] = np.array([1000.0, 500.0, 500.0])[labels]
    frame["CREDIT_LIMIT"] = 5000.0
    frame["PRC_FULL_PAYMENT"] = np.array([1.0, 0.0, 0.5])[labels]
    frame.insert(0, "customer_id", [f"C{row}" for row in range(100)])
    return frame


@pytest.fixture
def people() -> list[dict]:
    return [
        {
            "segment": segment,
            "size": size,
            "share": size / 100,
            "persona_id": persona,
            "persona": persona.capitalize(),
            "strategy": {word: f"{word} {segment}" for word in WORDS},
        }
        for segment, (size, persona) in enumerate(zip(SIZES, PERSONAS, strict=True))
    ]


@pytest.fixture
def assumptions() -> strategy.assumptions.Assumptions:
    return strategy.assumptions.load()


@pytest.fixture(scope="session")
def public_file() -> pd.DataFrame:
    if not REAL.exists():
        pytest.skip("the public customers file is not there")
    return pd.read_csv(REAL)
