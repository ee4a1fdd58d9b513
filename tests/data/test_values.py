"""Cells that are no numbers, rows that are no customers, ids and missing values."""

import re

import pandas as pd
import pyarrow as pa
import pytest

from seg_utils.core.errors import DataError
from seg_utils.data.formats import delimited
from seg_utils.data.formats.raw_table import DASHES, MISSING

from .good_customers import rules, same


def csv(frame: pd.DataFrame, **options: object) -> str:
    return frame.to_csv(index=False, lineterminator="\n", **options)


def with_cell(text: pd.DataFrame, value: str, column: str = "BALANCE", row: int = 4) -> pd.DataFrame:
    broken = text.copy()
    broken.loc[row, column] = value
    return broken


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("abc", "not a number"),
        ("1_000", "not a number"),
        ("0x1F", "not a number"),
        ("１２３", "not a number"),
        ("(12.50)", "in parentheses.*with a minus sign"),
        ("12-", "not a number"),
        ("1.2.3", "not a number"),
        ("inf", "infinite"),
        ("-Infinity", "infinite"),
        ("1e999", "infinite|too large"),
        ("12\x0034", "NUL byte"),
        ("May-12", "a date"),
        ("2024-05-01", "a date"),
        ("=A1+1", "a formula"),
        ("#REF!", "a spreadsheet error"),
        ("#####", "too narrow"),
        ("40,9", "decimal comma in a file with decimal points"),
        ("1,234", "thousands separator in some cells only"),
        ("$40.90", r"sign \$ in a column of other numbers"),
        ("40.9%", "sign % in a column of other numbers"),
        ("1.23E+03", "rounded to three digits"),
    ],
)
def test_a_cell_that_is_no_number_stops_the_run(read, good_text, value, problem):
    with pytest.raises(DataError, match=f"1 place cannot be read .*{problem}.*row 6 BALANCE.*BAD_ROWS=drop"):
        read(csv(with_cell(good_text, value)))


@pytest.mark.parametrize(("value", "number"), [("12.50-", -12.5), ("-12.50", -12.5), ("1,012.50-", -1012.5)])
def test_a_minus_sign_may_stand_behind_an_amount_with_decimals(read, good_text, value, number):
    assert read(csv(with_cell(good_text, value))).frame["BALANCE"].iloc[4] == number


@pytest.mark.parametrize(
    ("last", "count", "more"),
    [(14, "5 places", ";"), (15, "6 places", " and 1 more;"), (20, "11 places", " and 6 more;")],
)
def test_five_places_and_the_count(read, good_text, last, count, more):
    broken = good_text.copy()
    broken.loc[10:last, "PAYMENTS"] = "n.v."
    with pytest.raises(DataError, match=rf"{count} .*row 12 PAYMENTS 'n.v.', row 13.*row 16 PAYMENTS 'n.v.'{more}"):
        read(csv(broken))


def test_bad_rows_are_dropped_and_listed_on_request(read, good, good_text):
    broken = with_cell(with_cell(good_text, "abc"), "inf", "TENURE", 9)
    loaded = read(csv(broken), bad_rows="drop")
    same(loaded, good.drop(index=[4, 9]).reset_index(drop=True))
    dropped = next(finding for finding in loaded.findings if finding.rule == "bad_rows")
    assert [(example["row"], example["column"], example["value"]) for example in dropped.examples] == [
        (6, "BALANCE", "abc"),
        (11, "TENURE", "inf"),
    ]
    assert dropped.action == "dropped"
    assert loaded.n_rows == len(good)


def test_dropping_most_of_the_file_is_refused(read, good_text):
    with pytest.raises(DataError, match="would drop 300 of 300 rows, more than half"):
        read(csv(good_text.assign(BALANCE="abc")), bad_rows="drop")


