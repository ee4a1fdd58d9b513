"""What a spreadsheet of another language, or two files put together, do to a whole file: told as what it is."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.core import dictionary
from seg_utils.core.errors import DataError
from seg_utils.core.paths import SAMPLE
from seg_utils.data.checks import new_customers
from seg_utils.data.checks.severity import Columns
from seg_utils.data.columns.matching import ID

from .good_customers import REAL, rules

FEATURES = dictionary.load().features
NAMES = dictionary.load().names
AMOUNTS = [feature.name for feature in FEATURES if feature.kind == "amount"]
SHARES = [feature.name for feature in FEATURES if feature.kind in {"frequency", "share"}]
# With six decimals in both files
LONG = ["BALANCE", "PAYMENTS", "MINIMUM_PAYMENTS"]
FILES = [SAMPLE, pytest.param(REAL, marks=pytest.mark.skipif(not REAL.exists(), reason="the public file is not here"))]


@pytest.fixture(params=FILES, ids=["sample", "public"], scope="module")
def texts(request) -> pd.DataFrame:
    """A file as the texts of its cells."""
    frame = pd.read_csv(request.param, dtype=str, keep_default_na=False)
    return frame.apply(lambda cells: cells.str.replace(r"\.0$", "", regex=True))


def without_point(cells: pd.Series) -> pd.Series:
    return cells.where(~cells.str.contains(".", regex=False), cells.str.replace(".", "").str.lstrip("0"))


def decimals(cells: pd.Series) -> pd.Series:
    return cells.str.partition(".")[2].str.len()


def rejoined(cells: pd.Series) -> pd.Series:
    """Digits joined, and a point put in front of the last six."""
    joined = without_point(cells).str.zfill(7)
    return cells.where(decimals(cells) == 0, joined.str[:-6] + "." + joined.str[-6:])


def scaled(frame: pd.DataFrame, factor: float) -> pd.DataFrame:
    numbers = frame.apply(pd.to_numeric)
    return (numbers * factor).round(6)


def without_obvious(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the rows that one look at the shares gives away."""
    return frame[~(frame[SHARES].apply(pd.to_numeric) > 1.5).any(axis=1)].reset_index(drop=True)


def refused(read, frame: pd.DataFrame, *parts: str) -> str:
    with pytest.raises(DataError) as caught:
        read(frame)
    message = str(caught.value)
    assert all(part in message for part in parts), message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("lengths", [(4,), (5,), (3, 4, 5)])
def test_points_lost_where_numbers_have_few_decimals(read, texts, lengths):
    broken = texts.copy()
    for name in [*LONG, *SHARES]:
        hit = decimals(broken[name]).isin(lengths)
        broken[name] = broken[name].where(~hit, without_point(broken[name]))
    refused(read, broken, "decimal signs were probably lost", "columns (BALANCE: about", *LONG)
    refused(read, without_obvious(broken), "decimal signs were probably lost", *LONG)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_points_lost_here_and_there(read, texts, share):
    broken, rng = texts.copy(), np.random.default_rng(2)
    for name in AMOUNTS:
        broken[name] = broken[name].where(rng.random(len(broken)) > share, without_point(broken[name]))
    message = refused(read, broken, "decimal signs were probably lost", "spreadsheet", *LONG)
    about = int(message.split("lost or moved in about ")[1].split(" ")[0].replace(",", ""))
    assert 0.5 < about / (broken[AMOUNTS] != texts[AMOUNTS]).sum().sum() < 1.5


def test_points_put_at_a_fixed_place(read, texts):
    """Most cells keep their value, a tenth of them become a tenth: no value is out of place, but no last digit is 0."""
    broken = texts.assign(**{name: rejoined(texts[name]) for name in LONG})
    message = refused(read, broken, "numbers with 6 decimals ends in 0", *LONG)
    about = int(message.split("lost or moved in about ")[1].split(" ")[0].replace(",", ""))
    wrong = (broken[LONG].apply(pd.to_numeric) != texts[LONG].apply(pd.to_numeric)) & (texts[LONG] != "")
    assert 0.8 < about / wrong.sum().sum() < 1.2


@pytest.mark.parametrize("name", AMOUNTS)
@pytest.mark.parametrize("times", [100, 1000])
def test_values_of_one_column_in_another_unit(read, texts, name, times):
    hit = np.random.default_rng(5).random(len(texts)) < 0.05
    broken = texts.assign(**{name: pd.to_numeric(texts[name])})
    broken.loc[hit, name] = (broken.loc[hit, name] * times).round(6)
    refused(read, broken, name)


