"""The data dictionary: what may stand in it, and how a mistake is told."""

import re

import pytest

from seg_utils.core import dictionary, paths
from seg_utils.core.dictionary import definitions
from seg_utils.core.errors import CatalogueError

LIMIT = "at_most: 100"
COVERAGE = "ratio: {of: [PAYMENTS], to: [MINIMUM_PAYMENTS], at_most: 100}"
AGE = "descriptors:\n  - {name: AGE, label: Age, kind: number, aliases: [years]}\n"
CLUSTERED = (COVERAGE, f"{COVERAGE}\n    clustered: true")


def edited(folder, *changes):
    """The path of a dictionary in which texts were replaced."""
    text = paths.catalogue("DICTIONARY").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) >= 1
        text = text.replace(old, new, 1)
    path = folder / "dictionary.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_an_entry_customers_are_compared_by_the_columns_alone():
    known = dictionary.load()
    assert known.clustering_features == known.names
    assert known.inputs(known.clustering_features) == known.names
    assert known.optional == set()


def test_one_entry_puts_a_derived_feature_into_the_clustering(tmp_path):
    known = dictionary.load(edited(tmp_path, CLUSTERED))
    assert known.clustering_features == [*known.names, "MINIMUM_COVERAGE"]
    assert known.clustered["MINIMUM_COVERAGE"].needs == ["PAYMENTS", "MINIMUM_PAYMENTS"]
    assert known.inputs(["TENURE", "MINIMUM_COVERAGE"]) == ["PAYMENTS", "MINIMUM_PAYMENTS", "TENURE"]


def test_descriptors_are_no_features(tmp_path):
    known = dictionary.load(edited(tmp_path, ("wording:", f"{AGE}wording:")))
    assert known.descriptors == (dictionary.Descriptor("AGE", "Age", "number", ("years",)),)
    assert known.clustering_features == dictionary.load().clustering_features


@pytest.mark.parametrize(
    ("old", "new", "line_of", "said"),
    [
        (
            "fifth: [BALANCE_FREQUENCY]",
            "fifth: [BALANCE_FREQUENCY]\n    clustered: true",
            "    clustered: true",
            "RECENCY_SCORE cannot be clustered on: a fifth is a place among all customers",
        ),
        (COVERAGE, f"{COVERAGE}\n    clustered: 1", "clustered: 1", "'clustered' must be true or false, not 1"),
        (COVERAGE, f"{COVERAGE}\n    clusterd: true", "clusterd", "not known here; did you mean clustered?"),
        (COVERAGE, "aliases: []", "aliases: []", "'aliases' is not known here"),
        (COVERAGE, COVERAGE.replace("[PAYMENTS]", "PAYMENTS"), "of: PAYMENTS", "'of' must be a list of names"),
        (COVERAGE, COVERAGE.replace(LIMIT, "at_most: many"), "at_most: many", "'at_most' must be a number"),
        (COVERAGE, COVERAGE.replace("[PAYMENTS]", "[CASH_SHARE]"), "[CASH_SHARE]", "reads unknown CASH_SHARE"),
        (COVERAGE, f"{COVERAGE}\n    fifth: [PAYMENTS]", "- name: MINIMUM_COVERAGE", "exactly one formula"),
        ("weighted: {PURCHASES: 0.015", "weighted: {PURCHASES: some", "weighted: {", "'PURCHASES' must be a number"),
        ("name: ONEOFF_SHARE", "name: PURCHASES", "name: PURCHASES\n    label: One-off sh", "PURCHASES stands twice"),
        ("of: BALANCE, label", "of: BALANCES, label", "of: BALANCES", "names unknown BALANCES; known: BALANCE, "),
        ("kind: months", "kind: month", "kind: month\n", "'kind' is 'month'; allowed: amount"),
        ("    label: Tenure\n", "", "- name: TENURE", "'label' is missing"),
        ("kind: months", "kind: months\n    optional: maybe", "optional: maybe", "'optional' must be true or false"),
        ("wording:", f"{AGE.replace('number', 'text')}wording:", "kind: text", "'kind' is 'text'; allowed: number"),
        ("wording:", f"{AGE.replace('AGE', 'TENURE')}wording:", "name: TENURE, label: Age", "TENURE stands twice"),
        ("wording:", f"{AGE.replace('[years]', 'years')}wording:", "aliases: years", "'aliases' must be a list"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, line_of, said):
    path = edited(tmp_path, (old, new))
    text = path.read_text(encoding="utf-8")
    line = text[: text.index(line_of)].count("\n") + 1
    with pytest.raises(CatalogueError) as caught:
        dictionary.load(path)
    assert str(caught.value).startswith(f"dictionary.yml, line {line}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Cash advances", "cash advances"), ("BMI", "BMI"), ("kWh used", "kWh used"), ("Data GB", "data GB"),
        ("Fanshop-Umsatz", "Fanshop-Umsatz"), ("Umsatz im Jahr", "Umsatz im Jahr"), ("Q1. easy", "Q1. easy"),
    ],
)  # fmt: skip
def test_a_label_within_a_sentence_keeps_capitals_that_are_meant(label, inside):
    assert definitions.within(label) == inside


def test_the_head_of_the_projects_own_names_every_kind():
    text = paths.CATALOGUES["DICTIONARY"].read_text(encoding="utf-8")
    [kinds] = re.findall(r"^#   kind  +(.*)$", text, re.MULTILINE)
    assert set(definitions.KINDS) <= set(re.findall(r"\w+", kinds))
