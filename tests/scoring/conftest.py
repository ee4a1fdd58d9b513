"""A small model of the bundled kind of customers, and the files new customers come in."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from seg_utils import clustering
from seg_utils.data import load, sample
from seg_utils.features import feature_space
from seg_utils.scoring import model
from seg_utils.scoring.model import SegmentModel

WORDS = {"colour": 0, "description": "They do as they do.", "share": 0.2, "actions": {"now": "Call", "later": "Write"}}
PERSONAS = ('Buyers, "big"', "=cmd()", "Revolvers", "Savers")


@pytest.fixture(scope="session")
def trained(tmp_path_factory) -> pd.DataFrame:
    """Twelve hundred customers as the loader gives them."""
    path = tmp_path_factory.mktemp("trained") / "trained.csv"
    sample.generate(1200, seed=5)[0].to_csv(path, index=False)
    return load(path).frame


@pytest.fixture(scope="session")
def made(trained) -> SegmentModel:
    """Four segments of them, with names that are hard on CSV."""
    fitted = feature_space.fit(trained, scale="log", impute="median")
    found = clustering.kmeans(fitted.transform(trained), len(PERSONAS), seed=1, min_starts=5, max_starts=5)
    bare = model.build(trained, fitted, found, algorithm="kmeans", seed=1)
    return bare.described([WORDS | {"persona": persona} for persona in PERSONAS])


@pytest.fixture(scope="session")
def run_folder(made, trained, tmp_path_factory) -> Path:
    """What a run leaves behind that scoring reads."""
    folder = tmp_path_factory.mktemp("outputs") / "sample" / "log-median" / "k4"
    folder.mkdir(parents=True)
    made.save(folder / "model.json")
    trained[["customer_id"]].assign(segment=made.locate(trained).segment).to_parquet(folder / "assignments.parquet")
    return folder


@pytest.fixture
def csv_of(tmp_path) -> Callable[[pd.DataFrame], Path]:
    """Write customers as a CSV file."""

    def write(frame: pd.DataFrame, name: str = "new.csv") -> Path:
        frame.to_csv(tmp_path / name, index=False)
        return tmp_path / name

    return write
