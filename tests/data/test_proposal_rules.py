"""What is proposed for a single column, on either side of each bound."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from seg_utils.data.proposal import dictionary_file, entries, roles
from seg_utils.data.proposal.reading import FileColumn

N = 200
RISING = np.arange(N) * 1.5


def column(values, name="X", **about):
    """A column whose values are repeated to N rows."""
    texts = any(isinstance(value, str) for value in values)
    cells = np.resize(np.array(values, dtype=object if texts else float), N)
    return FileColumn(name, pd.Series(cells, dtype=object if texts else float), **about)


def distinct(count, text=True):
    return [f"t{number}" if text else float(number) for number in range(count)]


@pytest.mark.parametrize(
    ("given", "role"),
    [
        (column(distinct(50)), roles.DESCRIPTOR),
        (column(distinct(51)), roles.LEFT_OUT),
        (column(distinct(2, text=False)), roles.DESCRIPTOR),
        (column([0.5, 1.5, 2.5]), roles.FEATURE),
        (column(distinct(4, text=False)), roles.DESCRIPTOR),
        (column(distinct(5, text=False)), roles.FEATURE),
        (column(distinct(30, text=False), "Region code"), roles.DESCRIPTOR),
        (column(distinct(100, text=False), "PLZ"), roles.DESCRIPTOR),
        (column(distinct(101, text=False), "PLZ"), roles.LEFT_OUT),
        (column(distinct(1, text=False)), roles.LEFT_OUT),
        (column([np.nan]), roles.LEFT_OUT),
        (column(distinct(9, text=False), ""), roles.LEFT_OUT),
        (column(distinct(10, text=False), "churn"), roles.DESCRIPTOR),
        (column(distinct(11, text=False), "churn"), roles.FEATURE),
        (column(distinct(9, text=False), "Y"), roles.DESCRIPTOR),
        (column(distinct(9, text=False), "days_left"), roles.FEATURE),
        (column(distinct(9, text=False), "!"), roles.FEATURE),
        (column(distinct(50, text=False), "cluster"), roles.LEFT_OUT),
        (column(distinct(51, text=False), "cluster"), roles.FEATURE),
        (column(distinct(10, text=False), "R"), roles.LEFT_OUT),
        (column(distinct(11, text=False), "R"), roles.FEATURE),
        (column(distinct(11, text=False), "rfm total"), roles.LEFT_OUT),
        (column([*distinct(198, text=False), 0.0, 1.0], "other id"), roles.LEFT_OUT),
        (column(distinct(198, text=False), "card number"), roles.LEFT_OUT),
        (column(distinct(197, text=False), "card number"), roles.FEATURE),
        (column(["2020-01-01", "2021-05-06"]), roles.LEFT_OUT),
        (column(["12", "x"], flaw="x"), roles.DESCRIPTOR),
        (column([f"06-{number}" for number in range(60)], name="PHONE", flaw="06-1"), roles.LEFT_OUT),
        (column([f"{number} h" for number in range(60)], flaw="1 h"), roles.LEFT_OUT),
        (column(np.arange(60) + 1940.0, "born"), roles.LEFT_OUT),
        (column(np.arange(60) + 1840.0, "born"), roles.FEATURE),
        (column([*np.arange(60) + 1940.0, 1899.0], "born"), roles.FEATURE),
        (column([*np.arange(60) + 1940.0, 2101.0], "born"), roles.FEATURE),
        (column(np.arange(28) + 20240101.0, "seen"), roles.LEFT_OUT),
        (column(np.arange(28) + 20240105.0, "seen"), roles.FEATURE),
        (column([*np.arange(28) + 20240101.0, 20241231.0], "seen"), roles.LEFT_OUT),
        (column([*np.arange(28) + 20240101.0, 20241301.0], "seen"), roles.FEATURE),
        (column([*np.arange(28) + 20240101.0, 20240100.0], "seen"), roles.FEATURE),
        (column([*np.arange(28) + 20240101.0, 20240001.0], "seen"), roles.FEATURE),
        (column(np.arange(N) * 16_000 + 1e7, "visits"), roles.LEFT_OUT),
        (column(np.arange(N) * 16_000 + 9_999_999.0, "visits"), roles.FEATURE),
        (FileColumn("visits", pd.Series(np.arange(20.0))), roles.LEFT_OUT),
        (FileColumn("visits", pd.Series(np.arange(19.0))), roles.FEATURE),
        (column(np.arange(12) + 1990.0, "year"), roles.DESCRIPTOR),
        (column(np.arange(60) + 1.6e9, "install_ts"), roles.LEFT_OUT),
        (column(np.arange(60) + 1.6e12, "created_at"), roles.LEFT_OUT),
        (column(np.arange(60) + 1.6e9, "Spend"), roles.FEATURE),
        (column(distinct(30, text=False), "max level"), roles.FEATURE),
        (column(distinct(12, text=False), "max level"), roles.DESCRIPTOR),
        (column(np.arange(60) / 60, "Readmission risk"), roles.LEFT_OUT),
        (column(distinct(11, text=False), "health_score"), roles.LEFT_OUT),
        (column(distinct(11, text=False), "credit score"), roles.FEATURE),
        (column(np.arange(60) * 1.5, "Value at risk"), roles.FEATURE),
        (column(np.arange(N) + 1.2e12, "mpan"), roles.LEFT_OUT),
        (column(np.arange(N)[::-1] + 7.0, "card"), roles.LEFT_OUT),
        (column(np.arange(N) * 17.0 + 7, "visits"), roles.FEATURE),
        (column(np.arange(N) * 16.0 + 7, "visits"), roles.LEFT_OUT),
        (column(distinct(60, text=False), "segment_id"), roles.LEFT_OUT),
        (column(distinct(51, text=False), "Invoice No"), roles.LEFT_OUT),
        (column(distinct(50, text=False), "Invoice No"), roles.FEATURE),
        (column(distinct(3, text=False), "churn_decile"), roles.LEFT_OUT),
        (column(distinct(2, text=False), "at_risk"), roles.DESCRIPTOR),
        (column(distinct(5, text=False), "R_score"), roles.LEFT_OUT),
        (column(distinct(5, text=False), "Spending score"), roles.FEATURE),
        (column(distinct(60, text=False), "lead score"), roles.LEFT_OUT),
        (column(distinct(60, text=False), "spend_percentile"), roles.LEFT_OUT),
        (column(distinct(4), "spend_quartile"), roles.DESCRIPTOR),
        (column(RISING, "pca_1"), roles.LEFT_OUT),
        (column(RISING, "ltv_modelo"), roles.LEFT_OUT),
        (column(distinct(9), "phone_model"), roles.DESCRIPTOR),
        (column(RISING / 2, "lat"), roles.LEFT_OUT),
        (column(RISING, "lat"), roles.FEATURE),
        (column(distinct(9), "First name"), roles.LEFT_OUT),
        (column(distinct(9), "Plan name"), roles.DESCRIPTOR),
    ],
)
def test_what_a_column_is_for(given, role):
    assert roles._of(given, []).role == role


def test_what_can_be_mended_is_said_of_numbers_and_not_of_codes():
    texts = [f"{number} pc" for number in range(60)]
    told = {name: roles._of(column(texts, name=name, flaw="1 pc"), []).reason for name in ("PIECES", "PHONE")}
    assert told == {
        "PIECES": "most cells are numbers, but not '1 pc': mend them and it is a feature",
        "PHONE": "text with 60 values: group them, and it describes segments",
    }


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([f"{day:02d}-Jan-2020" for day in range(1, 29)], "a date"),
        ([f"March {day}, 2020" for day in range(1, 29)], "a date"),
        ([f"2020-01-{day:02d} 10:30:00+01:00" for day in range(1, 29)], "a date"),
        ([f"2020/01/{day:02d} 10:30:00 AM GMT+2" for day in range(1, 29)], "a date"),
        ([f"2020-01-{day:02d} 10:30 UTC" for day in range(1, 29)], "a date"),
        ([f"5:{second:02d}" for second in range(60)], "a time of day or a duration"),
        ([f"1h {minute}m" for minute in range(60)], "a time of day or a duration"),
        ([f"2 days, 1:{minute:02d}:00" for minute in range(60)], "a time of day or a duration"),
        ([f"{number} pounds" for number in range(60)], "text with 60 values"),
    ],
)
def test_moments_and_durations_are_told_from_texts(cells, reason):
    assert roles._of(column(cells), []).reason.startswith(reason)


def test_a_column_of_units_says_that_others_are_not_comparable_yet():
    assert "it differs ('kg', 'lb')" in roles._of(column(["kg", "lb"], "weight_unit"), []).reason
    assert roles._of(column(["kg", "lb"], "weights"), []).reason == "text with 2 values"


def test_a_column_in_units_that_differ_is_left_out():
    weight, height = column(RISING, "weight"), column(RISING[::-1] ** 2, "height")
    unit = column(["kg", "lb"], "weight_unit")
    found = {one.column.name: one for one in roles.assign([weight, height, unit])}
    assert (found["weight"].role, found["height"].role) == (roles.LEFT_OUT, roles.FEATURE)
    assert "as weight_unit says" in found["weight"].reason
    alike = roles.assign([weight, height, column(["kg"], "weight_unit")])
    assert alike[0].role == roles.FEATURE


def test_long_tails_that_go_together_at_their_end_alone_are_no_duplicates():
    random = np.random.default_rng(4)
    tail = np.exp(random.normal(0, 3, N))
    first, other = column(tail, "A"), column(tail * (tail > np.quantile(tail, 0.6)), "B")
    assert np.corrcoef(first.values, other.values)[0, 1] > roles.NEAR_DUPLICATE
    assert roles._says_twice(other, [first]) == ""


@pytest.mark.parametrize(("noise", "twice"), [(0.05, True), (0.25, False)])
def test_a_near_duplicate_is_told_by_its_correlation_whatever_its_sign(noise, twice):
    jitter = noise * np.std(RISING) * np.random.default_rng(0).normal(size=N)
    first, other = column(RISING, "A"), column(7 - 2 * (RISING + jitter), "B")
    unlike = column(np.random.default_rng(1).normal(size=N), "C")
    reason = roles._says_twice(other, [unlike, first])
    assert ("A (correlation -0.99" in reason) == twice
    few = column([1.0, 2.0, *[np.nan] * 198], "D")
    assert roles._says_twice(few, [first]) == "", "two customers say nothing"


def test_the_id_is_the_column_called_so_then_a_text_then_one_that_counts():
    counting = column(np.arange(N) + 5.0, "row")
    text, called = column(distinct(N), "nickname"), column(distinct(N, text=False)[::-1], "customer_id")
    for columns, name in (
        ([counting, text, called], "customer_id"), ([counting, text], "nickname"), ([counting], "row"),
        ([column((np.arange(N) * 17.0), "far")], None), ([column(np.arange(N) * 19.0, "Kundennummer")], "Kundennummer"),
        ([column(np.arange(N) * 19.0, "amount_paid")], None), ([column(RISING, "customer_id")], None),
        ([column([f"A. Name {place}" for place in range(N)], "who"), column(distinct(N), "upn")], "upn"),
        ([column(np.arange(N)[::-1] * 1.4 // 1, "x")], "x"), ([column(np.arange(N) + 1.6e9, "seen_at")], None),
        ([column([*distinct(N - 1), "t0"], "nickname")], None), ([column([*distinct(N - 1), None], "nickname")], None),
    ):  # fmt: skip
        found = [one.column.name for one in roles.assign(columns) if one.role == roles.ID]
        assert found == ([name] if name else [])


@pytest.mark.parametrize(
    ("given", "kind", "unit"),
    [
        (column([5.0, 9.5], sign="$"), "amount", "currency"),
        (column([0.0, 0.5, 1.0]), "share", "share"),
        (column([0.0, 0.5, 1.9], sign="%"), "share", "share"),
        (column([0.0, 0.5, 1.1]), "ratio", "number"),
        (column([-0.1, 0.5, 1.0]), "ratio", "number"),
        (column([5.0, 9.5], "months on book"), "months", "months"),
        (column([-5.0, 9.5], "months on book"), "ratio", "number"),
        (column([1.0, 9.0], "days since"), "count", "days"),
        (column([1.5, 9.0], "days since"), "ratio", "days"),
        (column([-250.0, 250.0]), "score", "score"),
        (column([-251.0, 250.0]), "ratio", "number"),
        (column([499.0]), "count", "number"),
        (column([50_000.0]), "count", "number"),
        (column([5.5, 7.0], "Total spend"), "amount", "currency"),
        (column([5.5, 7.0], "Panier (€)"), "amount", "currency"),
        (column([5.5, 7.0], "Jahresbeitrag"), "amount", "currency"),
        (column([5.5, 7.0], "Award miles balance"), "ratio", "miles"),
        (column([5.0, 7.0], "logins last 30 days"), "count", "number"),
        (column([5.0, 7.0], "visits last 12 months"), "count", "number"),
        (column([5.5, 70.0], "% fresh"), "ratio", "percent"),
        (column([5.5, 100.0], "% fresh"), "ratio", "percent"),
        (column([5.5, 101.0], "% fresh"), "ratio", "number"),
        (column([5.0, 70.0], "fresh_pct"), "ratio", "percent"),
        (column([0.0, 10.0], "Good value"), "count", "number"),
        (column([0.0, 11.0], "Good value"), "amount", "currency"),
        (column([0.0, 100.0], "Returns"), "count", "number"),
        (column([0.0, 101.0], "Returns"), "amount", "currency"),
        (column([0.5, 10.0], "Returns"), "amount", "currency"),
    ],
)
def test_the_kind_and_unit_of_a_feature(given, kind, unit):
    assert entries._kind(given)[:2] == (kind, unit)


def test_whole_numbers_are_not_called_fractions():
    assert entries._kind(column([-251.0, 250.0]))[2] == "whole numbers below and above 0, far apart; -251 to 250"
    assert entries._kind(column([-0.5, 2.0]))[2] == "numbers with fractions; -0.5 to 2"


def test_logarithms_are_proposed_where_a_few_large_values_decide_and_they_help():
    random = np.random.default_rng(2)
    heavy, even = np.exp(random.normal(5, 1, N)), random.uniform(0, 100, N)
    assert entries._transform(column(heavy), "amount")[0] == "log1p"
    assert entries._transform(column(-heavy), "amount")[0] == "log1p", "on either side"
    assert entries._transform(column(even), "amount")[0] == "none"
    assert entries._transform(column(heavy), "months")[0] == "none"
    assert entries._transform(column(1000 - np.exp(random.normal(2, 1, N))), "amount")[0] == "none", "it would not help"


@pytest.mark.parametrize(("spread", "skewness", "transform"), [(0.3, 0.9, "none"), (0.36, 1.1, "log1p")])
def test_a_few_large_values_decide_from_a_skewness_of_one_on(spread, skewness, transform):
    amounts = column(np.exp(4 + spread * stats.norm.ppf((np.arange(N) + 0.5) / N)))
    assert amounts.values.skew() == pytest.approx(skewness, abs=0.07)
    assert entries._transform(amounts, "amount")[0] == transform


@pytest.mark.parametrize(
    ("values", "kind", "limits"),
    [
        ([0.0, 5.0], "amount", {"minimum": 0}), ([-1.0, 5.0], "amount", {}),
        ([0.0, 0.5], "share", {"minimum": 0, "maximum": 1, "impossible": 10}),
        ([-0.3, 1.5], "share", {"minimum": -1, "maximum": 2, "impossible": 20}),
    ],
)  # fmt: skip
def test_limits_are_those_the_values_keep(values, kind, limits):
    assert entries._limits(column(values), kind) == limits


def test_answers_on_one_scale_are_scores_and_a_count_of_its_own_is_none():
    asked = [column([1.0, 3.0, 5.0], f"Q{number}. Good value") for number in range(3)]
    others = [column([0.0, 5.0], "visits"), column([1.0, 1.5, 5.0], "mean")]
    assert entries.on_scales([*asked, *others]) == [True, True, True, False, False]
    assert entries.on_scales([*asked[:2], *others]) == [False] * 4, "two may be alike by chance"
    rated = entries.propose(asked[0], "Q", answers=True)
    assert (rated.kind, rated.transform, rated.limits) == ("score", "none", {"minimum": 1, "maximum": 5})


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Spenden in EUR", "Spenden"), ("Umsatz (TL)", "Umsatz"), ("App-Logins pro Monat", "App-Logins pro Monat"),
        ("Logged Dives", "Logged dives"),
        ("Q5. The app is slow", "Q5 The app is slow"), ("HBA1C", "Hba1c"), ("VISITS_12M", "Visits 12M"),
        ("BILL_AMT1", "Bill amount 1"), ("spend_12m", "Spend 12m"), ("BMI", "BMI"), ("ltv", "LTV"),
        ("TotalCharges", "Total charges"),
    ],
)  # fmt: skip
def test_a_label_is_the_name_as_people_write_it(name, label):
    assert entries.label(name) == label


def test_columns_of_one_name_are_left_out_with_what_to_do():
    first, other = column(RISING, "Sum", shared=True), column(RISING + 1, "sum", shared=True)
    again = column(RISING, "SUM", shared=True)
    for pair, advice in (([first, other], "rename"), ([first, again], "delete")):
        assert [advice in one.reason for one in roles.assign(pair)] == [True, True]


def test_numbers_of_customers_that_repeat_are_told_from_others():
    numbers = distinct(N, text=False)
    assert roles._of(column([*numbers[:-1], 0.0], "Kundennummer"), []).reason.startswith(
        "called an id, but 1 row repeats one"
    )
    assert roles._of(column(numbers, "Kundennummer"), []).reason == "another number of the customer"


def test_what_is_filled_now_and_then_with_one_value_is_not_called_the_same_for_all():
    [some] = roles.assign([column(["x", *[None] * 9], "Returned")])
    assert some.reason.startswith("one value, in 20 of 200 rows")


@pytest.mark.parametrize(("known", "twice"), [(2, False), (3, True)])
def test_a_near_duplicate_is_one_of_three_customers_at_least(known, twice):
    some = [*np.arange(known) + 1.5, *[np.nan] * (N - known)]
    assert (roles._of(column(some), [column(RISING)]).role == roles.LEFT_OUT) == twice


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (column(distinct(159, text=False), "CustomerID"), True),
        (column(distinct(160, text=False), "CustomerID"), False),
        (column(distinct(50), "client id"), False), (column(distinct(51), "N° client"), True),
        (column(distinct(90, text=False), "Kundennummer"), True), (column(distinct(90), "product_id"), False),
        (column(distinct(90), "account_manager_id"), False),
    ],
)  # fmt: skip
def test_rows_of_fewer_persons_are_not_persons(given, found):
    assert (roles.of_persons([column(RISING), given]) is given) == found


def test_names_are_in_capitals_and_no_two_alike():
    given = [
        column([1.0], name) for name in ("Total spend", "total-spend", "1st", "客户", "Customer ID", "Größe", "x" * 60)
    ]
    assert entries.names(given) == [
        "TOTAL_SPEND", "TOTAL_SPEND_2", "C_1ST", "COLUMN_4", "CUSTOMER_ID_5", "GROSSE", "X" * entries.LONGEST_NAME,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "sign"),
    [
        ([column([1.0], sign="%"), column([1.0], sign="€")], "€"), ([column([1.0], "Spend ($)")], "$"),
        ([column([1.0], "Income (k$)")], ""), ([column([1.0], "Share %")], ""),
        ([column([1.0], "Spend ($)"), column([1.0], sign="£")], "£"), ([column([1.0], "$(touch x)")], ""),
        ([column([1.0], sign="EUR")], "€"), ([column([1.0], sign="zł")], "zł"),
    ],
)  # fmt: skip
def test_the_currency_is_the_sign_that_amounts_carry(columns, sign):
    assert entries.currency(columns) == sign


def test_what_adds_up_over_customers_is_an_amount_not_below_zero():
    proposed = [
        entries.propose(column(values, name), name.upper().replace(" ", "_"))
        for name, values in (
            ("Total spend", [10.5, 900.0]), ("Orders", [1.0, 2.0]), ("Credit limit", [1000.0, 2000.0]),
            ("Balance", [-10.5, 900.0]), ("SMS fees", [5.5, 10.0]),
        )
    ]  # fmt: skip
    heights = [entries.propose(column(np.arange(80.0, 120), "Hub height"), "HEIGHT")]
    visits = [entries.propose(column([*[0.0] * 9, 40.0], "Visits"), "VISITS")]
    assert "measures: {}" in dictionary_file._measures(heights), "they do not add up to anything"
    assert "of visits" in dictionary_file._measures(visits)[2]
    lines = [line for line in dictionary_file._measures(proposed)[2:] if line]
    assert [line.split(":")[0].strip() for line in lines] == ["total_spend", "sms_fees"]
    assert ["of total spend" in lines[0], "of SMS fees" in lines[1]] == [True, True]
