import numpy as np
import pandas as pd
import pytest
from planted import blobs, flagged, persona_customers, standardised
from test_rule import made_up

from seg_utils import evaluation, personas
from seg_utils.clustering import kmeans
from seg_utils.core import threads
from seg_utils.evaluation import repeats
from seg_utils.features import feature_space

OPTIONS = {"scale": "log", "impute": "median"}


@pytest.fixture(scope="module")
def cards() -> pd.DataFrame:
    return persona_customers(np.random.default_rng(0), 3, 600)[0]


def test_groups_that_are_there_come_again_on_other_customers(cards):
    found = repeats.repeated(cards, [2, 3, 4], **OPTIONS, features=list(cards), repeats=3)
    assert found == [3, 3, 3]


def test_one_core_finds_the_same_in_every_repeat(cards, monkeypatch):
    options = {**OPTIONS, "features": list(cards)[:5]}
    two = (
        repeats.repeated(cards, [2, 3], **options, repeats=3),
        repeats.otherwise(cards, [2], **options, leave_out=False),
    )
    monkeypatch.setattr(threads, "cores", lambda: 1)
    one = (
        repeats.repeated(cards, [2, 3], **options, repeats=3),
        repeats.otherwise(cards, [2], **options, leave_out=False),
    )
    assert one == two


def test_a_cloud_has_no_segments_in_any_repeat():
    ball = pd.DataFrame(
        np.exp(np.random.default_rng(1).normal(size=(500, 3))), columns=["BALANCE", "PURCHASES", "PAYMENTS"]
    )
    assert repeats.repeated(ball, [2, 3], **OPTIONS, features=list(ball), repeats=2) == [None, None]


def test_every_scale_and_every_feature_left_out(cards):
    features = ["BALANCE", "ONEOFF_PURCHASES", "CASH_ADVANCE", "CREDIT_LIMIT"]
    rows = repeats.otherwise(cards, [2, 3], **OPTIONS, features=features, leave_out=True)
    assert [row["scale"] for row in rows[:3]] == ["log", "standard", "robust"]
    assert [row["without"] for row in rows] == [None] * 3 + features
    assert len(repeats.otherwise(cards, [2], **OPTIONS, features=features, leave_out=False)) == 3


def test_the_only_feature_is_not_left_out(monkeypatch):
    monkeypatch.setattr(repeats, "recommended", lambda X, ks, **options: X.shape[1])
    few = pd.DataFrame({"BALANCE": np.arange(1.0, 30.0), "PURCHASES": np.arange(29.0)})
    rows = repeats.otherwise(few, [2], **OPTIONS, features=["BALANCE"], leave_out=True)
    assert [(row["without"], row["recommended_k"]) for row in rows] == [(None, 1)] * 3
    both = repeats.otherwise(few, [2], **OPTIONS, features=["BALANCE", "PURCHASES"], leave_out=True)
    assert [row["recommended_k"] for row in both] == [2, 2, 2, 1, 1]


def test_the_largest_k_that_passes_is_recommended():
    X, _ = blobs(np.random.default_rng(2), [1, 1, 1], n=450, features=3, separation=8)
    assert repeats.recommended(X, [2, 3, 4], seed=1) == 3
    assert repeats.recommended(standardised(np.random.default_rng(3).normal(size=(450, 3))), [2, 3], seed=1) is None


def test_flags_cut_no_acceptable_segments_in_two():
    X, _ = flagged(np.random.default_rng(1), 900)
    assert repeats.recommended(X, [2, 3, 4, 5], seed=1, acceptable=[3]) == 3
    assert repeats.recommended(X, [2, 3, 4, 5], seed=1) > 3, "nothing else tells"


def test_a_repeat_draws_each_customer_once_and_others_each_time():
    first, second = repeats.drawn(1_000, 42, 0), repeats.drawn(1_000, 42, 1)
    assert len(np.unique(first)) == len(first) == 632
    assert set(first) != set(second)


def test_what_is_not_ruled_out_is_worth_repeating(five_blobs):
    evidence = evaluation.gather(five_blobs, range(2, 9), seed=0)
    ks = repeats.worth_repeating(evidence)
    assert ks[0] == 2
    assert 6 <= ks[-1] <= 7


@pytest.mark.parametrize(
    ("changes", "worth"),
    [
        ([{}, {"min_jaccard": 0.6}, {}, {"prediction_strength": 0.6}, {"min_jaccard": 0.1}], [2, 3, 4, 5]),
        ([{}, {}, {"min_jaccard": 0.6}, {"prediction_strength": 0.6}, {"min_jaccard": 0.1}], [2, 3, 4]),
        ([{"min_jaccard": 0.61, "prediction_strength": 0.61}, {"min_jaccard": 0.6}, {"min_jaccard": 0.6}], [2, 3]),
        ([{"min_jaccard": 0.6}, {"prediction_strength": 0.6}, {"min_jaccard": 0.1}], [2, 3]),
    ],
)
def test_numbers_up_to_one_beyond_the_largest_that_is_not_ruled_out_are_repeated(changes, worth):
    assert repeats.worth_repeating(made_up(*changes)) == worth


def test_names_survive_where_segments_do(cards):
    space = feature_space.fit(cards, **OPTIONS)
    labels = kmeans(space.transform(cards), 3, seed=0).labels
    catalogue = personas.catalogue.load()
    people = personas.match(cards, labels, personas.profile(cards, labels), catalogue)
    names = [person["persona"] for person in people]
    again = personas.names_survive(cards, labels, ["Nobody", *names[1:]], space, catalogue, [3, 3, None, 3], seed=0)
    assert again[0] == 0
    assert max(again[1:]) == 0.75
