import numpy as np
import pandas as pd
import pytest

from seg_utils.clustering import Clustering, kmeans, segment_rules
from seg_utils.clustering.segment_rules import Condition, round_between
from seg_utils.core.paths import PROJECT
from seg_utils.data import sample
from seg_utils.features import encoder, feature_space

REAL = PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"


def accuracy(rules, clustering):
    """Share of customers whom the rules place in their own segment."""
    return float(sum(rule.recall * clustering.sizes[rule.segment] for rule in rules) / clustering.sizes.sum())


@pytest.fixture(scope="module")
def explained():
    customers, _ = sample.generate(1_500, 11)
    fitted = feature_space.fit(customers, scale="log", impute="median")
    found = kmeans(fitted.transform(customers), 7, seed=1)
    return customers, fitted, found, segment_rules.rules(customers, fitted, found)


def test_one_rule_a_segment_and_every_customer_meets_exactly_one(explained):
    customers, fitted, _, rules = explained
    assert [rule.segment for rule in rules] == list(range(7))
    filled = fitted.impute_missing(customers)
    met = np.stack([rule.holds(filled) for rule in rules])
    assert (met.sum(axis=0) == 1).all()
    assert [rule.customers for rule in rules] == met.sum(axis=1).tolist()


def test_recall_and_precision_are_what_the_rules_do(explained):
    customers, fitted, found, rules = explained
    filled = fitted.impute_missing(customers)
    for rule in rules:
        met, own = rule.holds(filled), found.labels == rule.segment
        assert rule.recall == pytest.approx((met & own).sum() / own.sum())
        assert rule.precision == pytest.approx((met & own).sum() / met.sum())
    right = sum((rule.holds(filled) & (found.labels == rule.segment)).sum() for rule in rules)
    assert accuracy(rules, found) == pytest.approx(right / len(customers))
    assert accuracy(rules, found) > 0.8


def test_words_use_the_dictionary_and_original_units(explained):
    texts = " ".join(rule.text() for rule in explained[3])
    assert "$" in texts
    assert "_" not in texts
    assert set(explained[3][0].to_dict()) == {"segment", "text", "conditions", "recall", "precision", "customers"}


def test_a_split_makes_the_fewest_mistakes():
    """Two segments that only BALANCE separates without a mistake; PURCHASES separates the centroids too, but badly."""
    random = np.random.default_rng(0)
    customers = pd.DataFrame(
        {
            "BALANCE": np.r_[random.uniform(100, 900, 50), random.uniform(2_000, 9_000, 50)],
            "PURCHASES": np.r_[random.uniform(0, 600, 50), random.uniform(200, 900, 50)],
        }
    )
    fitted = feature_space.fit(customers, scale="standard", impute="median")
    X = fitted.transform(customers)
    labels = np.repeat([0, 1], 50)
    found = Clustering(labels, np.stack([X[:50].mean(axis=0), X[50:].mean(axis=0)]), 1.0, 1, 1)
    low, high = segment_rules.rules(customers, fitted, found)
    assert (low.recall, low.precision, high.recall) == (1.0, 1.0, 1.0)
    assert low.text() == "Balance at most $1,000"
    assert high.text() == "Balance above $1,000"


@pytest.mark.parametrize(("second", "between"), [((0, 1, 2), (0, (4.5, 20.5))), ((0, 30, 31), (1, (0, 30)))])
def test_of_splits_without_mistakes_the_one_with_the_widest_gap_is_made(second, between):
    labels = np.repeat([0, 1, 2], 2)
    X = np.column_stack([[0, 0.5, 4, 4.5, 20.5, 21], np.array(second)[labels]]).astype(float)
    column, cut = segment_rules._Tree(X, X, labels, ("BALANCE", "PURCHASES"))._best_split(np.arange(6), np.arange(3))
    place, (low, high) = between
    assert column == place
    assert low <= cut < high


@pytest.mark.parametrize(
    ("low", "high", "rounded"),
    [
        (897.3, 2_034.1, 1_000),
        (0.0, 5.0, 0.0),
        (0.5, 0.583333, 0.5),
        (123.4, 123.9, 123.4),
        (2, 3, 2),
        (-7.2, -1.1, -7),
    ],
)
def test_round_between_separates_as_before(low, high, rounded):
    assert round_between(low, high) == pytest.approx(rounded)
    assert low <= round_between(low, high) < high


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition("CASH_ADVANCE", high=0.0), "Cash advances zero"),
        (Condition("CASH_ADVANCE", low=0.0), "Cash advances above $0"),
        (Condition("PURCHASES", low=50.0, high=1_200.5), "Purchases above $50 and at most $1,200.50"),
        (Condition("PURCHASES_FREQUENCY", high=0.5), "Purchase frequency at most 50 % of months"),
        (Condition("TENURE", low=8.0), "Tenure above 8 months"),
    ],
)
def test_conditions_in_words(condition, text):
    assert condition.text() == text


@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL.name} is not here")
def test_the_smallest_segment_of_the_real_file_is_named():
    customers = pd.read_csv(REAL)
    fitted = feature_space.fit(customers, scale="standard", impute="mean")
    found = kmeans(fitted.transform(customers), 7, seed=42)
    assert found.inertia <= 79_526.7 * 1.0001
    rules = segment_rules.rules(customers, fitted, found)
    assert found.sizes[6] < 100
    assert rules[6].recall >= 0.9
    assert accuracy(rules, found) >= 0.85


def test_outliers_have_no_rule_and_are_left_out_of_recall():
    customers, _ = sample.generate(600, 11)
    fitted = feature_space.fit(customers, scale="log", impute="median")
    found = kmeans(fitted.transform(customers), 3, seed=1)
    out = np.arange(len(customers)) % 10 == 0
    centroids = np.stack([fitted.transform(customers)[~out & (found.labels == one)].mean(axis=0) for one in range(3)])
    partition = Clustering(np.where(out, -1, found.labels), centroids, found.inertia, 1, 1)
    rules = segment_rules.rules(customers, fitted, partition)
    filled = fitted.impute_missing(customers)
    assert [rule.segment for rule in rules] == [0, 1, 2]
    for rule in rules:
        own = partition.labels == rule.segment
        assert rule.recall == pytest.approx((rule.holds(filled) & own).sum() / own.sum())
    assert sum(rule.customers for rule in rules) == len(customers)
    inside = Clustering(partition.labels[~out], centroids, found.inertia, 1, 1)
    alone = segment_rules.rules(customers[~out].reset_index(drop=True), fitted, inside)
    assert [rule.conditions for rule in rules] == [rule.conditions for rule in alone]


def test_codes_are_explained_in_features(monkeypatch):
    monkeypatch.setattr(encoder, "MOST_EPOCHS", 20)
    customers, _ = sample.generate(600, 11)
    encoded = feature_space.fit(customers, scale="log", impute="median", encoder=(4,), seed=1)
    found = kmeans(encoded.transform(customers), 3, seed=1)
    rules = segment_rules.rules(customers, encoded, found)
    met = np.stack([rule.holds(encoded.impute_missing(customers)) for rule in rules])
    assert (met.sum(axis=0) == 1).all()
    assert {condition.feature for rule in rules for condition in rule.conditions} <= set(encoded.features)
