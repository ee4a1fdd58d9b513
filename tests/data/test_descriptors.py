"""Columns that only describe: found, kept as they are, and without any say in who is a customer."""

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils import data
from seg_utils.core import dictionary
from seg_utils.core.errors import DataError
from seg_utils.data.columns import descriptors
from seg_utils.data.streaming.batches import Batches

HOSTILE = "=1+1<script>alert(1)</script>|`{x}"
FEATURES = dictionary.load().names


@pytest.fixture
def described(good):
    """Customers with a number that lacks some values, a category of hostile texts and codes with leading zeros."""
    n = len(good)
    age = pd.Series(np.arange(n) % 60 + 18.5).where(np.arange(n) % 10 > 0)
    channel = np.where(np.arange(n) % 3 == 0, HOSTILE, " web ")
    return good.assign(Age=age, **{"Sales channel": channel, "BRANCH": [f"0{i % 20}" for i in range(n)]})


def test_customers_and_what_was_found_are_the_same_with_and_without(read, described):
    without, with_them = read(described), read(described, describe=["AGE", "SALES_CHANNEL", "BRANCH"])
    pd.testing.assert_frame_equal(with_them.frame, without.frame, check_exact=True)
    assert with_them.quality() == without.quality()
    assert list(without.descriptors) == ["customer_id"]


def test_numbers_categories_and_codes_are_kept_under_the_name_asked_for(read, described):
    kept = read(described, describe=["AGE", "SALES_CHANNEL", "BRANCH"]).descriptors
    assert list(kept) == ["customer_id", "AGE", "SALES_CHANNEL", "BRANCH"]
    np.testing.assert_array_equal(kept["AGE"], described["Age"])
    assert set(kept["SALES_CHANNEL"]) == {HOSTILE, "web"}
    assert kept["BRANCH"].tolist() == described["BRANCH"].tolist()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_in_pieces_they_are_those_of_the_whole_file(described, tmp_path, kind):
    path = tmp_path / f"customers.{kind}"
    described.to_csv(path, index=False) if kind == "csv" else described.to_parquet(path)
    batches = Batches(path, FEATURES, describe=["AGE", "SALES_CHANNEL"], rows=40)
    read = pd.concat(list(batches), ignore_index=True)
    whole = data.load(path, describe=["AGE", "SALES_CHANNEL"])
    pd.testing.assert_frame_equal(read.drop(columns=batches.described), whole.frame, check_exact=True)
    pieces = descriptors.typed(read[["customer_id", *batches.described]])
    pd.testing.assert_frame_equal(pieces, whole.descriptors, check_exact=True)


@pytest.mark.parametrize(("levels", "kept"), [(2, object), (3, float)])
def test_numbers_of_more_than_two_values_are_numbers(read, good, levels, kept):
    code = read(good.assign(CODE=np.arange(len(good)) % levels), describe=["CODE"]).descriptors["CODE"]
    assert (code.dtype == float) == (kept is float)


@pytest.mark.parametrize(("levels", "refused"), [(150, False), (151, True)])
def test_texts_of_which_most_differ_describe_single_customers(read, good, levels, refused):
    texts = [f"t{min(number, levels - 1)}" for number in range(len(good))]
    with pytest.raises(DataError, match="151 different texts") if refused else nullcontext():
        assert read(good.assign(TOWN=texts), describe=["TOWN"]).descriptors["TOWN"].tolist() == texts


@pytest.mark.parametrize(("levels", "refused"), [(12, False), (13, True)])
def test_a_few_texts_among_many_numbers_are_mistakes(read, good, levels, refused):
    cells = [str(number % (levels - 1)) for number in range(len(good) - 1)] + ["x"]
    with pytest.raises(DataError, match="'x'") if refused else nullcontext():
        assert read(good.assign(AGE=cells), describe=["AGE"]).descriptors["AGE"].tolist() == cells


def test_a_customer_who_stands_twice_is_kept_once_whatever_describes_the_second(read, described):
    again = described.head(1).assign(Age=99.0)
    loaded = read(pd.concat([described, again], ignore_index=True), describe=["AGE"])
    assert len(loaded.frame) == len(described)
    assert 99.0 not in loaded.descriptors["AGE"].tolist()


def test_a_feature_that_is_left_out_may_describe(read, good):
    loaded = read(good, features=["BALANCE", "PURCHASES", "PAYMENTS"], describe=["tenure"])
    np.testing.assert_array_equal(loaded.descriptors["tenure"], good["TENURE"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("CHANEL_SALES", "DESCRIBE names 'CHANEL_SALES', which the file does not have; beside what .* it has 'Age', "),
        ("SALES_CHANEL", r"'SALES_CHANEL', which the file does not have \(nearest column: 'Sales channel'\)"),
        ("TENURE", "'TENURE', which customers are compared by"),
        ("cust id", "'cust id', which is the customer's id"),
        ("name", "300 values are 300 different texts, as names and ids are"),
        ("mostly", "of which 3 cells are no numbers, such as 'unknown'; correct or empty them"),
    ],
)
def test_what_cannot_describe_is_refused_in_one_line(read, described, asked, said):
    n = len(described)
    spoilt = ["unknown"] * 3 + [str(i) for i in range(3, n)]
    with pytest.raises(DataError, match=said) as refused:
        read(described.assign(name=[f"Customer {i}" for i in range(n)], mostly=spoilt), describe=[asked])
    assert "\n" not in str(refused.value)


def test_the_dictionary_says_what_a_column_is(read, described, monkeypatch):
    entries = (
        dictionary.Descriptor("INCOME", "Income", dictionary.NUMBER, ("salary",)),
        dictionary.Descriptor("GRADE", "Grade", dictionary.CATEGORY),
    )
    known = replace(dictionary.load(), descriptors=entries)
    monkeypatch.setattr(dictionary, "load", lambda: known)
    n = len(described)
    frame = described.assign(Salary=[f"${i},000.50" for i in range(1, n + 1)], grade=[i % 5 for i in range(n)])
    kept = read(frame, describe=["income", "GRADE"]).descriptors
    assert kept["INCOME"].tolist() == [i * 1000 + 0.5 for i in range(1, n + 1)]
    assert set(kept["GRADE"]) == set("01234")
    with pytest.raises(DataError, match="of which 1 cell is no number, such as 'much'"):
        read(frame.assign(Salary=["much", *frame["Salary"][1:]]), describe=["INCOME"])
