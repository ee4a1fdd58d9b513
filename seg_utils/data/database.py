"""A table in a database, brought into one Parquet file, from which all goes on as if that file had been given.

Any database that Ibis knows will do. The table is read once, and only when what it holds has changed: its rows and a
sum over their hashes are computed where it lies. Rows are put in the order of their ids, ties in that of the other
columns; numbers count by size, texts by their bytes, whatever the database's language.
"""

import glob
import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.core.artefacts import PART, create, make_folder, read_notes, replacing, sweep, write_json
from seg_utils.core.errors import DataError
from seg_utils.core.parameters.table_address import DUCKDB, NOTE, PASSWORD, SPARK, TableAddress
from seg_utils.data.columns import matching
from seg_utils.data.wording import listing

if TYPE_CHECKING:  # Ibis takes seconds to import: only where there is a table to read
    import ibis
    from ibis.backends import BaseBackend
    from pyspark.sql import DataFrame

MEMORY = "1GB"  # what the engine may take before it goes on on disk
HASHES = 2**31 - 1  # hashes of rows count modulo this, so that the sum of those of a billion rows is exact in 64 bits
AT_A_TIME = 100_000  # rows fetched at a time from a database that is not in this process
MD5S = 1 << 32  # by the first eight digits of the MD5 of their ids, customers are drawn: the same ones on any engine
GROUP = "seg_utils_group"  # the column of the group that a row is read in
FIELD, NOTHING = "\x1f", "\x1e"


def bring_in(address: TableAddress, file: Path, columns: Path | None = None, *, most: int | None = None) -> int | None:
    """Bring the file up to date with the table; returns the number of rows, None where nothing had changed. A table of
    Spark with more rows than ``most`` stays there, and there is no file, only the note beside it. A DataError where the
    database cannot be reached, there is no such table, it is empty, or it changed meanwhile."""
    with _in_one_line(address), _spilling(file.parent) as limits, _connected(address, limits) as backend:
        table = table_of(backend, address)
        by = order(table, columns)
        rows = (content := _content(table))["rows"]
        holds = {"database": address.database, "table": address.table, "content": content, "order": by}
        note, stays = file.with_name(NOTE), address.kind == SPARK and most is not None and rows > most
        if (stays or file.exists()) and read_notes(note) == holds:
            return None
        if not rows:
            raise DataError("the table holds no rows")
        sweep([file.parent])
        if stays:
            file.unlink(missing_ok=True)
            write_json(note, holds)
            return rows
        with replacing(file) as temporary:
            _copy(table, by, temporary)
            check_unchanged(table, content)
            note.unlink(missing_ok=True)
        write_json(note, holds)
        return rows


@contextmanager
def engine(folder: Path, table: TableAddress | None = None) -> Iterator["BaseBackend"]:
    """Where a table lies; without one, DuckDB in this process, in bounded memory, and what exceeds it in ``folder``. A
    DataError where the database cannot be reached or goes wrong; an OSError where what is written does not fit on the
    disk, or what is read cannot be read."""
    import duckdb
    import ibis

    if table is not None:
        with _in_one_line(table), _connected(table, {}) as backend:
            yield backend
        return
    with _without_ibis_warnings(), _spilling(folder) as limits:
        backend = ibis.duckdb.connect(**limits)
        try:
            yield backend
        except duckdb.Error as error:
            raise OSError(" ".join(str(error).split())[:300]) from None
        finally:
            backend.disconnect()


def parquet(engine: "BaseBackend", folder: Path) -> "ibis.Table":
    """All Parquet files in a folder, whatever it is called, as a table of an ``engine``."""
    if engine.name == "pyspark":
        return engine.read_parquet("file://" + re.sub(r"([][{}*?\\])", r"\\\1", str(folder.resolve())))
    return engine.read_parquet(f"{glob.escape(str(folder))}/*.parquet")


def drawn(table: "ibis.Table", ids: "ibis.Column", bound: int) -> "ibis.Table":
    """The rows whose id's MD5 begins with at most ``bound``, of ``MD5S``."""
    return table.filter(ids.hexdigest("md5").left(8) <= f"{bound:08x}")


def of_spark(table: "ibis.Table") -> "DataFrame":
    """An expression as Spark's own data frame."""
    backend = table.get_backend()
    return backend._session.sql(backend.compile(table))


@contextmanager
def _spilling(folder: Path) -> Iterator[dict[str, Any]]:
    """Settings of DuckDB: what exceeds its memory goes into a folder that is swept away after a run that was killed.

    One thread: the order in which numbers are added decides the last bits of their sum, and two of them sorting run out
    of a memory in which one does not.
    """
    make_folder(folder)
    with TemporaryDirectory(prefix=f"{PART}{os.getpid()}-", dir=folder) as temporary:
        yield {"memory_limit": MEMORY, "temp_directory": temporary, "threads": 1}


