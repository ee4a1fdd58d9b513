"""A table in a database, as DATA= and TABLE= name it, and the file that it is brought into."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from seg_utils.core import artefacts, paths
from seg_utils.core.errors import ParameterError

SPARK = "spark"
DUCKDB = "duckdb"

# The variable of the environment that a password is read from; a database's own, such as PGPASSWORD, do as well
PASSWORD = "DATA_PASSWORD"

SECRET = re.compile("pass|pwd|secret|token|key|credential", re.IGNORECASE)
FOLDER = ".tables"  # where below the results tables are brought in
NOTE = "table.json"  # beside the file that a table was brought into: its address, and what it held then


@dataclass(frozen=True)
class TableAddress:
    """``database`` is a URL without any password, or ``spark``; ``table`` may be ``schema.table``."""

    database: str
    table: str

    def __str__(self) -> str:
        shown = self.database.rpartition("/")[2] if self.kind == DUCKDB else self.database
        return f"TABLE={self.table} of {shown}"

    @property
    def kind(self) -> str:
        """The kind of database, as its URL begins."""
        return self.database.partition("://")[0]

    def file(self, outputs: Path) -> Path:
        """The file that the table is brought into, one for each address, named after the table."""
        name = paths.slug(self.table) or "table"
        folder = f"{name}-{paths.short_hash(f'{self.database} {self.table}')}"
        return Path(outputs) / FOLDER / folder / f"{name}.parquet"


def named(data: str, table: str) -> TableAddress | None:
    """The table that DATA= and TABLE= name; None where DATA is a file. Raises ParameterError: one of them is missing, a
    DuckDB file does not exist, or a password stands in the URL."""
    data, table = data.strip(), table.strip()
    if "://" not in data and (data != SPARK or not table):
        if table:
            raise ParameterError(
                f"TABLE={table} is a table of a database, and DATA names none; for example DATA=duckdb://bank.duckdb"
            )
        return None
    if data != SPARK:
        _refuse_unknown(data)
        _refuse_secrets(data)
    if not table:
        raise ParameterError(f"DATA={data} is a database; name the table in it, for example TABLE=customers")
    if data.startswith(f"{DUCKDB}://"):
        file = paths.home_of(data.removeprefix(f"{DUCKDB}://"))
        if not file.is_file():
            raise ParameterError(f"DATA={data} does not exist; DATA is the path of a DuckDB file behind {DUCKDB}://")
        if not _is_duckdb(file):
            raise ParameterError(f"DATA={data} is no DuckDB file; a file of customers is given as it is, DATA={file}")
        data = f"{DUCKDB}://{file.resolve()}"
    return TableAddress(data, table)


def left_there(file: Path) -> TableAddress | None:
    """The table whose rows were left where they are, as there are too many to bring them into the file."""
    return None if file.exists() else _of_note(file)


def columns(file: Path) -> list[str]:
    """The columns of the table that the file stands for, but for nested ones."""
    return artefacts.read_json(file.with_name(NOTE))["order"]


def named_in(note: Mapping[str, Any]) -> TableAddress | None:
    """The table that a note is on, if it is on one."""
    return TableAddress(note["database"], note["table"]) if {"database", "table"} <= note.keys() else None


def origin(file: Path) -> dict[str, str]:
    """``name``, ``database`` and ``table`` of what a file was brought from; empty where it is a file of its own."""
    address = _of_note(file)
    if address is None:
        return {}
    shown = f"{DUCKDB}://{Path(address.database).name}" if address.kind == DUCKDB else address.database
    return {"name": str(address), "database": shown, "table": address.table}


def _of_note(file: Path) -> TableAddress | None:
    return named_in(artefacts.read_notes(file.with_name(NOTE))) if file.parent.parent.name == FOLDER else None


def _is_duckdb(file: Path) -> bool:
    """Whether a file begins as DuckDB's do: a checksum, then its mark."""
    with file.open("rb") as stream:
        return stream.read(12)[8:] == b"DUCK"


def _refuse_unknown(url: str) -> None:
    """Refuse what is no database that Ibis could speak to; its packages say so before it is imported."""
    known = {backend.name for backend in entry_points(group="ibis.backends")}
    kind = urlsplit(url).scheme
    if known and kind.replace("postgresql", "postgres") not in known:
        raise ParameterError(
            f"DATA={kind}:// is no database that is known here; DATA is a file, or begins with {DUCKDB}://, "
            "postgres:// or another database that Ibis speaks to"
        )


def _refuse_secrets(url: str) -> None:
    """Refuse what everyone on the machine could read, and history and logs would keep."""
    split = urlsplit(url)
    if split.password is not None or any(SECRET.search(name) for name, _ in parse_qsl(split.query)):
        user = f"{split.username}@" if split.username else ""
        bare = f"{split.scheme}://{user}{split.netloc.rpartition('@')[2]}{split.path}"
        raise ParameterError(
            f"DATA={bare} came with a password, which everyone on the machine can read on a command line; leave it out "
            f"and put it into the environment as {PASSWORD}"
        )
