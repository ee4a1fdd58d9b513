"""A dictionary in place of the project's own: the least it may say, what goes without saying, mistakes with lines."""

import json

import numpy as np
import pandas as pd
import pytest

from seg_utils import data
from seg_utils.core import dictionary, parameters, paths, result_folders, words
from seg_utils.core.errors import CatalogueError, DataError, ParameterError
from seg_utils.personas import catalogue
from seg_utils.strategy import definitions

LEAST = """features:
  - {name: ORDERS, label: Orders a year, description: Orders, unit: orders, kind: count, transform: log1p}
  - {name: SPENT, label: Spent, description: Money, unit: $, kind: amount, transform: log1p, limits: {minimum: 0}}
"""
CARDS = """cards: true
features:
  - {name: BALANCE, label: Balance, description: Owed, unit: currency, kind: amount, transform: log1p}
  - {name: PURCHASES, label: Purchases, description: Bought, unit: currency, kind: amount, transform: log1p}
  - {name: PRC_FULL_PAYMENT, label: Full-payment share, description: Paid, unit: share, kind: share, transform: none}
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "my.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_features_are_enough_and_the_rest_follows_from_them(written, tmp_path):
    known = dictionary.load(written(LEAST))
    assert known.names == ["ORDERS", "SPENT"]
    assert known.relations == dictionary.Relations()
    assert known.wordings["ORDERS"].high == "high orders a year"
    assert [(one.name, one.column, one.does) for one in known.measures] == [
        ("spent", "SPENT", "account for {} of spent")
    ]
    assert known.key_numbers == ("ORDERS", "SPENT")
    counts = LEAST.replace("kind: amount", "kind: share").replace("log1p}", "log1p, limits: {minimum: 0}}")
    counted = dictionary.load(written(counts).rename(tmp_path / "counts.yml"))
    assert [one.column for one in counted.measures] == ["ORDERS"], "where there are no amounts"
    in_units = dictionary.load(
        written(LEAST.replace("Orders a year", "Orders (a year)")).rename(tmp_path / "units.yml")
    )
    assert in_units.wordings["ORDERS"].low == "low orders"
    assert (known.currency, known.cards, known.id_name) == ("", False, "CUSTOMER_ID")


@pytest.fixture
def shop(tmp_path):
    """A table of 200 customers, none alike."""
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"Key": range(200), "ORDERS": random.poisson(9, 200), "SPENT": random.gamma(2, 40, 200)})
    frame.to_csv(tmp_path / "shop.csv", index=False)
    return tmp_path / "shop.csv"


def test_names_keep_what_tells_labels_apart(tmp_path):
    labels = {"PRINT": "Loans (print)", "AUDIO": "Loans (audio)", "SMS": "SMS (30d)", "NO_SHOWS": "No shows"}
    written = "\n".join(
        f"  - {{name: {name}, label: {label}, description: x, unit: number, kind: count, transform: none, "
        "limits: {minimum: 0}}"
        for name, label in labels.items()
    )
    path = tmp_path / "loans.yml"
    path.write_text(f"features:\n{written}\n", encoding="utf-8")
    words = dictionary.load(path).wordings
    assert [words[name].high for name in labels] == [
        "high loans (print)",
        "high loans (audio)",
        "high SMS",
        "high no shows",
    ]
    assert words["SMS"].none == "no SMS"
    assert not words["NO_SHOWS"].none


def test_limits_of_any_kind_are_held_against_the_file(written, shop):
    limited = LEAST.replace("transform: log1p}", "transform: log1p, limits: {maximum: 9}}", 1)
    with paths.in_force(DICTIONARY=written(limited)):
        [found] = [one for one in data.load(shop).findings if one.rule == "limits"]
    assert found.count == (pd.read_csv(shop)["ORDERS"] > 9).sum() > 60
    assert found.message.startswith("ORDERS is not as its dictionary says (at most 9) in ")


def test_a_share_that_is_none_is_refused_without_limits_too(written, shop):
    text = LEAST.replace(
        "unit: $, kind: amount, transform: log1p, limits: {minimum: 0}", "unit: s, kind: share, transform: none"
    )
    with paths.in_force(DICTIONARY=written(text)), pytest.raises(DataError, match="SPENT is outside 0–1 in 2"):
        data.load(shop)


def test_an_id_that_is_not_in_the_file_is_refused(written, shop):
    mistyped = written("id: {name: THE_KEY, aliases: [Keyy]}\n" + LEAST)
    said = "THE_KEY, the dictionary's id, is not in the file.*; correct it, or leave"
    with paths.in_force(DICTIONARY=mistyped), pytest.raises(DataError, match=said):
        data.load(shop)
    right = written("id: {name: KEY}\n" + LEAST).rename(shop.with_name("right.yml"))
    with paths.in_force(DICTIONARY=right):
        assert data.load(shop).frame["customer_id"].tolist() == [str(number) for number in range(200)]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("name: SPENT", "name: Spent", 3, "'Spent' is no name; one is capitals"),
        ("name: SPENT", "name: ORDERS", 3, "ORDERS stands twice"),
        ("limits: {minimum: 0}", "aliases: [orders]", 3, "'orders' means ORDERS already"),
        ("{minimum: 0}", "{minimun: 0}", 3, "'minimun' is not known here; did you mean minimum?"),
        ("{minimum: 0}", "{minimum: 5, maximum: 1}", 3, "must not decrease"),
        ("{minimum: 0}", "{minimum: none}", 3, "'minimum' must be a number"),
        ("label: Spent", "label: 5", 3, "'label' must be text, not 5"),
        ("limits: {minimum: 0}", "below_zero: {meaning: refunds}", 3, "'share' is missing"),
        ("features:", "relations: {sum: {total: SPENT, parts: [ORDER]}}\nfeatures:", 1, "'parts' names unknown ORDER"),
        ("features:", "relations: {zero_together: [[SPENT]]}\nfeatures:", 1, "must be a list of pairs"),
        ("features:", "wording: {SPEND: {topic: x}}\nfeatures:", 1, "wording for 'SPEND', which is not a feature"),
        ("features:", "measures: {spent: {of: SPEND, label: S, does: x}}\nfeatures:", 1, "one place for the share"),
        ("features:", "measures: {spent: {of: SPEND, label: S, does: '{}}'}}\nfeatures:", 1, "one place for the share"),
        ("features:", "key_numbers: [SPEND]\nfeatures:", 1, "'key_numbers' names unknown SPEND"),
        ("features:", "cards: maybe\nfeatures:", 1, "'cards' must be true or false"),
        ("features:", "feature:", 1, "'feature' is not known here; did you mean features?"),
    ],
)
def test_each_mistake_has_its_line(written, old, new, line, said):
    path = written(LEAST.replace(old, new, 1))
    with pytest.raises(CatalogueError, match=rf"^my\.yml, line {line}: ") as caught:
        dictionary.load(path)
    assert said in str(caught.value)


def test_what_is_in_force_ends_with_the_command(written):
    path, usual = written(LEAST), dictionary.load()
    with paths.in_force(DICTIONARY=path):
        assert dictionary.load().names == ["ORDERS", "SPENT"]
        assert words.money(12.5) == "12"
    assert dictionary.load() is usual


def test_the_shipped_dictionary_says_what_its_copy_says(monkeypatch):
    monkeypatch.setenv("SEG_DICTIONARY", str(paths.CATALOGUES["DICTIONARY"]))
    assert dictionary.load().cards
    assert dictionary.unfamiliar() == set()


def test_runs_by_another_dictionary_have_folders_of_their_own(written, tmp_path):
    usual = result_folders.of_dataset(paths.SAMPLE, tmp_path)
    with paths.in_force(DICTIONARY=written(LEAST)):
        other = result_folders.of_dataset(paths.SAMPLE, tmp_path)
    assert other.name.startswith(f"{usual.name}-dictionary-")
    with paths.in_force(ECONOMICS=paths.CATALOGUES["ECONOMICS"]):
        assert result_folders.of_run(usual, 7).name.startswith("k7-economics-")


def test_a_model_file_holds_its_dictionary(written, tmp_path):
    model = tmp_path / "model.json"
    model.write_text(json.dumps({"dictionary": LEAST}), encoding="utf-8")
    with paths.in_force(DICTIONARY=model):
        assert dictionary.load().names == ["ORDERS", "SPENT"]
        assert dictionary.own_text() == LEAST
    model.write_text("{}", encoding="utf-8")
    with paths.in_force(DICTIONARY=model):
        assert dictionary.load().cards
        assert dictionary.own_text() is None


def test_another_trade_has_neither_money_nor_personas_and_no_word_of_cards(written):
    with paths.in_force(DICTIONARY=written(LEAST)):
        told = definitions.left_out(catalogue.load())
        assert set(told) == {definitions.MONEY, definitions.PERSONAS}
        assert catalogue.load().personas == ()
    assert not any(word in " ".join(told.values()).lower() for word in ("card", "purchase", "balance"))


def test_a_card_file_has_what_its_features_suffice_for(written, tmp_path):
    with paths.in_force(DICTIONARY=written(CARDS)):
        told = definitions.left_out(catalogue.load())
        assert definitions.lacking() == []
        assert "no cash advances" in told[definitions.PRICES]
    other = tmp_path / "other.yml"
    other.write_text(CARDS.replace("name: BALANCE", "name: OWED"), encoding="utf-8")
    with paths.in_force(DICTIONARY=other):
        assert definitions.lacking() == ["BALANCE"]
        assert definitions.left_out(catalogue.load())[definitions.MONEY].startswith(
            "The data dictionary has no balance"
        )


def test_what_is_called_as_of_cards_is_not_priced_where_it_is_of_another_trade(written):
    with paths.in_force(DICTIONARY=written(CARDS.replace("cards: true\n", ""))):
        assert definitions.lacking() == [*definitions.ESSENTIAL]
        assert dictionary.unfamiliar() >= {"BALANCE", "PURCHASES"}


def test_personas_of_ones_own_may_be_about_ones_own_features_only(written, tmp_path):
    of_cards = paths.catalogue("PERSONAS").read_text(encoding="utf-8")
    mine = tmp_path / "personas.yml"
    mine.write_text(of_cards, encoding="utf-8")
    said = r"personas\.yml, line \d+: 'feature' is 'PRC_FULL_PAYMENT'; allowed: ORD"
    with paths.in_force(DICTIONARY=written(LEAST), PERSONAS=mine), pytest.raises(CatalogueError, match=said):
        catalogue.load()


def test_a_market_is_one_of_ones_own_economics(tmp_path):
    text = paths.catalogue("ECONOMICS").read_text(encoding="utf-8").replace("\n  us:", "\n  home:", 1)
    mine = tmp_path / "prices.yml"
    mine.write_text(text, encoding="utf-8")
    assert parameters.parse([f"ECONOMICS={mine}"]).market == "home"
    with pytest.raises(ParameterError, match="MARKET=us is not allowed; MARKET is one of home"):
        parameters.parse([f"ECONOMICS={mine}", "MARKET=us"])
