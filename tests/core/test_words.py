import numpy as np
import pytest

from seg_utils.core import words


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (1234.4, "$1,234"), (0, "$0"), (0.004, "$0"), (5.6, "$5.60"), (5, "$5"), (-275.2, "−$275"),
        (999_999, "$999,999"), (1_250_000, "$1.2 million"), (-0.001, "$0"), (9.999, "$10"), (99.5, "$100"),
    ],
)  # fmt: skip
def test_money(amount, text):
    assert words.money(amount) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.12, "12 %"),
        (0, "0 %"),
        (1, "100 %"),
        (0.0096, "1 %"),
        (0.004, "0.4 %"),
        (0.0004, "under 0.1 %"),
        (-0.12, "−12 %"),
    ],
)
def test_percent(share, text):
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("multiple", "text"), [(3.36, "3.4×"), (0.25, "0.2×"), (15.7, "16×"), (9.96, "10×"), (1234, "1,234×")]
)
def test_times(multiple, text):
    assert words.times(multiple) == text


@pytest.mark.parametrize(
    ("feature", "number", "text"),
    [
        ("BALANCE", 1564.5, "$1,564"),
        ("PURCHASES_FREQUENCY", 0.49, "49 %"),
        ("TENURE", 11.52, "11.5"),
        ("UTILISATION", 0.38, "38 %"),
        ("PURCHASES_TRX", 14.0, "14"),
        ("BALANCE", float("nan"), "–"),
        ("BALANCE", None, "–"),
    ],
)
def test_a_value_in_its_features_unit(feature, number, text):
    assert words.value(feature, number) == text


def test_lists_and_plurals():
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.plural(1, "segment") == "1 segment"
    assert words.plural(1200, "segment") == "1,200 segments"
    assert words.name("Savers") == "Savers"
    assert words.name("Savers, higher spend") == "“Savers, higher spend”"
    assert words.capitalised("large Balances") == "Large Balances"


@pytest.mark.parametrize(
    ("number", "write", "text"),
    [
        (1234.0, words.count, "+1,234"),
        (-1234.0, words.count, "−1,234"),
        (0.0, words.count, "0"),
        (-0.2, words.count, "0"),
        (12.0, words.money, "+$12"),
        (-0.031, words.tenths, "−3.1 %"),
        (0.06, words.tenths, "+6.0 %"),
        (-0.0001, words.tenths, "0.0 %"),
    ],
)
def test_a_change_has_its_sign(number, write, text):
    assert words.signed(number, write) == text


@pytest.mark.parametrize("nothing", [None, float("nan"), np.float64("nan")])
def test_a_dash_stands_where_there_is_no_value(nothing):
    assert words.shown(nothing, words.money) == words.DASH
    assert words.shown(0.0, words.money) == "$0"
    assert words.shown("", str) == ""
