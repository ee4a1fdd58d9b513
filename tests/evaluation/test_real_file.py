"""The verdict on the public file, and on the same file told otherwise."""

import numpy as np
import pandas as pd
import pytest

from seg_utils import evaluation
from seg_utils.clustering import kmeans
from seg_utils.core import dictionary
from seg_utils.core.paths import PROJECT
from seg_utils.features import feature_space

REAL = PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"

pytestmark = pytest.mark.skipif(not REAL.exists(), reason=f"{REAL.name} is not here")


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    return pd.read_csv(REAL)


def coordinates(customers: pd.DataFrame, scale: str = "log") -> np.ndarray:
    return feature_space.fit(customers, scale=scale, impute="median").transform(customers)


def test_log_scale_recommends_six(real):
    verdict = evaluation.judge(evaluation.gather(coordinates(real), range(5, 8), seed=42))
    assert verdict["recommended_k"] == 6
    assert verdict["structure"] == "regions"
    assert verdict["switches"]["groups"], "there is more to them than yes or no"
    assert len(verdict["switches"]["columns"]) == 4
    assert 0.6 < verdict["switches"]["told"] < 0.8
    assert "members of a segment change" in evaluation.standing(verdict, 7)["sentence"]


def test_another_currency_changes_no_verdict_but_within_its_stated_doubt(real):
    """log1p weighs zeros against amounts by their unit, so the border's density moves, here by a tenth of its error."""
    amounts = [feature.name for feature in dictionary.load().features if feature.kind == "amount"]
    cheaper = real.assign(**{name: real[name] * 90 for name in amounts})
    verdict = evaluation.judge(evaluation.gather(coordinates(cheaper), [6, 7], seed=42))
    assert 6 in {verdict["recommended_k"], *verdict["too_close_to_call"]["between"]}
    assert 7 not in {verdict["recommended_k"], *verdict["too_close_to_call"]["between"]}


def test_weak_segments_of_seven_are_named(real):
    X = coordinates(real)
    seven = evaluation.stability(X, kmeans(X, 7, seed=42), seed=42, replicates=20)
    assert "do not build on" in seven["grades"]
    six = evaluation.stability(X, kmeans(X, 6, seed=42), seed=42, replicates=20)
    assert set(six["grades"]) == {"firm"}
    assert min(six["jaccard"]) >= 0.9
