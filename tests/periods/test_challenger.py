from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering
from seg_utils.features import feature_space
from seg_utils.periods import challenger, identity
from seg_utils.periods.lineage import KEPT
from seg_utils.scoring import model as scoring

from .conftest import month


@pytest.fixture(scope="module")
def fitted(model, before):
    return challenger.fit(model, model.locate(month(before, seed=7)[0]))


def test_the_same_kinds_of_customers_bring_the_same_segments(model, fitted):
    assert all(fate.kind in KEPT for fate in fitted.fates)
    assert fitted.emerged == []
    assert -0.001 <= fitted.loss < challenger.DRAWS / 1000
    assert min(fitted.sure) >= 0.5


def test_survivors_keep_key_name_and_colour_whatever_their_number(model, before, fitted, tmp_path):
    turned = replace(
        model,
        placement=replace(model.placement, centres=model.placement.centres[::-1]),
        centroids=model.centroids[::-1],
        scaled_centroids=model.scaled_centroids[::-1],
        sizes=model.sizes[::-1],
        segments=tuple({**words, "key": 10 + number} for number, words in enumerate(model.segments))[::-1],
    )
    now = month(before, seed=7)[0]
    again = challenger.fit(turned, turned.locate(now))
    fresh = challenger.as_model(turned, again, now, unused=20)
    fresh.save(tmp_path / "challenger.json")
    read = scoring.load(tmp_path / "challenger.json")
    assert sorted(identity.keys(read).tolist()) == [10, 11, 12, 13]
    old = {one["key"]: one for one in identity.described(turned)}
    assert {one["key"]: one for one in identity.described(read)} == old
    by_key = {key: model.centroids[key - 10] for key in old}
    for key, centre in zip(identity.keys(read).tolist(), read.centroids, strict=True):
        nearest = min(by_key, key=lambda other: np.linalg.norm(by_key[other] - centre))
        assert nearest == key


@pytest.fixture(scope="module")
def without_one(model, before):
    """A period in which the customers of one segment do what those of others do, and what is found in it."""
    now = before.copy()
    segment = model.place(before)["segment"]
    gone = segment == 0
    donors = before[~gone].sample(int(gone.sum()), random_state=0, replace=True)
    behaviour = before.columns.drop("customer_id")
    now.loc[gone, behaviour] = donors[behaviour].to_numpy()
    return now, challenger.fit(model, model.locate(now))


def test_a_new_segment_takes_neither_name_nor_colour_of_a_survivor(model, without_one, monkeypatch):
    now, found = without_one
    survivor = model.segments[3] | {"persona": "Same", "colour": 3}
    monkeypatch.setattr(challenger.identity, "people", lambda *_: [survivor] * 4)
    others = [words | {"colour": number} for number, words in enumerate(model.segments[:3])]
    called = model.described([*others, survivor])
    fresh = identity.described(challenger.as_model(called, found, now, unused=4))
    assert "Same" in {one["persona"] for one in fresh}
    assert len({one["persona"] for one in fresh}) == len({one["colour"] for one in fresh}) == 4


def test_what_did_not_survive_gets_a_new_key_name_and_colour(model, without_one):
    now, found = without_one
    lost = [number for number, fate in enumerate(found.fates) if fate.kind not in KEPT]
    assert lost
    assert found.loss > 0.02
    fresh = challenger.as_model(model, found, now, unused=4)
    described = identity.described(fresh)
    new = [one for one in described if one["key"] >= 4]
    assert new
    assert len({one["persona"] for one in described}) == len({one["colour"] for one in described}) == len(described)
    told = challenger.summary(model, found, fresh)
    assert [one["key"] for one in told["segments"] if one["fate"] not in KEPT] == lost


def test_it_is_the_same_again(model, before):
    now = month(before, seed=7)[0]
    one, other = (challenger.fit(model, model.locate(now)) for _ in range(2))
    assert (one.fates, one.sure, one.loss) == (other.fates, other.sure, other.loss)
    assert (one.clustering.labels == other.clustering.labels).all()


def test_a_challenger_of_another_number_is_traced_to_the_segments_in_force(model, before):
    placed = model.locate(month(before, seed=7)[0])
    more = challenger.fit(model, placed, 6)
    assert more.clustering.k == 6
    assert len(more.fates) == len(more.sure) == len(model.sizes)
    assert more.shared.shape == (4, 6)
    assert more.shared.sum() == len(before)
    fresh = challenger.as_model(model, more, before, unused=4)
    described = identity.described(fresh)
    assert len({one["key"] for one in described}) == len({one["persona"] for one in described}) == 6


def test_how_many_segments_a_period_recommends_is_the_rule_of_the_run():
    random = np.random.default_rng(2)
    features, island = ["BALANCE", "PURCHASES", "PAYMENTS"], np.arange(600) % 3
    frame = pd.DataFrame(random.normal(0, 20, (600, 3)) + 1000 * np.eye(3)[island] + 100, columns=features)
    frame.insert(0, "customer_id", [f"C{number}" for number in range(600)])
    space = feature_space.fit(frame, scale="standard", impute="median", features=features)
    found = clustering.kmeans(space.transform(frame), 2, seed=1)
    two = scoring.build(frame, space, found, algorithm="kmeans", seed=1)
    advice = challenger.recommendation(two, two.locate(frame))
    assert advice["k"] == 3
    assert advice["sentence"]


def corners(wide):
    """Customers at the corners of a rectangle, which two segments may halve either way."""
    random = np.random.default_rng(1)
    corner = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])[np.arange(600) % 4] * [wide, 1.0]
    frame = pd.DataFrame(100 * corner + random.normal(0, 5, (600, 2)) + 100, columns=["BALANCE", "PURCHASES"])
    frame.insert(0, "customer_id", [f"C{number}" for number in range(600)])
    return frame


@pytest.mark.parametrize(("wide", "kept"), [(0.998, True), (0.8, False)])
def test_of_optima_that_are_as_good_the_one_of_the_segments_in_force_is_taken(wide, kept):
    first = corners(1.0)
    space = feature_space.fit(first, scale="standard", impute="median", features=["BALANCE", "PURCHASES"])
    halves = clustering.from_centres(space.transform(first), np.array([[1.0, 0.0], [-1.0, 0.0]]))
    model = scoring.build(first, space, halves, algorithm="kmeans", seed=1)
    placed = model.locate(now := corners(wide))
    assert (clustering.kmeans(space.transform(now), 2, seed=1).labels != placed.segment).mean() == pytest.approx(
        0.5, abs=0.02
    )  # fresh starts halve it the other way
    found = challenger.fit(model, placed)
    assert all((fate.kind in KEPT) == kept for fate in found.fates)
    assert (found.loss < challenger.AS_GOOD) == kept
