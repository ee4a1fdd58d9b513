"""Columns are matched whatever their spelling; what is missing, doubtful or ignored is named."""

import pytest

from seg_utils.core.errors import DataError, ParameterError
from seg_utils.data.columns import matching

from .good_customers import rules, same


def finding(loaded, rule):
    return next(one for one in loaded.findings if one.rule == rule)


@pytest.mark.parametrize(
    "spell",
    [
        str.lower,
        str.title,
        lambda name: name.replace("_", ""),
        lambda name: name.replace("_", " ").title(),
        lambda name: name.replace("_", "-"),
        lambda name: f" {name.replace('_', '.')} ",
    ],
)
def test_spelling_does_not_matter(read, good, spell):
    same(read(good.rename(columns=spell)), good)


@pytest.mark.parametrize(
    ("canonical", "alias"),
    [
        ("CUST_ID", "customer_id"),
        ("INSTALLMENTS_PURCHASES", "installment_purchases"),
        ("INSTALLMENTS_PURCHASES", "Instalment Purchases"),
        ("MINIMUM_PAYMENTS", "minimum_payment"),
        ("ONEOFF_PURCHASES", "one-off purchases"),
        ("PURCHASES_TRX", "Number of purchases"),
        ("PRC_FULL_PAYMENT", "PRCFULLPAYMENT"),
        ("CASH_ADVANCE_TRX", "CASHADVANCETRX"),
    ],
)
def test_aliases(read, good, canonical, alias):
    loaded = read(good.rename(columns={canonical: alias}))
    same(loaded, good)
    named = {"customer_id" if canonical == "CUST_ID" else canonical: alias}.items()
    assert all(
        {"feature": feature, "column": column} in finding(loaded, "columns").examples for feature, column in named
    )


def test_order_of_columns_does_not_matter(read, good):
    same(read(good[good.columns[::-1]]), good)


def test_extra_columns_are_ignored_and_named(read, good):
    extra = good.assign(cluster=3, Recnum=range(len(good)))
    extra.insert(0, "Unnamed: 0", range(len(good)))
    loaded = read(extra)
    same(loaded, good)
    assert finding(loaded, "extra_columns").examples == ("Unnamed: 0", "cluster", "Recnum")


def test_as_many_columns_as_a_spreadsheet_holds_are_read(read, good, monkeypatch):
    monkeypatch.setattr(matching, "MOST_COLUMNS", good.shape[1])
    assert len(read(good).frame) == len(good)
    with pytest.raises(DataError, match=f"has {good.shape[1] + 1} columns, and {good.shape[1]} are the most"):
        read(good.assign(Extra=1))


def test_without_ids_row_numbers_serve(read, good):
    loaded = read(good.drop(columns="CUST_ID"))
    same(loaded, good.assign(CUST_ID=[str(i + 1) for i in range(len(good))]))
    assert "no_id" in rules(loaded, "warning")


def test_all_missing_features_are_named_with_the_nearest_column(read, good):
    broken = good.drop(columns="TENURE").rename(columns={"PAYMENTS": "PAYMNTS"})
    said = r"PAYMENTS \(nearest column: 'PAYMNTS'\); TENURE; if .* under other names \(not matched: 'PAYMNTS'\), map"
    with pytest.raises(DataError, match=f"2 features are missing: {said}"):
        read(broken)
    with pytest.raises(DataError, match=r"1 feature is missing: PAYMENTS \(.*'PAYMNTS'\); rename the columns, map"):
        read(good.rename(columns={"PAYMENTS": "PAYMNTS"}))
    with pytest.raises(DataError, match="1 feature is missing: TENURE; rename the columns, map"):
        read(good.drop(columns="TENURE"))


def test_no_header_row(read, good):
    with pytest.raises(DataError, match=r"no header row .*add a first row with the column names"):
        read(good.to_csv(index=False, header=False))


def test_data_above_the_header(read, good):
    lines = good.to_csv(index=False).split("\n")
    with pytest.raises(DataError, match="header stands in row 3 with data above it"):
        read("\n".join([*lines[1:3], lines[0], *lines[3:]]))


def test_two_columns_for_one_feature(read, good):
    same(read(good.assign(purchases=good["PURCHASES"])), good)
    with pytest.raises(DataError, match="2 columns answer to PURCHASES and hold different values"):
        read(good.assign(purchases=good["PURCHASES"] + 1))


def test_a_canonical_name_beats_an_alias(read, good):
    loaded = read(good.assign(limit=1, months=2, id=3))
    same(loaded, good)
    assert finding(loaded, "extra_columns").count == 3


def test_a_repeated_name(read, good):
    twice = good.copy()
    twice.columns = ["BALANCE" if name == "PAYMENTS" else name for name in good]
    said = "1 feature is missing: PAYMENTS.*, while 'BALANCE' heads more than one column; rename"
    with pytest.raises(DataError, match=said):
        read(twice)


