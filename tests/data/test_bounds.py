"""What single checks find just inside their bounds, and just beyond."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils.core import dictionary
from seg_utils.data.checks import magnitudes, relations, scale, value_ranges
from seg_utils.data.checks.severity import Columns, blockwise

N = 400
AMOUNTS = [feature.name for feature in dictionary.load().features if feature.kind == "amount"]


def found(rule, n=N, **values):
    """Findings of one check on n customers, as (severity, rule, column, count); what is short is repeated."""
    frame = pd.DataFrame({name: np.resize(np.asarray(cells, dtype=float), n) for name, cells in values.items()})
    frame.insert(0, "customer_id", [f"C{number}" for number in range(n)])
    return [(one.severity, one.rule, one.column, one.count) for one in rule(Columns(frame, list(values)))]


def few(value, usual, rows=1):
    """A column of usual values with a few others at its end."""
    return [*[usual] * (N - rows), *[value] * rows]


def beyond_a_year(rows):
    """Months, a few of them 23, and shares that are counted out of them."""
    return {MONTHS: few(23, 12, rows), SHARE: few(round(7 / 23, 6), 0.5, rows)}


def warned(rule, column, count=1, severity="warning"):
    return [(severity, rule, column, count)]


OWED, LIMIT, TOTAL = "BALANCE", "CREDIT_LIMIT", "PURCHASES"
SHARE, FULL, MONTHS = "BALANCE_FREQUENCY", "PRC_FULL_PAYMENT", "TENURE"
SWAPPED = ("swapped", "MINIMUM_PAYMENTS")


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        (value_ranges.frequencies, {SHARE: few(1.0, 0.5, 9)}, []),
        (value_ranges.frequencies, {SHARE: few(0.0, 0.5, 9)}, []),
        (value_ranges.frequencies, {SHARE: few(1.01, 0.5)}, warned("frequency_range", SHARE)),
        (value_ranges.frequencies, {SHARE: few(-0.01, 0.5)}, warned("frequency_range", SHARE)),
        (value_ranges.frequencies, {SHARE: few(-0.01, 0.5, 40)}, warned("frequency_range", SHARE, 40, "error")),
        (value_ranges.frequencies, {FULL: few(-0.01, 0.5)}, warned("frequency_range", FULL)),
        (value_ranges.frequencies, {SHARE: [0.0, 0.02]}, []),
        (value_ranges.frequencies, {SHARE: [0.0, 0.0199]}, warned("frequency_range", SHARE, N, "error")),
        (value_ranges.frequencies, {SHARE: [0.0]}, []),
        (value_ranges.counts, {"PURCHASES_TRX": few(3.0, 7)}, []),
        (value_ranges.counts, {"PURCHASES_TRX": few(3.5, 7)}, warned("count_fraction", "PURCHASES_TRX")),
        (value_ranges.tenure, {MONTHS: few(1, 12)}, []),
        (value_ranges.tenure, {MONTHS: few(0, 12)}, warned("tenure_range", MONTHS)),
        (value_ranges.tenure, {MONTHS: few(7.5, 12)}, warned("tenure_fraction", MONTHS)),
        (value_ranges.months_on_book, {MONTHS: few(12, 6)}, []),
        (value_ranges.months_on_book, {MONTHS: few(13, 6)}, warned("months_beyond", MONTHS)),
        (value_ranges.months_on_book, beyond_a_year(36), warned("months_on_book", MONTHS, 36)),
        (value_ranges.months_on_book, beyond_a_year(44), warned("months_beyond", MONTHS, 44, "info")),
        (value_ranges.months_on_book, {MONTHS: few(13, 6, 40)}, warned("months_on_book", MONTHS, 40)),
        (relations.credit_limit, {OWED: few(1000, 500), LIMIT: 1000}, []),
        (relations.credit_limit, {OWED: few(1001, 500), LIMIT: 1000}, warned("over_limit", OWED, 1, "info")),
        (relations.credit_limit, {LIMIT: few(0, 1000)}, warned("no_limit", LIMIT)),
        (relations.credit_limit, {LIMIT: few(np.nan, 1000)}, []),
        (relations.credit_limit, {"PAYMENTS": few(50_000, 500), LIMIT: 1000}, []),
        (relations.credit_limit, {"PAYMENTS": few(50_001, 5), LIMIT: 1000}, warned("far_beyond_limit", "PAYMENTS")),
        (relations.credit_limit, {"PAYMENTS": few(9e4, 5), LIMIT: few(0, 1000)}, warned("no_limit", LIMIT)),
        (relations.swapped, {"PAYMENTS": 9, "MINIMUM_PAYMENTS": few(10, 8, 264)}, []),
        (relations.swapped, {"PAYMENTS": 9, "MINIMUM_PAYMENTS": few(10, 8, 265)}, warned(*SWAPPED, 265, "error")),
        (relations.swapped, {"PAYMENTS": 9, "MINIMUM_PAYMENTS": 9}, []),
        (scale.missing, {OWED: few(np.nan, 5, 80)}, warned("missing", OWED, 80, "info")),
        (scale.missing, {OWED: few(np.nan, 5, 81)}, warned("missing", OWED, 81)),
        (scale.missing, {OWED: np.nan}, []),
        (scale.negative, {OWED: few(-100, 10)}, warned("below_zero", OWED, 1, "info")),
        (scale.negative, {OWED: few(-100.5, 10)}, warned("sign", OWED, 1, "error")),
        (scale.negative, {TOTAL: [*range(-8, 0), *range(1, 393)]}, warned("below_zero", TOTAL, 8, "info")),
        (scale.negative, {TOTAL: [*range(-9, 0), *range(1, 392)]}, warned("sign", TOTAL, 9, "error")),
        (scale.negative, {LIMIT: few(-0.5, 10)}, warned("negative", LIMIT, 1, "error")),
        (scale.impossible, {OWED: few(1e12, 10)}, []),
        (scale.impossible, {OWED: few(1.01e12, 10)}, warned("impossible", OWED, 1, "error")),
        (scale.impossible, {OWED: few(9999, 10, 2)}, []),
        (scale.impossible, {OWED: few(9999, 10, 3)}, warned("missing_code", OWED, 3, "error")),
        (scale.impossible, {OWED: [*few(9999, 10, 3), 10_000]}, warned("missing_code", OWED, 3, "error")),
        (scale.informative, {OWED: [1, 2], TOTAL: [1, 2], LIMIT: 7}, warned("no_variation", LIMIT, N, "info")),
        (scale.informative, {OWED: [1, 2], TOTAL: [1, 2], LIMIT: np.nan}, warned("no_value", LIMIT, N)),
        (scale.informative, {OWED: [1, 2], LIMIT: 7}, warned("no_variation", "", 1, "error")),
        (scale.informative, {OWED: [1, 2]}, []),
        (scale.informative, {OWED: 1, LIMIT: 7}, warned("identical", "", N, "error")),
        (magnitudes.cut, {OWED: few(999, 10, 40), LIMIT: 2000}, warned("cut", OWED, 40, "error")),
        (magnitudes.cut, {OWED: few(999, 10, 39), LIMIT: 2000}, []),
        (magnitudes.cut, {OWED: few(999, 10, 40), LIMIT: 1999}, []),
        (magnitudes.cut, {OWED: [*few(999, 700, 114)], LIMIT: 2000}, []),
        (magnitudes.cut, {OWED: [*few(999, 700, 115)], LIMIT: 2000}, warned("cut", OWED, 115, "error")),
    ],
)
def test_just_inside_and_just_beyond(rule, values, expected):
    assert found(rule, **values) == expected


@pytest.mark.parametrize(("decimals", "fits", "differs"), [(0, 1, 2), (1, 0.1, 0.2), (2, 0.01, 0.02)])
def test_a_sum_may_miss_by_its_rounding(decimals, fits, differs):
    parts = {
        "ONEOFF_PURCHASES": [round(20 + 10.0**-decimals, decimals)],
        "INSTALLMENTS_PURCHASES": [30 + 10.0**-decimals],
    }
    whole = 50 + 2 * 10.0**-decimals
    assert found(relations.purchases_sum, PURCHASES=few(whole + fits, whole), **parts) == []
    assert found(relations.purchases_sum, PURCHASES=few(whole - differs, whole), **parts) == warned(
        "purchases_sum", TOTAL
    )


@pytest.mark.parametrize(
    ("one", "other", "broken"),
    [(0, 0, 0), (5, 0.5, 0), (5, 0, 1), (0, 0.5, 1), (-5, 0.5, 0), (-5, 0, 0), (np.nan, 0.5, 0), (5, np.nan, 0)],
)
def test_zeros_go_together_where_both_are_known(one, other, broken):
    expected = warned("zeros_together", OWED) if broken else []
    assert found(relations.zeros_together, BALANCE=few(one, 9), BALANCE_FREQUENCY=few(other, 0.5)) == expected


@pytest.mark.parametrize(("times", "damaged"), [(8, False), (8.1, True), (5e-4, False), (4e-4, True)])
def test_an_amount_is_typically_near_the_limit(times, damaged):
    limits = np.array([1000, 2000, 4000])
    assert bool(found(relations.units, CREDIT_LIMIT=limits, PAYMENTS=times * limits)) == damaged


def test_a_limit_too_large_for_all_amounts_is_the_limits():
    amounts = {key: [9.9] for key in ["BALANCE", "PAYMENTS", "PURCHASES"]}
    assert found(relations.units, CREDIT_LIMIT=[1000], **amounts) == warned("units", LIMIT, 3, "error")
    assert found(relations.units, CREDIT_LIMIT=[1000], **amounts | {"PURCHASES": [10.1]}) == []


@pytest.mark.parametrize(
    ("column", "amount", "rows", "severity"),
    [
        *[("PAYMENTS", 50_001, 10, "warning"), ("PAYMENTS", 50_001, 11, "error"), ("BALANCE", 3001, 40, "warning")],
        *[("BALANCE", 3001, 41, "error"), ("BALANCE", 10_001, 10, "warning"), ("BALANCE", 10_001, 11, "error")],
    ],
)
def test_far_beyond_the_limit_by_how_many_and_how_far(column, amount, rows, severity):
    amounts = found(relations.credit_limit, **{"CREDIT_LIMIT": [1000], column: few(amount, 5, rows)})
    assert [one for one in amounts if one[1] != "over_limit"] == [(severity, "far_beyond_limit", column, rows)]


@pytest.mark.parametrize(
    ("share", "columns", "transformed"), [(0.21, 4, True), (0.2, 4, False), (0.0025, 4, False), (0.21, 3, False)]
)
def test_columns_of_which_much_lies_below_zero_are_transformed(share, columns, transformed):
    below = {key: few(-5, 500, round(share * N)) for key in AMOUNTS[:columns]}
    assert bool(found(scale.transformed, **below)) == transformed


@pytest.mark.parametrize(("most", "transformed"), [(20.0, True), (20.1, False)])
def test_amounts_that_stay_small_are_logarithms(most, transformed):
    small = {key: [1.0, most] for key in AMOUNTS[:3]}
    large = {key: [1.0, 5000.0] for key in AMOUNTS[3:6]}
    assert bool(found(scale.transformed, **small, **large)) == transformed
    assert not found(scale.transformed, **{key: [1.0, most] for key in AMOUNTS[:1]})


def test_a_code_stands_three_times_and_more_often_than_its_neighbours():
    def rule(*below):
        balances = [*range(-100, -20), *[5000] * 200, *below]
        return found(scale.negative, n=len(balances), BALANCE=balances)[0][:2]

    assert rule(-9, -9) == ("info", "below_zero")
    assert rule(-9, -9, -9) == ("error", "negative")
    assert rule(*[-9] * 6, -8, -10) == ("info", "below_zero")
    assert rule(*[-9] * 7, -8, -10) == ("error", "negative")


def test_rows_are_tested_in_blocks_each_once(monkeypatch):
    monkeypatch.setattr("seg_utils.data.checks.severity.BLOCK_ROWS", 7)
    values = np.random.default_rng(0).random(30)
    np.testing.assert_array_equal(
        blockwise(lambda block, other: block > other, values, values[::-1]), values > values[::-1]
    )


def test_extremes_of_a_column_that_lacks_values():
    frame = pd.DataFrame({"customer_id": list("abcd"), "BALANCE": [3.0, np.nan, -1.0, 9.0], "PURCHASES": np.nan})
    columns = Columns(frame, ["BALANCE", "PURCHASES"])
    assert columns.extremes("BALANCE") == (-1, 9)
    assert np.isnan(columns.extremes("PURCHASES")).all()
    assert not columns.is_complete("BALANCE")


@pytest.mark.parametrize("odd", [1, 5, 6])
def test_a_finding_counts_all_rows_and_shows_the_first_five_with_their_values(odd):
    owed = [1.5, np.nan, 3.0, *[0.0] * 7]
    frame = pd.DataFrame({"customer_id": range(100, 110), OWED: owed, LIMIT: np.arange(10) * 1e16})
    columns = Columns(frame, [OWED, LIMIT])
    told = columns.finding("warning", "limit", np.arange(10) < odd, OWED, LIMIT, many=False)
    shown = [
        {"customer_id": "100", OWED: 1.5, LIMIT: 0},
        {"customer_id": "101", OWED: None, LIMIT: 1e16},
        {"customer_id": "102", OWED: 3, LIMIT: 2e16},
        {"customer_id": "103", OWED: 0, LIMIT: 3e16},
        {"customer_id": "104", OWED: 0, LIMIT: 4e16},
    ]
    assert list(told.examples) == shown[:odd]
    assert (told.count, told.total, told.column, told.action) == (odd, 10, OWED, "kept")
    assert told.rows.tolist() == list(range(odd))
    assert columns.finding("error", "limit", np.arange(10) < odd, OWED).action == "stopped"


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [
        ({"minimum": 1.0, "maximum": 5.0}, "at least 1 and at most 5"),
        ({"minimum": 1.0, "maximum": None}, "at least 1"),
        ({"minimum": None, "maximum": 5.0}, "at most 5"),
    ],
)
def test_what_a_dictionary_allows_is_said_from_both_ends_that_it_has(monkeypatch, limits, allowed):
    known = dictionary.load()
    ratio = replace(known[OWED], kind="ratio", below_zero="", **limits)
    monkeypatch.setattr(dictionary, "load", lambda: replace(known, features=(ratio,), derived=()))
    frame = pd.DataFrame({"customer_id": ["a", "b", "c"], OWED: [0.5, 3.0, 6.0]})
    [told] = value_ranges.limits(Columns(frame, [OWED]))
    assert told.parameters["allowed"] == allowed
    assert told.count == len(allowed.split(" and "))


@pytest.mark.parametrize(("others", "large"), [(0.25, False), (0.35, True)])
def test_large_customers_are_large_in_other_amounts_too(others, large):
    """A hundred times the usual in one amount, and in the others the power of that."""
    rows = np.arange(N) < 5
    frame = pd.DataFrame({name: np.where(rows, 1000 * 100.0**others, 1000.0) for name in AMOUNTS})
    frame["BALANCE"] = np.where(rows, 100_000.0, 1000.0)
    frame.insert(0, "customer_id", [f"C{number}" for number in range(N)])
    assert magnitudes.are_large_customers(Columns(frame, AMOUNTS), "BALANCE", rows) == large