@pytest.mark.parametrize(
    ("tail", "problem"),
    [
        ("Exported by SAP\n", "1 fields instead of 18"),
        ("(300 rows affected)" + "," * 17 + "\n", "no value in any feature"),
        ("\0\0\0\0", "fields instead of 18"),
        ("C9,1,2\n", "3 fields instead of 18"),
    ],
)
def test_trailing_junk(read, good, good_text, tail, problem):
    with pytest.raises(DataError, match=problem):
        read(csv(good_text) + tail)
    same(read(csv(good_text) + tail, bad_rows="drop"), good)


@pytest.mark.parametrize("name", ["Total", "Grand Total", "Summe", "X9"])
@pytest.mark.parametrize("summary", ["sum", "mean"])
def test_a_totals_row(read, good, name, summary):
    totals = {"CUST_ID": name} | good.iloc[:, 1:].agg(summary).to_dict()
    broken = pd.concat([good, pd.DataFrame([totals])])
    with pytest.raises(DataError, match=f"a totals row.*row 302 customer_id '{name}'"):
        read(csv(broken))
    same(read(csv(broken), bad_rows="drop"), good)


def test_a_file_joined_to_itself_with_its_header(read, good, good_text):
    with pytest.raises(DataError, match="row 302 BALANCE 'BALANCE'"):
        read(csv(good_text) * 2)
    loaded = read(csv(good_text) * 2, bad_rows="drop")
    same(loaded, good)
    assert "duplicate_rows" in rules(loaded)


def test_ragged_rows(read, good_text):
    lines = csv(good_text).split("\n")
    with pytest.raises(DataError, match=r"17 fields instead of 18.*row 4"):
        read("\n".join([*lines[:3], lines[3].rsplit(",", 1)[0], *lines[4:]]))
    with pytest.raises(DataError, match=r"19 fields instead of 18.*row 4"):
        read("\n".join([*lines[:3], lines[3] + ",7", *lines[4:]]))


@pytest.mark.parametrize("close_at", [None, "C10009"])
def test_an_unclosed_quotation_mark(read, good_text, close_at):
    broken = csv(good_text).replace("C10005", '"C10005', 1)
    if close_at:
        broken = broken.replace(close_at, close_at + '"', 1)
    with pytest.raises(DataError, match="quotation mark is not closed"):
        read(broken)


def test_a_quotation_mark_that_swallows_all_the_rest_is_named_by_its_own_line(read, good_text):
    text = csv(good_text)
    with pytest.raises(DataError, match=r"record that begins on line 6 .* quotation mark is not closed"):
        read(text.replace("C10005", '"C10005', 1) + text * 4)


def test_rows_swallowed_by_quotes_in_an_ignored_column(read, good_text):
    text = good_text.assign(name="x")
    text.loc[5, "name"], text.loc[9, "name"] = '"O', 'P"'
    rows = [",".join(row) for row in [text.columns, *text.to_numpy().tolist()]]
    with pytest.raises(DataError, match="swallows the following lines"):
        read("\n".join(rows) + "\n")


def test_a_file_cut_short(read, good, good_text):
    text = csv(good_text[good_text["TENURE"] == "12"])
    with pytest.raises(DataError, match="cut short: its last line ends in"):
        read(text[:-2])
    with pytest.raises(DataError, match="fields instead of 18"):
        read(csv(good_text)[:-30])
    loaded = read(csv(good_text)[:-1])
    same(loaded, good)
    assert "no_line_end" in rules(loaded, "warning")


@pytest.mark.parametrize("spelling", [*DASHES, *sorted(MISSING)])
def test_missing_values(read, good, good_text, spelling):
    blank = good_text["MINIMUM_PAYMENTS"] == ""
    assert blank.any()
    loaded = read(csv(good_text.assign(MINIMUM_PAYMENTS=good_text["MINIMUM_PAYMENTS"].mask(blank, spelling))))
    same(loaded, good)
    assert "missing" in rules(loaded, "info")


