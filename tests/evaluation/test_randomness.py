"""Every replicate, reference and start has a random source of its own, and another seed gives all of them others."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from seg_utils.clustering import kmeans
from seg_utils.core import processes
from seg_utils.evaluation import evidence
from seg_utils.evaluation.comparison import latent_classes
from seg_utils.evaluation.resampling import lookalike_gap, subsampling
from seg_utils.evaluation.resampling.bootstrap import bootstrap
from seg_utils.evaluation.resampling.prediction_strength import halves
from seg_utils.evaluation.verdict import repeats
from seg_utils.personas import subgroups

CLOUD = np.random.default_rng(1).normal(size=(150, 3))
FOUND = kmeans(CLOUD, 3, seed=0)
ROWS = np.arange(150)
PEOPLE = pd.DataFrame({"customer_id": [*map(str, ROWS)], "BALANCE": CLOUD[:, 0], "PURCHASES": CLOUD[:, 1]})


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    """What a copy of this process asks for is not to be seen from here."""
    monkeypatch.setattr(processes, "FORKS", False)


def repeated(seed):
    chosen = {"scale": "standard", "impute": "mean", "features": ["BALANCE", "PURCHASES"]}
    return repeats.repeated(PEOPLE, [2], seed=seed, repeats=4, **chosen)


PROCEDURES = {
    "bootstrap": (lambda seed: bootstrap(CLOUD, FOUND.labels, seed=seed, replicates=4), 4),
    "half splits": (lambda seed: halves(CLOUD, 3, seed=seed, splits=4), 4),
    "subsamples": (lambda seed: subsampling.refit("ward", CLOUD, FOUND, seed=seed, count=4), 4),
    "boxes": (lambda seed: evidence._box_scores(CLOUD, ROWS, {3: FOUND}, seed), evidence.BOXES),
    "lookalikes": (lambda seed: lookalike_gap.lookalikes(CLOUD, seed, 4), 5),
    "latent classes": (lambda seed: latent_classes.fit(CLOUD, 3, seed=seed), latent_classes.STARTS),
    "sub-groups": (lambda seed: subgroups.look(PEOPLE, CLOUD, 0 * ROWS, ["All"], 0, seed=seed), subgroups.REPLICATES),
    "repeats": (repeated, 4),
}


@pytest.mark.parametrize("name", PROCEDURES)
def test_each_draw_is_another(monkeypatch, name):
    run, least = PROCEDURES[name]
    sources = np.random.default_rng
    monkeypatch.setattr(repeats, "recommended", lambda X, ks, *, seed, acceptable: None)

    def drawn(seed):
        seen = []
        monkeypatch.setattr(np.random, "default_rng", lambda own: seen.append(own) or sources(own))
        run(seed)
        return [tuple(own) for own in seen if isinstance(own, list)]  # a start's own number may be used again

    first, other = drawn(7), drawn(8)
    assert len(first) == len(set(first)) >= least
    assert not {*first} & {*other}


def test_replicates_differ_from_one_another():
    found = bootstrap(CLOUD, FOUND.labels, seed=3, replicates=4)
    assert len(set(found.ari)) == len(np.unique(found.jaccard, axis=0)) == 4
    assert len(set(halves(CLOUD, 3, seed=3, splits=4)[1])) == 8
    assert len(set(subsampling.refit("ward", CLOUD, FOUND, seed=3, count=4)[0])) == 4
    assert len({draw.tobytes() for draw in lookalike_gap.lookalikes(CLOUD, 3, 4)}) == 4


def test_agreement_over_seeds_is_the_mean_over_all_of_them(monkeypatch):
    by_chance = {seed: np.random.default_rng(seed).integers(3, size=150) for seed in (1, 2, 3)}
    made = {seed: SimpleNamespace(labels=labels) for seed, labels in by_chance.items()}
    monkeypatch.setattr(subsampling.algorithms, "fit", lambda name, X, k, *, seed: made[seed])
    single = [subsampling.seeds_agreement("gmm", CLOUD, FOUND, seeds=[seed]) for seed in (1, 2, 3)]
    assert len(set(single)) == 3
    assert subsampling.seeds_agreement("gmm", CLOUD, FOUND, seeds=[1, 2, 3]) == pytest.approx(np.mean(single))
    assert subsampling.seeds_agreement("ward", CLOUD, FOUND, seeds=[1]) is None, "a seed changes nothing"


def test_each_repeat_asks_the_rule_with_a_seed_of_its_own(monkeypatch):
    asked = []
    monkeypatch.setattr(repeats, "recommended", lambda X, ks, *, seed, acceptable: asked.append((seed, X.tobytes())))
    repeated(5)
    assert sorted(seed for seed, _ in asked) == [5, 6, 7, 8]
    assert len({drawn for _, drawn in asked}) == 4
