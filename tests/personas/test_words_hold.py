"""No sentence, name or description says what the profile does not."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from seg_utils import personas
from seg_utils.core import dictionary, words
from seg_utils.personas import naming, portrait
from seg_utils.personas.naming import standouts

from .populations import population
from .test_matching import MIXES, clustered, named


@pytest.fixture(scope="module", params=[(mix, seed) for mix in MIXES for seed in (11, 12)], ids=str)
def described(request, catalogue):
    mix, seed = request.param
    customers, _ = population(MIXES[mix], seed=seed, size=200)
    labels = clustered(customers, 2 + seed % 7)
    return customers, labels, named(customers, labels, catalogue)


def test_what_sets_apart_is_true_of_means_and_medians(described):
    customers, labels, people = described
    for one in people:
        own = customers[labels == one["segment"]]
        for part in one["sets_apart"]:
            if part["feature"] not in customers:
                continue
            mean, median = own[part["feature"]].mean(), own[part["feature"]].median()
            all_mean, all_median = customers[part["feature"]].mean(), customers[part["feature"]].median()
            np.testing.assert_allclose(part["times"], mean / all_mean)
            if part["direction"] == "high":
                assert mean > all_mean
                assert median >= all_median
            else:
                assert mean < all_mean
                assert median <= all_median


def test_what_nobody_has_is_none_and_told_once(planted):
    customers, labels = planted[0].copy(), planted[1]
    customers.loc[labels == 0, ["PAYMENTS", "CASH_ADVANCE", "CASH_ADVANCE_FREQUENCY", "CASH_ADVANCE_TRX"]] = 0.0
    rows = personas.profile(customers, labels)
    phrases = [one.phrase for one in standouts(rows[rows["segment"] == 0])]
    assert phrases.count("no payments") == 1
    customers.loc[np.flatnonzero(labels == 0)[0], "PAYMENTS"] = 0.01
    rows = personas.profile(customers, labels)
    assert "no payments" not in [one.phrase for one in standouts(rows[rows["segment"] == 0])]


def test_one_topic_is_told_once(described):
    wordings = dictionary.load().wordings
    for one in described[2]:
        topics = [wordings[part["feature"]].topic for part in one["sets_apart"]]
        assert len(topics) == len(set(topics))


def test_qualifiers_order_the_siblings_as_the_data_do(described):
    customers, labels, people = described
    by_word = {
        getattr(one, side): (name, side)
        for name, one in dictionary.load().wordings.items()
        for side in ("higher", "lower")
    }
    for one in people:
        parts = one["persona"].split(", ")[1:]
        siblings = [
            other for other in people if other["persona"] != one["persona"] and other["persona_id"] == one["persona_id"]
        ]
        if not parts or not siblings or parts[0] not in by_word:
            continue
        feature, side = by_word[parts[0]]
        opposite = getattr(dictionary.load().wordings[feature], "lower" if side == "higher" else "higher")
        if feature not in customers:
            continue
        means = customers.groupby(labels)[feature].mean()
        for other in siblings:
            if opposite in other["persona"]:
                assert (means[one["segment"]] > means[other["segment"]]) == (side == "higher")


def test_numbers_of_a_portrait_are_the_tables(described):
    customers, labels, people = described
    for one in people:
        own = customers[labels == one["segment"]]
        text = " ".join(one["portrait"])
        if "typically spend" in text:
            assert f"They typically spend {words.money(own['PURCHASES'].median())} on purchases" in text
        if "pay in full" in text:
            median = own["PRC_FULL_PAYMENT"].median()
            assert (f"pay in full in {words.percent(median)} of months" if median > 0 else "never pay in full") in text
        assert one["portrait"][0].startswith(words.percent(len(own) / len(customers)))
        one_off, instalments = own["ONEOFF_PURCHASES"].sum(), own["INSTALLMENTS_PURCHASES"].sum()
        for way, amount in {"one go": one_off, "instalments": instalments}.items():
            if found := re.search(rf"of all that they spend, ([^,]+) is paid in {way}", text):
                assert found[1] == words.percent(amount / (one_off + instalments))


def test_a_catalogue_line_is_only_used_where_it_is_true(described):
    customers, labels, people = described
    for one in people:
        own = customers[labels == one["segment"]]
        one_off, instalments = own["ONEOFF_PURCHASES"].sum(), own["INSTALLMENTS_PURCHASES"].sum()
        if "buy in one go" in one["description"]:
            assert one_off > instalments
        if "buy in instalments" in one["description"]:
            assert instalments > one_off
        if "mainly to draw cash" in one["description"]:
            assert own["CASH_ADVANCE"].sum() > own["PURCHASES"].sum()
        if "usually pay the whole balance" in one["description"]:
            assert own["PRC_FULL_PAYMENT"].mean() >= 0.5


def test_everything_goes_into_json(described):
    assert json.loads(json.dumps(described[2], allow_nan=False)) == described[2]


def one_row(feature: str, mean: float, population_mean: float, **others: float) -> dict:
    filled = {"segment": 0, "median": mean, "q25": 0.0, "q75": 0.0, "population_median": population_mean, "z": 0.0}
    return {"feature": feature, "mean": mean, "population_mean": population_mean, **filled, **others}


@pytest.mark.parametrize(
    ("mean", "says"),
    [
        (3400.0, r"\$3,400 on purchases, 3\.4 times what the typical customer does"),
        (1050.0, r"\$1,050 on purchases, about as much as the typical customer"),
        (300.0, r"\$300 on purchases, 30 % of what the typical customer does"),
        (20.0, r"hardly anything with the card: \$20"),
    ],
)
def test_words_are_chosen_by_thresholds(mean, says):
    text = " ".join(portrait.sentences(pd.DataFrame([one_row("PURCHASES", mean, 1000.0)]), 10, 0.1))
    assert re.search(says, text)


@pytest.mark.parametrize(
    ("rows", "remembered"),
    [
        ([("PURCHASES", 3400.0, 1000.0, 1.0)], "Of every $100 spent on purchases, $34 is theirs."),
        ([("PURCHASES", 1390.0, 1000.0, 1.0)], "They typically spend $1,390 on purchases, 1.4 times"),
        ([("PRC_FULL_PAYMENT", 0.6, 0.2, 1.0), ("TENURE", 9.0, 11.5, -0.9)], "They typically pay in full in 60 %"),
        ([("PRC_FULL_PAYMENT", 0.4, 0.2, 1.0), ("TENURE", 9.0, 11.5, -0.9)], "Their figures typically cover 9 months"),
        (
            [("CASH_ADVANCE", 1500.0, 500.0, 0.9), ("BALANCE", 4000.0, 1000.0, 1.1)],
            "Of every $100 owed, $40 is theirs.",
        ),
        (
            [("CASH_ADVANCE", 1500.0, 500.0, 0.9), ("PURCHASES", 15.0, 1000.0, -1.4)],
            "For every $1 of purchases they draw $100 in cash.",
        ),
        (
            [("CASH_ADVANCE", 1500.0, 500.0, 0.9), ("PURCHASES", 0.0, 1000.0, -1.4)],
            "They buy nothing with the card, and typically draw $1,500 in cash.",
        ),
        ([("BALANCE", 90.0, 1000.0, -0.8)], "They typically owe $90; the typical customer owes $1,000."),
        ([("TENURE", 7.0, 11.5, -3.0), ("BALANCE", 90.0, 1000.0, -0.8)], "Their figures typically cover 7 months"),
    ],
)
def test_a_portrait_begins_with_the_contrast_that_is_least_usual(rows, remembered):
    table = pd.DataFrame([one_row(name, mean, everyone, z=z) for name, mean, everyone, z in rows])
    size, first, *others = portrait.sentences(table, 10, 0.1)
    assert size == "10 % of all customers (10)."
    assert first.startswith(remembered)
    assert not any(other.startswith(remembered) for other in others)
    assert len({*others}) == len(others)


def test_a_portrait_goes_on_with_what_is_least_usual_and_leaves_the_usual_out():
    means = {"PURCHASES": -0.3, "CASH_ADVANCE": 0.2, "BALANCE": 0.4, "PRC_FULL_PAYMENT": 0.1, "TENURE": 0.6}
    table = pd.DataFrame([one_row(name, 0.9, 1.0, z=z) for name, z in means.items()])
    said = portrait.sentences(table, 10, 0.1)
    verbs = [text.replace("typically ", "").split()[1] for text in said[1:]]
    assert verbs == ["figures", "owe", "spend", "draw", "pay"]
    crowded = pd.concat([table, pd.DataFrame([one_row("PURCHASES_FREQUENCY", 0.5, 0.4, z=0.3)])])
    assert len(portrait.sentences(crowded, 10, 0.1)) == 2 + portrait.KEPT


def test_a_feature_high_in_z_but_low_in_the_mean_sets_nothing_apart():
    rows = pd.DataFrame([one_row("PURCHASES", 700.0, 1000.0, z=0.9), one_row("BALANCE", 2000.0, 1000.0, z=0.8)])
    assert [part.feature for part in standouts(rows)] == ["BALANCE"]


def test_the_faint_is_told_only_where_nothing_is_strong():
    faint, strong = (one_row("PURCHASES", 300.0, 1000.0, z=-0.2), one_row("BALANCE", 2000.0, 1000.0, z=0.8))
    assert [part.phrase for part in standouts(pd.DataFrame([faint]))] == ["low spend"]
    assert [part.phrase for part in standouts(pd.DataFrame([faint, strong]))] == ["large balances"]


def test_identical_segments_are_still_told_apart(profiles):
    first = profiles[profiles["segment"] == 0]
    twins = pd.concat([first, first.assign(segment=1)])
    names = naming._told_apart([0, 1], naming._Table(twins), frozenset())
    assert names == {0: ["group 1"], 1: ["group 2"]}
