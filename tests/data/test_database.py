"""A table of a database is the file that it is brought into; nothing secret is kept."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from seg_utils import data
from seg_utils.core.artefacts import sha256
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.core.parameters import from_mapping
from seg_utils.data import database
from seg_utils.pipeline import large


@pytest.fixture
def bank(good, tmp_path):
    """A DuckDB file with customers in no order."""
    path = tmp_path / "bank.duckdb"
    write(path, good.sample(frac=1, random_state=1))
    return path


def write(path, frame, table="customers"):
    with duckdb.connect(str(path)) as connection:
        connection.register("frame", frame.assign(**{frame.columns[0]: frame.iloc[:, 0].astype(object)}))
        connection.execute(f"create or replace table {table} as select * from frame")


def asked(bank, tmp_path, table="customers"):
    return from_mapping({"DATA": f"duckdb://{bank}", "TABLE": table, "OUTPUTS": str(tmp_path / "outputs")})


def brought(bank, tmp_path, **options):
    parameters = asked(bank, tmp_path, **options)
    large.bring_in(parameters.table, parameters.data, None)
    return parameters.data


def test_a_table_is_the_file_of_the_same_customers_in_the_order_of_their_ids(good, bank, tmp_path):
    good.sort_values("CUST_ID").to_parquet(tmp_path / "whole.parquet")
    expected, read = data.load(tmp_path / "whole.parquet"), data.load(brought(bank, tmp_path))
    pd.testing.assert_frame_equal(read.frame, expected.frame, check_exact=True)
    assert [one.to_dict() for one in read.findings] == [one.to_dict() for one in expected.findings]


def test_a_table_is_read_again_only_when_what_it_holds_has_changed(good, bank, tmp_path, capsys):
    file = brought(bank, tmp_path)
    before, when = sha256(file), file.stat().st_mtime_ns
    write(bank, good.sample(frac=1, random_state=2))
    brought(bank, tmp_path)
    assert file.stat().st_mtime_ns == when
    assert capsys.readouterr().out.splitlines()[-1].endswith("of bank.duckdb: unchanged")
    write(bank, good.assign(BALANCE=good["BALANCE"].where(good.index != 7, 1.25)))
    brought(bank, tmp_path)
    assert sha256(file) != before
    file.unlink()
    write(bank, good)
    assert sha256(brought(bank, tmp_path)) == before  # the same rows, the same bytes


def test_what_a_killed_run_left_half_read_is_swept_away(bank, tmp_path):
    folder = asked(bank, tmp_path).data.parent
    (folder / ".part-99999999-spilled").mkdir(parents=True)
    (folder / ".part-99999999-0-customers.parquet.unsorted").write_bytes(b"half")
    brought(bank, tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == ["customers.parquet", "table.json"]


def test_values_that_change_places_are_a_change(good, bank, tmp_path):
    file = brought(bank, tmp_path)
    before = sha256(file)
    swapped = good.copy()
    swapped.loc[[1, 2], "BALANCE"] = good.loc[[2, 1], "BALANCE"].to_numpy()
    write(bank, swapped)
    assert sha256(brought(bank, tmp_path)) != before


def test_tables_of_one_name_have_a_file_each(good, bank, tmp_path):
    other = tmp_path / "other.duckdb"
    write(other, good)
    assert asked(bank, tmp_path).data != asked(other, tmp_path).data


def test_what_a_table_is_called_is_no_path(bank, tmp_path):
    file = asked(bank, tmp_path, table="../../etc/passwd").data
    assert file.resolve().is_relative_to(tmp_path / "outputs")
    assert file.name == "etc-passwd.parquet"


def test_a_table_that_changes_while_it_is_read_is_told_and_leaves_nothing(bank, tmp_path, monkeypatch):
    contents = iter([{"rows": 300, "hashes": 1}, {"rows": 301, "hashes": 2}])
    monkeypatch.setattr(database, "_content", lambda table: next(contents))
    with pytest.raises(DataError, match=r"^TABLE=customers of bank\.duckdb: the table changed while it was read"):
        brought(bank, tmp_path)
    assert [path for path in (tmp_path / "outputs").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("table", "said"),
    [("custmers", "there is no such table; there are 'customers', 'nobody'"), ("nobody", "the table holds no rows")],
)
def test_a_table_that_is_not_there_or_empty_is_refused_in_a_line(good, bank, tmp_path, table, said):
    write(bank, good.head(0), "nobody")
    with pytest.raises(DataError, match=said) as raised:
        brought(bank, tmp_path, table=table)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_database_is_refused_in_a_line(tmp_path):
    (tmp_path / "bank.duckdb").write_text("CUST_ID,BALANCE\n" * 1000)
    with pytest.raises(ParameterError, match=r"is no DuckDB file; a file of customers is given as it is, DATA=/"):
        brought(tmp_path / "bank.duckdb", tmp_path)
    (tmp_path / "bank.duckdb").write_bytes(b"checksumDUCK" + b"x" * 1000)
    with pytest.raises(DataError, match=r"^TABLE=customers of bank\.duckdb: ") as raised:
        brought(tmp_path / "bank.duckdb", tmp_path)
    assert "\n" not in str(raised.value)


def test_a_kind_of_database_that_nothing_here_speaks_to_is_refused_in_a_line():
    with pytest.raises(ParameterError, match=r"^DATA=foo:// is no database that is known here; DATA is a file, or beg"):
        from_mapping({"DATA": "foo://x", "TABLE": "customers"})


def test_a_database_whose_package_is_not_installed_says_how_to_install_it(tmp_path):
    parameters = from_mapping({"DATA": "mysql://me@host/bank", "TABLE": "customers", "OUTPUTS": str(tmp_path)})
    with pytest.raises(DataError, match=r"-m pip install 'ibis-framework\[mysql\]'"):
        large.bring_in(parameters.table, parameters.data, None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DATA": "postgres://me:hunter2@host/bank", "TABLE": "t"}, "put it into the environment as DATA_PASSWORD"),
        ({"DATA": "snowflake://me@host/bank?token=hunter2", "TABLE": "t"}, "put it into the environment"),
        ({"DATA": "postgres://host/bank"}, "name the table in it, for example TABLE=customers"),
        ({"DATA": "duckdb://nowhere.duckdb", "TABLE": "t"}, "does not exist"),
        ({"TABLE": "customers"}, "DATA names none"),
    ],
)
def test_what_is_no_address_of_a_table_is_refused_before_anything_starts(given, said):
    with pytest.raises(ParameterError, match=said) as raised:
        from_mapping(given)
    assert "hunter2" not in str(raised.value)


def test_a_password_of_the_environment_is_kept_nowhere_and_said_nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_PASSWORD", "hunter/2")
    address = from_mapping({"DATA": "postgres://me@host/bank", "TABLE": "t", "OUTPUTS": str(tmp_path)}).table

    def refuse(url):
        assert url == "postgres://me:hunter%2F2@host/bank"
        raise RuntimeError(f"could not connect to {url} with hunter/2")

    import ibis

    monkeypatch.setattr(ibis, "connect", refuse)
    with pytest.raises(DataError, match="could not connect") as raised:
        database.bring_in(address, address.file(tmp_path))
    assert "hunter" not in str(raised.value)
    assert "hunter" not in repr(address)


def test_ids_that_are_numbers_stand_in_the_order_of_their_size(good, tmp_path):
    numbered = good.assign(CUST_ID=range(len(good), 0, -1))
    write(tmp_path / "bank.duckdb", numbered)
    ids = data.load(brought(tmp_path / "bank.duckdb", tmp_path)).frame["customer_id"]
    assert ids.tolist() == [str(number) for number in range(1, len(good) + 1)]


def test_files_and_tables_may_be_called_anything(good, tmp_path):
    folder = tmp_path / "it's [a] bank"
    folder.mkdir()
    write(folder / "b'an[k].duckdb", good, '"cust omers; drop"')
    file = brought(folder / "b'an[k].duckdb", folder, table="cust omers; drop")
    assert len(data.load(file).frame) == len(good)


def test_what_was_read_is_said_to_be_the_table_and_its_address_makes_the_report_again(bank, tmp_path):
    source = data.load(brought(bank, tmp_path)).quality()["source"]
    assert source["name"] == "TABLE=customers of bank.duckdb"
    assert (source["database"], source["table"]) == ("duckdb://bank.duckdb", "customers")


def test_a_note_beside_a_file_of_ones_own_says_nothing_of_it(good, tmp_path):
    good.to_parquet(tmp_path / "whole.parquet")
    (tmp_path / "table.json").write_text('{"database": "duckdb://other", "table": "other"}')
    assert set(data.load(tmp_path / "whole.parquet").quality()["source"]) == {"name", "sha256"}


def test_what_does_not_fit_into_memory_goes_beside_the_result_and_is_gone_after(bank, tmp_path, monkeypatch):
    copy, seen = database._copy, []

    def look(table, *others):
        seen.extend(table.get_backend().raw_sql("select current_setting('temp_directory')").fetchone())
        copy(table, *others)

    monkeypatch.setattr(database, "_copy", look)
    file = brought(bank, tmp_path)
    assert Path(seen[0]).parent == file.parent
    assert not Path(seen[0]).exists()
