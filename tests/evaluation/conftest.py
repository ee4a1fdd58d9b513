"""Populations and evidence that several tests share."""

import sys
from pathlib import Path

import numpy as np
import pytest

from seg_utils import evaluation

sys.path.insert(0, str(Path(__file__).parent))

from planted import blobs


@pytest.fixture(scope="session")
def five_blobs() -> np.ndarray:
    """500 customers in five well separated blobs."""
    return blobs(np.random.default_rng(7), [3, 2, 2, 2, 1], n=500, features=4, separation=6)[0]


@pytest.fixture(scope="session")
def evidence(five_blobs: np.ndarray) -> evaluation.Evidence:
    return evaluation.gather(five_blobs, range(2, 8), seed=42)
