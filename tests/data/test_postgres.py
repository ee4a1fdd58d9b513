"""A table of a real PostgreSQL server is the very file that DuckDB's is; its password is said and kept nowhere."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from seg_utils import data
from seg_utils.core.errors import DataError
from seg_utils.core.parameters import from_mapping
from seg_utils.data import database

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'ibis-framework[postgres]'")
postgres = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "postgres.py")))
pytestmark = pytest.mark.skipif(
    None in (postgres.SERVER, postgres.MAKE), reason="no PostgreSQL server on PATH: apt-get install postgresql"
)


@pytest.fixture(scope="module")
def server():
    with postgres.opened() as url:
        yield url


@pytest.fixture
def bank(server, good, monkeypatch):
    """Customers in no order, some values missing, in the table ``customers`` of the schema ``retail``."""
    monkeypatch.setenv("DATA_PASSWORD", postgres.PASSWORD)
    shuffled = good.sample(frac=1, random_state=1)
    shuffled["MINIMUM_PAYMENTS"] = shuffled["MINIMUM_PAYMENTS"].where(np.arange(len(good)) % 7 > 0)
    write(server, shuffled)
    return server


def write(server, frame):
    kinds = ", ".join(f'"{name}" {"text" if i == 0 else "float8"}' for i, name in enumerate(frame))
    with psycopg.connect(server, password=postgres.PASSWORD) as connection:
        connection.execute("drop schema if exists retail cascade")
        connection.execute("create schema retail")
        connection.execute(f"create table retail.customers ({kinds})")
        with connection.cursor().copy("copy retail.customers from stdin") as copy:
            for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
                copy.write_row(row)


def asked(server, tmp_path, table="retail.customers"):
    return from_mapping({"DATA": server, "TABLE": table, "OUTPUTS": str(tmp_path / "outputs")})


def test_a_table_is_the_file_of_the_same_customers(bank, good, tmp_path):
    import duckdb

    request = asked(bank, tmp_path)
    assert database.bring_in(request.table, request.data) == len(good)
    ours = data.load(request.data)
    with psycopg.connect(bank, password=postgres.PASSWORD) as connection:
        rows = connection.execute("select * from retail.customers").fetchall()
    frame = pd.DataFrame(rows, columns=list(good))
    with duckdb.connect(str(tmp_path / "bank.duckdb")) as connection:
        connection.register("frame", frame.astype({"CUST_ID": object}))
        connection.execute("create table customers as select * from frame")
    other = asked(f"duckdb://{tmp_path / 'bank.duckdb'}", tmp_path, "customers")
    database.bring_in(other.table, other.data)
    pd.testing.assert_frame_equal(ours.frame, data.load(other.data).frame, check_exact=True)
    assert ours.frame["MINIMUM_PAYMENTS"].isna().sum() > 40


def test_a_table_is_read_again_only_when_it_has_changed(bank, good, tmp_path):
    request = asked(bank, tmp_path)
    assert database.bring_in(request.table, request.data) == 300
    assert database.bring_in(request.table, request.data) is None
    with psycopg.connect(bank, password=postgres.PASSWORD) as connection:
        connection.execute('update retail.customers set "BALANCE" = 1.25 where "CUST_ID" = %s', [good["CUST_ID"][7]])
    assert database.bring_in(request.table, request.data) == 300


def test_a_table_that_changes_while_it_is_read_is_told_and_leaves_nothing(bank, tmp_path, monkeypatch):
    request = asked(bank, tmp_path)
    copy = database._copy

    def copy_while_others_write(*arguments):
        copy(*arguments)
        with psycopg.connect(bank, password=postgres.PASSWORD) as connection:
            connection.execute('update retail.customers set "BALANCE" = "BALANCE" + 1')

    monkeypatch.setattr(database, "_copy", copy_while_others_write)
    with pytest.raises(DataError, match="the table changed while it was read"):
        database.bring_in(request.table, request.data)
    assert [path for path in (tmp_path / "outputs").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("password", ["", "wrong secret"])
def test_a_password_that_is_missing_or_wrong_is_told_in_a_line(bank, tmp_path, monkeypatch, password):
    monkeypatch.setenv("DATA_PASSWORD", password)
    request = asked(bank, tmp_path)
    with pytest.raises(DataError, match=r"^TABLE=retail\.customers of postgres://analyst@127\.0\.0\.1") as raised:
        database.bring_in(request.table, request.data)
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)
    assert "DATA_PASSWORD" in str(raised.value)


def test_a_table_that_is_not_there_is_told_with_those_that_are(bank, tmp_path):
    request = asked(bank, tmp_path, "retail.custmers")
    with pytest.raises(DataError, match=r"there is no such table; there are 'retail\.customers'$"):
        database.bring_in(request.table, request.data)
    request = asked(bank, tmp_path, "wholesale.customers")
    with pytest.raises(DataError, match=r"there are none in wholesale$"):
        database.bring_in(request.table, request.data)


def test_a_server_that_does_not_answer_is_told_in_a_line(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_PASSWORD", postgres.PASSWORD)
    request = asked("postgres://analyst@127.0.0.1:1/bank", tmp_path)
    with pytest.raises(
        DataError, match=r"^TABLE=retail\.customers of postgres://analyst@127\.0\.0\.1:1/bank: "
    ) as raised:
        database.bring_in(request.table, request.data)
    assert "\n" not in str(raised.value)


def test_no_part_of_the_password_is_kept(bank, tmp_path):
    request = asked(bank, tmp_path)
    database.bring_in(request.table, request.data)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "outputs").rglob("*.json"))
    assert b"analyst" in kept
    assert b"word" not in kept