def test_a_dash_for_zero_is_not_taken_as_missing(read, good_text):
    dashed = good_text.assign(CASH_ADVANCE=good_text["CASH_ADVANCE"].replace({"0.0": "-"}))
    with pytest.raises(DataError, match=r"CASH_ADVANCE: .* hold a dash and none a zero"):
        read(csv(dashed))


IDS = ["007", '=HYPERLINK("x")', "a,b", "line\nbreak", "Zoë 🐢", "<script>alert(1)</script>", 'say "hi"', "NA", "1e5"]


def test_ids_come_back_unchanged(read, good):
    expected = good.copy()
    expected.loc[: len(IDS) - 1, "CUST_ID"] = IDS
    same(read(csv(expected)), expected)


def test_ids_that_went_through_a_data_frame(read, good):
    floats = good.assign(CUST_ID=[f"{10001 + i}.0" for i in range(len(good))])
    loaded = read(csv(floats))
    same(loaded, good.assign(CUST_ID=[str(10001 + i) for i in range(len(good))]))
    assert "id_floats" in rules(loaded)


def test_ids_that_lost_their_digits(read, good):
    with pytest.raises(DataError, match=r"300 ids were shortened to scientific notation .*'8.01E\+15'"):
        read(csv(good.assign(CUST_ID="8.01E+15")))


@pytest.mark.parametrize(("value", "problem"), [("", "no id"), ("C\0", "NUL byte")])
def test_a_broken_id(read, good_text, value, problem):
    with pytest.raises(DataError, match=f"{problem}.*row 6 customer_id"):
        read(csv(with_cell(good_text, value, "CUST_ID")))


def test_identical_rows_are_kept_once(read, good):
    loaded = read(csv(pd.concat([good, good.iloc[[3, 7]]])))
    same(loaded, good)
    finding = next(one for one in loaded.findings if one.rule == "duplicate_rows")
    assert (finding.count, finding.examples, finding.action) == (2, ("C10004", "C10008"), "kept once")


@pytest.mark.parametrize("bad_rows", ["stop", "drop"])
def test_conflicting_rows_stop(read, good, bad_rows):
    other = good.iloc[[3]].assign(PAYMENTS=1.0)
    with pytest.raises(DataError, match=r"1 id stands on rows with different values: 'C10004' \(rows 5, 302\)"):
        read(csv(pd.concat([good, other])), bad_rows=bad_rows)


@pytest.mark.parametrize(("others", "end"), [(5, "306)"), (6, "306) and 1 more")])
def test_five_conflicting_ids_are_named_and_others_counted(read, good, others, end):
    with pytest.raises(DataError, match=re.escape(f"'C10005' (rows 6, {end}; keep one row a customer")):
        read(csv(pd.concat([good, good.head(others).assign(PAYMENTS=1.0)])))


def grouped(text: str, group: str, point: str) -> str:
    whole, _, fraction = text.partition(".")
    return f"{int(whole):,}".replace(",", group) + (point + fraction if fraction else "") if text else text


AMOUNTS = ["BALANCE", "PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CREDIT_LIMIT", "PAYMENTS"]


@pytest.mark.parametrize("group", [",", " ", "'", "\u00a0", "\u202f"])
def test_thousands_separators(read, good, good_text, group):
    spelt = good_text.copy()
    spelt[AMOUNTS] = spelt[AMOUNTS].map(lambda text: grouped(text, group, "."))
    same(read(csv(spelt)), good)


def test_continental_numbers(read, good, good_text):
    spelt = good_text.map(lambda text: text.replace(".", ","))
    spelt[AMOUNTS] = good_text[AMOUNTS].map(lambda text: grouped(text, ".", ","))
    same(read(csv(spelt, sep=";")), good)


@pytest.mark.parametrize(
    ("value", "certain"), [(0.5, True), (1.2346, True), (1.2344, True), (-1.2346, True), (1.234, False), (12.0, False)]
)
def test_a_fraction_that_is_no_grouped_thousand_is_told_by_its_digits(value, certain):
    assert delimited._is_certain(pa.array([7.0, None, value])) == certain