def test_principal_components_are_recognised_by_name(read, good):
    with pytest.raises(DataError, match="look like principal components"):
        read(good.iloc[:, :6].set_axis(["CUST_ID", "PC1", "PC2", "PC3", "PC4", "PC5"], axis=1))


def test_a_few_components_beside_other_columns_are_another_schema(read, good):
    with pytest.raises(DataError, match="a file of another schema"):
        read(good.iloc[:, :6].set_axis(["visits", "PC1", "PC2", "town", "spend", "plan"], axis=1))


def test_mapping(read, good, tmp_path):
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("Saldo: BALANCE\n'Käufe: alle': purchases\nno: TENURE\nlimit:\n", encoding="utf-8")
    theirs = good.rename(columns={"BALANCE": "Saldo", "PURCHASES": "Käufe: alle", "TENURE": "no"}).assign(limit=5)
    same(read(theirs, columns=mapping), good)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Saldo: BALLANCE\n", "maps 'Saldo' to 'BALLANCE', which is no column; allowed: CUST_ID, BALANCE"),
        ("Soldo: BALANCE\n", r"names columns the file does not have: 'Soldo' \(nearest column: 'Saldo'\)"),
        ("a: BALANCE\nb: BALANCE\n", r"maps two columns \('a', 'b'\) to BALANCE"),
        ("a: BALANCE\na: PURCHASES\n", "'a' stands twice"),
        ("a: [BALANCE\n", "not valid YAML"),
        ("- BALANCE\n", "is no mapping"),
        ("", "is no mapping"),
        ("a: {b: c}\n", "is no mapping"),
        ("? [a]\n: BALANCE\n", "not valid YAML|is no mapping"),
        ("!!python/object/apply:os.system [ls]: BALANCE\n", "not valid YAML|is no mapping"),
    ],
)
def test_mistakes_in_the_mapping(read, good, tmp_path, text, message):
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(text)
    with pytest.raises(DataError, match=message):
        read(good.rename(columns={"BALANCE": "Saldo"}), columns=mapping)


def test_missing_mapping_file(read, good, tmp_path):
    with pytest.raises(DataError, match=r"COLUMNS=none.yml cannot be read"):
        read(good, columns=tmp_path / "none.yml")


def test_a_subset_of_features_on_purpose(read, good):
    wanted = ["purchases", "BALANCE"]
    loaded = read(good[["CUST_ID", "BALANCE", "PURCHASES"]], features=wanted)
    same(loaded, good[["CUST_ID", "BALANCE", "PURCHASES"]])
    assert loaded.features == ["BALANCE", "PURCHASES"]
    assert "features_subset" in rules(loaded, "warning")


@pytest.mark.parametrize("features", [["FOO"], []])
def test_unknown_features(read, good, features):
    with pytest.raises(ParameterError, match="allowed: BALANCE, BALANCE_FREQUENCY"):
        read(good, features=features)


def test_unknown_treatment_of_bad_rows(read, good):
    with pytest.raises(ParameterError, match="BAD_ROWS=keep is not allowed; use stop or drop"):
        read(good, bad_rows="keep")


@pytest.mark.parametrize("name", ["pagos", "Zahlungen", "paiements_mensuels", "saldo"])
def test_names_of_another_language_get_no_hint_but_the_mapping(read, good, name):
    with pytest.raises(
        DataError, match=rf"1 feature is missing: PAYMENTS; .*not matched: '{name}'.*COLUMNS=mapping.yml"
    ) as caught:
        read(good.rename(columns={"PAYMENTS": name}))
    assert "nearest" not in str(caught.value)


def test_a_missing_feature_comes_with_the_features_that_are_there(read, good):
    with pytest.raises(DataError, match=r'run without them: FEATURES="BALANCE .* PRC_FULL_PAYMENT"$'):
        read(good.drop(columns="TENURE"))


def test_a_column_that_stands_twice_is_a_finding(read, good):
    found = finding(read(good.assign(purchases=good["PURCHASES"])), "duplicate_columns")
    assert (found.severity, found.column, found.count, found.action) == ("info", "PURCHASES", 1, "ignored")
    assert "column 4 of the file was used, column 19 ignored" in found.message


def test_a_mapping_may_spell_names_in_another_way(read, good, tmp_path):
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("ka\u0308ufe: PURCHASES\nSALDO: BALANCE\n", encoding="utf-8")
    same(read(good.rename(columns={"BALANCE": "Saldo", "PURCHASES": "Käufe"}), columns=mapping), good)
    twice = good.rename(columns={"BALANCE": "Saldo", "PURCHASES": "Käufe"}).assign(saldo=1)
    with pytest.raises(DataError, match="names columns the file does not have: 'SALDO'"):
        read(twice, columns=mapping)
