import dataclasses

import pandas as pd
import pytest

from seg_utils import evaluation
from seg_utils.core import processes
from seg_utils.data import sample
from seg_utils.evaluation import scale_comparison
from seg_utils.evaluation.resampling import replicates
from seg_utils.features import feature_space


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return sample.generate(300, 5)[0]


def test_scales_are_compared_by_stability_and_agreement(customers):
    told = []
    compared = evaluation.compare_scales(customers, [3, 4], progress=lambda text, done: told.append(done))
    assert told == sorted(set(told))
    assert (told[-1], len(told)) == (1, 6)
    stability, agreement = compared["stability"], compared["agreement"]
    assert stability[["scale", "k"]].to_numpy().tolist() == [
        [s, k] for s in ("log", "standard", "robust") for k in (3, 4)
    ]
    assert not {"silhouette", "inertia"} & set(stability.columns)
    assert agreement.loc[agreement["k"] == 3, ["scale", "other"]].to_numpy().tolist() == [
        ["log", "standard"], ["log", "robust"], ["standard", "robust"],
    ]  # fmt: skip
    assert agreement["ari"].between(-0.5, 1).all()
    assert (stability["replicates"] >= replicates.REPLICATES[0]).all()
    assert stability["splits"].isin(replicates.SPLITS[:-1]).all()


def test_what_was_gathered_is_not_computed_again(customers, monkeypatch):
    X = feature_space.fit(customers, scale="log", impute="median").transform(customers)
    gathered = evaluation.gather(X, [3], seed=42)
    marked = dataclasses.replace(gathered, scores=gathered.scores.assign(min_jaccard=0.123))
    looked = []
    look = scale_comparison._look
    monkeypatch.setattr(processes, "FORKS", False)  # what a copy of this process does is not to be seen from here
    monkeypatch.setattr(scale_comparison, "_look", lambda same, k, seed: looked.append(k) or look(same, k, seed))
    compared = evaluation.compare_scales(customers, [3, 4], scales=["log"], gathered={"log": marked})
    assert looked == [4]
    assert compared["stability"]["min_jaccard"].iloc[0] == 0.123
    assert compared["stability"]["replicates"].iloc[0] == gathered.scores["replicates"].iloc[0]


def test_order_of_the_file_does_not_matter(customers):
    shuffled = customers.sample(frac=1, random_state=1)
    one, other = (evaluation.compare_scales(c, [3], scales=["standard"])["stability"] for c in (customers, shuffled))
    pd.testing.assert_frame_equal(one, other)