@contextmanager
def _without_ibis_warnings() -> Iterator[None]:
    """Ibis calls DuckDB by names that are going out of use."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="ibis")
        yield


@contextmanager
def _connected(address: TableAddress, limits: dict[str, Any]) -> Iterator["BaseBackend"]:
    """A database, ``limits`` being those of DuckDB."""
    try:
        import ibis

        if address.kind == SPARK:
            from pyspark.sql import SparkSession

            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # workers would take the first python3 on PATH
            backend = ibis.pyspark.connect(SparkSession.builder.getOrCreate())
        elif address.kind == DUCKDB:
            path = address.database.removeprefix(f"{DUCKDB}://")
            backend = ibis.duckdb.connect(path, read_only=True, **limits)
        else:
            backend = ibis.connect(_with_password(address.database))
    except ImportError as error:
        extra = f"ibis-framework[{address.kind.replace('postgresql', 'postgres')}]"
        packages = "'ibis-framework[pyspark]' 'pyspark[connect]'" if address.kind == SPARK else f"'{extra}'"
        raise DataError(
            f"a package is missing for it{f' ({error.name})' if error.name else ''}; install it by "
            f".venv/bin/python -m pip install {packages}"
        ) from None
    try:
        yield backend
    finally:
        if address.kind != SPARK:  # a session may be others', too
            backend.disconnect()


def _with_password(url: str) -> str:
    password = os.environ.get(PASSWORD)
    split = urlsplit(url)
    if not password or not split.username:
        return url
    return split._replace(netloc=split.netloc.replace("@", f":{quote(password, safe='')}@", 1)).geturl()


@contextmanager
def _in_one_line(address: TableAddress) -> Iterator[None]:
    """What any database says of what went wrong, in one line and without a password."""
    try:
        with _without_ibis_warnings():
            yield
    except DataError as error:
        raise DataError(f"{address}: {error}") from None
    except OSError:
        raise
    except Exception as error:
        message = " ".join(_of_worker(str(error)).split())
        if password := os.environ.get(PASSWORD):
            message = message.replace(password, "…").replace(quote(password, safe=""), "…")
        where = f"; it is read from the environment's {PASSWORD}" if "password" in message.lower() else ""
        raise DataError(f"{address}: {type(error).__name__}: {message[:300]}{where}") from None


def _of_worker(message: str) -> str:
    """The line that names an error in Python, among pages that the Java around it says of Spark; all without one."""
    heads = ((line, line.partition(": ")[0]) for line in message.splitlines())
    return next((line for line, head in heads if head.isidentifier() and head.endswith("Error")), message)


def table_of(backend: "BaseBackend", address: TableAddress) -> "ibis.Table":
    from ibis.common.exceptions import TableNotFound

    schema, _, name = address.table.rpartition(".")
    try:
        return backend.table(name, database=schema or None)
    except TableNotFound:
        names = [f"{schema}.{other}" if schema else other for other in sorted(_names(backend, schema))]
        existing = f"there are {listing(names)}" if names else f"there are none{f' in {schema}' if schema else ''}"
        raise DataError(f"there is no such table; {existing}") from None


def _names(backend: "BaseBackend", schema: str) -> list[str]:
    """The tables of a schema, or where an address without one is looked for."""
    if backend.name == "pyspark":
        return backend.list_tables(database=schema or None)
    tables = backend.table("tables", database="information_schema")
    of_schema = tables.table_schema == (schema or backend.current_database)
    return tables.filter(of_schema).table_name.to_pyarrow().to_pylist()


def order(table: "ibis.Table", columns: Path | None) -> list[str]:
    """The columns that rows are put in order by: the id, if there is one, then the others."""
    names = matching.Names(matching.read_mapping(columns) if columns else {}).spelt_as(table.columns)
    first = matching.id_of(table.columns, names)
    nested = [name for name, kind in table.schema().items() if kind.is_nested()]
    return sorted((name for name in table.columns if name not in nested), key=lambda name: name != first)


def _content(table: "ibis.Table") -> dict[str, Any]:
    """What a table holds, in whatever order: the number of rows and the sum of their hashes, computed where it lies."""
    counted = table.aggregate(rows=table.count(), hashes=(as_text(table).hash() % HASHES).sum())
    return counted.to_pyarrow().to_pylist()[0]


def as_text(table: "ibis.Table") -> "ibis.expr.types.StringValue":
    """All values of each row in one text."""
    import ibis

    return ibis.literal(FIELD).join([table[name].cast("string").fill_null(NOTHING) for name in table.columns])


def check_unchanged(table: "ibis.Table", content: dict[str, Any]) -> None:
    """Stop where a table holds something else than before. Raises DataError: it does."""
    if _content(table) != content:
        raise DataError("the table changed while it was read; run the same command again when it rests")


def _copy(table: "ibis.Table", order: list[str], target: Path) -> None:
    """The rows in order as one Parquet file."""
    unsorted = target.with_name(f"{target.name}.unsorted")
    try:
        if table.get_backend().name == DUCKDB:
            table.order_by(order).to_parquet(target, use_tmp_file=False)
            return
        create(unsorted)
        with pq.ParquetWriter(unsorted, table.schema().to_pyarrow()) as writer:
            for batch in _batches(table):
                writer.write_batch(batch)
        with engine(target.parent) as sorter:
            sorter.read_parquet(glob.escape(str(unsorted))).order_by(order).to_parquet(target, use_tmp_file=False)
    finally:
        unsorted.unlink(missing_ok=True)


def _batches(table: "ibis.Table") -> Iterator[pa.RecordBatch]:
    """The rows of a table, some at a time, so that none but these have to fit into memory."""
    backend = table.get_backend()
    if backend.name != "pyspark":
        yield from table.to_pyarrow_batches(chunk_size=AT_A_TIME)
        return

    def packed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Runs on Spark's workers, which know nothing of this package."""
        import pyarrow

        for batch in batches:
            sink = pyarrow.BufferOutputStream()
            with pyarrow.ipc.new_stream(sink, batch.schema) as stream:
                stream.write_batch(batch)
            yield pyarrow.RecordBatch.from_pydict({"rows": [sink.getvalue().to_pybytes()]})

    schema = table.schema().to_pyarrow()
    # Ibis would collect all rows in the driver; Spark's own iterator holds one partition at a time
    for part in of_spark(table).mapInArrow(packed, "rows binary").toLocalIterator():
        for batch in pa.ipc.open_stream(part["rows"]):
            yield batch.cast(schema)
