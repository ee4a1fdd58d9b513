"""A dictionary proposed for a file: what each column is taken for, that it loads as it is, that nothing breaks it."""

import re

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from seg_utils import data
from seg_utils.core import dictionary, paths
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.data.columns import matching
from seg_utils.data.proposal import dictionary_file, reading, roles
from seg_utils.pipeline.commands import dictionary as command

N = 120


def shop():
    """Customers of a shop, with all that tables of others hold beside what customers do."""
    random = np.random.default_rng(3)
    spent = np.exp(random.normal(5, 1, N)).round(2)
    orders = random.poisson(6, N)
    return pd.DataFrame(
        {
            "Client ref.": [f"C-{place:04d}" for place in range(N)],
            "Total spend ($)": [f"${amount:,.2f}" for amount in spent],
            "spend_in_cents": (spent * 100).round(),
            "Orders / year": orders,
            "Discount %": [f"{share:.1f} %" for share in random.beta(2, 8, N) * 100],
            "Months as customer": random.integers(1, 60, N),
            "Balance": random.normal(0, 500, N).round(2),
            "Sign-up": [f"{day:%d/%m/%Y}" for day in pd.date_range("2019-01-01", periods=N)],
            "Plan": random.choice(["free", "pro", "team"], N),
            "Region code": random.integers(1, 9, N),
            "Newsletter": random.integers(0, 2, N),
            "Comment": [f"free text {place}" for place in range(N)],
            "Country": "FR",
            "Nothing": np.nan,
            "old_segment": random.integers(0, 5, N),
            "Naive_Bayes_score": random.random(N).round(4),
            "Churned": random.choice(["yes", "no"], N),
        }
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "shop.csv"
    shop().to_csv(path, index=False)
    return path


def proposed(path):
    target = path.with_suffix(".dictionary.yml")
    target.write_text(dictionary_file.text(path, reading.read(path), "make report …"), encoding="utf-8")
    return target


@pytest.mark.parametrize(
    ("column", "role", "reason"),
    [
        ("Client ref.", roles.ID, "no two rows"),
        ("Total spend ($)", roles.FEATURE, ""),
        ("spend_in_cents", roles.LEFT_OUT, r"near duplicate of Total spend \(\$\)"),
        ("Orders / year", roles.FEATURE, ""),
        ("Discount %", roles.FEATURE, ""),
        ("Months as customer", roles.FEATURE, ""),
        ("Balance", roles.FEATURE, ""),
        ("Sign-up", roles.LEFT_OUT, "a date"),
        ("Plan", roles.DESCRIPTOR, "text with 3 values"),
        ("Region code", roles.DESCRIPTOR, "a code"),
        ("Newsletter", roles.DESCRIPTOR, "one of two values"),
        ("Comment", roles.LEFT_OUT, "text with 120 values"),
        ("Country", roles.LEFT_OUT, "the same for all"),
        ("Nothing", roles.LEFT_OUT, "no customer has a value"),
        ("old_segment", roles.LEFT_OUT, "a leak: an old cluster label"),
        ("Naive_Bayes_score", roles.LEFT_OUT, "a leak: another model's score"),
        ("Churned", roles.DESCRIPTOR, "an outcome: a leak"),
    ],
)
def test_what_a_column_is_taken_for_has_a_reason(file, column, role, reason):
    found = {one.column.name: one for one in roles.assign(reading.read(file))}[column]
    assert found.role == role
    assert found.reason == "" if not reason else re.search(reason, found.reason)


def test_more_columns_than_a_spreadsheet_holds_are_refused(file, monkeypatch):
    columns = len(shop().columns)
    monkeypatch.setattr(reading, "MOST_COLUMNS", columns)
    assert len(reading.read(file)) == columns
    monkeypatch.setattr(reading, "MOST_COLUMNS", columns - 1)
    with pytest.raises(DataError, match=f"the file has {columns} columns, and {columns - 1} are the most"):
        reading.read(file)


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
def test_columns_are_taken_for_the_same_whatever_the_format(file, ending):
    """Nothing and numbers of a format of their own, which CSV writes as text."""
    other = file.with_suffix(f".{ending}")
    getattr(shop().assign(Nothing=None), {"parquet": "to_parquet", "xlsx": "to_excel"}[ending])(other, index=False)
    found = [{one.column.name: one.role for one in roles.assign(reading.read(path))} for path in (file, other)]
    assert found[0] == found[1]


def test_what_is_left_out_is_listed_where_there_is_such(tmp_path):
    path = tmp_path / "few.csv"
    used = ["Client ref.", "Orders / year", "Months as customer", "Balance"]
    for columns, listed in ((used, False), ([*used, "Nothing"], True)):
        shop()[columns].to_csv(path, index=False)
        assert ("# Left out:" in proposed(path).read_text(encoding="utf-8")) == listed


@pytest.mark.parametrize(
    ("without", "others"),
    [
        ([], "Other columns: 1 may describe segments, 2 left out"),
        (["Client ref."], "Other columns: 1 may describe segments, 2 left out"),
        (["Plan"], "Other columns: 0 may describe segments, 2 left out"),
        (["Country", "Nothing"], "Other columns: 1 may describe segments, 0 left out"),
        (["Plan", "Country", "Nothing"], ""),
    ],
)
def test_columns_that_customers_are_not_compared_by_are_counted(tmp_path, capsys, without, others):
    path = tmp_path / "few.csv"
    table = shop()[["Client ref.", "Orders / year", "Months as customer", "Balance", "Plan", "Country", "Nothing"]]
    table.drop(columns=without).to_csv(path, index=False)
    command.propose([f"DATA={path}"])
    said = capsys.readouterr().out
    assert "120 customers, compared by 3 features." in said
    assert others in said
    assert ("Other columns" in said) == bool(others)


def test_a_proposal_loads_and_reads_the_file_as_it_is(file):
    target = proposed(file)
    known = dictionary.load(target)
    kinds = {feature.name: (feature.kind, feature.unit, feature.transform) for feature in known.features}
    assert kinds["TOTAL_SPEND"] == ("amount", "currency", "log1p")
    assert kinds["ORDERS_YEAR"][0] == "count"
    assert kinds["DISCOUNT"][0] == "share"
    assert kinds["MONTHS_AS_CUSTOMER"] == ("months", "months", "none")
    assert known["BALANCE"].minimum is None
    assert known.currency == "$"
    assert not known.cards
    assert [one.name for one in known.descriptors] == ["PLAN", "REGION_CODE", "NEWSLETTER", "CHURNED"]
    with paths.in_force(DICTIONARY=target):
        loaded = data.load(file)
    assert len(loaded.frame) == N
    assert loaded.features == known.names
    assert loaded.frame["customer_id"].iloc[0] == "C-0000"
    assert loaded.frame["DISCOUNT"].between(0, 1).all()


def test_a_unit_and_a_span_of_time_in_a_name_are_read_as_such(tmp_path):
    random = np.random.default_rng(3)
    path = tmp_path / "hotel.csv"
    frame = {"Nights per year": random.poisson(6, N), "Average room rate (EUR)": random.normal(120, 20, N).round(2)}
    pd.DataFrame(frame | {"data_gb": random.normal(9, 2, N), "Branch code": random.integers(1, 9, N)}).to_csv(path)
    with paths.in_force(DICTIONARY=proposed(path)):
        known = dictionary.load()
    assert known.currency == "€"
    assert [(one.label, one.kind) for one in known.features] == [
        ("Nights per year", "count"),
        ("Average room rate", "amount"),
        ("Data GB", "ratio"),
    ]
    assert [one.label for one in known.descriptors] == ["Branch code"]


def test_no_name_of_a_column_is_taken_for_more_than_a_name(tmp_path):
    random = np.random.default_rng(1)
    names = ["a: b", "- c", "{x}", "# nope", "NO", "yes", "q\"u'o", "é à", "客户", "1st", "<b>bold</b>", "my id 2"]
    path = tmp_path / "odd names.csv"
    pd.DataFrame({name: random.normal(place, 1, N) for place, name in enumerate(names)}).to_csv(path, index=False)
    target = proposed(path)
    with paths.in_force(DICTIONARY=target):
        loaded = data.load(path)
    assert len(loaded.features) == len(names)
    assert not any("<" in feature.label for feature in dictionary.load(target).features)


def test_with_too_little_to_compare_by_each_other_column_is_told_with_its_reason(tmp_path):
    path = tmp_path / "thin.csv"
    shop()[["Client ref.", "Plan", "Balance", "Churned"]].to_csv(path, index=False)
    with pytest.raises(DataError, match=r"(?s)only Balance is a number.*Plan: text with 3 values.*Churned: an outcome"):
        proposed(path)


def test_an_id_that_repeats_is_no_id(tmp_path):
    path = tmp_path / "twice.csv"
    table = shop()[["Balance", "Months as customer"]].assign(user_id=[*range(N - 10), *range(10)])
    table.to_csv(path, index=False)
    text = proposed(path).read_text(encoding="utf-8")
    assert "# No column is an id" in text
    assert "user_id: called an id, but 10 rows repeat one" in text


def test_rows_that_customers_did_are_told_from_customers(tmp_path):
    path = tmp_path / "sales.csv"
    moments = pd.date_range("2026-01-01", periods=N, freq="h").astype(str)
    table = {
        "CustomerID": np.arange(N) % 60,
        "Invoice No": np.arange(N) // 2,
        "Price": shop()["Balance"],
        "At": moments,
    }
    pd.DataFrame(table | {"Plan": shop()["Plan"]}).to_csv(path, index=False)
    with pytest.raises(DataError) as caught:
        command.propose([f"DATA={path}"])
    said = str(caught.value)
    assert "its 120 rows are of 60 customers by 'CustomerID', up to 2 rows of one" in said
    assert [word in said for word in ("different 'Invoice No'", "of 'Price'", "last 'At'", "commonest 'Plan'")] == [
        True
    ] * 4
    assert not path.with_suffix(".dictionary.yml").exists()
    named = {"sale": [f"S{place}" for place in range(N)], "Pieces": np.arange(N) % 7}
    pd.DataFrame(table | named).to_csv(path, index=False)
    assert "# CustomerID has 60 values on 120 rows: segments will be of rows" in proposed(path).read_text("utf-8")


def test_what_is_typed_next_drops_a_totals_row_and_names_the_sheet(tmp_path, capsys):
    table = shop()[["Client ref.", "Orders / year", "Months as customer", "Balance"]]
    path = tmp_path / "book.xlsx"
    book = Workbook()
    book.active.append(["made by hand"])
    sheet = book.create_sheet("People")
    for row in ([*table], *table.values.tolist(), ["Average", 6, 30, 0.5]):
        sheet.append(row)
    book.save(path)
    [target] = command.propose([f"DATA={path}"])
    said = capsys.readouterr().out
    assert said.splitlines()[-1].endswith(f"DICTIONARY={target} BAD_ROWS=drop")
    assert "Sheet 'People' was read; other sheets ignored: 'Sheet'." in said
    assert "120 customers" in said
    assert "BAD_ROWS=drop" in target.read_text(encoding="utf-8")


def test_a_file_that_no_proposal_can_read_is_to_be_mended_first(tmp_path, capsys):
    path = tmp_path / "twice.csv"
    table = shop()[["Balance", "Months as customer"]].assign(CustomerID=[*range(N - 10), *range(10)])
    table.to_csv(path, index=False)
    command.propose([f"DATA={path}"])
    said = capsys.readouterr().out
    assert "10 ids stand on rows with different values" in said
    assert said.splitlines()[-1] == "next: mend the file, then make dictionary again with REPLACE=yes"


def test_a_dash_or_a_word_that_keeps_a_column_from_being_numbers_is_named(tmp_path):
    amounts = [f"£{place}.50" for place in range(N)]
    unknown = [amount if place % 10 else "n.d." for place, amount in enumerate(amounts)]
    dashed = [amount if place % 5 else "-" for place, amount in enumerate(amounts)]
    found = exported(tmp_path, tab=dashed, spend=unknown, orders=np.arange(N) % 7)
    assert found["tab"].reason == "most cells are numbers, but not '-': mend them and it is a feature"
    assert found["spend"].reason == "most cells are numbers, but not 'n.d.': mend them and it is a feature"


def exported(tmp_path, **columns):
    """The columns that a file of others' is read as, with their roles by name."""
    path = tmp_path / "export.csv"
    pd.DataFrame(columns).to_csv(path, index=False, sep=";")
    return {one.column.name: one for one in roles.assign(reading.read(path))}


def test_amounts_as_other_systems_write_them_are_numbers(tmp_path):
    random = np.random.default_rng(5)
    amounts = random.lognormal(6, 1, N).round(2)
    below = np.where(np.arange(N) % 9 > 0, amounts, -amounts)
    found = exported(
        tmp_path,
        Nr=[f"{place:010d}" for place in range(N)],
        zloty=[f"{amount:,.2f} zł".replace(",", " ").replace(".", ",") for amount in amounts],
        sap=[f"{abs(amount):.2f}{'-' if amount < 0 else ''}".replace(".", ",") for amount in below],
        pace=[f"{place % 9}:{place % 60:02d}" for place in range(N)],
    )
    assert [found[name].role for name in ("Nr", "zloty", "sap", "pace")] == [
        roles.ID, roles.FEATURE, roles.FEATURE, roles.LEFT_OUT,
    ]  # fmt: skip
    assert found["zloty"].column.sign == "zł"
    assert found["zloty"].column.values.tolist() == amounts.tolist()
    assert found["sap"].column.values.tolist() == below.tolist()


def test_numbers_too_long_to_be_told_apart_and_such_with_leading_zeros_are_texts(tmp_path):
    found = exported(tmp_path, account_id=np.arange(N) + 7 * 10**18, plz=[f"{place % 40:05d}" for place in range(N)])
    assert found["account_id"].role == roles.ID
    assert found["plz"].column.values.iloc[7] == "00007"
    assert found["plz"].role == roles.DESCRIPTOR


@pytest.mark.parametrize(
    ("last", "customers"),
    [(["7", "8", "9", ""], 21), (["", "8", "9", "3"], 21), (["7", "8", "", ""], 20), (["", "", "", "3"], 20)],
)
def test_a_last_row_with_a_cell_or_two_is_a_note_and_a_fuller_one_a_customer(tmp_path, last, customers):
    path = tmp_path / "file.csv"
    lines = [["A", "B", "C", "D"], *([str(row + place) for place in range(4)] for row in range(20)), last]
    path.write_text("".join(",".join(line) + "\n" for line in lines))
    assert [len(column.values) for column in reading.read(path)] == [customers] * 4


def test_titles_above_and_totals_below_are_not_taken_for_customers(tmp_path):
    table = shop()[["Client ref.", "Orders / year", "Months as customer", "Balance"]]
    above = [["Export of", "2026-01-05"], []]
    rows = [*above, [*table], *table.values.tolist(), ["Total", 9999, 9999, 9e9], ["Source: X"]]
    path = tmp_path / "titled.xlsx"
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    columns = reading.read(path)
    assert [column.name for column in columns] == [*table]
    assert columns[1].values.tolist() == table["Orders / year"].tolist()


def test_a_column_of_nested_values_is_left_out_with_a_word_on_it(tmp_path):
    path = tmp_path / "nested.parquet"
    shop()[["Orders / year", "Balance"]].assign(tags=[["a"]] * N).to_parquet(path)
    found = {one.column.name: one for one in roles.assign(reading.read(path))}
    assert found["Balance"].role == roles.FEATURE
    assert "several values" in found["tags"].reason


def test_far_too_many_numbers_are_refused_in_a_line(file, monkeypatch):
    monkeypatch.setattr(dictionary_file, "MOST_BYTES", 1000)
    with pytest.raises(DataError, match=r"shop.csv: 5 columns are numbers, more than a dictionary describes"):
        proposed(file)


def test_columns_of_one_series_are_remarked_on(tmp_path):
    path = tmp_path / "series.csv"
    random = np.random.default_rng(6)
    pd.DataFrame({f"kwh_{month:02d}": random.gamma(2, 9, N) for month in range(1, 4)}).to_csv(path, index=False)
    assert "# KWH_01 to KWH_03 look like one series and count 3 times" in proposed(path).read_text(encoding="utf-8")


def test_the_command_refuses_to_overwrite_what_may_be_edited(file):
    [target] = command.propose([f"DATA={file}"])
    assert target == file.with_suffix(".dictionary.yml")
    target.write_text("edited", encoding="utf-8")
    with pytest.raises(ParameterError, match="REPLACE=yes"):
        command.propose([f"DATA={file}"])
    assert target.read_text(encoding="utf-8") == "edited"
    command.propose([f"DATA={file}", "REPLACE=yes"])
    assert target.read_text(encoding="utf-8") != "edited"
    with pytest.raises(ParameterError, match="OUT="):
        command.propose([f"DATA={file}", f"OUT={file}", "REPLACE=yes"])


def test_a_file_that_holds_most_of_the_cards_gets_a_mapping_that_runs(tmp_path, capsys):
    customers = pd.read_csv(paths.SAMPLE, nrows=N).drop(columns=["MINIMUM_PAYMENTS", "PRC_FULL_PAYMENT"])
    path = tmp_path / "partly.csv"
    customers.rename(columns={"BALANCE": "the balance", "TENURE": "Tenur"}).to_csv(path, index=False)
    [target] = command.propose([f"DATA={path}"])
    seen = matching.nearest(pd.read_csv(path, nrows=1).columns.tolist())
    assert seen.near == {"BALANCE": "the balance", "TENURE": "Tenur"}
    assert dictionary_file.worth_it(seen)
    assert "FEATURES=" in capsys.readouterr().out
    chosen = [name for name in dictionary.load().names if name not in ("MINIMUM_PAYMENTS", "PRC_FULL_PAYMENT")]
    assert data.load(path, columns=target, features=chosen).features == chosen


def test_a_file_of_another_schema_is_answered_on_one_screen(file):
    with pytest.raises(DataError) as caught:
        data.load(file)
    said = str(caught.value)
    assert "2 of the 17 features were found" in said
    assert "found: 'Balance' (BALANCE), 'Total spend ($)' (PURCHASES)" in said
    assert "make dictionary DATA=" in said
    assert 'FEATURES="BALANCE PURCHASES"' in said
    assert len(said.splitlines()) < 12


def test_what_was_found_runs_alone_where_it_is_enough_and_no_hint_is_far(tmp_path):
    path = tmp_path / "three.csv"
    customers = pd.read_csv(paths.SAMPLE, nrows=N)[["CUST_ID", "BALANCE", "PURCHASES", "CREDIT_LIMIT"]]
    customers.assign(Education_Level=1, Purchase_Frequenzy=0.5, n_payments=3).to_csv(path, index=False)
    with pytest.raises(DataError) as caught:
        data.load(path)
    said = str(caught.value)
    assert 'FEATURES="BALANCE PURCHASES CREDIT_LIMIT"' in said
    assert "near a feature: 'Purchase_Frequenzy'; if it is PURCHASES_FREQUENCY" in said
    assert "near a feature: 'Education_Level'" not in said
    assert "near a feature: 'n_payments'" not in said, "a count is no amount"


@pytest.mark.parametrize("named", ["parts", "parts/*.csv"])
def test_parts_get_the_dictionary_of_the_file_beside_their_folder(tmp_path, named):
    folder = tmp_path / "parts"
    folder.mkdir()
    for number, start in enumerate((0, 50)):
        shop().iloc[start : start + 70].to_csv(folder / f"{number}.csv", index=False)
    assert command.propose([f"DATA={tmp_path / named}"]) == [tmp_path / "parts.dictionary.yml"]
    assert len(list(folder.iterdir())) == 2
