"""Which table a note, or a file that was brought from one, stands for."""

import pytest

from seg_utils.core import artefacts
from seg_utils.core.parameters import table_address
from seg_utils.core.parameters.table_address import TableAddress

BANK = TableAddress("postgresql://bank.example/cards", "public.customers")


@pytest.mark.parametrize("without", ["database", "table"])
def test_a_note_is_on_a_table_where_it_names_database_and_table(without):
    note = {"database": BANK.database, "table": BANK.table, "rows": 7}
    assert table_address.named_in(note) == BANK
    assert table_address.named_in({name: value for name, value in note.items() if name != without}) is None
    assert table_address.named_in({}) is None


def test_a_file_is_called_after_its_table_and_found_by_its_note(tmp_path):
    file = BANK.file(tmp_path)
    assert file == BANK.file(tmp_path)
    assert file.name == "public-customers.parquet"
    others = (TableAddress("postgresql://other.example/cards", BANK.table), TableAddress(BANK.database, "customers"))
    assert len({file, *(other.file(tmp_path) for other in others)}) == 3
    assert TableAddress(BANK.database, "顧客").file(tmp_path).name == "table.parquet"
    assert table_address.left_there(file) is None
    assert table_address.origin(file) == {}
    file.parent.mkdir(parents=True)
    note = {"database": BANK.database, "table": BANK.table, "order": ["CUST_ID", "BALANCE"]}
    artefacts.write_json(file.with_name(table_address.NOTE), note)
    assert table_address.left_there(file) == BANK
    assert table_address.columns(file) == ["CUST_ID", "BALANCE"]
    assert table_address.origin(file) == {
        "name": f"TABLE={BANK.table} of {BANK.database}",
        "database": BANK.database,
        "table": BANK.table,
    }
    file.touch()
    assert table_address.left_there(file) is None
    assert table_address.origin(file)["table"] == BANK.table


def test_a_duckdb_file_is_shown_without_its_folders(tmp_path):
    address = TableAddress("duckdb:///home/analyst/secret/bank.duckdb", "customers")
    assert str(address) == "TABLE=customers of bank.duckdb"
    file = address.file(tmp_path)
    file.parent.mkdir(parents=True)
    artefacts.write_json(file.with_name(table_address.NOTE), {"database": address.database, "table": "customers"})
    assert table_address.origin(file)["database"] == "duckdb://bank.duckdb"


def test_a_file_of_its_own_has_no_table_whatever_lies_beside_it(tmp_path):
    note = {"database": BANK.database, "table": BANK.table}
    artefacts.write_json(tmp_path / table_address.NOTE, note)
    assert table_address.left_there(tmp_path / "customers.parquet") is None
    assert table_address.origin(tmp_path / "customers.parquet") == {}