@pytest.mark.parametrize("factor", [100, 1000, 0.1, 0.01, 80])
@pytest.mark.parametrize("row", [3000, 8800])
def test_rows_in_another_unit_from_a_row_on(read, texts, factor, row):
    broken = texts.astype(object)
    broken.loc[row:, AMOUNTS] = scaled(texts.loc[row:, AMOUNTS], factor)
    message = refused(read, broken, "all amounts are about", "put together")
    told = int(message.split("from about row ")[1].split(" ")[0].replace(",", ""))
    assert abs(told - row) < 100


@pytest.mark.parametrize("share", [0.02, 0.1])
@pytest.mark.parametrize("factor", [100, 1000])
def test_rows_in_another_unit_here_and_there_are_noted(read, texts, factor, share):
    """They may be large customers, but for their counts."""
    hit = np.random.default_rng(3).random(len(texts)) < share
    broken = texts.astype(object)
    broken.loc[hit, AMOUNTS] = scaled(texts.loc[hit, AMOUNTS], factor)
    noted = next(one for one in read(broken).findings if one.rule == "mixed_units")
    assert noted.severity == "warning"
    assert 0.6 < noted.count / hit.sum() < 1.1
    assert not any(one.rule == "mixed_units" for one in read(texts).findings)


@pytest.mark.parametrize("name", ["BALANCE", "PAYMENTS", "CREDIT_LIMIT"])
def test_one_column_in_another_unit_from_a_row_on(read, texts, name):
    broken = texts.astype(object)
    broken.loc[6000:, name] = scaled(texts.loc[6000:, [name]], 0.1)[name]
    refused(read, broken, f"{name} is about", "times as small as before")


@pytest.mark.parametrize("name", ["BALANCE", "CASH_ADVANCE", "PAYMENTS"])
@pytest.mark.parametrize("kept", [slice(None, -3), slice(-3, None)], ids=["before", "after"])
def test_numbers_cut_at_the_thousands(read, texts, name, kept):
    whole, fraction = texts[name].str.partition(".")[0], texts[name].str.partition(".")[2]
    part = whole.str[kept] + ("." + fraction if kept.start else "")
    broken = texts.assign(**{name: texts[name].where(whole.str.len() < 4, part)})
    refused(read, broken, name)


UNDAMAGED = {
    "whole numbers": lambda frame: frame.round(0),
    "tenths": lambda frame: frame.round(1),
    "two decimals": lambda frame: frame.round(2),
    "cents": lambda frame: (frame * 100).round(0),
    "rupees": lambda frame: (frame * 83.2).round(2),
    "yen": lambda frame: (frame * 110).round(0),
    "dinars": lambda frame: (frame * 0.31).round(3),
    "single precision": lambda frame: frame.astype("float32"),
}


@pytest.mark.parametrize("change", UNDAMAGED.values(), ids=UNDAMAGED)
def test_other_units_and_other_precision_are_no_damage(read, texts, change):
    frame = texts.assign(**texts[NAMES].apply(pd.to_numeric))
    loaded = read(frame.assign(**change(frame[AMOUNTS])))
    assert len(loaded.frame) == len(frame)
    assert "lone" not in rules(loaded)


@pytest.mark.parametrize("by", ["BALANCE", "CREDIT_LIMIT", "PURCHASES", "PAYMENTS", "TENURE"])
@pytest.mark.parametrize("rising", [True, False])
def test_order_is_no_damage(read, texts, by, rising):
    order = pd.to_numeric(texts[by]).sort_values(ascending=rising, kind="stable").index
    assert len(read(texts.loc[order]).frame) == len(texts)


def test_customers_put_together_kind_by_kind_are_no_damage(read):
    truth = pd.read_csv(SAMPLE.with_name("truth.csv"))
    frame = pd.read_csv(SAMPLE)
    kinds = frame["CUST_ID"].map(truth.set_index(truth.columns[0]).iloc[:, 0])
    for rising in (True, False):
        assert len(read(frame.loc[kinds.sort_values(ascending=rising, kind="stable").index]).frame) == len(frame)


@pytest.mark.parametrize("n", [60, 200, 1000])
def test_parts_of_a_file_are_no_damage(read, texts, n):
    for seed in range(4):
        assert len(read(texts.sample(n, random_state=seed)).frame) == n


def test_new_customers_are_judged_alike(texts):
    broken, rng = texts.copy(), np.random.default_rng(2)
    for name in LONG:
        broken[name] = broken[name].where(rng.random(len(broken)) > 0.05, without_point(broken[name]))
    for frame in (texts, broken):
        numbers = frame[NAMES].apply(pd.to_numeric).astype(float).assign(**{ID: frame["CUST_ID"]})
        columns = Columns(numbers.head(5000), NAMES)
        if frame is texts:
            new_customers.check(columns)
        else:
            with pytest.raises(DataError, match="decimal signs were probably lost"):
                new_customers.check(columns)