def test_uncertain_thousands_are_refused(read):
    rows = "".join(f"C{i};{1 + i % 9}.000;{6 + i % 7}\n" for i in range(50))
    with pytest.raises(DataError, match="may be thousands or fractions and nothing in the file tells which"):
        read("CUST_ID;CREDIT_LIMIT;TENURE\n" + rows, features=["CREDIT_LIMIT", "TENURE"])


@pytest.mark.parametrize(
    ("spell", "other"), [("${}", ""), ("$ {}", ""), ("USD {}", ""), ("{} €", "€"), ("EUR {}", "EUR"), ("R${}", "R$")]
)
def test_currency_signs(read, good, good_text, spell, other):
    spelt = good_text.copy()
    spelt[AMOUNTS] = spelt[AMOUNTS].map(spell.format)
    loaded = read(csv(spelt))
    same(loaded, good)
    assert "decorated_numbers" in rules(loaded)
    told = [finding.message for finding in loaded.findings if finding.rule == "other_currency"]
    assert [message.partition(",")[0] for message in told] == [f"Amounts carry the sign {other}"] * bool(other)


def test_mixed_currencies_are_refused(read, good_text):
    spelt = good_text.copy()
    spelt["PAYMENTS"] = [f"{'€' if i % 3 else '$'}{text}" for i, text in enumerate(spelt["PAYMENTS"])]
    with pytest.raises(DataError, match=r"sign \$ in a column of other numbers"):
        read(csv(spelt))


def test_percent_signs(read, good, good_text):
    from decimal import Decimal

    spelt = good_text.copy()
    for name in spelt:
        if name.endswith("FREQUENCY") or name == "PRC_FULL_PAYMENT":
            spelt[name] = [f"{Decimal(text) * 100:f}%" for text in spelt[name]]
    same(read(csv(spelt)), good)


def test_a_totals_row_without_an_id_counts_once(read, good):
    totals = pd.concat([good, pd.DataFrame([good.iloc[:, 1:].sum().to_dict()])])
    with pytest.raises(DataError, match=r"1 place cannot be read \(1 × a totals row\): row 302 customer_id ''"):
        read(csv(totals))
    same(read(csv(totals), bad_rows="drop"), good)
    with pytest.raises(DataError, match=r"1 place cannot be read \(1 × a totals row\)"):
        read(csv(pd.concat([good, pd.DataFrame([{"CUST_ID": "Total"}])])))


def test_dropping_is_not_advised_where_it_would_be_refused(read, good):
    with pytest.raises(DataError, match=r"300 × a date.*without a column that holds no numbers by FEATURES=") as caught:
        read(csv(good.assign(TENURE="2024-05-01")))
    assert "BAD_ROWS" not in str(caught.value)


@pytest.mark.parametrize(
    "spell",
    [
        lambda i: f"C{i:05d}",
        str,
        lambda i: f"{i:08x}-{i * 7919 % 65536:04x}-ü",
        lambda i: "0" * (i % 5) + f"{i}",
        lambda i: f"{'long' * 30}{i}",
    ],
)
@pytest.mark.parametrize("shuffled", [False, True])
def test_repeats_are_found_whatever_ids_look_like(read, good, spell, shuffled):
    ids = [spell(i) for i in range(1, len(good) + 1)]
    if shuffled:
        ids = [ids[i * 77 % len(ids)] for i in range(len(ids))]
    expected = good.assign(CUST_ID=ids)
    same(read(csv(expected)), expected)
    loaded = read(csv(pd.concat([expected, expected.iloc[[0, 150]]])))
    same(loaded, expected)
    assert "duplicate_rows" in rules(loaded)
    with pytest.raises(DataError, match="2 ids stand on rows with different values"):
        read(csv(pd.concat([expected, expected.iloc[[0, 150]].assign(PAYMENTS=1.0)])))
