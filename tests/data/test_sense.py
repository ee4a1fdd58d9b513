"""Every sense check: what is refused, with its cause, and what passes with a note."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils import data
from seg_utils.core import dictionary
from seg_utils.core.errors import DataError
from seg_utils.core.paths import SAMPLE
from seg_utils.data.checks.relations import credit_limit
from seg_utils.data.checks.severity import Columns, is_many
from seg_utils.data.checks.value_ranges import _off_grid
from seg_utils.data.wording import rows_of

from .good_customers import REAL, good_customers, rules, same

NAMES = dictionary.load().names
AMOUNTS = [feature.name for feature in dictionary.load().features if feature.kind == "amount"]
SHARES = [feature.name for feature in dictionary.load().features if feature.kind in {"frequency", "share"}]


def changed(good: pd.DataFrame, column: str, change, rows: slice = slice(None)) -> pd.DataFrame:
    """A copy with some rows of a column changed."""
    broken = good.astype({column: float})
    broken.loc[broken.index[rows], column] = change(broken.loc[broken.index[rows], column])
    return broken


def refused(read, frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read(frame)
    assert "\n" not in str(caught.value)


def test_good_customers_pass_without_a_warning(read, good):
    loaded = read(good)
    same(loaded, good)
    assert rules(loaded, "warning") == []


def test_no_rows(read, good):
    with pytest.raises(DataError, match="a header but no rows"):
        read(good.head(0))


NEVER_BELOW = ["CREDIT_LIMIT", "CASH_ADVANCE", "MINIMUM_PAYMENTS", "PURCHASES_TRX", "CASH_ADVANCE_TRX"]


@pytest.mark.parametrize("name", NEVER_BELOW)
def test_negative(read, good, name):
    broken = changed(good, name, lambda values: -5.0, slice(3, 4))
    refused(read, broken, rf"{name} is below 0 in 1 of 300 rows \(0.33 %\), the lowest -5: .*cannot be negative")


@pytest.mark.parametrize(
    ("name", "rows", "means"),
    [
        *[("BALANCE", rows, "in credit") for rows in (1, 40, 149)],
        *[("PAYMENTS", rows, "returned") for rows in (1, 6)],
        *[("ONEOFF_PURCHASES", rows, "refunded") for rows in (1, 2)],
    ],
)
def test_what_some_cards_have_below_zero_is_noted(read, good, name, rows, means):
    credit = changed(good, name, lambda values: -12.5 - 0.25 * values.index.to_numpy(), slice(0, rows))
    credit["PURCHASES"] = credit["ONEOFF_PURCHASES"] + credit["INSTALLMENTS_PURCHASES"]
    loaded = read(credit)
    same(loaded, credit)
    noted = next(one for one in loaded.findings if one.rule == "below_zero" and one.column == name)
    assert (noted.severity, noted.count) == ("info", rows)
    assert means in noted.message


@pytest.mark.parametrize(("name", "rows"), [("BALANCE", 151), ("PAYMENTS", 7), ("ONEOFF_PURCHASES", 7)])
def test_a_column_with_the_other_sign(read, good, name, rows):
    broken = changed(good, name, lambda values: -values - 20.5, slice(0, rows))
    broken["PURCHASES"] = (broken["ONEOFF_PURCHASES"] + broken["INSTALLMENTS_PURCHASES"]).clip(lower=0)
    refused(read, broken, f"{name} is below 0 in {rows} of 300 .*the other sign")


def test_a_credit_balance_beyond_all_balances(read, good):
    refused(read, changed(good, "BALANCE", lambda values: -5e6, slice(0, 1)), "BALANCE is below 0 .*decimal sign")


@pytest.mark.parametrize("code", [-1, -9, -999, -99999])
@pytest.mark.parametrize("rows", [1, 30])
def test_codes_for_missing_where_values_below_zero_mean_something(read, good, code, rows):
    broken = changed(good, "BALANCE", lambda values: code, slice(0, rows))
    refused(read, broken, f"BALANCE is below 0 .*: {code} looks like a code for missing")
    if rows > 1:
        mixed = changed(broken, "BALANCE", lambda values: -40 - values.index.to_numpy(), slice(200, 220))
        refused(read, mixed, f"{code} looks like a code for missing")


def test_small_credits_in_whole_units_are_no_codes(read, good):
    credit = changed(good, "BALANCE", lambda values: -(values.index.to_numpy() % 5) - 1.0, slice(0, 60))
    same(read(credit), credit)


def test_codes_for_missing(read, good):
    broken = good.assign(MINIMUM_PAYMENTS=good["MINIMUM_PAYMENTS"].fillna(-999))
    refused(read, broken, "MINIMUM_PAYMENTS is below 0 .* looks like a code for missing")
    broken = good.assign(MINIMUM_PAYMENTS=good["MINIMUM_PAYMENTS"].fillna(99999))
    refused(read, broken, "MINIMUM_PAYMENTS is 99999 in .*its largest value: it looks like a code for missing")


@pytest.mark.parametrize(
    "constant",
    [
        {"TENURE": 12},
        {"BALANCE_FREQUENCY": 1},
        {"CASH_ADVANCE": 0, "CASH_ADVANCE_TRX": 0, "CASH_ADVANCE_FREQUENCY": 0},
        {"PAYMENTS": np.nan},
        {"MINIMUM_PAYMENTS": np.nan, "TENURE": 6, "PRC_FULL_PAYMENT": 0},
    ],
    ids=str,
)
def test_columns_that_tell_nobody_apart_are_set_aside(read, good, constant):
    shares = ["PURCHASES_FREQUENCY", "ONEOFF_PURCHASES_FREQUENCY", "PURCHASES_INSTALLMENTS_FREQUENCY"]
    tenure = constant.get("TENURE", 12)
    twelfths = {name: (good[name] * good["TENURE"]).round().clip(upper=tenure) / tenure for name in shares}
    frame = good.assign(**twelfths, CASH_ADVANCE_FREQUENCY=0.25 * (good["CASH_ADVANCE"] > 0)).assign(**constant)
    frame["TENURE"] = tenure
    left = [name for name in NAMES if name not in {"TENURE", *constant}]
    loaded = read(frame)
    same(loaded, frame[["CUST_ID", *left]])
    assert loaded.features == left
    assert loaded.quality()["columns"] == left
    aside = {one.column: one.severity for one in loaded.findings if one.action == data.SET_ASIDE}
    expected = {"TENURE": 12} | constant
    assert aside == {name: "warning" if np.isnan(value) else "info" for name, value in expected.items()}


def test_too_few_columns_tell_customers_apart(read, good):
    alike = good.assign(**{name: 1 for name in NAMES if name != "BALANCE"})
    refused(read, alike, "1 column of 17 tell customers apart .*: segments need 2 or more")
    with pytest.raises(DataError, match="all 300 rows hold the same"):
        read(good.assign(TENURE=12, BALANCE_FREQUENCY=1), features=["TENURE", "BALANCE_FREQUENCY"])
    assert read(good.assign(TENURE=12), features=["TENURE", "BALANCE", "PAYMENTS"]).features == ["BALANCE", "PAYMENTS"]


def test_customers_that_are_all_the_same(read, good):
    same_values = pd.concat([good.iloc[[3]]] * len(good)).assign(CUST_ID=good["CUST_ID"].to_numpy())
    refused(read, same_values, r"all 300 rows hold the same values: .*export the customers themselves")
    refused(read, same_values.drop(columns="CUST_ID"), "all 300 rows hold the same values")


@pytest.mark.parametrize("n", [1, 2, 9])
def test_a_few_customers_that_look_like_damage_are_too_few(read, good, n):
    held = f"the file holds {n} customer{'s' if n > 1 else ''}; a segmentation needs at least 10, 5 for each of two"
    refused(read, good.head(n).assign(BALANCE_FREQUENCY=11), held)


def test_a_few_customers_can_be_read(read, good):
    same(read(good.head(10)), good.head(10))
    varied = good.drop_duplicates("TENURE").head(4)
    same(read(varied), varied)


def test_too_few_customers_are_left(read, good):
    refused(
        read,
        pd.concat([good.head(1)] * 300),
        "1 customer of 300 rows left without bad and repeated rows; .*at least 10",
    )


def test_much_missing_is_a_warning_with_share_and_treatment(read, good):
    loaded = read(changed(good, "PAYMENTS", lambda values: np.nan, slice(0, 130)))
    finding = next(one for one in loaded.findings if one.rule == "missing" and one.column == "PAYMENTS")
    assert (finding.severity, finding.count, finding.action) == ("warning", 130, "imputed later")
    assert finding.message.startswith("PAYMENTS is missing in 130 of 300 rows (43 %); the gaps are filled with")


def test_most_rows_incomplete_is_a_warning(read, good):
    some = changed(good.drop(columns="MINIMUM_PAYMENTS"), "PAYMENTS", lambda values: np.nan, slice(0, 100))
    features = [name for name in NAMES if name != "MINIMUM_PAYMENTS"]
    assert "incomplete_rows" not in rules(read(some, features=features))
    most = changed(some, "CREDIT_LIMIT", lambda values: np.nan, slice(80, 180))
    finding = next(one for one in read(most, features=features).findings if one.rule == "incomplete_rows")
    assert (finding.severity, finding.count) == ("warning", 180)
    assert "180 of 300 rows (60 %)" in finding.message


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rows", [slice(5, 6), slice(0, 60), slice(None)])
def test_numbers_at_the_end_of_what_a_float_holds(read, good, name, rows):
    huge = np.linspace(1e307, 1.7e308, len(good))
    refused(read, changed(good, name, lambda values: huge[values.index], rows), f"{name} holds .*e[+]30.*which no cus")


def test_huge_numbers_of_both_signs(read, good):
    broken = good.astype(dict.fromkeys(NAMES, float))
    broken.loc[::2, NAMES], broken.loc[1::2, NAMES] = 1e308, -1e308
    refused(read, broken, "is below 0 in 150 of 300 rows")


@pytest.mark.parametrize(
    ("count", "n", "share"),
    [
        *[(400, 400, "100 %"), (398, 400, "99.5 %"), (399999, 400000, "over 99.999 %"), (8949, 8950, "99.989 %")],
        *[
            (1, 8950, "0.011 %"),
            (1, 10**7, "under 0.001 %"),
            (19, 8950, "0.21 %"),
            (30, 300, "10 %"),
            (99, 100, "99 %"),
        ],
    ],
)
def test_a_share_rounds_to_all_or_none_only_where_it_is(count, n, share):
    assert rows_of(count, n).endswith(f"({share})")


def test_a_balance_far_beyond_its_limit_is_said_once(read, good):
    broken = changed(good, "BALANCE", lambda values: 500000.0, slice(0, 12))
    broken.loc[12:20, "BALANCE"] = broken.loc[12:20, "CREDIT_LIMIT"] * 4
    found = [one for one in judged(broken) if one.rule == "far_beyond_limit"]
    assert [(one.severity, one.column, one.count) for one in found] == [("error", "BALANCE", 12)]
    few = changed(good, "BALANCE", lambda values: 500000.0, slice(0, 2))
    found = [one for one in judged(few) if one.rule == "far_beyond_limit"]
    assert [(one.severity, one.count) for one in found] == [("warning", 2)]


def judged(frame: pd.DataFrame) -> list[data.Finding]:
    """What the check of limits finds."""
    return list(credit_limit(Columns(frame.rename(columns={"CUST_ID": "customer_id"}), NAMES)))


@pytest.mark.parametrize("seed", [0, 1])
def test_shares_of_whole_months_are_looked_up_as_they_would_be_computed(seed):
    rng = np.random.default_rng(seed)
    months = rng.integers(1, 13, 5000)
    shares = np.concatenate([rng.integers(0, months + 1) / months, rng.random(5000), 1.5 * rng.random(500)]).round(6)
    shares = np.append(shares, [np.nan, -0.5, 1.166667])
    computed = np.array([all(abs(v * m - round(v * m)) > 2.4e-5 for m in range(7, 13)) for v in np.nan_to_num(shares)])
    np.testing.assert_array_equal(_off_grid(shares), computed)
    assert 0.3 < computed.mean() < 0.7


def standardised(good):
    values = good[NAMES].astype(float)
    return (values - values.mean()) / values.std(), "already standardised"


def components(good):
    values = good[NAMES].fillna(0) - good[NAMES].fillna(0).mean()
    scores = values.to_numpy() @ np.linalg.svd(values, full_matrices=False)[2].T
    return pd.DataFrame(scores, columns=NAMES), "principal components"


def squeezed(good):
    values = good[NAMES].astype(float)
    return (values - values.min()) / (values.max() - values.min()), "already scaled to 0–1"


def logarithms(good):
    return good[NAMES].assign(**np.log1p(good[AMOUNTS])), "already logarithms"


@pytest.mark.parametrize("transform", [standardised, components, squeezed, logarithms])
def test_transformed_data(read, good, transform):
    values, cause = transform(good)
    refused(read, values.assign(CUST_ID=good["CUST_ID"]), cause)


def test_frequencies_outside_0_to_1_are_judged_by_how_many(read, good):
    few = changed(good, "CASH_ADVANCE_FREQUENCY", lambda values: 1.25, slice(0, 2))
    few.loc[:1, ["CASH_ADVANCE", "CASH_ADVANCE_TRX"]] = 10, 1
    loaded = read(few)
    same(loaded, few)
    assert "frequency_range" in rules(loaded, "warning")
    many = changed(good, "PURCHASES_FREQUENCY", lambda values: 1.25, slice(0, 30))
    refused(read, many, r"PURCHASES_FREQUENCY is outside 0–1 in 30 of 300 rows \(10 %\)")


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda shares, tenure: shares * 100, "looks like a percentage; divide the column by 100"),
        (lambda shares, tenure: (shares * tenure).round(), "looks like a number of months"),
        (lambda shares, tenure: shares / 100, "divided by 100 twice"),
    ],
)
def test_frequencies_in_another_unit(read, good, change, cause):
    refused(read, good.assign(BALANCE_FREQUENCY=change(good["BALANCE_FREQUENCY"], good["TENURE"])), cause)


def test_one_impossible_value_is_enough(read, good):
    broken = changed(good, "BALANCE_FREQUENCY", lambda values: 1166667.0, slice(0, 1))
    refused(read, broken, r"BALANCE_FREQUENCY holds 1.16667e\+06 .* decimal signs were probably lost")


def test_counts_with_fractions(read, good):
    few = changed(good, "PURCHASES_TRX", lambda values: values + 0.5, slice(0, 2))
    assert "count_fraction" in rules(read(few), "warning")
    refused(
        read, changed(good, "PURCHASES_TRX", lambda values: values + 0.5), "PURCHASES_TRX is no whole number in 300"
    )


@pytest.mark.parametrize("years", [lambda t: t / 12, lambda t: (t / 12).round(2), lambda t: (t > 8) + 1])
def test_tenure_in_years(read, good, years):
    refused(read, good.assign(TENURE=years(good["TENURE"])), "looks like years; multiply by 12")


def test_purchases_that_are_no_sum_are_judged_by_how_many(read, good):
    few = changed(good, "ONEOFF_PURCHASES", lambda values: values + 33, slice(0, 2))
    loaded = read(few)
    same(loaded, few)
    finding = next(one for one in loaded.findings if one.rule == "purchases_sum")
    assert (finding.severity, finding.count) == ("warning", 2)
    many = changed(good, "PURCHASES", lambda values: values / 10 + 1, slice(0, 30))
    refused(
        read, many, r"PURCHASES is not ONEOFF_PURCHASES \+ INSTALLMENTS_PURCHASES in 30 of 300 .*decimal signs were"
    )


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_rounded_amounts_still_add_up(read, good, decimals):
    rounded = good.assign(**good[AMOUNTS].round(decimals))
    assert "purchases_sum" not in rules(read(rounded))


def test_balances_far_beyond_limits_are_judged_by_how_many(read, good):
    few = changed(good, "BALANCE", lambda values: 50000.0, slice(0, 2))
    assert "far_beyond_limit" in rules(read(few), "warning")
    many = changed(good, "BALANCE", lambda values: 500000.0, slice(0, 60))
    refused(read, many, "BALANCE is more than 3 times CREDIT_LIMIT in 60 of 300 rows")


@pytest.mark.parametrize("name", [name for name in AMOUNTS if name != "INSTALLMENTS_PURCHASES"])
def test_one_amount_in_cents(read, good, name):
    refused(read, good.assign(**{name: good[name] * 100}), "another unit|different units")


def test_dashes_of_damage_by_lost_decimal_signs(read):
    """The file from the wild: 1516.93 became 151.69 and 1.166667 became 1166667 in 9 % of the cells."""
    good = good_customers(1000, seed=4).astype(dict.fromkeys(NAMES, float))
    rng = np.random.default_rng(0)
    for name in NAMES[:-1]:
        hit = (rng.random(len(good)) < 0.09) & (good[name] % 1 != 0)
        good.loc[hit, name] = good.loc[hit, name] * 1e6 if name in SHARES else (good.loc[hit, name] / 10).round(2)
    refused(read, good, "decimal signs were probably lost")


@pytest.mark.parametrize("name", [n for n in AMOUNTS if n not in {"CREDIT_LIMIT"}])
def test_lost_decimal_signs_in_the_amounts_of_one_column(read, name):
    good = good_customers(1000, seed=5)
    hit = (np.random.default_rng(1).random(len(good)) < 0.09) & (good[name] % 1 != 0)
    good.loc[hit, name] = (good.loc[hit, name] / 10).round(2)
    refused(read, good, "decimal signs were probably")


SWAPS = [
    ("BALANCE", "CREDIT_LIMIT"),
    ("BALANCE", "MINIMUM_PAYMENTS"),
    ("PAYMENTS", "MINIMUM_PAYMENTS"),
    ("PURCHASES", "PAYMENTS"),
    ("ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"),
    ("PURCHASES_TRX", "CASH_ADVANCE_TRX"),
    ("PURCHASES_FREQUENCY", "CASH_ADVANCE_FREQUENCY"),
    ("BALANCE_FREQUENCY", "PURCHASES_FREQUENCY"),
    ("TENURE", "PURCHASES_TRX"),
]


@pytest.mark.parametrize(("one", "other"), SWAPS)
def test_swapped_columns(read, good, one, other):
    refused(read, good.rename(columns={one: other, other: one}), "swapped|another one under this name|lost")


def test_a_column_sorted_on_its_own(read, good):
    for name in ("PURCHASES", "CASH_ADVANCE_TRX", "PURCHASES_FREQUENCY"):
        refused(read, good.assign(**{name: np.sort(good[name])}), "sorted|swapped")
    refused(read, good.assign(TENURE=np.sort(good["TENURE"])), "no whole months of TENURE.*sorted, shuffled or shifted")


def test_a_column_that_goes_with_no_other_is_warned_of(read, monkeypatch):
    good = good_customers(2000, seed=2)
    shuffled = good.assign(PAYMENTS=np.random.default_rng(0).permutation(good["PAYMENTS"]))
    assert any(one.rule == "unrelated" and "PAYMENTS" in one.message for one in read(shuffled).findings)
    assert not any(one.rule == "unrelated" and "PAYMENTS" in one.message for one in read(good).findings)
    other = replace(dictionary.load(), cards=False)
    monkeypatch.setattr(dictionary, "load", lambda *path: other)
    assert not any(one.rule == "unrelated" for one in read(shuffled).findings), "nothing is known of another trade"


def test_frequencies_off_the_months(read, good):
    few = changed(good, "PRC_FULL_PAYMENT", lambda values: 0.1234567, slice(0, 2))
    assert "whole_months" in rules(read(few), "warning")
    many = changed(good, "PRC_FULL_PAYMENT", lambda values: values * 0.9 + 0.01, slice(0, 15))
    refused(read, many, "PRC_FULL_PAYMENT is no share of whole months in 15 of 300 rows")


def test_customers_of_another_make_pass(read, good):
    """No zeros together, no whole months: nothing the dictionary promises is broken, so nothing is refused."""
    rng = np.random.default_rng(3)
    other = good.assign(**{name: rng.random(len(good)).round(6) for name in SHARES})
    other["PURCHASES_TRX"], other["CASH_ADVANCE_TRX"] = rng.poisson(9, len(good)), rng.poisson(3, len(good))
    loaded = read(other)
    same(loaded, other)
    assert rules(loaded, "warning") == ["zeros_together"]


@pytest.mark.parametrize(
    ("count", "n", "many"),
    [
        *[(2, 10, False), (3, 10, True), (3, 300, False), (10, 300, False), (11, 300, True)],
        *[(19, 8950, False), (89, 8950, False), (90, 8950, True)],
    ],
)
def test_how_many_rows_are_damage(count, n, many):
    assert is_many(count, n) is many


def test_several_breaks_are_named_together(read, good):
    broken = changed(good, "CREDIT_LIMIT", lambda values: -1.5, slice(0, 1))
    broken = changed(broken, "PURCHASES_TRX", lambda values: -2, slice(0, 1))
    refused(read, broken, "PURCHASES_TRX is below 0.*; also: CREDIT_LIMIT is below 0")


@pytest.mark.skipif(not REAL.exists(), reason="the public file is not here")
def test_the_public_file_passes_with_its_oddities_noted():
    loaded = data.load(REAL)
    counts = {(one.rule, one.column): one.count for one in loaded.findings}
    assert len(loaded.frame) == 8950
    assert counts["frequency_range", "CASH_ADVANCE_FREQUENCY"] == 8
    assert counts["purchases_sum", "PURCHASES"] == 19
    assert counts["over_limit", "BALANCE"] == 227
    assert counts["missing", "MINIMUM_PAYMENTS"] == 313
    assert not loaded.synthetic


def test_the_bundled_sample_is_known_as_synthetic():
    loaded = data.load(SAMPLE)
    assert loaded.synthetic
    assert "synthetic" in rules(loaded, "info")


def test_quality(read, good):
    quality = read(good.assign(extra=1)).quality()
    told = ["n_customers", "stands_for", "n_rows", "synthetic", "source", "columns", "features", "findings"]
    assert list(quality) == told
    assert quality["stands_for"] == 1
    assert (quality["n_customers"], quality["n_rows"], quality["synthetic"]) == (300, 300, False)
    assert quality["source"]["name"] == "customers.csv"
    assert len(quality["source"]["sha256"]) == 64
    assert quality["columns"] == quality["features"] == NAMES
    fields = ["severity", "rule", "column", "count", "examples", "action", "message"]
    assert all(list(finding) == fields for finding in quality["findings"])


@pytest.mark.parametrize("n", [300, 3000])
@pytest.mark.parametrize("multiple", [1, 12], ids=["months", "years in months"])
def test_months_on_book_are_set_aside(read, n, multiple):
    good = good_customers(n)
    held = np.random.default_rng(1).integers(1, 240 // multiple, n) * multiple
    loaded = read(good.assign(TENURE=held))
    same(loaded, good.drop(columns="TENURE"))
    told = next(one for one in loaded.findings if one.rule == "months_on_book")
    assert (told.severity, told.action, told.count) == ("warning", data.SET_ASIDE, (held > 12).sum())
    assert "how long a card has been held" in told.message


def test_figures_of_two_years_are_believed(read, good):
    rng = np.random.default_rng(4)
    tenure = rng.integers(13, 25, len(good))
    shares = {name: (rng.integers(0, tenure + 1) / tenure).round(6) for name in SHARES}
    longer = good.assign(TENURE=tenure, **shares)
    loaded = read(longer)
    same(loaded, longer)
    assert "months_beyond" in rules(loaded, "info")


def test_a_few_odd_tenures_are_named(read, good):
    few = changed(good, "TENURE", lambda values: 30.0, slice(4, 6))
    loaded = read(few)
    assert "TENURE" in loaded.features
    assert "C10005" in next(one.message for one in loaded.findings if one.rule == "months_beyond")


def scaled_by_medians(good):
    values = good[NAMES].astype(float)
    spread = values.quantile(0.75) - values.quantile(0.25)
    return (values - values.median()) / spread.where(spread > 0, 1)


@pytest.mark.parametrize("n", [60, 300])
@pytest.mark.parametrize("transform", [standardised, components, lambda good: (scaled_by_medians(good), "")])
def test_part_of_a_transformed_file(read, transform, n):
    values, _ = transform(good_customers(3000))
    refused(read, values.iloc[1000 : 1000 + n], "the data are .*original units")


@pytest.mark.parametrize("transform", [standardised, components, squeezed])
@pytest.mark.parametrize("ids", [True, False])
def test_a_transformed_file_without_a_header(read, good, transform, ids):
    values = transform(good)[0].fillna(0)
    if ids:
        values = values.assign(CUST_ID=good["CUST_ID"])
    text = values.to_csv(index=False, header=False)
    refused(read, text, "no header row, and its numbers are already .* give the customers in original units")
